//! The directive `header`, and `header_down` of a proxy.

use super::placeholder::with_groups;
use super::statuses::Statuses;
use crate::configuration::{Loss, Lost, Pattern, Place, Sent};
use crate::deployment::directive::{Directive, Word};
use crate::deployment::value::Value;
use crate::text::Span;

/// What is done to a header. Within a block, Caddy does so in this order, whatever the order of the lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    Add,
    Set,
    /// Set only if there is none.
    Default,
    Remove,
    /// A part of the value is replaced.
    Edit,
}

/// A line about a header.
#[derive(Clone, Debug)]
pub(super) struct Operation {
    pub(super) kind: Kind,
    pub(super) name: String,
    /// What is set; for an edit, the expression that finds what is replaced. Nothing written is an empty value.
    value: Word,
    /// What takes the place of what an edit finds.
    edit: Word,
    pub(super) at: Span,
}

/// Lines that are done together.
#[derive(Clone, Debug, Default)]
pub(super) struct Header {
    pub(super) operations: Vec<Operation>,
    /// Whether they are done when the response is written, after what the application says.
    pub(super) is_deferred: bool,
    /// The responses for which they are done.
    only: Vec<Only>,
}

/// A condition on the response (`match`, Caddy 2.9).
#[derive(Clone, Debug)]
enum Only {
    Status(Vec<Statuses>),
    Unknown,
}

impl Header {
    /// What a directive says whose first `skip` arguments are a matcher; defaults stand apart, as they have a condition.
    pub(super) fn of(directive: &Directive, skip: usize) -> Vec<Self> {
        let mut plain = Self::default();
        let mut defaults = Self { is_deferred: true, ..Self::default() };
        let words = directive.arguments.get(skip..).unwrap_or_default();
        let mut add = |name: &Word, rest: &[Word]| {
            let Some((operation, is_late)) = operation(name, rest) else { return };
            plain.is_deferred |= is_late;
            let header = if operation.kind == Kind::Default { &mut defaults } else { &mut plain };
            header.operations.push(operation);
        };
        if let Some((name, rest)) = words.split_first() {
            add(name, rest);
        }
        let is_option = |line: &&Directive| line.is("defer") || line.is("match");
        let lines = || directive.children().iter();
        lines().filter(|line| !is_option(line)).for_each(|line| add(&line.name, &line.arguments));
        plain.is_deferred |= lines().any(|line| line.is("defer"));
        for line in lines().filter(|line| line.is("match")) {
            plain.is_deferred = true;
            plain.only.extend(only(line));
        }
        plain.operations.sort_by_key(|operation| operation.kind);
        [plain, defaults].into_iter().filter(|header| !header.operations.is_empty()).collect()
    }

    /// What a proxy does to the headers of its application.
    pub(super) fn down(proxy: &Directive) -> Self {
        let lines = proxy.children().iter().filter(|line| line.is("header_down"));
        let operations = lines.filter_map(|line| {
            let (name, rest) = line.arguments.split_first()?;
            Some(operation(name, rest)?.0)
        });
        Self { operations: operations.collect(), ..Self::default() }
    }

    /// Whether they are done for a response of this status; `None` if nobody can say.
    pub(super) fn is_for(&self, status: u16) -> Option<bool> {
        let mut is_for = Some(true);
        for only in &self.only {
            match only {
                Only::Unknown => is_for = None,
                Only::Status(statuses) if statuses.iter().any(|it| it.have(status)) => {}
                Only::Status(_) => return Some(false),
            }
        }
        is_for
    }

    /// Does the lines to what is sent by now. Where it is not `certain` that they are done, what they say may be sent.
    pub(super) fn apply(
        &self,
        place: &mut Place,
        is_certain: bool,
        replaced: &mut dyn FnMut(&str) -> Value,
    ) {
        let is_absent = |operation: &Operation| {
            operation.kind != Kind::Default
                || !place.sent.iter().any(|sent| operation.is_about(&sent.name))
        };
        // All defaults of a block ask for the absence of every one.
        if !self.operations.iter().all(is_absent) {
            return;
        }
        for operation in &self.operations {
            operation.apply(place, is_certain, replaced);
        }
    }
}

/// The conditions of `match status 4xx 503` or of a block of such lines.
fn only(line: &Directive) -> Vec<Only> {
    let of_words = |kind: &str, words: &[Word]| {
        let statuses: Option<Vec<Statuses>> = words.iter().map(Statuses::of).collect();
        statuses.filter(|_| kind == "status").map_or(Only::Unknown, Only::Status)
    };
    let rest = line.arguments.get(1..).unwrap_or_default();
    let own = line.arguments.first().map(|kind| of_words(&kind.text, rest));
    let children = line.children().iter().map(|child| of_words(&child.name.text, &child.arguments));
    own.into_iter().chain(children).collect()
}

/// One line, and whether it puts off all that stands with it.
fn operation(name: &Word, rest: &[Word]) -> Option<(Operation, bool)> {
    let text = name.text.strip_suffix(':').unwrap_or(&name.text);
    let mut signs = text.chars();
    let (kind, is_late) = match (signs.next()?, rest.len()) {
        ('+', _) => (Kind::Add, false),
        ('-', _) => (Kind::Remove, true),
        ('?', _) => (Kind::Default, true),
        ('>', _) => (Kind::Set, true),
        (_, 2..) => (Kind::Edit, false),
        _ => (Kind::Set, false),
    };
    let has_sign = kind != Kind::Edit && (kind != Kind::Set || is_late);
    let name_text = if has_sign { signs.as_str() } else { text };
    let word = |index: usize| rest.get(index).cloned().unwrap_or_default();
    let at = rest.first().map_or(name.span, |word| word.span);
    let (name, value, edit) = (name_text.to_owned(), word(0), word(1));
    Some((Operation { kind, name, value, edit, at }, is_late))
}

impl Operation {
    /// Whether this is the header that it is about; a star at either end stands for the rest of the name.
    pub(super) fn is_about(&self, name: &str) -> bool {
        let (own, name) = (self.name.to_ascii_lowercase(), name.to_ascii_lowercase());
        match (own.strip_prefix('*'), own.strip_suffix('*')) {
            _ if self.kind != Kind::Remove => own == name,
            (Some(inner), Some(_)) => name.contains(inner.trim_end_matches('*')),
            (Some(end), None) => name.ends_with(end),
            (None, Some(start)) => name.starts_with(start),
            (None, None) => own == name,
        }
    }

    fn apply(&self, place: &mut Place, is_certain: bool, replaced: &mut dyn FnMut(&str) -> Value) {
        let value = replaced(&self.value.text);
        let touched = place.sent.iter_mut().filter(|sent| self.is_about(&sent.name));
        match self.kind {
            Kind::Edit => return touched.for_each(|sent| self.edit(sent, is_certain, replaced)),
            Kind::Add => {}
            _ if !is_certain => touched.for_each(|sent| sent.is_certain = false),
            Kind::Remove => self.take(place, None, Loss::Removed),
            Kind::Set | Kind::Default => self.take(place, Some(&value), Loss::Replaced),
        }
        if self.kind == Kind::Remove {
            return;
        }
        let Value { text, unknown } = value;
        place.sent.push(Sent {
            name: self.name.clone(),
            offset: self.value.offset.filter(|_| text == self.value.text),
            value: text,
            variables: unknown,
            at: self.at,
            is_certain,
            table: None,
        });
    }

    /// Replaces what the expression finds, groups by `$1` and the like.
    fn edit(&self, sent: &mut Sent, is_certain: bool, replaced: &mut dyn FnMut(&str) -> Value) {
        let by = replaced(&self.edit.text);
        let pattern = Pattern::new(&replaced(&self.value.text).text, false);
        let edited = pattern.replaced(&sent.value, true, |groups| with_groups(&by.text, groups));
        sent.is_certain &= is_certain && edited.is_some() && by.unknown.is_empty();
        if let Some(edited) = edited.filter(|edited| *edited != sent.value) {
            (sent.value, sent.offset) = (edited, None);
        }
    }

    /// Takes away what is sent under the name; what is set to the same again is not lost.
    fn take(&self, place: &mut Place, value: Option<&Value>, why: Loss) {
        let taken: Vec<Sent> =
            place.sent.extract_if(.., |sent| self.is_about(&sent.name)).collect();
        let lost =
            taken.into_iter().filter(|sent| value.is_none_or(|value| value.text != sent.value));
        place.lost.extend(lost.map(|sent| Lost {
            name: sent.name,
            at: sent.at,
            by: Some(self.at),
            why,
        }));
    }
}
