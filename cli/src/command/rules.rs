//! `cspc rules`: the rules, or one of them explained.

use std::io::Write as _;

use clap::{Args, ValueEnum};
use cspc_core::lint::{self, Rule};
use cspc_core::wire::RuleEntry;

use crate::exit::{Exit, Failure};
use crate::rules::{Selector, SelectorParser};

/// Arguments of `cspc rules`.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The rule to explain, or several by what their ids begin with: `csp/missing-*`
    #[arg(value_parser = SelectorParser, hide_possible_values = true)]
    rule: Option<Selector>,
    /// How to print
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Format {
    /// For people
    Text,
    /// An array of objects
    Json,
}

/// Prints them.
pub(crate) fn run(arguments: &Arguments) -> Result<Exit, Failure> {
    let wanted = |rule: &&&Rule| arguments.rule.as_ref().is_none_or(|it| it.selects(rule));
    let rules: Vec<&Rule> = lint::rules().iter().filter(wanted).copied().collect();
    let mut output = anstream::stdout();
    match arguments.format {
        Format::Json => {
            let entries: Vec<RuleEntry> = rules.into_iter().map(RuleEntry::from).collect();
            let json = serde_json::to_string_pretty(&entries)
                .map_err(|error| Failure::new(error.to_string()))?;
            writeln!(output, "{json}")?;
        }
        Format::Text if arguments.rule.is_some() => {
            for rule in rules {
                let references = rule.references.join("\n");
                let (id, summary, rationale, fix) =
                    (rule.id, rule.summary, rule.rationale, rule.fix);
                let (severity, confidence) = (rule.severity.as_str(), rule.confidence.as_str());
                let (bad, good) = (indented(rule.example.text()), indented(rule.good.text()));
                writeln!(
                    output,
                    "{id}: {summary}\nseverity {severity}, confidence {confidence}\n\n{rationale}\n\nInstead of\n{bad}\nwrite\n{good}\n\nWhat to do: {fix}\n\n{references}"
                )?;
            }
        }
        Format::Text => {
            for rule in rules {
                let severity = rule.severity.as_str();
                writeln!(output, "{:<32} {severity:<8} {}", rule.id, rule.summary)?;
            }
        }
    }
    Ok(Exit::Success)
}

fn indented(text: &str) -> String {
    text.lines().map(|line| format!("    {line}")).collect::<Vec<_>>().join("\n")
}
