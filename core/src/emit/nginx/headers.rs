//! The `add_header` lines and the maps that give their values.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::super::EmitError;
use super::super::lines::{Change, HeaderChanges, Paths, Site};
use super::maps::{Maps, Outcome};
use super::paths::{Kinds, kind_name};
use super::quote::key;
use crate::plan::Op;

/// The directives by which nginx drops what an application sent, one for each protocol.
const HIDE: [&str; 4] =
    ["proxy_hide_header", "fastcgi_hide_header", "uwsgi_hide_header", "scgi_hide_header"];

/// How many flags one map looks at: their names, of up to 40 bytes each, make one word.
const FLAGS: usize = 90;

/// How many maps may stand behind one another: nginx follows a hundred variables (`ngx_http_variable_depth`).
const RUNS: usize = 80;

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
    pub(super) fn new(site: &Site<'_>, maps: &mut Maps, style: Style) -> Result<Self, EmitError> {
        let kinds = maps.pages(site)?;
        let mut lines = Self::default();
        for header in &site.headers {
            let replaced = header.changes.iter().any(|c| matches!(c.op, Op::Set | Op::Remove));
            if replaced && style != Style::HeadersMore {
                for directive in HIDE {
                    let _ = writeln!(lines.hidden, "{directive} {};", header.name);
                }
            }
            Writer { site, kinds: &kinds, header, maps, style }.write(&mut lines)?;
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
    site: &'w Site<'a>,
    kinds: &'w Kinds,
    header: &'w HeaderChanges<'a>,
    maps: &'w mut Maps,
}

/// One change as a step of a decision: the flag where it holds (`None`: everywhere), and what is sent then.
struct Step<'a> {
    change: Change<'a>,
    outcome: Outcome<'a>,
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
                steps.push(Step { change: *change, outcome });
            }
            let last = self.without_rule(&resets)?;
            let word = self.decision(&steps, &last)?;
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
        let mut steps = vec![Step { change, outcome: Outcome::Text(change.value) }];
        steps.extend(later.map(|c| Step { change: *c, outcome: Outcome::Text("") }));
        let word = self.decision(&steps, &Outcome::Text(""))?;
        self.add_header(&word, text);
        Ok(())
    }

    fn variable(&self) -> String {
        format!("cspc_{}", self.header.name.to_ascii_lowercase().replace('-', "_"))
    }

    fn upstream(&self) -> String {
        format!("upstream_http_{}", self.header.name.to_ascii_lowercase().replace('-', "_"))
    }

    /// Whether nginx is told to drop the application's own lines.
    fn hides(&self) -> bool {
        self.header.changes.iter().any(|c| matches!(c.op, Op::Set | Op::Remove))
    }

    /// What is sent where no rule says anything: what the application sent.
    fn without_rule(&self, resets: &[Change<'_>]) -> Result<Outcome<'a>, EmitError> {
        if !self.hides() || resets.iter().any(Change::is_always) {
            return Ok(Outcome::Text(""));
        }
        if self.header.name.eq_ignore_ascii_case("set-cookie") {
            return Err(EmitError::ManyLines(self.header.name.to_owned()));
        }
        Ok(Outcome::Variable(self.upstream()))
    }

    fn outcome(&mut self, change: &Change<'a>) -> Outcome<'a> {
        match change.op {
            Op::Set | Op::Add => Outcome::Text(change.value),
            Op::Remove => Outcome::Text(""),
            Op::Default => self.default(change.value),
        }
    }

    fn default(&mut self, value: &'a str) -> Outcome<'a> {
        let name = self.maps.fresh(&format!("{}_default", self.variable()));
        let upstream = self.upstream();
        let word = self.maps.word(&name, &Outcome::Text(value));
        let kept = if self.hides() { format!("${upstream}") } else { "\"\"".to_owned() };
        let entries = [format!("default {kept}"), format!("\"\" {word}")];
        let comment = format!("{}, only if the application sent none.", self.header.name);
        self.maps.map(&comment, &format!("${upstream}"), &name, &entries);
        Outcome::Variable(name)
    }

    /// The word for what is sent; `last` where no step holds.
    fn decision(&mut self, steps: &[Step<'a>], last: &Outcome<'a>) -> Result<String, EmitError> {
        let always = steps.iter().rposition(|step| step.change.is_always());
        match (always, steps) {
            (Some(_), [only]) => Ok(self.maps.word(&self.variable(), &only.outcome)),
            _ => self.decide(steps, last),
        }
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

    /// One map for each run of steps; where no step of a run holds, the run before it decides.
    fn decide(&mut self, steps: &[Step<'a>], last: &Outcome<'a>) -> Result<String, EmitError> {
        let name = self.maps.fresh(&self.variable());
        let mut runs = self.runs(steps)?;
        let mut otherwise = last.clone();
        while let Some((run, is_by_page)) = runs.pop() {
            let kind = if is_by_page { "by_page" } else { "by_flags" };
            let inner = !runs.is_empty();
            let variable =
                if inner { self.maps.fresh(&format!("{name}_{kind}")) } else { name.clone() };
            if is_by_page {
                self.by_page(&variable, run, &otherwise);
            } else {
                self.by_flags(&variable, run, &otherwise);
            }
            otherwise = Outcome::Variable(variable);
        }
        Ok(format!("${name}"))
    }

    /// The runs of steps that one map decides, the last one first, and whether it does so by page: pages are looked up
    /// by hash, however many there are; only what stands between them asks flag by flag.
    fn runs<'s>(&self, steps: &'s [Step<'a>]) -> Result<Vec<(&'s [Step<'a>], bool)>, EmitError> {
        let by_page = |step: &Step<'a>| self.is_by_page(&step.change);
        let mut runs = Vec::new();
        let mut rest = steps;
        while !rest.is_empty() {
            let pages = rest.iter().rev().take_while(|step| by_page(step)).count();
            let is_by_page = pages > 1 || pages == rest.len();
            let flags = rest.len()
                - rest.windows(2).rposition(|two| two.iter().all(by_page)).map_or(0, |at| at + 2);
            let length = if is_by_page { pages } else { flags.min(FLAGS) };
            let (before, run) = rest.split_at(rest.len() - length);
            runs.push((run, is_by_page));
            rest = before;
        }
        if runs.len() > RUNS {
            return Err(EmitError::TooManyTurns {
                name: self.header.name.to_owned(),
                count: runs.len(),
                limit: RUNS,
            });
        }
        Ok(runs)
    }

    /// A limit of old versions, where it matters.
    fn note(&self, last: &Outcome<'_>) -> &'static str {
        if *last == Outcome::Variable(self.upstream()) {
            "\n# Elsewhere, what the application sent: of several lines, nginx before 1.23 knows the first only."
        } else {
            ""
        }
    }

    fn is_by_page(&self, change: &Change<'_>) -> bool {
        let exact = self.site.place(change).is_none_or(|place| {
            matches!(place.paths, Paths::Exact(_))
                && place.types.is_empty()
                && place.status.is_none()
        });
        change.scheme.is_none() && exact
    }

    /// One key for each kind of page: found by hash.
    fn by_page(&mut self, name: &str, steps: &[Step<'a>], last: &Outcome<'a>) {
        let mut otherwise = None;
        let mut latest = BTreeMap::new();
        for (index, step) in steps.iter().enumerate() {
            match self.site.place(&step.change) {
                Some(place) => _ = latest.insert(place.rule, index),
                None => otherwise = Some(index),
            }
        }
        let outcome = |index: Option<usize>| {
            index.and_then(|index| steps.get(index)).map_or(last, |step| &step.outcome)
        };
        let default = self.maps.word(name, outcome(otherwise));
        let mut entries = vec![format!("default {default}")];
        let (mut words, mut longest) = (BTreeMap::new(), 0);
        for kind in self.kinds {
            let named = kind.iter().filter_map(|rule| latest.get(rule)).copied();
            let index = named.max().max(otherwise);
            if index == otherwise {
                continue;
            }
            let word = words.entry(index).or_insert_with(|| self.maps.word(name, outcome(index)));
            let kind = kind_name(kind);
            longest = longest.max(kind.len());
            entries.push(format!("{} {word}", key(&kind)));
        }
        self.maps.note_keys(self.kinds.len(), longest);
        let comment = format!("{}, by page.{}", self.header.name, self.note(last));
        self.maps.map(&comment, "$cspc_pages", name, &entries);
    }

    /// One flag for each step, the last of the plan first; the first one that is 1 decides.
    fn by_flags(&mut self, name: &str, steps: &[Step<'a>], last: &Outcome<'a>) {
        let mut source = String::new();
        let mut entries = Vec::new();
        let mut default = last;
        let by_type =
            |s: &Step<'_>| self.site.place(&s.change).is_some_and(|p| !p.types.is_empty());
        if steps.iter().any(by_type) {
            let _ = write!(source, "${{{}}}", self.maps.not_modified());
            entries.push("\"~^1\" \"\"".to_owned());
        }
        for step in steps.iter().rev() {
            if step.change.is_always() {
                default = &step.outcome;
                break;
            }
            let dots = ".".repeat(entries.len());
            let flag = self.maps.flag(self.site.place(&step.change), &step.change);
            let _ = write!(source, "${{{flag}}}");
            let word = self.maps.word(name, &step.outcome);
            entries.push(format!("\"~^{dots}1\" {word}"));
        }
        entries.insert(0, format!("default {}", self.maps.word(name, default)));
        let comment =
            format!("{}: the last rule that holds decides.{}", self.header.name, self.note(last));
        self.maps.map(&comment, &format!("\"{source}\""), name, &entries);
    }
}
