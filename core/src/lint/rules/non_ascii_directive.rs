//! `csp/non-ascii-directive`.

use crate::csp::IssueCode;
use crate::diagnostic::{Fix, Severity};
use crate::lint::rule::{Check, Example, Place, Rule};

pub(in crate::lint) static RULE: Rule = Rule {
    id: "csp/non-ascii-directive",
    severity: Severity::Medium,
    summary: "a character beyond ASCII makes browsers drop a whole directive",
    rationale: "The parsing algorithm drops a directive with such a character, so that it restricts nothing. Most come from word processors: curly quotes, dashes and no-break spaces. (Firefox drops only the source in question.)",
    example: Example::Policy("img-src ‘self’"),
    good: Example::Policy("img-src 'self'"),
    fix: "look for curly quotes, long dashes and no-break spaces, and type them anew",
    references: &["https://www.w3.org/TR/CSP3/#parse-serialized-policy"],
    equivalents: &[
        (
            "csp-evaluator",
            &[
                "STRICT_DYNAMIC",
                "MISSING_DIRECTIVES",
                "INVALID_KEYWORD",
                "DEPRECATED_DIRECTIVE",
                "SCRIPT_ALLOWLIST_BYPASS",
                "OBJECT_ALLOWLIST_BYPASS",
            ],
        ),
        ("zap", &["10055-9"]),
    ],
    check: Check::Issue(IssueCode::NonAsciiDirective),
    message: |place| {
        format!(
            "`{}` holds a character beyond ASCII, and browsers drop the whole directive",
            place.written()
        )
    },
    help,
    mend,
    ..Rule::BASE
};

/// The character that was meant.
const fn plain(character: char) -> Option<char> {
    match character {
        '‘' | '’' | '‚' | '‛' | '′' | '´' | '“' | '”' | '„' | '″' => Some('\''),
        '‐' | '‑' | '‒' | '–' | '—' | '−' => Some('-'),
        '\u{A0}' | '\u{2007}' | '\u{202F}' | '\u{3000}' => Some(' '),
        '；' => Some(';'),
        '：' => Some(':'),
        _ => None,
    }
}

fn help(place: &Place<'_>) -> Option<String> {
    let unlike = place.written().chars().find(|character| !character.is_ascii())?;
    Some(match plain(unlike) {
        Some(plain) => format!("type `{plain}` in place of `{unlike}` (U+{:04X})", unlike as u32),
        None => format!(
            "`{unlike}` is U+{:04X}: write a host in punycode and a path percent-encoded",
            unlike as u32
        ),
    })
}

fn mend(place: &Place<'_>) -> Option<Fix> {
    let plain: Option<String> = place
        .written()
        .chars()
        .map(|character| if character.is_ascii() { Some(character) } else { plain(character) })
        .collect();
    place.replace(plain?, false)
}
