//! What the owner declares: `cspc.toml`.

use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::ops::Range;

use serde::Deserialize;
use toml::Spanned;

use crate::csp::{Directive, SourceExpression};
use crate::diagnostic::{Location, Severity};
use crate::header::{HeaderName, HeaderValue};
use crate::text::{Position, Positions, Span};

/// The site file.
///
/// ```
/// let site = cspc_core::site::SiteFile::parse("cspc.toml", r#"
/// origin = "https://shop.example"
/// report-only = true
/// [limits]
/// max-policies = 100
/// max-header-bytes = 8190
/// [sources]
/// connect-src = ["'self'", "https://api.example"]
/// [headers]
/// Referrer-Policy = "no-referrer"
/// X-Frame-Options = false
/// [lint]
/// ignore = [{ rule = "csp/missing-form-action", reason = "there are no forms" }]
/// severity = { "csp/http-source" = "high" }
/// "#).unwrap();
/// assert_eq!(site.sources.len(), 1);
/// ```
#[derive(Clone, Debug, Default)]
pub struct SiteFile {
    path: String,
    /// The site's origin.
    pub origin: Option<String>,
    /// Source expressions that each page's policy is to have beside those found.
    pub sources: BTreeMap<Directive, Vec<Declared>>,
    /// Whether policies only report what they would block.
    pub report_only: bool,
    /// How many policies there may be, and how long.
    pub limits: Limits,
    /// Headers in place of the standard ones; `None` leaves one out.
    pub headers: Vec<(HeaderName, Option<HeaderValue>)>,
    /// What the owner says of rules.
    pub lint: LintSettings,
}

/// A source expression that the owner asks for, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Declared {
    /// The expression.
    pub expression: String,
    /// Where it stands in the site file.
    pub location: Location,
}

/// What servers and hosts take.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Limits {
    /// The most policies for pages.
    pub max_policies: Option<NonZeroUsize>,
    /// The longest header value, in bytes.
    pub max_header_bytes: Option<usize>,
}

/// What the owner says of the rules of `cspc check`.
#[derive(Clone, Debug, Default)]
pub struct LintSettings {
    /// Rules that are to find nothing, and why.
    pub ignore: Vec<RuleSetting<String>>,
    /// Rules whose findings matter more or less than by themselves.
    pub severity: Vec<RuleSetting<Severity>>,
}

/// What is said of one rule, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleSetting<T> {
    /// The rule's id, which need not be known.
    pub rule: String,
    /// What is said.
    pub value: T,
    /// Where the rule is named.
    pub location: Location,
}

/// A mistake in the site file, with its place.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{path}:{line}:{column}: {message}")]
pub struct SiteError {
    path: String,
    line: usize,
    column: usize,
    message: String,
}

/// The file as TOML has it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Document {
    origin: Option<String>,
    #[serde(default)]
    report_only: bool,
    #[serde(default)]
    limits: Limits,
    #[serde(default)]
    sources: BTreeMap<Spanned<String>, Vec<Spanned<String>>>,
    #[serde(default)]
    headers: BTreeMap<Spanned<String>, Spanned<HeaderSetting>>,
    #[serde(default)]
    lint: LintTable,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct LintTable {
    ignore: Vec<IgnoreEntry>,
    severity: BTreeMap<Spanned<String>, Severity>,
}

/// Nobody remembers why without a reason, so there has to be one.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct IgnoreEntry {
    rule: Spanned<String>,
    reason: String,
}

/// A header's value, or `false` to leave it out.
#[derive(Deserialize)]
#[serde(untagged, expecting = "expected a string, or `false` to leave the header out")]
enum HeaderSetting {
    Value(String),
    Wanted(bool),
}

impl SiteFile {
    /// Reads the text of a site file; `path` is for messages.
    ///
    /// # Errors
    /// [`SiteError`] for text that is not TOML, keys that are not known, and values that cannot be what they should be.
    pub fn parse(path: &str, text: &str) -> Result<Self, SiteError> {
        let error =
            |span: Range<usize>, message: String| SiteError::new(path, text, span.start, message);
        let document: Document = toml::from_str(text)
            .map_err(|found| error(found.span().unwrap_or_default(), found.message().to_owned()))?;
        let mut site = Self {
            path: path.to_owned(),
            origin: document.origin,
            report_only: document.report_only,
            limits: document.limits,
            ..Self::default()
        };
        let setting = |name: &Spanned<String>| locate(path, text, name.span());
        let ignored = document.lint.ignore.into_iter().map(|entry| RuleSetting {
            location: setting(&entry.rule),
            rule: entry.rule.into_inner(),
            value: entry.reason,
        });
        site.lint.ignore.extend(ignored);
        let severities = document.lint.severity.into_iter().map(|(rule, value)| RuleSetting {
            location: setting(&rule),
            rule: rule.into_inner(),
            value,
        });
        site.lint.severity.extend(severities);
        for (name, expressions) in document.sources {
            let directive =
                directive(name.get_ref()).map_err(|message| error(name.span(), message))?;
            let expressions: Result<Vec<Declared>, SiteError> = expressions
                .into_iter()
                .map(|value| match expression(value.get_ref()) {
                    Ok(expression) => Ok(Declared { expression, location: setting(&value) }),
                    Err(message) => Err(error(value.span(), message)),
                })
                .collect();
            site.sources.insert(directive, expressions?);
        }
        for (name, setting) in document.headers {
            let value = header_value(setting.get_ref())
                .map_err(|message| error(setting.span(), message))?;
            let parsed = HeaderName::new(name.get_ref().as_str())
                .map_err(|found| error(name.span(), found.to_string()))?;
            if name.get_ref().to_ascii_lowercase().starts_with("content-security-policy") {
                return Err(error(
                    name.span(),
                    "the policy is what cspc builds: add to it under [sources]".to_owned(),
                ));
            }
            site.headers.push((parsed, value));
        }
        Ok(site)
    }

    /// Where the file stands, as it was given.
    pub fn path(&self) -> &str {
        &self.path
    }
}

impl SiteError {
    fn new(path: &str, text: &str, offset: usize, message: String) -> Self {
        let Position { line, column } = Positions::new(text.as_bytes()).at(offset);
        Self { path: path.to_owned(), line, column, message }
    }
}

fn locate(path: &str, text: &str, range: Range<usize>) -> Location {
    let Position { line, column } = Positions::new(text.as_bytes()).at(range.start);
    Location { path: path.to_owned(), line, column, span: Span::new(range.start, range.end) }
}

fn directive(name: &str) -> Result<Directive, String> {
    let known = Directive::from_name(name).filter(|directive| directive.takes_source_list());
    known.ok_or_else(|| {
        format!("`{name}` is not a directive with a list of sources, such as `connect-src`")
    })
}

/// Takes one source expression as it is written in a policy.
fn expression(text: &str) -> Result<String, String> {
    match SourceExpression::parse(text) {
        SourceExpression::None => {
            Err("`'none'` adds nothing: what no page needs and nobody declares is closed already"
                .to_owned())
        }
        SourceExpression::Invalid(_) => Err(format!(
            "`{text}` is not a source expression: expected one such as `https://cdn.example`, `'self'` or `data:`"
        )),
        _ => Ok(text.to_owned()),
    }
}

fn header_value(setting: &HeaderSetting) -> Result<Option<HeaderValue>, String> {
    match setting {
        HeaderSetting::Value(value) => {
            HeaderValue::new(value).map(Some).map_err(|found| found.to_string())
        }
        HeaderSetting::Wanted(false) => Ok(None),
        HeaderSetting::Wanted(true) => {
            Err("expected a value, or `false` to leave the header out".to_owned())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(text: &str) -> String {
        SiteFile::parse("cspc.toml", text).unwrap_err().to_string()
    }

    #[test]
    fn mistakes_are_told_with_their_place() {
        assert!(message("origin = 1").starts_with("cspc.toml:1:10: "), "{}", message("origin = 1"));
        assert!(message("a = 1").contains("unknown field `a`"));
        assert!(
            message("[sources]\nfoo-src = []")
                .starts_with("cspc.toml:2:1: `foo-src` is not a directive")
        );
        assert!(
            message("[sources]\nimg-src = [\"a;b\"]")
                .starts_with("cspc.toml:2:12: `a;b` is not a source")
        );
        assert!(
            message("[headers]\nX-A = \"a\\nb\"")
                .starts_with("cspc.toml:2:7: a header value cannot hold")
        );
        assert!(
            message("[sources]\nimg-src = [\"data:\", \"'none'\"]")
                .starts_with("cspc.toml:2:21: `'none'` adds nothing")
        );
        assert!(message("[limits]\nmax-policies = 0").starts_with("cspc.toml:2:16: "));
        assert!(message("[limits]\nmax-bytes = 1").contains("expected `max-policies` or"));
        assert!(message("[headers]\nX-A = true").contains("or `false`"));
        assert!(
            message("[lint]\nignore = [{ rule = \"csp/x\" }]").contains("missing field `reason`")
        );
        assert!(
            message("[lint.severity]\n\"csp/x\" = \"grave\"").contains("unknown variant `grave`")
        );
        assert!(message("[headers]\nContent-Security-Policy = \"x\"").contains("under [sources]"));
    }
}
