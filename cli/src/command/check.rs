//! `cspc check`: what is wrong with a policy, and what to do.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write as _};
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use cspc_core::configuration::Asked;
use cspc_core::csp::Delivery;
use cspc_core::deployment::{Document, Form};
use cspc_core::diagnostic::{Confidence, Finding, Fix, Severity};
use cspc_core::lint::{self, Response, Rule};
use cspc_core::plan::Scheme;
use cspc_core::report;
use cspc_core::site::{LintSettings, Requirement, RuleSetting, SiteFile};
use cspc_core::wire;
use similar::TextDiff;

use super::batch::answer_lines;
use crate::baseline::Baseline;
use crate::exit::{Exit, Failure, is_verbose, visible};
use crate::output;
use crate::render;
use crate::render::estate::Counts;
use crate::rules::{self, Selector, SelectorParser};
use crate::source::estate;
use crate::source::policies;
use crate::source::site_file::Config;

/// Arguments of `cspc check`.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    inputs: policies::Arguments,
    #[command(flatten)]
    estate: estate::Arguments,
    /// How to print findings
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// The least severity that makes the exit code 1
    #[arg(long, value_enum, default_value_t = FailOn::Medium, value_name = "SEVERITY")]
    fail_on: FailOn,
    /// Apply these rules only: `csp/unsafe-inline`, or `csp/missing-*` for all that begin so; may be repeated
    #[arg(long, value_name = "RULE", value_delimiter = ',', value_parser = SelectorParser, hide_possible_values = true)]
    select: Vec<Selector>,
    /// Leave these rules out; may be repeated
    #[arg(long, value_name = "RULE", value_delimiter = ',', value_parser = SelectorParser, hide_possible_values = true)]
    ignore: Vec<Selector>,
    /// Print how many findings there are by input and by rule, in place of the findings; in the formats text, json and markdown
    #[arg(long, conflicts_with_all = ["batch", "fix", "diff", "effective"])]
    summary: bool,
    /// Read one policy a line from standard input, or one captured response as JSON, and print one JSON array of findings a line
    #[arg(long, conflicts_with_all = ["policy", "header", "inputs", "hosts", "fix", "diff"])]
    batch: bool,
    /// Mend the files: make the changes that let nothing more through
    #[arg(long)]
    fix: bool,
    /// Print the changes that --fix would make, and make none
    #[arg(long)]
    diff: bool,
    /// With --fix or --diff: make the changes, too, that have to be looked at
    #[arg(long)]
    unsafe_fixes: bool,
    /// Leave the findings out that this file holds
    #[arg(long, value_name = "FILE")]
    baseline: Option<PathBuf>,
    /// Write the findings to a file for --baseline
    #[arg(long, value_name = "FILE")]
    write_baseline: Option<PathBuf>,
    /// Show which headers are sent from where in place of what is wrong: for each location and status of a server's configuration, with the line that sets each, and the one that loses one
    #[arg(long, conflicts_with_all = ["batch", "fix", "diff", "baseline", "write_baseline"])]
    effective: bool,
    /// With --effective: show what a request for this path gets; may be repeated
    #[arg(long = "path", value_name = "PATH", requires = "effective")]
    paths: Vec<String>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Format {
    /// The policy's line with what is wrong underlined
    Text,
    /// The format cspc.findings/1
    Json,
    /// SARIF 2.1.0, for code scanning
    Sarif,
    /// Annotations for GitHub Actions
    Github,
    /// A code quality report for GitLab
    Gitlab,
    /// A JUnit report
    Junit,
    /// A table, for a comment
    Markdown,
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

/// Checks the inputs.
pub(crate) fn run(arguments: &Arguments, config: &Config) -> Result<Exit, Failure> {
    let SiteFile { lint: site, require, .. } = config.read()?;
    for (name, at) in site
        .ignore
        .iter()
        .map(|it| (&it.rule, &it.location))
        .chain(site.severity.iter().map(|it| (&it.rule, &it.location)))
    {
        rules::named(name).map_err(|failure| {
            Failure::new(format!("{}:{}:{}: {failure}", at.path, at.line, at.column))
        })?;
    }
    let check = Check { arguments, site, require };
    if arguments.batch {
        return check.batch();
    }
    let (mut documents, failures) = arguments.inputs.read_judged(&arguments.estate)?;
    if arguments.effective {
        return effective(arguments, &documents);
    }
    if arguments.diff {
        return check.diff(&documents);
    }
    if arguments.fix {
        check.fix(&mut documents)?;
    }
    let exit = check.report(&documents)?;
    let failures: Vec<String> = failures.iter().map(Failure::to_string).collect();
    if failures.is_empty() { Ok(exit) } else { Err(Failure::new(failures.join("\n"))) }
}

/// Prints what is sent from where.
fn effective(arguments: &Arguments, documents: &[Document]) -> Result<Exit, Failure> {
    let asked = arguments.paths.iter().flat_map(|path| asked(path));
    let effective = wire::Effective::of(documents, &asked.collect::<Vec<_>>());
    let text = match arguments.format {
        Format::Text => render::effective::effective(&effective),
        Format::Json => serde_json::to_string(&effective).map_err(io::Error::from)? + "\n",
        _ => return Err(Failure::new("--effective has the formats text and json")),
    };
    anstream::stdout().write_all(text.as_bytes())?;
    Ok(Exit::Success)
}

/// A path that is there and one that is not, over either scheme.
fn asked(path: &str) -> impl Iterator<Item = Asked<'_>> {
    [Scheme::Http, Scheme::Https].into_iter().flat_map(move |scheme| {
        [200, 404].map(|status| Asked { path, status, media_type: None, scheme })
    })
}

/// A run, with what the owner says of rules.
struct Check<'a> {
    arguments: &'a Arguments,
    site: LintSettings,
    require: Vec<Requirement>,
}

impl Check<'_> {
    /// The finding as the owner wants it; `None` for one that is to be left out.
    fn settled(&self, mut finding: Finding) -> Option<Finding> {
        if self.site.ignore.iter().any(|setting| setting.rule == finding.rule) {
            return None;
        }
        let severity = self.site.severity.iter().find(|setting| setting.rule == finding.rule);
        finding.severity = severity.map_or(finding.severity, |setting| setting.value);
        Some(finding)
    }

    /// What the site file leaves out although nothing is `found` by it.
    fn unused_ignores(&self, found: &BTreeSet<Cow<'static, str>>) -> Vec<Finding> {
        let is_unused = |setting: &&RuleSetting<String>| !found.contains(setting.rule.as_str());
        let unused = self.site.ignore.iter().filter(is_unused);
        unused
            .map(|setting| Finding {
                rule: "config/unused-ignore".into(),
                severity: Severity::Low,
                confidence: Confidence::High,
                header: None,
                directive: None,
                value: Some(setting.rule.clone()),
                message: format!("`{}` is ignored, and nothing is found by it", setting.rule),
                help: "take the line out of [lint]".into(),
                fix: None,
                location: Some(setting.location.clone()),
            })
            .collect()
    }

    fn wants(&self, rule: &Rule) -> bool {
        let selected = self.arguments.select.is_empty()
            || self.arguments.select.iter().any(|selector| selector.selects(rule));
        selected && !self.arguments.ignore.iter().any(|selector| selector.selects(rule))
    }

    fn findings(&self, document: &Document) -> Vec<Finding> {
        self.all_settled(self.all_findings(document))
    }

    fn all_settled(&self, findings: impl IntoIterator<Item = Finding>) -> Vec<Finding> {
        findings.into_iter().filter_map(|finding| self.settled(finding)).collect()
    }

    /// The findings without what the site file says of them.
    fn all_findings(&self, document: &Document) -> Vec<Finding> {
        wire::findings(document, &self.require, |rule| self.wants(rule))
    }

    fn exit(&self, findings: &[Finding]) -> Exit {
        let reached = |threshold| findings.iter().any(|finding| finding.severity >= threshold);
        if self.arguments.fail_on.threshold().is_some_and(reached) {
            Exit::Findings
        } else {
            Exit::Success
        }
    }

    fn report(&self, documents: &[Document]) -> Result<Exit, Failure> {
        let mut rules = BTreeSet::new();
        let mut found: Vec<(&Document, Vec<Finding>)> = Vec::new();
        for document in documents {
            let findings = self.all_findings(document);
            rules.extend(findings.iter().map(|finding| finding.rule.clone()));
            found.push((document, self.all_settled(findings)));
        }
        if let Some(path) = &self.arguments.write_baseline {
            let all: Vec<&Finding> = found.iter().flat_map(|(_, findings)| findings).collect();
            output::write_file(path, &Baseline::of(&all).to_json())?;
            crate::exit::say!("{} findings written to `{}`", all.len(), path.display());
            return Ok(Exit::Success);
        }
        if let Some(path) = &self.arguments.baseline {
            let mut baseline = Baseline::read(path)?;
            for (_, findings) in &mut found {
                findings.retain(|finding| !baseline.take(finding));
            }
            baseline.warn_of_rest();
        }
        let unused = self.unused_ignores(&rules);
        if matches!(self.arguments.format, Format::Text) {
            unused.iter().for_each(warn);
        }
        let findings = found.iter().flat_map(|(_, findings)| findings.clone());
        let findings: Vec<Finding> = findings.chain(unused).collect();
        match self.arguments.summary {
            true => self.print_counts(&found)?,
            false => self.print(&found, &findings)?,
        }
        if !documents.is_empty() {
            self.summarize(&findings);
        }
        Ok(self.exit(&findings))
    }

    fn print(&self, found: &[(&Document, Vec<Finding>)], all: &[Finding]) -> Result<(), Failure> {
        let mut output = anstream::stdout();
        let text = match self.arguments.format {
            Format::Text => {
                let shown = |finding: &&Finding| is_verbose() || finding.severity > Severity::Info;
                let of = |(document, findings): &(&Document, Vec<Finding>)| {
                    let shown: Vec<&Finding> = findings.iter().filter(shown).collect();
                    render::text::findings(document, &shown)
                };
                found.iter().map(of).collect()
            }
            Format::Json => report::json(all),
            Format::Sarif => report::sarif(all),
            Format::Github => report::github(all),
            Format::Gitlab => report::gitlab(all),
            Format::Junit => report::junit(all),
            Format::Markdown => report::markdown(all),
        };
        Ok(output.write_all(text.as_bytes())?)
    }

    fn print_counts(&self, found: &[(&Document, Vec<Finding>)]) -> Result<(), Failure> {
        let named = found.iter().flat_map(|(document, findings)| by_response(document, findings));
        let counts = Counts::of(&named.collect::<Vec<_>>());
        let text = match self.arguments.format {
            Format::Text => counts.text(),
            Format::Json => serde_json::to_string(&counts).map_err(io::Error::from)? + "\n",
            Format::Markdown => counts.markdown(),
            _ => return Err(Failure::new("--summary has the formats text, json and markdown")),
        };
        Ok(anstream::stdout().write_all(text.as_bytes())?)
    }

    fn summarize(&self, findings: &[Finding]) {
        if findings.is_empty() {
            crate::exit::say!("nothing found");
            return;
        }
        let counts = report::summary(findings);
        let is_hidden =
            matches!(self.arguments.format, Format::Text) && !is_verbose() && counts.info > 0;
        let hint = if is_hidden { " (--verbose shows it)" } else { "" };
        crate::exit::say!(
            "{} high, {} medium, {} low, {} info{hint}",
            counts.high,
            counts.medium,
            counts.low,
            counts.info
        );
    }

    /// The text of a document with all fixes made, and how many they were.
    fn fixed(&self, document: &Document) -> (String, usize) {
        let findings = self.findings(document);
        let fixes = findings.iter().filter_map(|finding| finding.fix.as_ref());
        let fixes: Vec<&Fix> =
            fixes.filter(|fix| fix.safe || self.arguments.unsafe_fixes).collect();
        (Fix::apply(&document.text, fixes.iter().copied()), fixes.len())
    }

    /// Mends until nothing is left that can be mended. A fix may lay bare another one.
    fn mended(&self, document: &Document) -> Result<(Document, usize), Failure> {
        const ROUNDS: usize = 10;
        let mut mended = document.clone();
        let mut count = 0;
        for _ in 0..ROUNDS {
            let (text, fixes) = self.fixed(&mended);
            if text == mended.text {
                break;
            }
            count += fixes;
            mended = document.with_text(&text)?;
        }
        Ok((mended, count))
    }

    fn fix(&self, documents: &mut [Document]) -> Result<(), Failure> {
        for document in documents {
            let (mended, count) = self.mended(document)?;
            match self.arguments.inputs.file(document) {
                Some(path) if count > 0 => {
                    output::write_file(path, &mended.text)?;
                    crate::exit::say!("{count} mended in `{}`", path.display());
                }
                Some(_) => {}
                None => writeln!(anstream::stdout(), "{}", mended.text.trim_end())?,
            }
            *document = mended;
        }
        Ok(())
    }

    fn diff(&self, documents: &[Document]) -> Result<Exit, Failure> {
        let mut exit = Exit::Success;
        for document in documents {
            let (mended, _) = self.mended(document)?;
            if mended.text != document.text {
                exit = Exit::Findings;
                let diff = TextDiff::from_lines(&document.text, &mended.text);
                let mut unified = diff.unified_diff();
                let unified = unified.header(&document.name, &document.name);
                write!(anstream::stdout(), "{}", crate::exit::visible_lines(&unified.to_string()))?;
            }
        }
        Ok(exit)
    }

    /// What is found in a line: a captured response if it is an object, and else a policy, which cannot begin like one.
    fn findings_in(&self, line: &str) -> Result<Vec<Finding>, String> {
        if line.trim_start().starts_with('{') {
            let captured: wire::Captured =
                serde_json::from_str(line).map_err(|error| error.to_string())?;
            return Ok(captured.findings(&self.require, |rule| self.wants(rule)));
        }
        let response = Response::of_policy(line, Delivery::Header);
        let judged = lint::judged(&response, &self.require, |rule| self.wants(rule));
        Ok(judged.into_iter().map(|judged| judged.finding).collect())
    }

    fn batch(&self) -> Result<Exit, Failure> {
        let mut exit = Exit::Success;
        answer_lines("policy or response", |line| {
            let findings = self.all_settled(self.findings_in(line)?);
            if self.exit(&findings) == Exit::Findings {
                exit = Exit::Findings;
            }
            Ok(findings)
        })?;
        Ok(exit)
    }
}

/// The findings of a document by the places that they name, such as those of its responses; all inputs are named.
fn by_response<'f>(
    document: &Document,
    findings: &'f [Finding],
) -> BTreeMap<String, Vec<&'f Finding>> {
    let mut inputs: BTreeMap<String, Vec<&Finding>> = BTreeMap::new();
    let responses = document.answers.iter().filter_map(|answer| answer.name.as_ref());
    for name in responses.filter(|_| document.answers.len() > 1 && document.form == Form::Har) {
        inputs.insert(format!("{}#{name}", document.name), Vec::new());
    }
    if inputs.is_empty() {
        inputs.insert(document.name.clone(), Vec::new());
    }
    for finding in findings {
        let path = finding.location.as_ref().map_or(document.name.as_str(), |at| at.path.as_str());
        inputs.entry(path.to_owned()).or_default().push(finding);
    }
    inputs
}

/// A finding that is about no input.
fn warn(finding: &Finding) {
    let place = finding
        .location
        .as_ref()
        .map_or_else(String::new, |at| format!("{}:{}:{}: ", at.path, at.line, at.column));
    let line = format!("{place}{}: {} [{}]", finding.message, finding.help, finding.rule);
    crate::exit::say!("{}", visible(&line));
}
