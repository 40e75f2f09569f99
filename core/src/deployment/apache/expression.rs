//! Apache's expressions, <https://httpd.apache.org/docs/2.4/expr.html>: read, and asked about a request.

use std::cmp::Ordering;

use crate::configuration::{Captures, Pattern};
use crate::deployment::value::Value;

/// How deep an expression may be.
const DEPTH: usize = 64;

/// A condition.
#[derive(Clone, Debug)]
pub(super) enum Expression {
    Constant(bool),
    Not(Box<Self>),
    And(Box<Self>, Box<Self>),
    Or(Box<Self>, Box<Self>),
    Compare(Term, Operator, Term),
    Matches(Term, Pattern),
    In(Term, Vec<Term>),
    /// A test of one word, such as `-z`.
    Test(char, Term),
    /// Something that cannot be read, or decided here.
    Unknown,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Operator {
    is_number: bool,
    takes: fn(Ordering) -> bool,
}

/// A text with variables in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Term {
    Text(String),
    /// `%{NAME}`.
    Variable(String),
    /// `$1`.
    Capture(usize),
    /// A function and its argument.
    Call(String, Box<Self>),
    Joined(Vec<Self>),
}

/// What is known of a request.
pub(super) trait Facts {
    /// A variable, without what is around it.
    fn variable(&mut self, name: &str) -> Value;
    /// A function of a text.
    fn function(&mut self, name: &str, argument: &str) -> Value;
    /// A test of a word, other than whether it is empty.
    fn test(&mut self, test: char, word: &str) -> Option<bool>;
    /// What the groups of the last expression took in.
    fn captures(&mut self) -> &mut Option<Captures>;
}

impl Expression {
    /// Reads a condition.
    pub(super) fn new(text: &str) -> Self {
        let mut parser = Parser { rest: text, depth: 0 };
        let read = parser.or();
        read.filter(|_| parser.rest.trim_start().is_empty()).unwrap_or(Self::Unknown)
    }

    /// Whether it holds; `None` if that cannot be known.
    pub(super) fn holds(&self, facts: &mut dyn Facts) -> Option<bool> {
        match self {
            Self::Constant(holds) => Some(*holds),
            Self::Not(inner) => inner.holds(facts).map(|holds| !holds),
            Self::And(left, right) => match left.holds(facts) {
                Some(false) => Some(false),
                left => match right.holds(facts) {
                    Some(false) => Some(false),
                    right => left.and(right),
                },
            },
            Self::Or(left, right) => match left.holds(facts) {
                Some(true) => Some(true),
                left => match right.holds(facts) {
                    Some(true) => Some(true),
                    right => left.and(right),
                },
            },
            Self::Compare(left, operator, right) => {
                let (left, right) = (left.known(facts)?, right.known(facts)?);
                let number = |text: &str| text.trim().parse::<i64>().unwrap_or(0);
                let order = match operator.is_number {
                    true => number(&left).cmp(&number(&right)),
                    false => left.cmp(&right),
                };
                Some((operator.takes)(order))
            }
            Self::Matches(term, pattern) => {
                let text = term.known(facts)?;
                let found = pattern.captures(&text)?;
                let is_found = found.is_some();
                if is_found {
                    *facts.captures() = found;
                }
                Some(is_found)
            }
            Self::In(term, list) => {
                let text = term.known(facts)?;
                let known: Option<Vec<String>> = list.iter().map(|it| it.known(facts)).collect();
                Some(known?.contains(&text))
            }
            Self::Test(test, term) => {
                let value = term.value(facts);
                match (test, value.as_known()) {
                    // What has some text in it is not empty, whatever the rest is.
                    ('z' | 'n', Some(text)) => Some(text.is_empty() == (*test == 'z')),
                    (test, Some(text)) => facts.test(*test, text),
                    _ => None,
                }
            }
            Self::Unknown => None,
        }
    }
}

impl Term {
    /// Reads a text with variables in it, such as that of a header's value.
    pub(super) fn new(text: &str) -> Self {
        let mut parts = Vec::new();
        let mut plain = String::new();
        let mut rest = text;
        while let Some(first) = rest.chars().next() {
            if let Some((part, after)) = part(rest) {
                if !plain.is_empty() {
                    parts.push(Self::Text(std::mem::take(&mut plain)));
                }
                parts.push(part);
                rest = after;
                continue;
            }
            let mut length = first.len_utf8();
            let escaped =
                if first == '\\' { rest.get(1..).and_then(|it| it.chars().next()) } else { None };
            plain.push(escaped.unwrap_or(first));
            length += escaped.map_or(0, char::len_utf8);
            rest = rest.get(length..).unwrap_or_default();
        }
        if !plain.is_empty() || parts.is_empty() {
            parts.push(Self::Text(plain));
        }
        if let [_] = parts.as_slice() { parts.remove(0) } else { Self::Joined(parts) }
    }

    /// Its value. What cannot be known stands there as it is written.
    pub(super) fn value(&self, facts: &mut dyn Facts) -> Value {
        match self {
            Self::Text(text) => Value::known(text),
            Self::Variable(name) => facts.variable(name),
            Self::Capture(number) => {
                let groups = facts.captures().clone().unwrap_or_default();
                Value::known(groups.get(*number).cloned().flatten().unwrap_or_default())
            }
            Self::Call(name, argument) => match argument.known(facts) {
                Some(argument) => facts.function(name, &argument),
                None => Value { text: format!("{name}(…)"), unknown: vec![name.clone()] },
            },
            Self::Joined(parts) => {
                let mut whole = Value::default();
                for part in parts {
                    let value = part.value(facts);
                    whole.text.push_str(&value.text);
                    whole.unknown.extend(value.unknown);
                }
                whole
            }
        }
    }

    fn known(&self, facts: &mut dyn Facts) -> Option<String> {
        let value = self.value(facts);
        value.as_known().map(str::to_owned)
    }
}

/// A variable at the beginning of a text, and what is after it.
fn part(text: &str) -> Option<(Term, &str)> {
    if let Some(rest) = text.strip_prefix("%{") {
        let (name, after) = rest.split_once('}')?;
        return Some((Term::Variable(name.to_owned()), after));
    }
    let rest = text.strip_prefix('$')?;
    let number = rest.chars().next()?.to_digit(10)?;
    Some((Term::Capture(usize::try_from(number).ok()?), rest.get(1..)?))
}

struct Parser<'t> {
    rest: &'t str,
    depth: usize,
}

impl Parser<'_> {
    fn or(&mut self) -> Option<Expression> {
        self.depth += 1;
        if self.depth > DEPTH {
            return None;
        }
        let mut left = self.and()?;
        while self.takes("||") || self.takes_word("or") {
            left = Expression::Or(Box::new(left), Box::new(self.and()?));
        }
        self.depth -= 1;
        Some(left)
    }

    fn and(&mut self) -> Option<Expression> {
        let mut left = self.not()?;
        while self.takes("&&") || self.takes_word("and") {
            left = Expression::And(Box::new(left), Box::new(self.not()?));
        }
        Some(left)
    }

    fn not(&mut self) -> Option<Expression> {
        let mut is_negative = false;
        while self.takes("!") || self.takes_word("not") {
            is_negative = !is_negative;
        }
        let inner = self.comparison()?;
        Some(if is_negative { Expression::Not(Box::new(inner)) } else { inner })
    }

    fn comparison(&mut self) -> Option<Expression> {
        if self.takes("(") {
            let inner = self.or()?;
            return self.takes(")").then_some(inner);
        }
        for (word, holds) in [("true", true), ("false", false)] {
            if self.takes_word(word) {
                return Some(Expression::Constant(holds));
            }
        }
        self.skip();
        if let Some(test) = self.rest.strip_prefix('-') {
            let letter = test.chars().next().filter(char::is_ascii_alphabetic)?;
            self.rest = test.get(1..)?;
            return Some(Expression::Test(letter, self.term()?));
        }
        let left = self.term()?;
        self.operation(left)
    }

    fn operation(&mut self, left: Term) -> Option<Expression> {
        if self.takes("=~") {
            return Some(Expression::Matches(left, self.pattern()?));
        }
        if self.takes("!~") {
            return Some(Expression::Not(Box::new(Expression::Matches(left, self.pattern()?))));
        }
        if self.takes_word("-in") || self.takes_word("in") {
            return self.list().map(|list| Expression::In(left, list));
        }
        let operator = self.operator()?;
        Some(Expression::Compare(left, operator, self.term()?))
    }

    fn operator(&mut self) -> Option<Operator> {
        /// The longer before those that they begin with.
        type Row = (&'static str, &'static str, fn(Ordering) -> bool);
        const OPERATORS: [Row; 7] = [
            ("==", "eq", Ordering::is_eq),
            ("!=", "ne", Ordering::is_ne),
            ("<=", "le", Ordering::is_le),
            (">=", "ge", Ordering::is_ge),
            ("<", "lt", Ordering::is_lt),
            (">", "gt", Ordering::is_gt),
            ("=", "eq", Ordering::is_eq),
        ];
        for (sign, word, takes) in OPERATORS {
            if self.takes(sign) {
                return Some(Operator { is_number: false, takes });
            }
            if self.takes_word(word) || self.takes_word(&format!("-{word}")) {
                return Some(Operator { is_number: true, takes });
            }
        }
        None
    }

    fn list(&mut self) -> Option<Vec<Term>> {
        let mut list = Vec::new();
        if !self.takes("{") {
            return None;
        }
        while !self.takes("}") {
            list.push(self.term()?);
            self.takes(",");
        }
        Some(list)
    }

    /// Words that are joined by `.`.
    fn term(&mut self) -> Option<Term> {
        let first = self.word()?;
        let mut parts = vec![first];
        while self.takes(".") {
            parts.push(self.word()?);
        }
        Some(if let [_] = parts.as_slice() { parts.remove(0) } else { Term::Joined(parts) })
    }

    fn word(&mut self) -> Option<Term> {
        self.skip();
        if let Some((term, after)) = part(self.rest) {
            self.rest = after;
            return Some(term);
        }
        let first = self.rest.chars().next()?;
        if matches!(first, '"' | '\'') {
            let inner = self.rest.get(1..)?;
            let end = closing(inner, first)?;
            self.rest = inner.get(end + 1..)?;
            return Some(Term::new(inner.get(..end)?));
        }
        let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let end = self.rest.find(|c| !is_name(c)).unwrap_or(self.rest.len());
        let (name, after) = self.rest.split_at_checked(end).filter(|(name, _)| !name.is_empty())?;
        self.rest = after;
        if !self.takes("(") {
            return name
                .bytes()
                .all(|byte| byte.is_ascii_digit())
                .then(|| Term::Text(name.to_owned()));
        }
        self.depth += 1;
        let argument = if self.depth > DEPTH { None } else { self.term() }?;
        self.depth -= 1;
        self.takes(")").then(|| Term::Call(name.to_owned(), Box::new(argument)))
    }

    /// `/…/i` or `m#…#i`.
    fn pattern(&mut self) -> Option<Pattern> {
        self.skip();
        let rest = self.rest.strip_prefix('m').unwrap_or(self.rest);
        let delimiter = rest.chars().next()?;
        let inner = rest.get(delimiter.len_utf8()..)?;
        let (text, after) = inner.split_once(delimiter)?;
        let flags = after.len() - after.trim_start_matches(|c: char| c.is_ascii_lowercase()).len();
        let (flags, after) = after.split_at_checked(flags)?;
        self.rest = after;
        Some(Pattern::new(text, flags.contains('i')))
    }

    fn skip(&mut self) {
        self.rest = self.rest.trim_start();
    }

    fn takes(&mut self, sign: &str) -> bool {
        self.skip();
        let rest = self.rest.strip_prefix(sign);
        // `!` is not the beginning of `!=`.
        let rest = rest.filter(|rest| sign != "!" || !rest.starts_with(['=', '~']));
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    fn takes_word(&mut self, word: &str) -> bool {
        self.skip();
        let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let rest = self.rest.strip_prefix(word).filter(|rest| !rest.starts_with(is_part));
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }
}

/// Where a quote ends that has been opened.
fn closing(text: &str, quote: char) -> Option<usize> {
    let mut is_escaped = false;
    text.char_indices().find_map(|(at, c)| {
        let ends = c == quote && !is_escaped;
        is_escaped = c == '\\' && !is_escaped;
        ends.then_some(at)
    })
}
