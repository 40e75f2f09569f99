use std::fmt::Write as _;

use super::escaped;
use super::question::described;
use crate::compare::{Change, Difference, Direction, NotShown, Relation, Shown};
use crate::csp::{Directive, Keyword, SourceExpression};

/// How many names of responses are given, where many differ in the same.
const NAMES: usize = 3;

/// Responses that differ in the same.
struct Group<'a> {
    names: Vec<&'a str>,
    difference: &'a Difference,
}

/// Differences in words, each with the name of its response, or an empty one if there is but one.
///
/// ```
/// use cspc_core::compare::Difference;
/// use cspc_core::report::difference_text;
/// let same = ("", Difference::default());
/// assert_eq!(difference_text(&[same]), "equal: not shown to differ\n");
/// ```
pub fn difference_text(differences: &[(&str, Difference)]) -> String {
    let mut text = summary(differences) + "\n";
    for group in groups(differences) {
        if let Some(names) = group.named() {
            text += &format!("\n{names}:\n");
        }
        let mut last = None;
        for change in &group.difference.changes {
            if last.replace(change.directive) != Some(change.directive) {
                text += &format!("\n{}\n", change.directive.as_str());
            }
            for shown in &change.shown {
                let (sign, verb) = match change.direction {
                    Direction::Widened => ('+', "now allowed"),
                    Direction::Narrowed => ('-', "now blocked"),
                };
                text += &format!("  {sign} {}{}\n", by(shown), kinds(change, shown));
                text += &format!("      {verb}: {}\n", evidence(shown));
            }
        }
        if !group.difference.not_shown.is_empty() {
            text += "\nwritten differently, not shown to differ\n";
        }
        for NotShown { name, old, new } in &group.difference.not_shown {
            text += &format!("  {name}: {} -> {}\n", values(old), values(new));
        }
    }
    text
}

/// The same in GitHub's Markdown, such as for a comment of a pull request.
///
/// ```
/// use cspc_core::compare::Difference;
/// use cspc_core::report::difference_markdown;
/// let same = ("/", Difference { subsumed: true, ..Difference::default() });
/// assert_eq!(difference_markdown(&[same]), "**Content-Security-Policy: equal**: not shown to differ\n");
/// ```
pub fn difference_markdown(differences: &[(&str, Difference)]) -> String {
    let summary = summary(differences);
    let (relation, meaning) = summary.split_once(": ").unwrap_or((&summary, ""));
    let mut text = format!("**Content-Security-Policy: {relation}**: {meaning}\n");
    for group in groups(differences) {
        if let Some(names) = group.named() {
            let _ = write!(text, "\n{}\n", escaped(&names));
        }
        if !group.difference.changes.is_empty() {
            text += "\n| directive | | expression | shown by |\n|---|---|---|---|\n";
        }
        for change in &group.difference.changes {
            for shown in &change.shown {
                let _ = writeln!(
                    text,
                    "| {} | {} | {} | {} |",
                    change.directive.as_str(),
                    change.direction.as_str(),
                    escaped(&(by(shown) + &kinds(change, shown))),
                    escaped(&evidence(shown))
                );
            }
        }
        if !group.difference.not_shown.is_empty() {
            text += "\nWritten differently, not shown to differ:\n\n";
        }
        for NotShown { name, old, new } in &group.difference.not_shown {
            let line = format!("{name}: {} → {}", values(old), values(new));
            let _ = writeln!(text, "- {}", escaped(&line));
        }
    }
    text
}

/// The relation of all, and what it means.
fn summary(differences: &[(&str, Difference)]) -> String {
    let relations = differences.iter().map(|(_, difference)| difference.relation);
    let relation = relations.fold(Relation::Equal, Relation::and);
    let meaning = match relation {
        Relation::Equal => "not shown to differ",
        Relation::Narrower => "the new policies block what the old ones allow",
        Relation::Wider => "the new policies allow what the old ones block",
        Relation::Incomparable => {
            "the new policies allow what the old ones block, and block what they allow"
        }
    };
    format!("{}: {meaning}", relation.as_str())
}

/// Those that differ at all, in their order.
fn groups<'a>(differences: &'a [(&'a str, Difference)]) -> Vec<Group<'a>> {
    let mut groups: Vec<Group<'a>> = Vec::new();
    for (name, difference) in differences {
        if difference.changes.is_empty() && difference.not_shown.is_empty() {
            continue;
        }
        match groups.iter_mut().find(|group| group.difference == difference) {
            Some(group) => group.names.push(name),
            None => groups.push(Group { names: vec![name], difference }),
        }
    }
    groups
}

impl Group<'_> {
    /// The responses, if they have names.
    fn named(&self) -> Option<String> {
        let first: Vec<&str> = self.names.iter().take(NAMES).copied().collect();
        let more = self.names.len() - first.len();
        let first = first.join(", ");
        match (first.is_empty(), more) {
            (true, _) => None,
            (false, 0) => Some(first),
            (false, more) => Some(format!("{first} and {more} more")),
        }
    }
}

/// What shows it, in words.
fn evidence(shown: &Shown) -> String {
    let dynamic = shown.expression.as_deref().map(SourceExpression::parse)
        == Some(SourceExpression::Keyword(Keyword::StrictDynamic));
    described(&shown.witness) + if dynamic { ", inserted by a trusted script" } else { "" }
}

fn by(shown: &Shown) -> String {
    shown.expression.clone().unwrap_or_else(|| "anything that no directive governs".to_owned())
}

/// What it is that changes, if that is not what the directive's name says.
fn kinds(change: &Change, shown: &Shown) -> String {
    if shown.effective == [change.directive] {
        return String::new();
    }
    let name = |effective: &Directive| match effective {
        // Which no other request is held against.
        Directive::DefaultSrc => "prefetches",
        other => other.as_str(),
    };
    let names: Vec<_> = shown.effective.iter().map(name).collect();
    format!(" (for {})", names.join(", "))
}

fn values(values: &[String]) -> String {
    let quoted: Vec<_> = values.iter().map(|value| format!("`{value}`")).collect();
    if quoted.is_empty() { "absent".to_owned() } else { quoted.join(", ") }
}
