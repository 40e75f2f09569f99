//! `Header` lines (mod_headers), and the two tables of headers that they fill: `always` goes out with every answer,
//! `onsuccess` not with those that the server makes by itself, such as errors and redirects.

use std::collections::BTreeSet;

use super::environment::substituted;
use super::expression::{Expression, Facts};
use super::format::Format;
use crate::configuration::{Loss, Lost, Note, Pattern, Sent, Table};
use crate::deployment::directive::{Directive, Word};
use crate::deployment::value::Value;
use crate::text::Span;

/// A `Header` line.
#[derive(Clone, Debug)]
pub(super) struct Header {
    pub(super) table: Table,
    pub(super) action: Action,
    pub(super) name: String,
    /// The word of the value, and the value itself.
    pub(super) word: Word,
    format: Format,
    condition: Condition,
    /// The whole line.
    pub(super) at: Span,
}

#[derive(Clone, Debug)]
pub(super) enum Action {
    Set,
    SetIfEmpty,
    Append,
    Merge,
    Add,
    Unset,
    Edit {
        pattern: Pattern,
        is_global: bool,
    },
    /// What has nothing to do with what is sent, or cannot be known.
    Other,
}

impl Action {
    /// Whether it can make a header be there.
    pub(super) const fn gives(&self) -> bool {
        matches!(self, Self::Set | Self::SetIfEmpty | Self::Append | Self::Merge | Self::Add)
    }
}

#[derive(Clone, Debug)]
enum Condition {
    None,
    /// `env=NAME` or `env=!NAME`.
    Environment {
        name: String,
        is_set: bool,
    },
    Expression(Box<Expression>, String),
}

impl Header {
    /// Reads the words of a line (`header_inout_cmd`); `None` for one that the server refuses.
    pub(super) fn new(directive: &Directive) -> Option<Self> {
        let mut words = directive.arguments.iter().peekable();
        let is = |word: &Word, name: &str| word.text.eq_ignore_ascii_case(name);
        let is_always = words.next_if(|word| is(word, "always")).is_some();
        if !is_always {
            words.next_if(|word| is(word, "onsuccess"));
        }
        let table = if is_always { Table::Always } else { Table::OnSuccess };
        let action = words.next()?.text.to_ascii_lowercase();
        let name = words.next()?;
        let name = name.text.split(':').next().unwrap_or_default().to_owned();
        let takes_value = !matches!(action.as_str(), "unset" | "echo");
        let word = if takes_value { words.next()?.clone() } else { Word::default() };
        let action = match action.as_str() {
            "set" => Action::Set,
            "setifempty" => Action::SetIfEmpty,
            "append" => Action::Append,
            "merge" => Action::Merge,
            "add" => Action::Add,
            "unset" => Action::Unset,
            "edit" | "edit*" => {
                let pattern = Pattern::new(&word.text, false);
                Action::Edit { pattern, is_global: action == "edit*" }
            }
            _ => Action::Other,
        };
        let value = if matches!(action, Action::Edit { .. }) { words.next()? } else { &word };
        let format = Format::new(&value.text);
        let condition = words.next().map_or(Condition::None, |word| Condition::new(&word.text));
        Some(Self { table, action, name, word, format, condition, at: directive.span() })
    }
}

impl Condition {
    fn new(text: &str) -> Self {
        if let Some(expression) = text.strip_prefix("expr=") {
            return Self::Expression(Box::new(Expression::new(expression)), text.to_owned());
        }
        let Some(name) = text.strip_prefix("env=") else { return Self::None };
        let plain = name.strip_prefix('!');
        Self::Environment { name: plain.unwrap_or(name).to_owned(), is_set: plain.is_none() }
    }

    fn holds(&self, facts: &mut dyn Facts) -> Option<bool> {
        match self {
            Self::None => Some(true),
            Self::Environment { name, is_set } => Some(facts.test('v', name)? == *is_set),
            Self::Expression(expression, _) => expression.holds(facts),
        }
    }

    fn text(&self) -> &str {
        match self {
            Self::Expression(_, text) => text,
            Self::Environment { name, .. } => name,
            Self::None => "",
        }
    }
}

/// The headers of an answer, and what has become of others.
#[derive(Debug, Default)]
pub(super) struct Tables {
    pub(super) always: Vec<Sent>,
    pub(super) onsuccess: Vec<Sent>,
    pub(super) lost: Vec<Lost>,
    /// Names of which a table holds nothing but what it has been told, in lower case.
    settled: BTreeSet<(Table, String)>,
    pub(super) notes: Vec<Note>,
}

impl Tables {
    /// The first value of a header that an expression asks for.
    pub(super) fn get(&self, name: &str) -> Option<&Sent> {
        let mut all = self.onsuccess.iter().chain(&self.always);
        all.find(|sent| sent.name.eq_ignore_ascii_case(name))
    }

    /// Whether a line decides about what a program says of a header in this table.
    pub(super) fn settles(&self, table: Table, name: &str) -> bool {
        self.settled.contains(&(table, name.to_ascii_lowercase()))
    }

    fn table(&mut self, header: &Header) -> &mut Vec<Sent> {
        match header.table {
            Table::Always => &mut self.always,
            Table::OnSuccess => &mut self.onsuccess,
        }
    }

    /// What a line does to its table, once its condition and value are known (`do_headers_fixup`).
    pub(super) fn apply(&mut self, header: &Header, decided: &Decided) {
        let is_certain = decided.holds == Some(true);
        if is_certain && matches!(header.action, Action::Set | Action::Unset) {
            self.settled.insert((header.table, header.name.to_ascii_lowercase()));
        }
        match &header.action {
            Action::Set => {
                self.remove(header, decided, Loss::Replaced);
                self.push(header, decided);
            }
            Action::SetIfEmpty => {
                if !self.table(header).iter().any(|sent| is_it(sent, header) && sent.is_certain) {
                    self.push(header, decided);
                }
            }
            Action::Add => self.push(header, decided),
            Action::Append | Action::Merge => self.append(header, decided),
            Action::Unset => self.remove(header, decided, Loss::Removed),
            Action::Edit { pattern, is_global } => {
                for sent in self.table(header).iter_mut().filter(|sent| is_it(sent, header)) {
                    edit(sent, pattern, *is_global, &decided.value, is_certain);
                }
            }
            Action::Other => {}
        }
    }

    fn push(&mut self, header: &Header, decided: &Decided) {
        let Value { text, unknown } = decided.value.clone();
        let sent = Sent {
            name: header.name.clone(),
            offset: header.word.offset.filter(|_| text == header.word.text),
            value: text,
            variables: unknown,
            at: header.word.span,
            is_certain: decided.holds == Some(true),
            table: Some(header.table),
        };
        self.table(header).push(sent);
    }

    /// Takes a header away, or says that it may be.
    fn remove(&mut self, header: &Header, decided: &Decided, why: Loss) {
        if decided.holds.is_none() {
            let sent = self.table(header).iter_mut().filter(|sent| is_it(sent, header));
            sent.for_each(|sent| sent.is_certain = false);
            return;
        }
        let removed: Vec<Sent> =
            self.table(header).extract_if(.., |sent| is_it(sent, header)).collect();
        let by = Some(header.at);
        let is_other = |sent: &Sent| why == Loss::Removed || sent.value != decided.value.text;
        let lost = removed.into_iter().filter(is_other);
        self.lost.extend(lost.map(|sent| Lost { name: sent.name, at: sent.at, by, why }));
    }

    /// A list in one line: `merge` leaves out what is in it.
    fn append(&mut self, header: &Header, decided: &Decided) {
        let Some(sent) = self.table(header).iter_mut().find(|sent| is_it(sent, header)) else {
            self.push(header, decided);
            return;
        };
        let Value { text, unknown } = &decided.value;
        let has = |sent: &Sent| sent.value.split(',').any(|part| part.trim() == text);
        if matches!(header.action, Action::Merge) && has(sent) {
            return;
        }
        sent.value = format!("{}, {text}", sent.value);
        sent.variables.extend(unknown.iter().cloned());
        sent.offset = None;
        sent.is_certain &= decided.holds == Some(true);
    }
}

/// A line's condition and value for a request.
pub(super) struct Decided {
    pub(super) holds: Option<bool>,
    value: Value,
}

impl Decided {
    pub(super) fn new(header: &Header, facts: &mut dyn Facts) -> Self {
        let holds = header.condition.holds(facts);
        let value =
            if holds == Some(false) { Value::default() } else { header.format.value(facts) };
        Self { holds, value }
    }

    /// What is said of a line of which nobody knows whether it counts.
    pub(super) fn note(&self, header: &Header) -> Option<Note> {
        let is_open = self.holds.is_none();
        let text = format!("{} depends on `{}`", header.name, header.condition.text());
        is_open.then_some(Note { text, at: header.at })
    }
}

fn is_it(sent: &Sent, header: &Header) -> bool {
    sent.name.eq_ignore_ascii_case(&header.name)
}

/// `Header edit`: the first match, or each, is replaced (`process_regexp`).
fn edit(sent: &mut Sent, pattern: &Pattern, is_global: bool, to: &Value, is_certain: bool) {
    let known = to.as_known().filter(|_| is_certain && sent.variables.is_empty());
    match known
        .and_then(|to| pattern.replaced(&sent.value, is_global, |groups| substituted(to, groups)))
    {
        Some(value) if value == sent.value => {}
        Some(value) => {
            sent.value = value;
            sent.offset = None;
        }
        None => sent.is_certain = false,
    }
}
