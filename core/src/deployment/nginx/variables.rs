//! The values of variables, as far as they can be known.

use std::collections::BTreeMap;

use nom::branch::alt;
use nom::bytes::complete::take_while;
use nom::character::complete::{char, satisfy};
use nom::combinator::recognize;
use nom::sequence::delimited;
use nom::{IResult, Parser};

use super::map::{Map, Variable};
use super::model::{Model, Site};
use crate::configuration::{Captures, Pattern};
use crate::deployment::value::Value;
use crate::plan::Scheme;

/// How many variables one request may look up, and how long a value may get: more than any server sends.
const LOOKUPS: usize = 20_000;
const LONGEST: usize = 4 << 20;
/// How deep variables may stand for other variables.
const DEPTH: usize = 64;

/// The variables of one request. A value that has been asked for stays what it was, even if the request is redirected
/// within the server.
pub(super) struct Variables<'m> {
    model: &'m Model,
    site: &'m Site,
    values: BTreeMap<String, Value>,
    pub(super) captures: Option<Captures>,
    /// The path, decoded and normalized, as the server sees it by now.
    pub(super) path: Option<String>,
    /// The path as it was asked for.
    pub(super) asked: Option<String>,
    pub(super) scheme: Scheme,
    pub(super) status: u16,
    pub(super) media_type: Option<String>,
    /// Whether an application answers.
    pub(super) is_passed: bool,
    lookups: usize,
    depth: usize,
}

impl<'m> Variables<'m> {
    pub(super) fn new(model: &'m Model, site: &'m Site, scheme: Scheme, status: u16) -> Self {
        Self {
            model,
            site,
            values: BTreeMap::new(),
            captures: None,
            path: None,
            asked: None,
            scheme,
            status,
            media_type: None,
            is_passed: false,
            lookups: LOOKUPS,
            depth: 0,
        }
    }

    pub(super) fn set(&mut self, name: &str, value: Value) {
        self.values.insert(name.to_owned(), value);
    }

    /// A word with its variables replaced.
    pub(super) fn replaced(&mut self, text: &str) -> Value {
        let mut value = Value::default();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('$') {
            value.text.push_str(before);
            let (name, after) = name(after);
            rest = after;
            if name.is_empty() {
                value.text.push('$');
                continue;
            }
            let part = self.get(name);
            value.text.push_str(&part.text);
            value.unknown.extend(part.unknown);
            if value.text.len() > LONGEST {
                return Value::of_unknown(name);
            }
        }
        value.text.push_str(rest);
        value
    }

    fn get(&mut self, name: &str) -> Value {
        if let Ok(number) = name.parse::<usize>() {
            return self.captured(number, name);
        }
        if let Some(value) = self.values.get(name) {
            return value.clone();
        }
        let Some(left) = self.lookups.checked_sub(1) else { return Value::of_unknown(name) };
        self.lookups = left;
        let model = self.model;
        match model.variables.get(name) {
            Some(Variable::Map(map)) => {
                // One that asks for itself is refused by nginx.
                self.set(name, Value::of_unknown(name));
                self.depth += 1;
                let value = if self.depth > DEPTH {
                    Value::of_unknown(name)
                } else {
                    self.mapped(map, name)
                };
                self.depth -= 1;
                self.set(name, value.clone());
                value
            }
            Some(Variable::Constant(word)) => Value::known(&word.text),
            Some(Variable::Unknown) => Value::of_unknown(name),
            None => self.own(name).map_or_else(|| Value::of_unknown(name), Value::known),
        }
    }

    fn captured(&self, number: usize, name: &str) -> Value {
        match &self.captures {
            None => Value::of_unknown(name),
            Some(groups) => Value::known(groups.get(number).cloned().flatten().unwrap_or_default()),
        }
    }

    fn mapped(&mut self, map: &Map, name: &str) -> Value {
        let source = self.replaced(&map.source.text);
        let Some(source) = source.as_known().map(str::to_owned) else {
            return self.mapped_anyway(map, name);
        };
        if let Some(word) = map.plain(&source) {
            return self.replaced(&word.text);
        }
        for (pattern, word) in &map.patterns {
            match pattern.captures(&source) {
                None => return Value::of_unknown(name),
                Some(None) => {}
                Some(Some(groups)) => return self.with_groups(pattern, groups, &word.text),
            }
        }
        map.default.as_ref().map_or_else(Value::default, |word| self.replaced(&word.text))
    }

    /// A map that gives the same for everything need not know for what.
    fn mapped_anyway(&mut self, map: &Map, name: &str) -> Value {
        let default =
            map.default.as_ref().filter(|_| map.exact.is_empty() && map.patterns.is_empty());
        match default {
            Some(word) => self.replaced(&word.text),
            None => Value::of_unknown(name),
        }
    }

    fn with_groups(&mut self, pattern: &Pattern, groups: Captures, text: &str) -> Value {
        for (name, group) in pattern.names().into_iter().zip(&groups) {
            if let Some(name) = name {
                self.set(&name, Value::known(group.clone().unwrap_or_default()));
            }
        }
        let before = self.captures.replace(groups);
        let value = self.replaced(text);
        self.captures = before;
        value
    }

    /// nginx's own variables.
    fn own(&self, name: &str) -> Option<String> {
        let is_tls = self.scheme == Scheme::Https;
        match name {
            "uri" | "document_uri" => self.path.clone(),
            "request_uri" => self.asked.clone(),
            "args" | "query_string" => {
                let asked = self.asked.as_ref()?;
                Some(asked.split_once('?').map_or("", |(_, query)| query).to_owned())
            }
            "is_args" => Some(if self.asked.as_ref()?.contains('?') { "?" } else { "" }.to_owned()),
            "scheme" => Some(if is_tls { "https" } else { "http" }.to_owned()),
            "https" => Some(if is_tls { "on" } else { "" }.to_owned()),
            "status" => Some(self.status.to_string()),
            "server_name" if !self.site.name.is_empty() => Some(self.site.name.clone()),
            "sent_http_content_type" if self.status == 304 => Some(String::new()),
            "sent_http_content_type" => self.media_type.clone(),
            name if name.starts_with("upstream_http_") && !self.is_passed => Some(String::new()),
            _ => None,
        }
    }
}

/// The name at the beginning of a text, perhaps in braces, and what is after it; groups are numbered by one digit.
fn name(text: &str) -> (&str, &str) {
    let word = || take_while(|c: char| c.is_ascii_alphanumeric() || c == '_');
    let group = recognize(satisfy(|c| c.is_ascii_digit()));
    let read: IResult<&str, &str> =
        alt((delimited(char('{'), word(), char('}')), group, word())).parse(text);
    read.map_or(("", text), |(rest, name)| (name, rest))
}

/// The variables that a text names.
pub(super) fn names(text: &str) -> impl Iterator<Item = &str> {
    text.split('$').skip(1).map(|rest| name(rest).0).filter(|name| !name.is_empty())
}
