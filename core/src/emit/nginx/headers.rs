//! The `add_header` lines, and what applications send that is not passed on.

use std::fmt::Write;

use super::super::EmitError;
use super::super::lines::{Change, HeaderChanges, Site};
use super::decision::{Decision, Step};
use super::maps::{Maps, Outcome};
use super::paths::Kinds;
use crate::plan::Op;

/// The directives by which nginx drops what an application sent, one for each protocol.
const HIDE: [&str; 4] =
    ["proxy_hide_header", "fastcgi_hide_header", "uwsgi_hide_header", "scgi_hide_header"];

/// How headers get into a response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Style {
    /// `add_header`, which a block forgets if it has one of its own.
    AddHeader,
    /// `add_header` under `add_header_inherit merge`, which no block forgets.
    Merge,
    /// `more_set_headers`, which replaces what an application sent, and which no block forgets.
    HeadersMore,
}

/// What stands in `server.conf`, and part of it again in `location.conf`.
#[derive(Debug, Default)]
pub(super) struct Lines {
    /// What applications send and nginx drops.
    hidden: String,
    /// What clients get, by `add_header`.
    added: String,
    /// What clients get, by `more_set_headers`.
    set: String,
}

impl Lines {
    pub(super) fn new(
        site: &Site<'_>,
        kinds: &Kinds,
        maps: &mut Maps,
        style: Style,
    ) -> Result<Self, EmitError> {
        let mut lines = Self::default();
        for header in &site.headers {
            let replaced = header.changes.iter().any(|c| matches!(c.op, Op::Set | Op::Remove));
            if replaced && style != Style::HeadersMore {
                for directive in HIDE {
                    let _ = writeln!(lines.hidden, "{directive} {};", header.name);
                }
            }
            let decision = Decision { site, kinds, name: header.name, maps };
            Writer { header, decision, style }.write(&mut lines)?;
        }
        Ok(lines)
    }

    /// Everything, for the `server` block.
    pub(super) fn server(&self, style: Style) -> String {
        let mut text = self.location(style);
        if style == Style::Merge && !self.added.is_empty() {
            text.push_str(
                "\n# Blocks with an add_header line of their own keep these.\nadd_header_inherit merge;\n",
            );
            text.push_str(&section(CLIENTS_GET, &self.added));
        }
        text + &section("What clients get in place of what applications send.", &self.set)
    }

    /// What a block with lines of its own forgets.
    pub(super) fn location(&self, style: Style) -> String {
        let mut text =
            section("What applications send under these names is not passed on.", &self.hidden);
        if style != Style::Merge {
            text.push_str(&section(CLIENTS_GET, &self.added));
        }
        text
    }
}

const CLIENTS_GET: &str = "What clients get; nginx sends no header whose value is empty.";

fn section(comment: &str, text: &str) -> String {
    if text.is_empty() { String::new() } else { format!("\n# {comment}\n{text}") }
}

struct Writer<'w, 'a> {
    style: Style,
    header: &'w HeaderChanges<'a>,
    decision: Decision<'w, 'a>,
}

impl<'a> Writer<'_, 'a> {
    /// One line for what is set, and one for each further line that is added.
    fn write(&mut self, lines: &mut Lines) -> Result<(), EmitError> {
        let resets: Vec<Change<'a>> =
            self.header.changes.iter().filter(|c| c.op != Op::Add).copied().collect();
        if !resets.is_empty() {
            let mut steps = Vec::new();
            for change in &resets {
                let outcome = self.outcome(change);
                steps.push(Step { scope: change.scope, outcome });
            }
            let last = self.without_rule(&resets)?;
            let word = self.decision.word(&steps, &last)?;
            self.reset(&word, lines);
        }
        for (index, change) in self.header.changes.iter().enumerate() {
            if change.op == Op::Add {
                self.added(index, *change, &mut lines.added)?;
            }
        }
        Ok(())
    }

    fn added(
        &mut self,
        index: usize,
        change: Change<'a>,
        text: &mut String,
    ) -> Result<(), EmitError> {
        let later = self.header.changes.iter().skip(index + 1).filter(|c| c.op != Op::Add);
        let mut steps = vec![Step { scope: change.scope, outcome: Outcome::Text(change.value) }];
        steps.extend(later.map(|c| Step { scope: c.scope, outcome: Outcome::Text("") }));
        let word = self.decision.word(&steps, &Outcome::Text(""))?;
        self.add_header(&word, text);
        Ok(())
    }

    /// Whether nginx is told to drop the application's own lines.
    fn hides(&self) -> bool {
        self.header.changes.iter().any(|c| matches!(c.op, Op::Set | Op::Remove))
    }

    /// What is sent where no rule says anything: what the application sent.
    fn without_rule(&self, resets: &[Change<'_>]) -> Result<Outcome<'a>, EmitError> {
        if !self.hides() || resets.iter().any(|change| change.scope.is_always()) {
            return Ok(Outcome::Text(""));
        }
        if self.header.name.eq_ignore_ascii_case("set-cookie") {
            return Err(EmitError::ManyLines(self.header.name.to_owned()));
        }
        Ok(Outcome::Variable(self.decision.upstream()))
    }

    fn outcome(&mut self, change: &Change<'a>) -> Outcome<'a> {
        match change.op {
            Op::Set | Op::Add => Outcome::Text(change.value),
            Op::Remove => Outcome::Text(""),
            Op::Default => self.default(change.value),
        }
    }

    fn default(&mut self, value: &'a str) -> Outcome<'a> {
        let name = self.decision.maps.fresh(&format!("{}_default", self.decision.variable()));
        let upstream = self.decision.upstream();
        let word = self.decision.maps.word(&name, &Outcome::Text(value));
        let kept = if self.hides() { format!("${upstream}") } else { "\"\"".to_owned() };
        let entries = [format!("default {kept}"), format!("\"\" {word}")];
        let comment = format!("{}, only if the application sent none.", self.header.name);
        self.decision.maps.map(&comment, &format!("${upstream}"), &name, &entries);
        Outcome::Variable(name)
    }

    fn add_header(&self, word: &str, text: &mut String) {
        if word != "\"\"" {
            let _ = writeln!(text, "add_header {} {word} always;", self.header.name);
        }
    }

    /// The line for a header that is replaced; one without a value takes it away.
    fn reset(&self, word: &str, lines: &mut Lines) {
        if self.style == Style::HeadersMore && self.hides() {
            let unquoted = word.strip_prefix('"').and_then(|word| word.strip_suffix('"'));
            let value = unquoted.unwrap_or(word);
            let _ = writeln!(lines.set, "more_set_headers \"{}: {value}\";", self.header.name);
        } else {
            self.add_header(word, &mut lines.added);
        }
    }
}
