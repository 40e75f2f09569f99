//! Mistakes that show in nginx's own directives.

use super::variables::names;
use crate::configuration::{Caught, Pattern, Trap};
use crate::deployment::directive::{Directive, Word};
use crate::deployment::traps::{is_decoded_path, is_from_client, loose_origin};

/// Everything that is found in a configuration, in the order of the text.
pub(super) fn of(directives: &[Directive]) -> Vec<Caught> {
    let mut caught = Vec::new();
    walk(directives, None, &mut caught);
    caught
}

fn walk(directives: &[Directive], around: Option<&Directive>, caught: &mut Vec<Caught>) {
    for directive in directives {
        let words = directive.arguments.as_slice();
        match directive.name.text.as_str() {
            "alias" => caught.extend(around.and_then(|location| alias(location, directive))),
            "proxy_set_header" => caught.extend(host(words)),
            "proxy_pass" => caught.extend(words.first().and_then(passed)),
            "return" => redirected(redirect_target(words), None, caught),
            "rewrite" => {
                let pattern = Pattern::new(directive.argument(0), false);
                redirected(
                    words.get(1).filter(|word| word.text.contains("://")),
                    Some(&pattern),
                    caught,
                );
            }
            "valid_referers" => caught.extend(no_referer(words)),
            "if" => {
                caught.extend(raw_path(words));
                caught.extend(around.and_then(|location| without_try_files(location, directive)));
                caught.extend(loose_condition(words));
            }
            "map" => map(directive, caught),
            _ => {}
        }
        walk(directive.children(), Some(directive), caught);
    }
}

/// `location /files { alias /var/files/; }`: `/files../x` is `/var/files/../x`.
fn alias(location: &Directive, alias: &Directive) -> Option<Caught> {
    let path = match location.arguments.as_slice() {
        [path] => &path.text,
        [modifier, path] if modifier.text == "^~" => &path.text,
        _ => return None,
    };
    let is_open = location.is("location") && path.starts_with('/') && !path.ends_with('/');
    if !is_open || !alias.argument(0).ends_with('/') {
        return None;
    }
    let message = format!("`{path}../` leaves the folder `{}`", alias.argument(0));
    Some(Caught::new(Trap::AliasTraversal, location.span(), message))
}

fn host(words: &[Word]) -> Option<Caught> {
    let [name, value] = words else { return None };
    if !name.text.eq_ignore_ascii_case("host")
        || !names(&value.text).any(|name| name == "http_host" || name.starts_with("arg_"))
    {
        return None;
    }
    let message = format!("`{}` is whatever host the client names", value.text);
    Some(Caught::new(Trap::HostFromClient, value.span, message))
}

/// Where a client's word stands before the path of what is asked.
fn passed(target: &Word) -> Option<Caught> {
    let (scheme, rest) = target.text.split_once("://").unwrap_or(("", &target.text));
    let authority = rest.split('/').next().unwrap_or_default();
    let is_chosen = |name: &str| is_from_client(name) || is_decoded_path(name) || is_group(name);
    let variable = names(scheme).chain(names(authority)).find(|name| is_chosen(name))?;
    let message = format!("`${variable}` lets the client choose which server is asked");
    Some(Caught::new(Trap::ProxyToClient, target.span, message))
}

fn is_group(name: &str) -> bool {
    name.bytes().all(|byte| byte.is_ascii_digit())
}

/// The target of a `return` that redirects.
fn redirect_target(words: &[Word]) -> Option<&Word> {
    match words {
        [code, target] if matches!(code.text.as_str(), "301" | "302" | "303" | "307" | "308") => {
            Some(target)
        }
        [target] if target.text.parse::<u16>().is_err() => Some(target),
        _ => None,
    }
}

fn redirected(target: Option<&Word>, pattern: Option<&Pattern>, caught: &mut Vec<Caught>) {
    let Some(target) = target else { return };
    for name in names(&target.text) {
        let takes_lines = pattern.is_some_and(|pattern| takes_line_ends(pattern.as_str()));
        if is_decoded_path(name) || (is_group(name) && takes_lines) {
            let message = format!("`${name}` can hold the end of a line, and so more headers");
            caught.push(Caught::new(Trap::HeaderSplitting, target.span, message));
            break;
        }
    }
    // A path that begins with two slashes is a host.
    let rest = target.text.split_once("://").map_or(target.text.as_str(), |(_, rest)| rest);
    let authority = rest.split('/').next().unwrap_or_default();
    let is_path = authority.len() == target.text.len();
    let is_chosen = |name: &&str| {
        *name == "http_host"
            || name.starts_with("arg_")
            || name.starts_with("cookie_")
            || name.starts_with("http_")
            || (is_path && matches!(*name, "uri" | "document_uri" | "request_uri"))
    };
    if let Some(name) = names(authority).find(is_chosen) {
        let message = format!("`${name}` lets whoever makes the link choose where it leads");
        caught.push(Caught::new(Trap::OpenRedirect, target.span, message));
    }
}

/// Whether a group of an expression may take in a line feed: `.` does not.
fn takes_line_ends(pattern: &str) -> bool {
    ["[^", r"\s", r"\W", r"\D", "(?s"].iter().any(|part| pattern.contains(part))
}

fn no_referer(words: &[Word]) -> Option<Caught> {
    let none = words.iter().find(|word| word.text == "none")?;
    let message = "a page can be made to send no referrer, and passes this check";
    Some(Caught::new(Trap::RefererNone, none.span, message))
}

/// The path as it was sent is compared.
fn raw_path(words: &[Word]) -> Option<Caught> {
    let first = words.iter().find(|word| word.text.trim_start_matches('(').starts_with('$'))?;
    let name = names(&first.text).next()?;
    let compares = words
        .iter()
        .any(|word| matches!(word.text.as_str(), "~" | "~*" | "=" | "!~" | "!~*" | "!="));
    if !matches!(name, "request_uri" | "request") || !compares {
        return None;
    }
    let message =
        format!("`${name}` is the path as it was sent: `/%61dmin` and `//admin` are other ones");
    Some(Caught::new(Trap::RawPath, first.span, message))
}

fn without_try_files(location: &Directive, condition: &Directive) -> Option<Caught> {
    let has = |name: &str, of: &Directive| of.children().iter().any(|child| child.is(name));
    let ends = ["return", "proxy_pass", "fastcgi_pass", "uwsgi_pass", "rewrite"];
    if !location.is("location")
        || !has("try_files", location)
        || ends.iter().any(|name| has(name, condition))
    {
        return None;
    }
    let is_set_only = condition.children().iter().all(|child| child.is("set"));
    let message = if is_set_only {
        "where this `if` holds, `try_files` of the location is not looked at, though it only sets a variable"
    } else {
        "where this `if` holds, `try_files` of the location is not looked at"
    };
    Some(Caught::new(Trap::IfWithoutTryFiles, condition.span(), message))
}

/// `if ($http_origin ~ example.com)`.
fn loose_condition(words: &[Word]) -> Option<Caught> {
    let [name, operator, pattern] = words else { return None };
    let is_asked = names(&name.text).any(|name| matches!(name, "http_origin" | "http_referer"));
    if !is_asked || !operator.text.contains('~') {
        return None;
    }
    loose_origin(pattern.span, pattern.text.trim_end_matches(')'))
}

fn map(directive: &Directive, caught: &mut Vec<Caught>) {
    let source = directive.argument(0);
    let is_asked = |name: &str| matches!(name, "http_origin" | "http_referer");
    if names(source).any(is_asked) {
        let words = directive.children().iter().map(|entry| &entry.name);
        let patterns = words.filter_map(|word| Some((word, word.text.strip_prefix('~')?)));
        caught.extend(patterns.filter_map(|(word, pattern)| {
            loose_origin(word.span, pattern.trim_start_matches('*'))
        }));
    }
    if names(source).any(|name| name == "request_uri")
        && directive.children().iter().any(|entry| entry.name.text.starts_with(['~', '/']))
    {
        let at = directive.arguments.first().map(|word| word.span).unwrap_or_default();
        let message =
            "`$request_uri` is the path as it was sent: `/%61dmin` and `//admin` are other ones";
        caught.push(Caught::new(Trap::RawPath, at, message));
    }
}
