//! The rules of a path, as environment variables.
//!
//! Inside `<Location "/">`, `SetEnvIf` sees the path decoded and normalized; outside, as it was sent. After an
//! internal redirect, to an error page say, Apache asks again with the new path, and the old variables are there
//! with `REDIRECT_` before their names: they decide then, because a policy belongs to the path that was asked for.

use std::fmt::Write;

use super::super::lines::{Paths, Place, Site};
use super::super::regex;
use super::quote::word;

/// PCRE2 compiles to at most 64 kB, and to three times what is written at worst.
const REGEX: usize = 16_000;

/// The variable of a rule.
fn variable(place: &Place<'_>) -> String {
    format!("CSPC_RULE_{}", place.rule)
}

/// The condition that the asked path is one of the rule's; `None` if it has all of them.
pub(super) fn term(place: &Place<'_>) -> Option<String> {
    let some = !matches!(place.paths, Paths::Any);
    some.then(|| format!("-n reqenv('{}')", variable(place)))
}

/// The section that sets the variables, or nothing.
pub(super) fn variables(site: &Site<'_>) -> String {
    let mut lines = String::new();
    for place in &site.places {
        lines.push_str(&rule(place));
    }
    if lines.is_empty() {
        return lines;
    }
    format!(
        "\n# Which rules the asked path belongs to. An error page or another internal redirect keeps the\n\
         # variables of the path that was asked for (REDIRECT_...).\n\
         <Location \"/\">\n    SetEnvIf Request_URI \"^\" CSPC_ASKED=1\n{lines}</Location>\n"
    )
}

fn rule(place: &Place<'_>) -> String {
    let expressions = match &place.paths {
        Paths::Any => return String::new(),
        Paths::Exact(paths) => {
            let paths: Vec<&str> = paths.iter().copied().collect();
            let whole = |expression: &String| format!("^{expression}\\z");
            regex::alternations(&paths, REGEX).iter().map(whole).collect()
        }
        Paths::Ends { prefix, suffix } => regex::ends(prefix, suffix, REGEX),
    };
    let name = variable(place);
    let mut lines = format!("    # {}\n", place.describe());
    for expression in expressions {
        let _ = writeln!(lines, "    SetEnvIf Request_URI {} {name}=1", word(&expression));
    }
    let asked = "-n reqenv('REDIRECT_CSPC_ASKED')";
    let held = format!("reqenv('REDIRECT_{name}')");
    let _ = writeln!(lines, "    SetEnvIfExpr \"{asked} && -z {held}\" !{name}");
    let _ = writeln!(lines, "    SetEnvIfExpr \"{asked} && -n {held}\" {name}=1");
    lines
}
