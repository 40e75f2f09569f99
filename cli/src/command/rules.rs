//! `cspc rules`: the rules, or one of them explained.

use std::collections::BTreeMap;
use std::io::Write as _;

use clap::{Args, ValueEnum};
use cspc_core::diagnostic::Severity;
use cspc_core::lint::{self, Rule};
use serde::Serialize;

use crate::exit::{Exit, Failure};

/// Arguments of `cspc rules`.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The rule to explain
    rule: Option<String>,
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

#[derive(Serialize)]
struct Entry {
    rule: &'static str,
    severity: Severity,
    summary: &'static str,
    rationale: &'static str,
    example: &'static str,
    fix: &'static str,
    references: &'static [&'static str],
    equivalents: BTreeMap<&'static str, &'static [&'static str]>,
}

impl From<&Rule> for Entry {
    fn from(rule: &Rule) -> Self {
        Self {
            rule: rule.id,
            severity: rule.severity,
            summary: rule.summary,
            rationale: rule.rationale,
            example: rule.example,
            fix: rule.fix,
            references: rule.references,
            equivalents: rule.equivalents.iter().copied().collect(),
        }
    }
}

/// Prints them.
pub(crate) fn run(arguments: &Arguments) -> Result<Exit, Failure> {
    let wanted = |rule: &&&Rule| arguments.rule.as_ref().is_none_or(|name| rule.id == name);
    let rules: Vec<&Rule> = lint::rules().iter().filter(wanted).copied().collect();
    if let (Some(name), true) = (&arguments.rule, rules.is_empty()) {
        return Err(Failure::new(format!("there is no rule `{name}`: `cspc rules` lists them")));
    }
    let mut output = anstream::stdout();
    match arguments.format {
        Format::Json => {
            let entries: Vec<Entry> = rules.into_iter().map(Entry::from).collect();
            let json = serde_json::to_string_pretty(&entries)
                .map_err(|error| Failure::new(error.to_string()))?;
            writeln!(output, "{json}")?;
        }
        Format::Text if arguments.rule.is_some() => {
            for rule in rules {
                let references = rule.references.join("\n");
                let (id, summary, rationale, example, fix) =
                    (rule.id, rule.summary, rule.rationale, rule.example, rule.fix);
                writeln!(
                    output,
                    "{id}: {summary}\n\n{rationale}\n\nExample:  {example}\n\nFix: {fix}\n\n{references}"
                )?;
            }
        }
        Format::Text => {
            for rule in rules {
                let severity = format!("{:?}", rule.severity).to_lowercase();
                writeln!(output, "{:<32} {severity:<8} {}", rule.id, rule.summary)?;
            }
        }
    }
    Ok(Exit::Success)
}
