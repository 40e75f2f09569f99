//! The rules of a path, as environment variables.
//!
//! Inside `<Location "/">`, `SetEnvIf` sees the path decoded and normalized; outside, as it was sent. After an
//! internal redirect, to an error page say, Apache asks again with the new path, and the old variables are there
//! with `REDIRECT_` before their names: they decide then, because a policy belongs to the path that was asked for.

use std::fmt::Write;

use super::super::lines::{Paths, Place, Site};
use super::super::regex;
use super::Context;
use super::quote::word;

/// PCRE2 compiles to at most 64 kB, and to three times what is written at worst.
const REGEX: usize = 16_000;

/// Lines of a folder's file are short, and so are texts in conditions: of 8,191 bytes at most.
const SHORT_REGEX: usize = 3500;

/// The variable of a rule.
fn variable(place: &Place<'_>) -> String {
    format!("CSPC_RULE_{}", place.rule)
}

/// The condition that the asked path is one of the rule's; `None` if it has all of them.
pub(super) fn term(place: &Place<'_>) -> Option<String> {
    let some = !matches!(place.paths, Paths::Any);
    some.then(|| format!("-n reqenv('{}')", variable(place)))
}

/// The same of a request that has no variables yet.
pub(super) fn request_term(place: &Place<'_>) -> Option<String> {
    let expressions = expressions(place, SHORT_REGEX);
    let terms = expressions.iter().map(|one| format!("%{{REQUEST_URI}} =~ m#{one}#"));
    let terms: Vec<String> = terms.collect();
    (!terms.is_empty()).then(|| format!("({})", terms.join(" || ")))
}

/// Expressions for the rule's paths; none if it has all of them.
fn expressions(place: &Place<'_>, budget: usize) -> Vec<String> {
    match &place.paths {
        Paths::Any => Vec::new(),
        Paths::Exact(paths) => {
            let paths: Vec<&str> = paths.iter().copied().collect();
            let whole = |expression: &String| format!("^{expression}\\z");
            regex::alternations(&paths, budget).iter().map(whole).collect()
        }
        Paths::Ends { prefix, suffix } => regex::ends(prefix, suffix, budget),
    }
}

/// The lines that set the variables, or nothing.
pub(super) fn variables(site: &Site<'_>, context: Context) -> String {
    let budget = if context == Context::Folder { SHORT_REGEX } else { REGEX };
    let rules: String = site.places.iter().map(|place| rule(place, budget)).collect();
    if rules.is_empty() {
        return rules;
    }
    let comment = "\n# Which rules the asked path belongs to. An error page or another internal redirect keeps the\n\
         # variables of the path that was asked for (REDIRECT_...).\n";
    let lines = format!("SetEnvIf Request_URI \"^\" CSPC_ASKED=1\n{rules}");
    match context {
        Context::Folder => format!("{comment}{lines}"),
        Context::Server => {
            let indented: String = lines.lines().map(|line| format!("    {line}\n")).collect();
            format!("{comment}<Location \"/\">\n{indented}</Location>\n")
        }
    }
}

fn rule(place: &Place<'_>, budget: usize) -> String {
    let expressions = expressions(place, budget);
    if expressions.is_empty() {
        return String::new();
    }
    let name = variable(place);
    let mut lines = format!("# {}\n", place.describe());
    for expression in expressions {
        let _ = writeln!(lines, "SetEnvIf Request_URI {} {name}=1", word(&expression));
    }
    let asked = "-n reqenv('REDIRECT_CSPC_ASKED')";
    let held = format!("reqenv('REDIRECT_{name}')");
    let _ = writeln!(lines, "SetEnvIfExpr \"{asked} && -z {held}\" !{name}");
    let _ = writeln!(lines, "SetEnvIfExpr \"{asked} && -n {held}\" {name}=1");
    lines
}
