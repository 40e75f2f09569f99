//! What the parser finds, as findings.

use super::PolicyText;
use super::rule::header;
use crate::csp::{Directive, Issue, IssueCode, Keyword};
use crate::diagnostic::{Finding, Fix, Severity};

/// The finding about an issue; `None` for one that another issue at the same place says better.
pub(super) fn finding(issue: Issue, text: &PolicyText<'_>) -> Option<Finding> {
    let written = text.text.get(issue.span.start..issue.span.end).unwrap_or_default();
    let (severity, message, help) = wording(issue.code, written);
    if issue.code == IssueCode::InvalidSource && says_more(written) {
        return None;
    }
    Some(Finding {
        rule: format!("csp/{}", issue.code.as_str()),
        severity,
        header: Some(header(text.delivery).to_owned()),
        directive: None,
        value: Some(written.to_owned()),
        message,
        help,
        fix: replacement(issue.code, written)
            .map(|replacement| Fix { replacement, span: issue.span }),
        location: None,
    })
}

/// Whether a more telling issue is raised for the same invalid source.
fn says_more(written: &str) -> bool {
    let lower = written.to_ascii_lowercase();
    lower.starts_with("'nonce-")
        || lower.starts_with("'sha")
        || !lower.starts_with('\'') && lower.contains(['?', '#'])
}

fn replacement(code: IssueCode, written: &str) -> Option<String> {
    match code {
        IssueCode::UnquotedKeyword => Some(format!("'{written}'")),
        IssueCode::SourceHasQuery | IssueCode::SourceHasFragment => {
            written.split(['?', '#']).next().map(str::to_owned)
        }
        IssueCode::UnknownDirective => nearest_directive(written).map(str::to_owned),
        IssueCode::InvalidDirectiveName => Directive::from_name(written.trim_end_matches(':'))
            .map(|known| known.as_str().to_owned()),
        IssueCode::EmptySourceList => Some(format!("{written} 'none'")),
        _ => None,
    }
}

fn wording(code: IssueCode, written: &str) -> (Severity, String, String) {
    use Severity::{Info, Low, Medium};
    let (severity, message, help) = match code {
        IssueCode::DuplicateDirective => (
            Medium,
            format!("`{written}` stands here a second time, and browsers ignore it"),
            "put its sources into the first one",
        ),
        IssueCode::UnknownDirective => return unknown_directive(written),
        IssueCode::RemovedDirective => {
            (Low, format!("no browser understands `{written}` any more"), "take it out")
        }
        IssueCode::DeprecatedDirective => {
            (Info, format!("`{written}` is deprecated"), instead(written))
        }
        IssueCode::InvalidDirectiveName => (
            Medium,
            format!("`{written}` is not a directive's name"),
            "a name has letters and hyphens, and no colon after it",
        ),
        IssueCode::NonAsciiDirective => (
            Medium,
            format!(
                "`{written}` holds a character beyond ASCII, and browsers drop the whole directive"
            ),
            "look for curly quotes and no-break spaces, which word processors put in, and type them anew",
        ),
        IssueCode::EmptyPolicy => (
            Medium,
            "there is no directive in the policy".to_owned(),
            "write one, such as `default-src 'self'`, or do not send the header",
        ),
        IssueCode::EmptySourceList => (
            Low,
            format!("`{written}` has no sources, which browsers read as `'none'`"),
            "write `'none'`, so that it is seen to be meant",
        ),
        IssueCode::InvalidSource => (
            Medium,
            format!("`{written}` is not a source, and browsers ignore it"),
            "a source is a host such as `https://cdn.example`, a scheme such as `data:`, or a quoted keyword such as `'self'`",
        ),
        IssueCode::InvalidNonce => (
            Medium,
            format!("`{written}` is not a nonce, and browsers ignore it"),
            "a nonce is base64: letters, digits, `+`, `/` and up to two `=` at its end",
        ),
        IssueCode::InvalidHash => (
            Medium,
            format!("`{written}` is not a hash, and browsers ignore it"),
            "a hash is `'sha256-…'`, `'sha384-…'` or `'sha512-…'` with base64 inside, quotes included",
        ),
        IssueCode::SourceHasQuery => (
            Medium,
            format!("`{written}` has a query, which no source can have"),
            "cut it off before the `?`",
        ),
        IssueCode::SourceHasFragment => (
            Medium,
            format!("`{written}` has a fragment, which no source can have"),
            "cut it off before the `#`",
        ),
        IssueCode::NoneNotAlone => (
            Medium,
            format!("{written} stands beside other sources, and browsers ignore it"),
            "take it out, or the others",
        ),
        IssueCode::UnquotedKeyword => (
            Medium,
            format!("`{written}` without quotes is read as a host"),
            "put it in single quotes",
        ),
        IssueCode::MissingSemicolon => (
            Medium,
            format!("`{written}` is a directive's name, read here as a host"),
            "put a `;` before it",
        ),
        IssueCode::DuplicateValue => {
            (Info, format!("`{written}` stands here twice"), "take one of them out")
        }
        IssueCode::UnexpectedValue => (
            Low,
            format!("`{written}` follows a directive that takes no value"),
            "take it out, or put a `;` before it",
        ),
        IssueCode::MissingValue => {
            (Medium, format!("`{written}` needs a value"), "write one, or take the directive out")
        }
        IssueCode::ExtraValue => (Low, format!("`{written}` is one value too many"), "take it out"),
        IssueCode::InvalidToken => {
            (Medium, format!("`{written}` is not a name"), "use letters, digits and hyphens")
        }
        IssueCode::InvalidValue => (
            Medium,
            format!("`{written}` is no value that this directive knows"),
            "correct it or take it out",
        ),
        IssueCode::InvalidSandboxToken => (
            Medium,
            format!("`{written}` is no sandboxing keyword"),
            "they begin with `allow-` and have no quotes",
        ),
        IssueCode::IgnoredInMeta => {
            (Medium, format!("`{written}` does not count in a <meta>"), "send it in the header")
        }
        IssueCode::IgnoredInReportOnly => (
            Low,
            format!("`{written}` does not count in a policy that only reports"),
            "take it out, or enforce it in a policy of its own",
        ),
    };
    (severity, message, help.to_owned())
}

fn unknown_directive(written: &str) -> (Severity, String, String) {
    let message = format!("`{written}` is not a directive, and browsers ignore it");
    let help = match nearest_directive(written) {
        Some(name) => format!("did you mean `{name}`?"),
        None if Keyword::from_unquoted(written.trim_matches('\'')).is_some() => {
            "a keyword follows the name of its directive".to_owned()
        }
        None => "correct its name or take it out".to_owned(),
    };
    (Severity::Medium, message, help)
}

fn instead(written: &str) -> &'static str {
    Directive::from_name(written).and_then(Directive::instead).unwrap_or("take it out")
}

/// How many letters a slip of the pen gets wrong.
const MAX_EDITS: usize = 2;

/// The directive that differs from `written` by the fewest letters, if that is few.
fn nearest_directive(written: &str) -> Option<&'static str> {
    if written.len() > 40 {
        return None;
    }
    let lower = written.to_ascii_lowercase();
    // Names of another length are too far anyway, and need no table.
    let near = Directive::all()
        .map(Directive::as_str)
        .filter(|name| name.len().abs_diff(written.len()) <= MAX_EDITS);
    let distances = near.map(|name| (distance(&lower, name), name));
    let (edits, name) = distances.min_by_key(|(edits, _)| *edits)?;
    (edits <= MAX_EDITS && edits * 3 < name.len()).then_some(name)
}

/// How many letters have to be added, taken away or changed to get from one word to the other (Levenshtein).
fn distance(from: &str, to: &str) -> usize {
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (index, a) in from.bytes().enumerate() {
        let mut diagonal = index;
        let mut left = index + 1;
        let mut next = vec![left];
        for (above, b) in row.iter().skip(1).zip(to.bytes()) {
            left = (diagonal + usize::from(a != b)).min(above + 1).min(left + 1);
            diagonal = *above;
            next.push(left);
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{distance, nearest_directive};

    #[test]
    fn a_slip_of_the_pen_is_understood() {
        assert_eq!(distance("kitten", "sitting"), 3);
        assert_eq!(nearest_directive("defaut-src"), Some("default-src"));
        assert_eq!(nearest_directive("Img_src"), Some("img-src"));
        assert_eq!(nearest_directive("foo"), None);
    }
}
