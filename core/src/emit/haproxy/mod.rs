//! HAProxy: `http-after-response` rules in the plan's order, under conditions that are named by `acl` lines.
//!
//! `http-response` rules do not see what HAProxy answers itself (redirects, errors); `http-after-response` rules do.
//! They see the response only, so that the path is kept in a variable first.

mod guard;
mod origins;
mod quote;

use std::fmt::Write;

use super::lines::{Change, HeaderChanges, Paths, Place, Scope, Site};
use super::{EmitError, File, GENERATED_BY, https_origin, regex};
use crate::plan::{CookieAttribute, Op, Plan, Scheme, ServerTokens, StatusClass, StatusMatch};
use quote::{value, word};

/// The longest expression, in bytes.
const REGEX: usize = 1900;

/// HAProxy reads at most 64 words of a line.
const WORDS: usize = 50;

/// The path, percent-decoded, without `.` and empty segments. Each of the `..` rounds takes one level away.
const NORMALIZE: &str =
    r#"path,url_dec,regsub("/(\./)+","/",g),regsub("/+","/",g),regsub("/\.$","/")"#;
const UP: &str = r#",regsub("/[^/]+/\.\.(/|$)","/")"#;
const ABOVE_ROOT: &str = r#",regsub("^(/\.\.)+(/|$)","/")"#;

/// How many `..` a path may have; one with more is answered with 400.
const LEVELS: usize = 8;

pub(super) fn emit(plan: &Plan, site: &Site<'_>) -> Result<Vec<File>, EmitError> {
    let mut text = format!(
        "{GENERATED_BY}: the response headers.\n\
         # HAProxy has no include: put these lines into the frontend (or listen) section, before its own\n\
         # http-request and http-after-response lines.\n"
    );
    text.push_str(&paths(site));
    let by_scheme = site.scopes().any(|scope| scope.scheme.is_some());
    if by_scheme || plan.https_redirect.is_some() {
        text.push_str("\n# Over TLS.\nacl cspc_https ssl_fc\n");
    }
    text.push_str(&origins::acls(site));
    text.push_str(&redirect(plan)?);
    text.push_str(&guard::lines(plan, site)?);
    for header in &site.headers {
        header_lines(site, header, &mut text);
    }
    if plan.server_tokens == Some(ServerTokens::Off) {
        text.push_str("\n# No name and version of the server behind.\nhttp-after-response del-header Server\n");
    }
    text.push_str(&cookies(&plan.cookies));
    Ok(vec![File::new("frontend.cfg", text)])
}

/// The conditions of all rules.
fn paths(site: &Site<'_>) -> String {
    let mut text = String::new();
    if site.places.iter().any(|place| !matches!(place.paths, Paths::Any)) {
        let normalized = format!("{NORMALIZE}{}{ABOVE_ROOT}", UP.repeat(LEVELS));
        let _ = writeln!(
            text,
            "\n# The path that the client asked for, decoded and normalized; what is too crooked is refused.\n\
             http-request set-var(txn.cspc_path) {}\n\
             http-request deny deny_status 400 if {{ var(txn.cspc_path) -m reg {} }}",
            word(&normalized),
            word(r"/\.\.(?:/|\z)"),
        );
    }
    for place in &site.places {
        let _ = writeln!(text, "\n# {}", place.describe());
        acl_paths(place, &mut text);
        if !place.types.is_empty() {
            let types: Vec<String> = place.types.iter().map(|name| regex::escape(name)).collect();
            let expression = word(&format!("^(?:{})(?:[ ;]|\\z)", types.join("|")));
            let _ = writeln!(
                text,
                "acl {}_type res.hdr(content-type) -m reg -i {expression}",
                name(place)
            );
        }
        if let Some(status) = place.status {
            let _ = writeln!(text, "acl {}_status {}", name(place), statuses(status));
        }
    }
    if site.places.iter().any(|place| !place.types.is_empty()) {
        text.push_str("\n# An answer without a type; the client keeps the headers that it has.\nacl cspc_not_modified status 304\n");
    }
    text
}

fn name(place: &Place<'_>) -> String {
    format!("cspc_rule_{}", place.rule)
}

fn acl_paths(place: &Place<'_>, text: &mut String) {
    let mut expressions = Vec::new();
    match &place.paths {
        Paths::Any => return,
        Paths::Exact(paths) => {
            let control = |path: &&&str| path.contains(|c: char| c.is_ascii_control());
            let plain: Vec<&str> = paths.iter().filter(|path| !control(path)).copied().collect();
            for some in plain.chunks(WORDS) {
                let words: Vec<String> = some.iter().map(|path| word(path)).collect();
                let _ = writeln!(
                    text,
                    "acl {}_path var(txn.cspc_path) -m str -- {}",
                    name(place),
                    words.join(" ")
                );
            }
            let odd: Vec<&str> = paths.iter().filter(control).copied().collect();
            let whole = |expression: String| format!("^{expression}\\z");
            expressions.extend(regex::alternations(&odd, REGEX).into_iter().map(whole));
        }
        Paths::Ends { prefix, suffix } => expressions = regex::ends(prefix, suffix, REGEX),
    }
    for expression in expressions {
        let expression = word(&expression);
        let _ = writeln!(text, "acl {}_path var(txn.cspc_path) -m reg {expression}", name(place));
    }
}

fn statuses(status: &StatusMatch) -> String {
    match status {
        StatusMatch::Class(StatusClass::Error) => "status ge 400".to_owned(),
        StatusMatch::Class(StatusClass::Success) => "status lt 400".to_owned(),
        StatusMatch::Codes(codes) if codes.is_empty() => "always_false".to_owned(),
        StatusMatch::Codes(codes) => {
            let codes: Vec<String> = codes.iter().map(u16::to_string).collect();
            format!("status {}", codes.join(" "))
        }
    }
}

/// The names of what has to hold for a change.
fn terms(site: &Site<'_>, scope: Scope<'_>) -> Vec<String> {
    let mut terms = Vec::new();
    if let Some(place) = site.place(scope) {
        let asked = [
            (!matches!(place.paths, Paths::Any), "path"),
            (!place.types.is_empty(), "type"),
            (place.status.is_some(), "status"),
        ];
        let named = asked.iter().filter(|(asked, _)| *asked);
        terms.extend(named.map(|(_, what)| format!("{}_{what}", name(place))));
    }
    terms.extend(scope.scheme.map(|scheme| match scheme {
        Scheme::Https => "cspc_https".to_owned(),
        Scheme::Http => "!cspc_https".to_owned(),
    }));
    terms.extend(origins::term(site, scope));
    terms
}

fn negated(term: &str) -> String {
    term.strip_prefix('!').map_or_else(|| format!("!{term}"), str::to_owned)
}

/// The cases in which a change holds and none of the later defaults does, which undo it; no two cases overlap.
fn cases(site: &Site<'_>, change: &Change<'_>, later: &[Change<'_>]) -> Vec<Vec<String>> {
    let mut cases = vec![terms(site, change.scope)];
    for default in later.iter().filter(|change| change.op == Op::Default) {
        let terms = terms(site, default.scope);
        let without = |index: usize, term: &String| {
            let held = terms.iter().take(index).cloned();
            held.chain([negated(term)]).collect::<Vec<_>>()
        };
        let missing: Vec<Vec<String>> =
            terms.iter().enumerate().map(|(index, term)| without(index, term)).collect();
        cases = cases
            .iter()
            .flat_map(|case| missing.iter().map(|more| [case.as_slice(), more].concat()))
            .collect();
    }
    cases
}

fn header_lines(site: &Site<'_>, header: &HeaderChanges<'_>, text: &mut String) {
    let HeaderChanges { name, changes, .. } = header;
    let by_type =
        changes.iter().any(|c| site.place(c.scope).is_some_and(|place| !place.types.is_empty()));
    let _ = writeln!(text, "\n# {name}");
    for (index, change) in changes.iter().enumerate() {
        let later = changes.get(index + 1..).unwrap_or_default();
        for mut case in cases(site, change, later) {
            if by_type && change.op != Op::Remove {
                case.push("!cspc_not_modified".to_owned());
            }
            if change.op == Op::Default {
                case.push(format!("!{{ res.hdr({name}) -m found }}"));
            }
            let condition =
                if case.is_empty() { String::new() } else { format!(" if {}", case.join(" ")) };
            let action = match change.op {
                Op::Set | Op::Default => format!("set-header {name} {}", value(change.value)),
                Op::Add => format!("add-header {name} {}", value(change.value)),
                Op::Remove => format!("del-header {name}"),
            };
            let _ = writeln!(text, "http-after-response {action}{condition}");
        }
    }
}

fn cookies(attributes: &[CookieAttribute]) -> String {
    if attributes.is_empty() {
        return String::new();
    }
    let mut text =
        "\n# Each cookie: an attribute is cut off where it stands already, then appended.\n"
            .to_owned();
    for attribute in attributes {
        let (name, written) = attribute.as_written();
        let old = word(&format!(r"(?i)^(.*?);\s*{name}\s*(?:=[^;]*)?(;.*|\z)"));
        let _ = writeln!(
            text,
            "http-after-response replace-header Set-Cookie {old} '\\1\\2'\n\
             http-after-response replace-header Set-Cookie '(.*)' '\\1; {written}'"
        );
    }
    text
}

fn redirect(plan: &Plan) -> Result<String, EmitError> {
    let Some(status) = plan.https_redirect else { return Ok(String::new()) };
    let to = https_origin(plan)?
        .map_or_else(|| "scheme https".to_owned(), |origin| format!("prefix {}", word(&origin)));
    Ok(format!(
        "\n# Plain HTTP goes to HTTPS.\nhttp-request redirect {to} code {} unless cspc_https\n",
        u16::from(status)
    ))
}
