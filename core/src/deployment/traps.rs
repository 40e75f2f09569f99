//! Mistakes that show in what is sent, whatever the server.

use std::collections::BTreeMap;

use crate::configuration::{Caught, Loss, Lost, Pattern, Place, Sent, Trap};
use crate::text::Span;

/// Headers that protect, which a page should not be without.
pub(super) static PROTECTING: [&str; 12] = [
    "Content-Security-Policy",
    "Content-Security-Policy-Report-Only",
    "Cross-Origin-Embedder-Policy",
    "Cross-Origin-Opener-Policy",
    "Cross-Origin-Resource-Policy",
    "Integrity-Policy",
    "Origin-Agent-Cluster",
    "Permissions-Policy",
    "Referrer-Policy",
    "Strict-Transport-Security",
    "X-Content-Type-Options",
    "X-Frame-Options",
];

/// Headers that do something on an error, too: an error page is a page, and answers over HTTPS.
static ON_ERRORS: [&str; 7] = [
    "Content-Security-Policy",
    "Cross-Origin-Opener-Policy",
    "Cross-Origin-Resource-Policy",
    "Referrer-Policy",
    "Strict-Transport-Security",
    "X-Content-Type-Options",
    "X-Frame-Options",
];

/// The longest value that servers take from one behind them by default, and some more headers.
const LONGEST: usize = 8000;

pub(super) fn is_one_of(names: &[&str], name: &str) -> bool {
    names.iter().any(|known| known.eq_ignore_ascii_case(name))
}

/// What is wrong with what is sent, each line once.
pub(super) fn of_places(places: &[Place]) -> Vec<Caught> {
    let mut caught = Caughts::default();
    let mut forgotten: BTreeMap<Span, (Vec<&str>, &str)> = BTreeMap::new();
    for place in places {
        for lost in place.lost.iter().filter(|lost| is_one_of(&PROTECTING, &lost.name)) {
            if let (Loss::NotInherited, Some(by)) = (lost.why, lost.by) {
                let (names, _) = forgotten.entry(by).or_insert_with(|| (Vec::new(), &place.name));
                if !names.contains(&lost.name.as_str()) {
                    names.push(&lost.name);
                }
            }
        }
        caught.not_on_errors(place);
        caught.twice(place);
        place.sent.iter().for_each(|sent| caught.value(place, sent));
    }
    for (by, (names, place)) in forgotten {
        let message = format!("in `{place}` this line makes nginx forget {}", names.join(", "));
        caught.push(Caught::new(Trap::LostInheritance, by, message));
    }
    caught.0.into_values().collect()
}

/// By place and kind.
#[derive(Default)]
struct Caughts(BTreeMap<(Span, Trap), Caught>);

impl Caughts {
    fn push(&mut self, caught: Caught) {
        self.0.entry((caught.at, caught.trap)).or_insert(caught);
    }

    fn not_on_errors(&mut self, place: &Place) {
        if place.statuses.iter().all(|status| *status < 400) {
            return;
        }
        let is_so = |lost: &&Lost| matches!(lost.why, Loss::NotWithStatus | Loss::PutOff);
        let lost = place.lost.iter().filter(is_so);
        for lost in lost.filter(|lost| is_one_of(&ON_ERRORS, &lost.name)) {
            let is_sent = place.sent.iter().any(|sent| sent.name.eq_ignore_ascii_case(&lost.name));
            if !is_sent {
                let message = format!("errors have no {}", lost.name);
                self.push(Caught::new(Trap::NotOnErrors, lost.at, message).about(&lost.name));
            }
        }
    }

    fn twice(&mut self, place: &Place) {
        let mut seen: Vec<&Sent> = Vec::new();
        for sent in place.sent.iter().filter(|sent| is_one_of(&PROTECTING, &sent.name)) {
            let is_it =
                |other: &&&Sent| other.name.eq_ignore_ascii_case(&sent.name) && other.is_certain;
            if let Some(other) = seen.iter().find(is_it).filter(|_| sent.is_certain) {
                let trap = if other.table == sent.table {
                    Trap::HeaderTwice
                } else {
                    Trap::HeaderInOtherTable
                };
                let message = format!("in `{}` {} is sent a second time", place.name, sent.name);
                self.push(Caught::new(trap, sent.at, message).about(&sent.name));
            }
            seen.push(sent);
        }
    }

    fn value(&mut self, place: &Place, sent: &Sent) {
        let is = |name: &str| sent.name.eq_ignore_ascii_case(name);
        let mut push = |trap, message: String| {
            self.push(Caught::new(trap, sent.at, message).about(&sent.name));
        };
        if is("Strict-Transport-Security") && place.site.starts_with("http://") && sent.is_certain {
            push(
                Trap::HstsOverHttp,
                format!("`{}` sends {} over plain HTTP", place.site, sent.name),
            );
        }
        if sent.value.contains(['\n', '\r']) {
            push(Trap::LineInValue, format!("the value of {} holds the end of a line", sent.name));
        }
        if sent.value.len() > LONGEST {
            push(
                Trap::LongHeader,
                format!("the value of {} has {} bytes", sent.name, sent.value.len()),
            );
        }
        for variable in &sent.variables {
            let shown = shown(&sent.value, variable);
            if is_decoded_path(variable) {
                push(
                    Trap::HeaderSplitting,
                    format!("{shown} can hold the end of a line, and so more headers"),
                );
            } else if is("Access-Control-Allow-Origin") && is_origin(variable) {
                push(Trap::ReflectedOrigin, format!("{shown} allows whatever site asks"));
            } else if is_from_client(variable) {
                push(Trap::ValueFromClient, format!("{shown} is what the client sends"));
            }
        }
    }
}

/// A variable as its server writes it.
fn shown(value: &str, variable: &str) -> String {
    if value.contains(&format!("${variable}")) {
        format!("`${variable}`")
    } else if variable.starts_with("http.") {
        format!("`{{{variable}}}`")
    } else {
        format!("`{variable}`")
    }
}

/// Whether a variable holds a path whose escapes are undone.
pub(super) fn is_decoded_path(variable: &str) -> bool {
    matches!(variable, "uri" | "document_uri")
}

fn is_origin(variable: &str) -> bool {
    matches!(variable, "http_origin" | "Origin" | "http.request.header.Origin" | "header.Origin")
}

/// Whether a client chooses a variable's value.
pub(super) fn is_from_client(variable: &str) -> bool {
    const BEGINNINGS: [&str; 8] = [
        "http_",
        "arg_",
        "cookie_",
        "header.",
        "http.request.header.",
        "http.request.cookie.",
        "http.request.uri",
        "http.request.orig_uri",
    ];
    const NAMES: [&str; 8] = [
        "args",
        "query_string",
        "request_uri",
        "host",
        "request",
        "request_method",
        "http.request.host",
        "http.request.hostport",
    ];
    BEGINNINGS.iter().any(|start| variable.starts_with(start)) || NAMES.contains(&variable)
}

/// A pattern of origins that others match as well: asked with origins of somebody else that look like the one meant.
pub(super) fn loose_origin(at: Span, pattern: &str) -> Option<Caught> {
    let host = meant_host(pattern)?;
    let compiled = Pattern::new(pattern, true);
    let others = [
        format!("https://{host}.attacker.example"),
        format!("https://attacker{}", host.replace('.', "x")),
        format!("https://attacker-{host}"),
        format!("https://{}", host.replacen('.', "x", 1)),
        format!("https://attacker.example/{host}"),
    ];
    let other = others.into_iter().find(|other| compiled.is_match(other) == Some(true))?;
    let message = format!("`{other}` matches as well");
    Some(Caught::new(Trap::LooseOrigin, at, message))
}

/// The host that a pattern spells out, such as `shop.example` of `^https?://(www\.)?shop\.example$`.
fn meant_host(pattern: &str) -> Option<String> {
    let plain = pattern.replace("\\.", ".").replace("\\/", "/").replace('\\', "");
    let is_host = |c: char| c.is_ascii_alphanumeric() || c == '.' || c == '-';
    let parts = plain.split(|c: char| !is_host(c));
    let hosts = parts.map(|part| part.trim_matches(['.', '-'])).filter(|part| part.contains('.'));
    hosts.max_by_key(|part| part.len()).map(str::to_owned)
}
