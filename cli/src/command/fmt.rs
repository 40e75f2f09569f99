//! `cspc fmt`: policies in one form.

use std::borrow::Cow;
use std::io::{self, BufRead as _, BufWriter, Write as _};

use clap::{Args, ValueEnum};
use cspc_core::compare::{self, Relation};
use cspc_core::csp::{self, Delivery, Style, parse_list};
use cspc_core::deployment::{Answer, Document};
use cspc_core::enforce::{EnforcedPolicy, Engine, SelfOrigin};
use cspc_core::report::difference_text;
use cspc_core::wire::{Parse, Tree};

use crate::exit::{Exit, Failure, visible, visible_lines};
use crate::source::policies;
use crate::source::site_file::Config;

/// Arguments of `cspc fmt`.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    inputs: policies::Arguments,
    /// The form
    #[arg(long, value_enum, default_value_t = StyleName::Canonical)]
    style: StyleName,
    /// Make one policy of those of a response: of what all of them allow, on a page of this origin
    #[arg(long, conflicts_with_all = ["check", "batch"])]
    merge: bool,
    /// The origin of the page, for --merge [default: that of the site file]
    #[arg(long = "self", value_name = "ORIGIN", requires = "merge")]
    self_origin: Option<String>,
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

/// What to say where policies cannot be merged.
const NO_ORIGIN: &str = "--merge needs the page's origin, which `'self'` and hosts without a scheme stand for: expected --self ORIGIN, or `origin` in cspc.toml";

/// Formats the inputs.
pub(crate) fn run(arguments: &Arguments, config: &Config) -> Result<Exit, Failure> {
    if arguments.batch {
        return batch();
    }
    let mut output = anstream::stdout();
    let mut exit = Exit::Success;
    let documents = arguments.inputs.read()?;
    let written: Vec<Written<'_>> = if arguments.merge {
        let origin = match &arguments.self_origin {
            Some(given) => Some(given.clone()),
            None => config.read()?.origin,
        };
        let origin = origin.ok_or_else(|| Failure::new(NO_ORIGIN))?;
        let origin = origin
            .parse()
            .map_err(|error| Failure::new(format!("`{origin}` is no origin: {error}")))?;
        documents.iter().flat_map(|document| merged(document, &origin)).collect()
    } else {
        documents.iter().flat_map(as_written).collect()
    };
    for Written { name, text, delivery } in written {
        let parsed = parse_list(&text, delivery);
        let formatted = csp::format(&parsed, arguments.style.into());
        if arguments.check {
            if formatted != text.trim_ascii() {
                exit = Exit::Findings;
                crate::exit::say!("`{}` is not in that form", visible(name));
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
    Ok(exit)
}

/// A policy of a document, or several.
struct Written<'a> {
    /// The document's name.
    name: &'a str,
    text: Cow<'a, str>,
    delivery: Delivery,
}

fn as_written(document: &Document) -> Vec<Written<'_>> {
    let fields = document.answers.iter().flat_map(|answer| &answer.fields);
    let written = fields.filter_map(|field| {
        let text = field.text.as_str().into();
        Some(Written { name: &document.name, text, delivery: field.delivery? })
    });
    written.collect()
}

/// One policy for each response that has some.
fn merged<'a>(document: &'a Document, origin: &SelfOrigin) -> Vec<Written<'a>> {
    let merged = document.answers.iter().map(|answer| merge(answer, origin));
    let merged = merged.filter(|text| !text.is_empty());
    merged
        .map(|text| Written { name: &document.name, text: text.into(), delivery: Delivery::Header })
        .collect()
}

/// The policies of a response as one. What that one blocks of what they allow together is told.
fn merge(answer: &Answer, origin: &SelfOrigin) -> String {
    let fields = answer.fields.iter().filter_map(|field| Some((&field.text, field.delivery?)));
    let parsed: Vec<_> =
        fields.map(|(text, delivery)| (parse_list(text, delivery), delivery)).collect();
    let several: Vec<_> = parsed
        .iter()
        .flat_map(|(policies, delivery)| {
            policies.iter().map(|it| EnforcedPolicy::new(it, *delivery))
        })
        .collect();
    let text = compare::intersection(&several, origin);
    let one = parse_list(&text, Delivery::Header);
    let one: Vec<_> = one.iter().map(|it| EnforcedPolicy::new(it, Delivery::Header)).collect();
    let difference = compare::diff(&several, &one, origin, Engine::Chromium);
    if difference.relation != Relation::Equal {
        let text = difference_text(&[("", difference)]);
        crate::exit::say!("one policy cannot say all of it:\n{}", visible_lines(text.trim_end()));
    }
    text
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
