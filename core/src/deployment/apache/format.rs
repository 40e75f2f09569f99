//! The value of a `Header` line, which is a format of its own (`parse_format_string` of mod_headers).

use super::expression::{Facts, Term};
use crate::deployment::value::Value;

/// A value with what is put into it.
#[derive(Clone, Debug)]
pub(super) enum Format {
    Parts(Vec<Part>),
    /// Of `expr=…`.
    Expression(Term),
}

#[derive(Clone, Debug)]
pub(super) enum Part {
    Text(String),
    /// `%{NAME}e`: a variable of the request's environment.
    Environment(String),
    /// What only the server knows, such as `%t`, as it is written.
    Unknown(String),
}

impl Format {
    pub(super) fn new(text: &str) -> Self {
        if let Some(expression) = text.strip_prefix("expr=") {
            return Self::Expression(Term::new(expression));
        }
        let mut parts = Vec::new();
        let mut plain = String::new();
        let mut rest = text;
        while let Some(at) = rest.find(['%', '\\']) {
            plain.push_str(rest.get(..at).unwrap_or_default());
            rest = rest.get(at..).unwrap_or_default();
            let (character, part, after) = item(rest);
            plain.extend(character);
            if let Some(part) = part {
                parts.push(Part::Text(std::mem::take(&mut plain)));
                parts.push(part);
            }
            rest = after;
        }
        plain.push_str(rest);
        parts.push(Part::Text(plain));
        Self::Parts(parts)
    }

    /// The value for a request.
    pub(super) fn value(&self, facts: &mut dyn Facts) -> Value {
        let parts = match self {
            Self::Expression(term) => return term.value(facts),
            Self::Parts(parts) => parts,
        };
        let mut whole = Value::default();
        for part in parts {
            let value = match part {
                Part::Text(text) => Value::known(text),
                Part::Environment(name) => environment(name, facts),
                Part::Unknown(written) => {
                    Value { text: written.clone(), unknown: vec![written.clone()] }
                }
            };
            whole.text.push_str(&value.text);
            whole.unknown.extend(value.unknown);
        }
        whole
    }
}

/// A variable that is not set is `(null)`.
fn environment(name: &str, facts: &mut dyn Facts) -> Value {
    let is_set = facts.test('v', name);
    let value = facts.function("reqenv", name);
    match (is_set, value.unknown.is_empty()) {
        (Some(false), _) => Value::known("(null)"),
        (_, true) => value,
        (_, false) => Value { text: format!("%{{{name}}}e"), ..value },
    }
}

/// What a percent sign or a backslash begins: a character or a part, and what is after it.
fn item(text: &str) -> (Option<char>, Option<Part>, &str) {
    let mut characters = text.chars();
    let first = characters.next();
    let second = characters.next();
    let after = characters.as_str();
    match (first, second) {
        (Some('\\'), Some('n')) => (Some('\n'), None, after),
        (Some('\\'), Some('r')) => (Some('\r'), None, after),
        (Some('\\'), Some('t')) => (Some('\t'), None, after),
        (Some('\\'), Some('\\')) | (Some('%'), Some('%')) => (second, None, after),
        (Some('%'), Some('{')) => braced(text, after),
        (Some('%'), Some(letter)) if letter.is_ascii_alphabetic() => {
            (None, Some(Part::Unknown(format!("%{letter}"))), after)
        }
        (first, _) => (first, None, text.get(1..).unwrap_or_default()),
    }
}

/// `%{NAME}e` and its like, with what comes after the opening brace.
fn braced<'t>(text: &'t str, inner: &'t str) -> (Option<char>, Option<Part>, &'t str) {
    let found = inner.split_once('}').and_then(|(name, after)| {
        let letter = after.chars().next().filter(char::is_ascii_alphabetic)?;
        Some((name, letter, after.get(1..)?))
    });
    let Some((name, letter, after)) = found else {
        return (Some('%'), None, text.get(1..).unwrap_or_default());
    };
    let part = match letter {
        'e' => Part::Environment(name.to_owned()),
        letter => Part::Unknown(format!("%{{{name}}}{letter}")),
    };
    (None, Some(part), after)
}
