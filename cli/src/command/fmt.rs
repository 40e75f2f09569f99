//! `cspc fmt`: policies in one form.

use std::io::{self, BufRead as _, BufWriter, Write as _};

use clap::{Args, ValueEnum};
use cspc_core::csp::{self, Style, parse_list};
use cspc_core::wire::{Parse, Tree};

use crate::exit::{Exit, Failure, visible};
use crate::source::policies;

/// Arguments of `cspc fmt`.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    inputs: policies::Arguments,
    /// The form
    #[arg(long, value_enum, default_value_t = StyleName::Canonical)]
    style: StyleName,
    /// Print nothing; the exit code is 1 if a policy is not in that form
    #[arg(long)]
    check: bool,
    /// What to print
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// Read one question a line from standard input, {"input": …, "delivery": …}, and print one syntax tree a line
    #[arg(long, conflicts_with_all = ["policy", "header", "inputs", "check"])]
    batch: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum StyleName {
    /// Directives in a fixed order, names and keywords in lower case, nothing twice
    Canonical,
    /// The same with as few characters as can be
    Minified,
    /// The same with a directive a line
    Lines,
    /// The canonical form without sources that another source of the list covers
    Normalized,
}

impl From<StyleName> for Style {
    fn from(name: StyleName) -> Self {
        match name {
            StyleName::Canonical => Self::Canonical,
            StyleName::Minified => Self::Minified,
            StyleName::Lines => Self::Lines,
            StyleName::Normalized => Self::Normalized,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// The policy
    Text,
    /// Its syntax tree
    Json,
}

/// Formats the inputs.
pub(crate) fn run(arguments: &Arguments) -> Result<Exit, Failure> {
    if arguments.batch {
        return batch();
    }
    let mut output = anstream::stdout();
    let mut exit = Exit::Success;
    for document in arguments.inputs.read()? {
        let fields = document.answers.iter().flat_map(|answer| &answer.fields);
        for field in fields {
            let Some(delivery) = field.delivery else { continue };
            let parsed = parse_list(&field.text, delivery);
            let formatted = csp::format(&parsed, arguments.style.into());
            if arguments.check {
                if formatted != field.text.trim_ascii() {
                    exit = Exit::Findings;
                    crate::exit::say!("`{}` is not in that form", visible(&document.name));
                }
            } else if arguments.format == Format::Json {
                let json =
                    serde_json::to_string(&Tree::of(&parsed, delivery)).map_err(io::Error::from)?;
                writeln!(output, "{json}")?;
            } else {
                let lines = formatted.lines().map(visible).collect::<Vec<_>>().join("\n");
                writeln!(output, "{lines}")?;
            }
        }
    }
    Ok(exit)
}

fn batch() -> Result<Exit, Failure> {
    let mut output = BufWriter::new(io::stdout().lock());
    for (index, line) in io::stdin().lock().lines().enumerate() {
        let line =
            line.map_err(|error| Failure::new(format!("cannot read standard input: {error}")))?;
        let question: Parse = serde_json::from_str(&line).map_err(|error| {
            Failure::new(format!("-:{}:{}: {error}", index + 1, error.column()))
        })?;
        serde_json::to_writer(&mut output, &question.tree()).map_err(io::Error::from)?;
        output.write_all(b"\n")?;
    }
    output.flush()?;
    Ok(Exit::Success)
}
