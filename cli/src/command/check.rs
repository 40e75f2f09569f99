//! `cspc check`: what is wrong with a policy, and what to do.

use std::collections::BTreeMap;
use std::io::{self, BufRead as _, BufWriter, Write as _};

use clap::{Args, ValueEnum};
use cspc_core::csp::Delivery;
use cspc_core::diagnostic::{Finding, Location, Severity};
use cspc_core::lint::{self, PolicyText};
use cspc_core::text::{Position, Positions, Span};
use serde::Serialize;

use crate::exit::{Exit, Failure};
use crate::render;
use crate::source::policies::{self, Response};

/// Arguments of `cspc check`.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    inputs: policies::Arguments,
    /// How to print findings
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// The least severity that makes the exit code 1
    #[arg(long, value_enum, default_value_t = FailOn::Medium, value_name = "SEVERITY")]
    fail_on: FailOn,
    /// Apply these rules only; may be repeated
    #[arg(long, value_name = "RULE")]
    select: Vec<String>,
    /// Leave these rules out; may be repeated
    #[arg(long, value_name = "RULE")]
    ignore: Vec<String>,
    /// Read one policy a line from standard input, and print one JSON array of findings a line
    #[arg(long, conflicts_with_all = ["policy", "header", "inputs"])]
    batch: bool,
    /// Print no summary
    #[arg(short, long)]
    quiet: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Format {
    /// The policy's line with what is wrong underlined
    Text,
    /// The format cspc.findings/1
    Json,
    /// Annotations for GitHub Actions
    Github,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum FailOn {
    High,
    Medium,
    Low,
    Info,
    Never,
}

impl FailOn {
    const fn threshold(self) -> Option<Severity> {
        match self {
            Self::High => Some(Severity::High),
            Self::Medium => Some(Severity::Medium),
            Self::Low => Some(Severity::Low),
            Self::Info => Some(Severity::Info),
            Self::Never => None,
        }
    }
}

/// The answer in the format `cspc.findings/1`.
#[derive(Serialize)]
struct Report<'f> {
    schema: &'static str,
    findings: &'f [Finding],
    summary: BTreeMap<&'static str, usize>,
}

/// Checks the inputs.
pub(crate) fn run(arguments: &Arguments) -> Result<Exit, Failure> {
    arguments.check_rule_names()?;
    if arguments.batch {
        return arguments.batch();
    }
    let responses = arguments.inputs.read()?;
    let found: Vec<(&Response, Vec<Finding>)> =
        responses.iter().map(|response| (response, arguments.findings(response))).collect();
    let findings: Vec<Finding> = found.iter().flat_map(|(_, findings)| findings.clone()).collect();
    let mut output = anstream::stdout();
    match arguments.format {
        Format::Text => {
            for (response, findings) in &found {
                output.write_all(render::text::findings(&response.text, findings).as_bytes())?;
            }
        }
        Format::Json => {
            let report = Report {
                schema: "cspc.findings/1",
                findings: &findings,
                summary: summary(&findings),
            };
            let json =
                serde_json::to_string(&report).map_err(|error| Failure::new(error.to_string()))?;
            writeln!(output, "{json}")?;
        }
        Format::Github => output.write_all(render::github::findings(&findings).as_bytes())?,
    }
    if !arguments.quiet {
        summarize(&findings);
    }
    Ok(arguments.exit(&findings))
}

impl Arguments {
    fn check_rule_names(&self) -> Result<(), Failure> {
        let known = known_rules();
        match self.select.iter().chain(&self.ignore).find(|name| !known.contains(name)) {
            Some(name) => {
                Err(Failure::new(format!("there is no rule `{name}`: `cspc rules` lists them")))
            }
            None => Ok(()),
        }
    }

    fn wants(&self, rule: &str) -> bool {
        let selected = self.select.is_empty() || self.select.iter().any(|name| name == rule);
        selected && !self.ignore.iter().any(|name| name == rule)
    }

    fn findings(&self, response: &Response) -> Vec<Finding> {
        let texts: Vec<PolicyText<'_>> = response
            .policies
            .iter()
            .map(|policy| PolicyText { text: &policy.text, delivery: policy.delivery })
            .collect();
        let judged =
            lint::check(&texts).into_iter().filter(|judged| self.wants(&judged.finding.rule));
        let shifted = judged.map(|judged| {
            let offset = response.policies.get(judged.text).and_then(|policy| policy.offset);
            shifted(judged.finding, offset)
        });
        placed(shifted.collect(), response)
    }

    fn exit(&self, findings: &[Finding]) -> Exit {
        let reached = |threshold| findings.iter().any(|finding| finding.severity >= threshold);
        if self.fail_on.threshold().is_some_and(reached) { Exit::Findings } else { Exit::Success }
    }

    fn batch(&self) -> Result<Exit, Failure> {
        let mut output = BufWriter::new(io::stdout().lock());
        let mut exit = Exit::Success;
        for line in io::stdin().lock().lines() {
            let line =
                line.map_err(|error| Failure::new(format!("cannot read standard input: {error}")))?;
            let judged = lint::check(&[PolicyText { text: &line, delivery: Delivery::Header }]);
            let findings: Vec<Finding> = judged
                .into_iter()
                .map(|judged| judged.finding)
                .filter(|finding| self.wants(&finding.rule))
                .collect();
            serde_json::to_writer(&mut output, &findings).map_err(io::Error::from)?;
            output.write_all(b"\n")?;
            if self.exit(&findings) == Exit::Findings {
                exit = Exit::Findings;
            }
        }
        output.flush()?;
        Ok(exit)
    }
}

/// The ids of rules and of what the parser finds.
pub(crate) fn known_rules() -> Vec<String> {
    let rules = lint::rules().iter().map(|rule| rule.id.to_owned());
    let issues = cspc_core::csp::IssueCode::ALL.iter().map(|code| format!("csp/{}", code.as_str()));
    rules.chain(issues).collect()
}

/// The finding with its spans in the whole text, in which its policy begins at `offset`.
fn shifted(mut finding: Finding, offset: Option<usize>) -> (Span, Finding) {
    let within = finding.location.as_ref().map(|location| location.span).unwrap_or_default();
    finding.fix = finding.fix.and_then(|mut fix| {
        fix.span = fix.span.shifted(offset?);
        Some(fix)
    });
    (offset.map_or(Span::default(), |offset| within.shifted(offset)), finding)
}

/// The findings by place, with lines and columns counted in one pass over the text.
fn placed(mut found: Vec<(Span, Finding)>, response: &Response) -> Vec<Finding> {
    found.sort_by_key(|(span, _)| *span);
    let mut positions = Positions::new(response.text.as_bytes());
    let place = |(span, finding): (Span, Finding)| {
        let Position { line, column } = positions.at(span.start);
        let location = Some(Location { path: response.name.clone(), line, column, span });
        Finding { location, ..finding }
    };
    found.into_iter().map(place).collect()
}

fn summary(findings: &[Finding]) -> BTreeMap<&'static str, usize> {
    let count = |severity| findings.iter().filter(|finding| finding.severity == severity).count();
    [
        ("high", Severity::High),
        ("medium", Severity::Medium),
        ("low", Severity::Low),
        ("info", Severity::Info),
    ]
    .map(|(name, severity)| (name, count(severity)))
    .into()
}

fn summarize(findings: &[Finding]) {
    if findings.is_empty() {
        anstream::eprintln!("nothing found");
        return;
    }
    let counts = summary(findings);
    let counts = ["high", "medium", "low", "info"]
        .map(|name| format!("{} {name}", counts.get(name).unwrap_or(&0)));
    anstream::eprintln!("{}", counts.join(", "));
}
