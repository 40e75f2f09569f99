//! What the owner declares: `cspc.toml`.

use std::collections::BTreeMap;
use std::ops::Range;

use serde::Deserialize;
use toml::Spanned;

use crate::csp::{Directive, SourceExpression};
use crate::header::{HeaderName, HeaderValue};
use crate::text::{Position, Positions};

/// The site file.
///
/// ```
/// let site = cspc_core::site::SiteFile::parse("cspc.toml", r#"
/// origin = "https://shop.example"
/// [sources]
/// connect-src = ["'self'", "https://api.example"]
/// [headers]
/// Referrer-Policy = "no-referrer"
/// X-Frame-Options = false
/// "#).unwrap();
/// assert_eq!(site.sources.len(), 1);
/// ```
#[derive(Clone, Debug, Default)]
pub struct SiteFile {
    path: String,
    /// The site's origin.
    pub origin: Option<String>,
    /// Source expressions that each page's policy is to have beside those found.
    pub sources: BTreeMap<Directive, Vec<String>>,
    /// Headers in place of the standard ones; `None` leaves one out.
    pub headers: Vec<(HeaderName, Option<HeaderValue>)>,
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
#[serde(deny_unknown_fields)]
struct Document {
    origin: Option<String>,
    #[serde(default)]
    sources: BTreeMap<Spanned<String>, Vec<Spanned<String>>>,
    #[serde(default)]
    headers: BTreeMap<Spanned<String>, Spanned<HeaderSetting>>,
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
        let mut site = Self { path: path.to_owned(), origin: document.origin, ..Self::default() };
        for (name, expressions) in document.sources {
            let directive =
                directive(name.get_ref()).map_err(|message| error(name.span(), message))?;
            let expressions: Result<Vec<String>, SiteError> = expressions
                .into_iter()
                .map(|value| {
                    expression(value.get_ref()).map_err(|message| error(value.span(), message))
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

fn directive(name: &str) -> Result<Directive, String> {
    let known = Directive::from_name(name).filter(|directive| directive.takes_source_list());
    known.ok_or_else(|| {
        format!("`{name}` is not a directive with a list of sources, such as `connect-src`")
    })
}

/// Takes one source expression as it is written in a policy.
fn expression(text: &str) -> Result<String, String> {
    match SourceExpression::parse(text) {
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
        assert!(message("[headers]\nX-A = true").contains("or `false`"));
        assert!(message("[headers]\nContent-Security-Policy = \"x\"").contains("under [sources]"));
    }
}
