//! The text of `http.conf` as it grows: each variable is defined once, before it is used.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use super::super::lines::{Place, Scope};
use super::super::regex;
use super::quote::{DOLLAR, key, value_pieces};
use crate::header::Origin;
use crate::plan::{Plan, Scheme, StatusClass, StatusMatch};

/// What a map gives: a text as it is, or another variable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Outcome<'a> {
    Text(&'a str),
    Variable(String),
}

/// The variables.
#[derive(Debug, Default)]
pub(super) struct Maps {
    text: String,
    defined: BTreeSet<String>,
    /// The number of keys of the largest hash, and the longest key in bytes.
    largest: usize,
    longest: usize,
    /// Whether `server.conf` needs the dollar.
    dollar: bool,
    /// Whether requests have nonces.
    nonces: bool,
    /// The flags for lists of origins.
    origins: BTreeMap<Vec<Origin>, String>,
}

impl Maps {
    pub(super) fn new(plan: &Plan) -> Self {
        Self { nonces: plan.nonce.is_some(), ..Self::default() }
    }

    /// A text as a word between quotes, which has to be short.
    pub(super) fn short_word(&mut self, text: &str) -> String {
        self.dollar |= text.contains('$');
        format!("\"{}\"", value_pieces(text, false).concat())
    }

    pub(super) fn is_empty(&self) -> bool {
        self.text.is_empty() && !self.dollar
    }

    /// Everything; what has to stand first, first.
    pub(super) fn text(&self) -> String {
        let mut text = self.hash_size();
        if self.dollar || self.text.contains(DOLLAR) {
            text.push_str("\n# A dollar: nginx has no escape for it.\ngeo $cspc_dollar {\n    default \"$\";\n}\n");
        }
        text.push_str(&self.text);
        text
    }

    /// nginx keeps a key of n bytes in a slot of n + 18, and by default slots of 64 bytes in 2,048 places.
    fn hash_size(&self) -> String {
        if self.longest <= 40 && self.largest <= 512 {
            return String::new();
        }
        let bucket = (self.longest + 32).next_multiple_of(64).max(512);
        let size = self.largest.next_power_of_two().max(2048);
        format!(
            "\n# Room for {} keys of up to {} bytes. If nginx calls one of these a duplicate,\n\
             # delete it here and make your own at least as large.\n\
             map_hash_max_size {size};\nmap_hash_bucket_size {bucket};\n",
            self.largest, self.longest
        )
    }

    pub(super) fn note_keys(&mut self, count: usize, longest: usize) {
        self.largest = self.largest.max(count);
        self.longest = self.longest.max(longest);
    }

    pub(super) fn uses_path(&self) -> bool {
        self.defined.contains("cspc_path")
    }

    /// The variable to look at while the request is still as the client made it.
    pub(super) fn asked(&self) -> &'static str {
        if self.defined.contains("cspc_pages") { "cspc_pages" } else { "cspc_path" }
    }

    /// Whether the variable is new; it counts as defined from now on.
    pub(super) fn define(&mut self, variable: &str) -> bool {
        self.defined.insert(variable.to_owned())
    }

    /// A name that no variable has yet.
    pub(super) fn fresh(&mut self, wish: &str) -> String {
        let mut name = wish.to_owned();
        let mut number = 1;
        while !self.define(&name) {
            number += 1;
            name = format!("{wish}_{number}");
        }
        name
    }

    /// Writes a map; the entries are words or pairs of words as nginx is to read them.
    pub(super) fn map(&mut self, comment: &str, source: &str, variable: &str, entries: &[String]) {
        let _ = writeln!(self.text, "\n# {comment}\nmap {source} ${variable} {{");
        for entry in entries {
            let _ = writeln!(self.text, "    {entry};");
        }
        self.text.push_str("}\n");
    }

    /// The word for an outcome; a text that is too long for a word becomes variables first.
    pub(super) fn word(&mut self, wish: &str, outcome: &Outcome<'_>) -> String {
        let text = match outcome {
            Outcome::Variable(name) => return format!("${name}"),
            Outcome::Text(text) => text,
        };
        let pieces = value_pieces(text, self.nonces);
        self.dollar |= text.contains('$');
        if let [piece] = pieces.as_slice() {
            return format!("\"{piece}\"");
        }
        let stem = self.fresh(&format!("{wish}_text"));
        let count = pieces.len();
        let mut names = String::new();
        for (index, piece) in pieces.iter().enumerate() {
            let name = self.fresh(&format!("{stem}_part_{}", index + 1));
            let comment = format!(
                "Part {} of {count}: nginx reads words of less than 4,096 bytes.",
                index + 1
            );
            self.map(&comment, "\"\"", &name, &[format!("default \"{piece}\"")]);
            let _ = write!(names, "${{{name}}}");
        }
        self.map("The parts, joined.", "\"\"", &stem, &[format!("default \"{names}\"")]);
        format!("${stem}")
    }

    pub(super) fn ensure_path(&mut self) {
        if self.define("cspc_path") {
            let comment = "The path that the client asked for, decoded and normalized.";
            self.map(comment, "$uri", "cspc_path", &["default $uri".to_owned()]);
        }
    }

    pub(super) fn ensure_scheme(&mut self) {
        if self.define("cspc_http") {
            let entries = |on, off| [format!("default {off}"), format!("on {on}")];
            self.map("1 over TLS.", "$https", "cspc_https", &entries(1, 0));
            self.map("1 without TLS.", "$https", "cspc_http", &entries(0, 1));
        }
    }

    /// A variable that is 1 where the rule holds and 0 elsewhere.
    pub(super) fn flag(&mut self, place: Option<&Place<'_>>, scope: Scope<'_>) -> String {
        let mut parts = Vec::new();
        let mut name = "cspc".to_owned();
        if let Some(place) = place {
            parts.extend(self.paths_flag(place));
            parts.extend(self.type_flag(place));
            parts.extend(self.status_flag(place));
            name = format!("cspc_rule_{}", place.rule);
        }
        if let Some(scheme) = scope.scheme {
            self.ensure_scheme();
            let scheme = if scheme == Scheme::Https { "https" } else { "http" };
            parts.push(format!("cspc_{scheme}"));
            name = format!("{name}_{scheme}");
        }
        if !scope.origins.is_empty() {
            let flag = self.origin_flag(scope.origins);
            name = format!("{name}{}", flag.trim_start_matches("cspc"));
            parts.push(flag);
        }
        match parts.as_slice() {
            [one] => one.clone(),
            _ => self.all_of(name, &parts),
        }
    }

    /// The flag for requests of these origins.
    fn origin_flag(&mut self, origins: &[Origin]) -> String {
        if let Some(known) = self.origins.get(origins) {
            return known.clone();
        }
        let name = self.fresh("cspc_from");
        self.origins.insert(origins.to_vec(), name.clone());
        let entry = |origin: &Origin| {
            format!("{} 1", key(&format!("~^{}\\z", regex::escape(origin.as_str()))))
        };
        let default = ["default 0".to_owned()].into_iter();
        let entries: Vec<String> = default.chain(origins.iter().map(entry)).collect();
        self.map("1 for requests of these origins.", "$http_origin", &name, &entries);
        name
    }

    fn all_of(&mut self, name: String, parts: &[String]) -> String {
        if self.define(&name) {
            let source: String = parts.iter().map(|part| format!("${part}")).collect();
            let entries = ["default 0".to_owned(), format!("\"{}\" 1", "1".repeat(parts.len()))];
            self.map("1 where all of it holds.", &format!("\"{source}\""), &name, &entries);
        }
        name
    }

    fn type_flag(&mut self, place: &Place<'_>) -> Option<String> {
        if place.types.is_empty() {
            return None;
        }
        let name = format!("cspc_rule_{}_type", place.rule);
        if self.define(&name) {
            let entry = |media_type: &String| {
                format!("{} 1", key(&format!("~*^{}(?:[ ;]|\\z)", regex::escape(media_type))))
            };
            let entries: Vec<String> =
                ["default 0".to_owned()].into_iter().chain(place.types.iter().map(entry)).collect();
            let comment = format!("1 for the media types of {}.", place.describe());
            self.map(&comment, "$sent_http_content_type", &name, &entries);
        }
        Some(name)
    }

    fn status_flag(&mut self, place: &Place<'_>) -> Option<String> {
        let status = place.status?;
        let name = format!("cspc_rule_{}_status", place.rule);
        if self.define(&name) {
            let entries = match status {
                StatusMatch::Class(StatusClass::Error) => {
                    vec!["default 0".to_owned(), "\"~^[45]\" 1".to_owned()]
                }
                StatusMatch::Class(StatusClass::Success) => {
                    vec!["default 1".to_owned(), "\"~^[45]\" 0".to_owned()]
                }
                StatusMatch::Codes(codes) => {
                    let codes: BTreeSet<u16> = codes.iter().copied().collect();
                    let entries = codes.iter().map(|code| format!("{code} 1"));
                    ["default 0".to_owned()].into_iter().chain(entries).collect()
                }
            };
            let comment = format!("1 for the statuses of {}.", place.describe());
            self.map(&comment, "$status", &name, &entries);
        }
        Some(name)
    }

    /// 1 on an answer that says only that the client's copy is still good.
    pub(super) fn not_modified(&mut self) -> String {
        let name = "cspc_not_modified";
        if self.define(name) {
            let comment =
                "1 on 304: nginx no longer knows the type then, and the client keeps its headers.";
            self.map(comment, "$status", name, &["default 0".to_owned(), "304 1".to_owned()]);
        }
        name.to_owned()
    }
}
