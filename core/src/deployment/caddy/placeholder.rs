//! Placeholders: `{http.request.uri.path}`, and the short names that a Caddyfile may have for some.

/// Short names, and what they stand for; those that end with a dot go on with a name of the user's.
const SHORT: [(&str, &str); 26] = [
    ("cookie.", "http.request.cookie."),
    ("client_ip", "http.vars.client_ip"),
    ("dir", "http.request.uri.path.dir"),
    ("err.", "http.error."),
    ("file", "http.request.uri.path.file"),
    ("file_match.", "http.matchers.file."),
    ("header.", "http.request.header."),
    ("host", "http.request.host"),
    ("hostport", "http.request.hostport"),
    ("labels.", "http.request.host.labels."),
    ("method", "http.request.method"),
    ("path", "http.request.uri.path"),
    ("path.", "http.request.uri.path."),
    ("port", "http.request.port"),
    ("query", "http.request.uri.query"),
    ("query.", "http.request.uri.query."),
    ("re.", "http.regexp."),
    ("remote", "http.request.remote"),
    ("remote_host", "http.request.remote.host"),
    ("remote_port", "http.request.remote.port"),
    ("rp.", "http.reverse_proxy."),
    ("scheme", "http.request.scheme"),
    ("tls_", "http.request.tls."),
    ("upstream_hostport", "http.reverse_proxy.upstream.hostport"),
    ("uri", "http.request.uri"),
    ("vars.", "http.vars."),
];

/// What begins the whole names.
const BEGINNINGS: [&str; 6] = ["http.", "env.", "system.", "time.", "file.", "$"];

/// A part of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Part<'t> {
    Text(&'t str),
    /// Braces, and what stands between them.
    Braces(&'t str),
}

/// The parts of a text. A backslash before a brace is taken away, and the brace means nothing.
pub(super) fn parts(text: &str) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        if let Some(before) = before.strip_suffix('\\') {
            parts.extend([Part::Text(before), Part::Text("{")]);
            rest = after;
            continue;
        }
        parts.push(Part::Text(before));
        match after.split_once('}') {
            Some((name, after)) => {
                parts.push(Part::Braces(name));
                rest = after;
            }
            None => {
                parts.push(Part::Text("{"));
                rest = after;
            }
        }
    }
    parts.push(Part::Text(rest));
    parts
}

/// The whole name of what stands between braces; `None` if it is no placeholder, so that the braces stay.
pub(super) fn name(written: &str) -> Option<String> {
    let whole = BEGINNINGS.iter().any(|beginning| written.starts_with(beginning));
    if whole {
        return Some(written.to_owned());
    }
    SHORT.iter().find_map(|(short, long)| match short.ends_with(['.', '_']) {
        true => written.strip_prefix(short).map(|rest| format!("{long}{rest}")),
        false => (written == *short).then(|| (*long).to_owned()),
    })
}

/// The whole names of the placeholders in a text.
pub(super) fn names(text: &str) -> impl Iterator<Item = String> {
    let named = |part| match part {
        Part::Braces(written) => name(written),
        Part::Text(_) => None,
    };
    parts(text).into_iter().filter_map(named)
}

/// `$1` and `${1}` are groups of the expression.
pub(super) fn with_groups(output: &str, groups: &[Option<String>]) -> String {
    let mut text = output.to_owned();
    for (index, group) in groups.iter().enumerate().rev() {
        let group = group.as_deref().unwrap_or_default();
        text = text.replace(&format!("${{{index}}}"), group).replace(&format!("${index}"), group);
    }
    text
}
