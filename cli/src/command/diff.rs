//! `cspc diff`: what do policies allow or block that others do not?

use std::io::{self, Write as _};

use clap::{Args, ValueEnum};
use cspc_core::compare::{Difference, Relation};
use cspc_core::report::{difference_markdown, difference_text};
use cspc_core::wire::{Compared, Diff};

use super::batch::answer_lines;
use super::explain::EngineName;
use crate::exit::{Exit, Failure, visible_lines};
use crate::source::deployment::{Deployment, pairs};
use crate::source::site_file::{Config, SelfOrigin};

/// Arguments of `cspc diff`.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The policies as they were: a file in any form that `cspc check` reads, `-`, a file of a git revision (`main:plan.json`), or a policy
    #[arg(value_name = "OLD", required_unless_present = "batch")]
    old: Option<String>,
    /// The policies as they are to be
    #[arg(value_name = "NEW", required_unless_present = "batch")]
    new: Option<String>,
    #[command(flatten)]
    self_origin: SelfOrigin,
    /// Whose behavior: the specification's text, or a browser engine's
    #[arg(long, value_enum, default_value_t = EngineName::Spec)]
    engine: EngineName,
    /// When to end with exit code 1
    #[arg(long, value_enum, default_value_t = FailOn::Widened)]
    fail_on: FailOn,
    /// Read one pair a line from standard input, {"old": […], "new": […], "self": …}, and print one answer a line
    #[arg(long, conflicts_with_all = ["old", "new"])]
    batch: bool,
    /// What to print
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum FailOn {
    /// Something is allowed that was blocked
    Widened,
    /// Anything is answered differently
    Changed,
    Never,
}

impl FailOn {
    const fn exit(self, relation: Relation) -> Exit {
        let fails = match self {
            Self::Widened => relation.is_widened(),
            Self::Changed => !matches!(relation, Relation::Equal),
            Self::Never => false,
        };
        if fails { Exit::Findings } else { Exit::Success }
    }
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Format {
    /// For people
    Text,
    /// In the format cspc.diff/1
    Json,
    /// For a comment of a pull request
    Markdown,
}

/// Compares two deployments, or two sets of policies a line.
pub(crate) fn run(arguments: &Arguments, config: &Config) -> Result<Exit, Failure> {
    let (Some(old), Some(new)) = (&arguments.old, &arguments.new) else {
        return batch(arguments.fail_on);
    };
    if old == "-" && new == "-" {
        return Err(Failure::new("only one side can be standard input"));
    }
    let (pairs, unpaired) = pairs(&Deployment::of_argument(old)?, &Deployment::of_argument(new)?);
    for reason in unpaired {
        crate::exit::say!("{}", visible_lines(&format!("{reason}: not compared")));
    }
    let self_origin = arguments.self_origin.read(config)?;
    let mut differences = Vec::new();
    for pair in &pairs {
        let diff = Diff {
            old: pair.old.clone(),
            new: pair.new.clone(),
            self_origin: self_origin.clone(),
            engine: Some(arguments.engine.as_str().to_owned()),
        };
        let difference = diff.difference().map_err(|error| Failure::new(error.to_string()))?;
        differences.push((pair.response.as_str(), difference));
    }
    if differences.is_empty() {
        return Err(Failure::new("the two sides have no response in common"));
    }
    let compared = Compared::new(&differences);
    let mut output = anstream::stdout();
    match arguments.format {
        Format::Json => {
            let json = serde_json::to_string(&compared).map_err(io::Error::from)?;
            writeln!(output, "{json}")?;
        }
        Format::Text => {
            output.write_all(visible_lines(&difference_text(&differences)).as_bytes())?
        }
        Format::Markdown => {
            output.write_all(visible_lines(&difference_markdown(&differences)).as_bytes())?;
        }
    }
    Ok(arguments.fail_on.exit(compared.relation))
}

fn batch(fail_on: FailOn) -> Result<Exit, Failure> {
    let mut relation = Relation::Equal;
    answer_lines("pair of policies", |line| {
        let difference = difference(line)?;
        relation = relation.and(difference.relation);
        Ok(Compared::new(&[("", difference)]))
    })?;
    Ok(fail_on.exit(relation))
}

fn difference(line: &str) -> Result<Difference, String> {
    let diff: Diff = serde_json::from_str(line).map_err(|error| error.to_string())?;
    diff.difference().map_err(|error| error.to_string())
}
