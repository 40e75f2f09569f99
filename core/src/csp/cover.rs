//! What source expressions cover, whatever the page.

use super::source_expression::{HostSource, SourceExpression};

/// Whether every URL that `narrow` matches is matched by `wide` as well, on any page and in any browser; not so of two
/// that mean the same. A long list asks it of each pair.
#[inline]
pub(crate) fn covers(wide: &SourceExpression<'_>, narrow: &SourceExpression<'_>) -> bool {
    let SourceExpression::Host(narrow) = narrow else { return false };
    match wide {
        SourceExpression::Scheme(wide) => {
            narrow.scheme.is_some_and(|narrow| wide.eq_ignore_ascii_case(narrow))
        }
        SourceExpression::Host(wide) => {
            // Hosts differ most often.
            covers_host(wide.host, narrow.host)
                && covers_scheme(wide, narrow)
                && covers_port(wide, narrow)
                && covers_path(wide.path, narrow.path)
                && !is_same(wide, narrow)
        }
        _ => false,
    }
}

fn is_same(a: &HostSource<'_>, b: &HostSource<'_>) -> bool {
    let same = |a: Option<&str>, b: Option<&str>| {
        a.unwrap_or_default().eq_ignore_ascii_case(b.unwrap_or_default())
    };
    // A path of `/` alone means the same as none, so that each would cover the other.
    a.host.eq_ignore_ascii_case(b.host)
        && same(a.scheme, b.scheme)
        && same(a.port, b.port)
        && a.path.unwrap_or("/") == b.path.unwrap_or("/")
}

/// Whether it is `*` alone, which matches any network scheme and any port (CSP Level 3, section 6.7.2.8).
fn is_any(source: &HostSource<'_>) -> bool {
    matches!(source, HostSource { scheme: None, host: "*", port: None, path: None })
}

fn covers_scheme(wide: &HostSource<'_>, narrow: &HostSource<'_>) -> bool {
    match (wide.scheme, narrow.scheme) {
        // Whatever else has no scheme takes the page's.
        (None, None) => is_any(wide) || !is_any(narrow),
        (None, Some(narrow)) => {
            is_any(wide) && ["http", "https"].iter().any(|known| known.eq_ignore_ascii_case(narrow))
        }
        (Some(wide), Some(narrow)) => wide.eq_ignore_ascii_case(narrow),
        (Some(_), None) => false,
    }
}

#[inline]
pub(crate) fn covers_host(wide: &str, narrow: &str) -> bool {
    // Most are no wildcards, which the first letter tells.
    let Some(rest) = wide.strip_prefix('*') else { return wide.eq_ignore_ascii_case(narrow) };
    let Some(parent) = rest.strip_prefix('.') else { return rest.is_empty() };
    let name = narrow.strip_prefix("*.");
    // `*.a.example` covers `x.a.example`, `*.x.a.example` and itself, not `a.example`.
    name.is_some_and(|name| name.eq_ignore_ascii_case(parent))
        || ends_with_label(name.unwrap_or(narrow), parent)
}

/// Whether `name` is a subdomain of `parent`.
pub(crate) fn ends_with_label(name: &str, parent: &str) -> bool {
    let Some(dot) = name.len().checked_sub(parent.len() + 1) else { return false };
    name.as_bytes().get(dot) == Some(&b'.')
        && name.get(dot + 1..).is_some_and(|tail| tail.eq_ignore_ascii_case(parent))
}

fn covers_port(wide: &HostSource<'_>, narrow: &HostSource<'_>) -> bool {
    wide.port == Some("*") || wide.port == narrow.port || is_any(wide)
}

fn covers_path(wide: Option<&str>, narrow: Option<&str>) -> bool {
    match (wide, narrow) {
        (None | Some("/"), _) => true,
        (Some(wide), Some(narrow)) if wide.ends_with('/') => {
            // Dots and escapes may lead elsewhere.
            narrow.starts_with(wide) && !narrow.contains("/.") && !narrow.contains('%')
        }
        (Some(wide), Some(narrow)) => wide == narrow,
        (Some(_), None) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn covered(wide: &str, narrow: &str) -> bool {
        covers(&SourceExpression::parse(wide), &SourceExpression::parse(narrow))
    }

    #[test]
    fn what_covers_what() {
        for (wide, narrow) in [
            ("https:", "https://a.example"),
            ("*", "https://a.example:8443/x"),
            ("https://*.a.example", "https://x.y.a.example/z"),
            ("*.a.example", "*.b.a.example"),
            ("https://a.example/x/", "https://a.example/x/y.js"),
            ("a.example:*", "a.example:8080"),
        ] {
            assert!(covered(wide, narrow), "{wide} {narrow}");
            assert!(!covered(narrow, wide), "{narrow} {wide}");
        }
        for (wide, narrow) in [
            ("https:", "a.example"),
            ("http:", "https://a.example"),
            ("*.a.example", "a.example"),
            ("https://a.example/x/", "https://a.example/x/../y"),
            ("https://a.example", "https://a.example:8443"),
            ("*", "wss://a.example"),
            ("*:*", "*"),
            ("*:8443", "http://a.example:8443"),
            ("https://a.example", "https://a.example/"),
            ("https://a.example/", "https://a.example"),
        ] {
            assert!(!covered(wide, narrow), "{wide} {narrow}");
        }
    }
}
