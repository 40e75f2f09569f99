//! What the opener and the embedder policy have in common: a token, and where to report to.

use std::fmt;

use super::field::{Parsed, Problem, trimmed};
use super::structured;

/// Reads a token that is one of these, in the very same case.
pub(super) fn parse<T: Copy>(
    value: &str,
    known: &[T],
    spelling: impl Fn(T) -> &'static str,
) -> Parsed<(T, Option<String>)> {
    let (span, text) = trimmed(value, 0);
    let Some((token, report_to)) = structured::token(text) else {
        let problem = if text.is_empty() { Problem::Empty } else { Problem::Syntax };
        return Parsed::nothing(problem, span);
    };
    match known.iter().find(|policy| spelling(**policy) == token) {
        Some(policy) => Parsed { value: Some((*policy, report_to)), issues: Vec::new() },
        None => Parsed::nothing(Problem::InvalidValue, span),
    }
}

/// Writes the token and the endpoint.
pub(super) fn write(
    f: &mut fmt::Formatter<'_>,
    token: &str,
    report_to: Option<&str>,
) -> fmt::Result {
    f.write_str(token)?;
    report_to.map_or(Ok(()), |name| write!(f, "; report-to={}", structured::quoted(name)))
}
