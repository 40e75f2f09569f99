//! What a rule is.

use std::borrow::Cow;

use super::kind::Kinds;
use super::page::Page;
use super::subject::{List, Member, Set, Subject};
use crate::configuration::{Caught, Trap};
use crate::csp::{Directive, DirectiveSet, IssueCode, ParsedDirective, Source};
use crate::diagnostic::{Confidence, Finding, Fix, Severity};
use crate::inventory::Element;
use crate::text::Span;

/// What another tool calls what a rule finds: the tool, and its names.
pub type Equivalent = (&'static str, &'static [&'static str]);

/// A rule: its documentation, and its check.
pub struct Rule {
    /// Its id, such as `csp/unsafe-inline`.
    pub id: &'static str,
    /// How much its findings matter.
    pub severity: Severity,
    /// How sure its findings are.
    pub confidence: Confidence,
    /// What it finds, in a line.
    pub summary: &'static str,
    /// Why that matters.
    pub rationale: &'static str,
    /// Something in which it finds something.
    pub example: Example,
    /// The same as it should be.
    pub good: Example,
    /// What to do.
    pub fix: &'static str,
    /// Where it is specified or explained.
    pub references: &'static [&'static str],
    /// What other tools call it.
    pub equivalents: &'static [Equivalent],
    /// The header that it is about, where that is not the one in which its findings stand: one that is not there.
    pub(super) missing: Option<&'static str>,
    /// Rules that say more about the same place, so that this one need not speak.
    pub(super) yields_to: &'static [&'static str],
    pub(super) check: Check,
    /// What is wrong, in a sentence.
    pub(super) message: fn(&Place<'_>) -> String,
    /// What to do in this case, where more can be said than `fix` says.
    pub(super) help: fn(&Place<'_>) -> Option<String>,
    /// The edit that does it.
    pub(super) mend: fn(&Place<'_>) -> Option<Fix>,
}

/// Something to judge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Example {
    /// A policy in its header.
    Policy(&'static str),
    /// A policy in the header that only reports.
    ReportOnly(&'static str),
    /// A policy in a `<meta>`.
    Meta(&'static str),
    /// All headers of a response.
    Head(&'static str),
    /// A page, or a part of one.
    Page(&'static str),
    /// A configuration of Apache, or a part of one.
    Apache(&'static str),
    /// A configuration of nginx, or a part of one.
    Nginx(&'static str),
    /// A message of a browser's console.
    Console(&'static str),
    /// What a site file demands, an empty line, and the head of a response.
    Required(&'static str),
}

impl Example {
    /// Its text.
    pub const fn text(self) -> &'static str {
        match self {
            Self::Policy(text)
            | Self::ReportOnly(text)
            | Self::Meta(text)
            | Self::Head(text)
            | Self::Page(text)
            | Self::Apache(text)
            | Self::Nginx(text)
            | Self::Console(text)
            | Self::Required(text) => text,
        }
    }
}

/// How a rule looks for what it finds.
pub(super) enum Check {
    /// The parser finds it.
    Issue(IssueCode),
    /// A source expression lets something through: it counts if no other policy stops that.
    Lets {
        /// What: loads and code that these directives decide about, or those that they fall back to.
        about: DirectiveSet,
        kinds: Kinds,
        /// Kinds of sources in the same list that take the effect away.
        unless: Kinds,
        test: fn(&List<'_, '_>, &Source<'_>) -> bool,
    },
    /// A list as a whole lets something through, by a source of these kinds: it counts if no other policy stops that.
    ListLets { about: DirectiveSet, kinds: Kinds, unless: Kinds },
    /// A source expression is wrong where it stands, whatever other policies say.
    Source {
        /// The kinds in question, in a list of this directive.
        kinds: fn(Directive) -> Kinds,
        /// Kinds of which the list has to hold one.
        beside: Kinds,
        test: fn(&List<'_, '_>, &Source<'_>) -> bool,
    },
    /// No policy of a set has the directive, nor one that it falls back to.
    Missing(Directive),
    /// Something about a policy beside the others of its set.
    Member(fn(&Set<'_, '_>, &Member<'_>, &mut Found<'_>)),
    /// Something about the whole response, of which more is known than policies.
    Response(fn(&Subject<'_>, &mut Found<'_>)),
    /// The reader of a server's configuration, or of a browser's messages, finds it.
    Configuration(Trap),
    /// The site file demands something else.
    Requirement(Breach),
}

/// In which way a demand is not kept; each has a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Breach {
    /// The header is not there.
    Missing,
    /// It is there, and is not to be.
    Forbidden,
    /// It says something else.
    Value,
}

impl Rule {
    /// What most rules have in common.
    pub(super) const BASE: Self = Self {
        id: "",
        severity: Severity::Info,
        confidence: Confidence::High,
        summary: "",
        rationale: "",
        example: Example::Policy(""),
        good: Example::Policy(""),
        fix: "",
        references: &[],
        equivalents: &[],
        missing: None,
        yields_to: &[],
        check: Check::Response(|_, _| {}),
        message: |_| String::new(),
        help: |_| None,
        mend: |_| None,
    };

    /// The finding at a place.
    pub(super) fn finding(&self, place: &Place<'_>) -> Finding {
        let help = (self.help)(place);
        Finding {
            rule: Cow::Borrowed(self.id),
            severity: self.severity,
            confidence: self.confidence,
            header: self
                .missing
                .map(Cow::Borrowed)
                .or_else(|| Some(place.header()).filter(|name| !name.is_empty())),
            directive: place.directive_name(self),
            value: place.value().map(str::to_owned),
            message: (self.message)(place),
            help: help.map_or(Cow::Borrowed(self.fix), Cow::Owned),
            fix: (self.mend)(place),
            location: None,
        }
    }
}

impl Rule {
    /// The finding for what the reader of a configuration has found, without its place.
    pub(super) fn explained(&self, caught: &Caught) -> Finding {
        Finding {
            rule: Cow::Borrowed(self.id),
            severity: self.severity,
            confidence: self.confidence,
            header: caught.header.clone().map(Cow::Owned),
            directive: None,
            value: None,
            message: caught.message.clone(),
            help: caught.help.clone().unwrap_or(Cow::Borrowed(self.fix)),
            fix: None,
            location: None,
        }
    }
}

/// One thing found, not yet put into words.
#[derive(Clone, Copy)]
pub(super) struct Hit {
    pub(super) span: Span,
    /// Index of the field.
    pub(super) field: u32,
    /// Index of the policy among all, and of its directive.
    member: u32,
    directive: u32,
    /// Index of the rule in the order of ids.
    rule: u16,
    /// Whether another one at the same place says more.
    pub(super) is_needless: bool,
}

impl Hit {
    /// What says that there is no policy or directive.
    const NOWHERE: u32 = u32::MAX;

    /// Index of the rule in the order of ids.
    pub(super) const fn rule(&self) -> usize {
        self.rule as usize
    }

    /// Index of the policy among all.
    pub(super) fn member(&self) -> Option<usize> {
        (self.member != Self::NOWHERE).then_some(self.member as usize)
    }

    /// Index of the directive in its policy.
    pub(super) fn directive(&self) -> Option<usize> {
        (self.directive != Self::NOWHERE).then_some(self.directive as usize)
    }

    /// By field and place: what is written there first, then what is missing, which often comes of it; and by rule.
    pub(super) const fn order(&self) -> (u32, usize, usize, bool, u16) {
        let is_missing = self.directive == Self::NOWHERE;
        (self.field, self.span.start, self.span.end, is_missing, self.rule)
    }
}

/// An index in less space; texts that hold so many of anything do not fit into memory.
fn short(index: Option<usize>) -> u32 {
    index.and_then(|index| u32::try_from(index).ok()).unwrap_or(Hit::NOWHERE)
}

/// Takes what one rule finds.
pub(super) struct Found<'h> {
    /// Index of the rule.
    pub(super) rule: usize,
    pub(super) member: Option<usize>,
    pub(super) hits: &'h mut Vec<Hit>,
}

impl Found<'_> {
    /// At a span of a policy's directive.
    pub(super) fn at(&mut self, member: &Member<'_>, directive: Option<usize>, span: Span) {
        self.push(member.field, directive, span);
    }

    /// At the name of a directive that counts.
    pub(super) fn at_name(&mut self, member: &Member<'_>, directive: Directive) {
        let is_it = |found: &ParsedDirective<'_>| {
            found.directive == Some(directive) && found.ignored.is_none()
        };
        let Some(index) = member.policy.directives.iter().position(is_it) else { return };
        let span = member.policy.directives.get(index).map(ParsedDirective::name_span);
        self.at(member, Some(index), span.unwrap_or_default());
    }

    /// About a policy as a whole: at its beginning.
    pub(super) fn at_policy(&mut self, member: &Member<'_>) {
        let first = member.policy.directives.first();
        self.at(member, None, first.map_or(member.policy.span, ParsedDirective::name_span));
    }

    /// About a header that is no policy, or its whole value if it is one.
    pub(super) fn at_field(&mut self, field: usize, length: usize) {
        self.push(field, None, Span::new(0, length));
    }

    /// At a span of a header that is no policy.
    pub(super) fn at_header(&mut self, field: usize, span: Span) {
        self.push(field, None, span);
    }

    /// At the elements of the page for which this holds.
    pub(super) fn at_elements(
        &mut self,
        subject: &Subject<'_>,
        holds: impl Fn(&Page<'_>, &Element) -> bool,
    ) {
        let Some(page) = &subject.page else { return };
        for element in page.elements.iter().filter(|element| holds(page, element)) {
            self.at_header(page.field, element.span);
        }
    }

    fn push(&mut self, field: usize, directive: Option<usize>, span: Span) {
        self.hits.push(Hit {
            span,
            field: short(Some(field)),
            member: short(self.member),
            directive: short(directive),
            rule: u16::try_from(self.rule).unwrap_or(u16::MAX),
            is_needless: false,
        });
    }
}

/// A hit with all that can be said of where it is.
pub(super) struct Place<'p> {
    pub(super) subject: &'p Subject<'p>,
    /// The text of the field.
    pub(super) text: &'p str,
    pub(super) field: usize,
    pub(super) member: Option<&'p Member<'p>>,
    pub(super) directive: Option<&'p ParsedDirective<'p>>,
    pub(super) span: Span,
}

impl<'p> Place<'p> {
    /// The text in question.
    pub(super) fn written(&self) -> &'p str {
        self.text.get(self.span.start..self.span.end).unwrap_or_default()
    }

    /// The name of the directive in question, as written.
    pub(super) fn name(&self) -> &'p str {
        self.directive.map_or("", |directive| directive.name)
    }

    /// The value in question, if it is one.
    fn value(&self) -> Option<&'p str> {
        let directive = self.directive?;
        (self.span.start >= directive.name_span().end).then(|| self.written())
    }

    fn directive_name(&self, rule: &Rule) -> Option<String> {
        match (self.directive, &rule.check) {
            (Some(directive), _) => Some(directive.name.to_ascii_lowercase()),
            (None, Check::Missing(directive)) => Some(directive.as_str().to_owned()),
            (None, _) => None,
        }
    }

    /// The element of the page in question.
    pub(super) fn element(&self) -> Option<&'p Element> {
        let elements = &self.subject.page.as_ref()?.elements;
        let at = elements.binary_search_by_key(&self.span.start, |element| element.span.start);
        elements.get(at.ok()?)
    }

    /// The name of the header in question.
    pub(super) fn header(&self) -> Cow<'static, str> {
        self.subject.response.fields.get(self.field).map_or(Cow::Borrowed(""), |field| field.name())
    }

    /// The list of the directive in question.
    pub(super) fn list(&self) -> Option<List<'p, 'p>> {
        let (member, directive) = (self.member?, self.directive?);
        member.lists().find(|list| {
            member.policy.directives.get(list.index).is_some_and(|own| own.span == directive.span)
        })
    }

    /// An edit of the text in question.
    pub(super) fn replace(&self, replacement: impl Into<String>, safe: bool) -> Option<Fix> {
        Some(Fix { replacement: replacement.into(), span: self.span, safe })
    }

    /// An edit that takes the value in question away, with the white space before it.
    pub(super) fn delete_value(&self, safe: bool) -> Option<Fix> {
        let before = self.text.get(..self.span.start)?;
        let start = before.trim_ascii_end().len();
        Some(Fix { replacement: String::new(), span: Span::new(start, self.span.end), safe })
    }

    /// An edit that takes the directive in question away, with one of the semicolons beside it.
    pub(super) fn delete_directive(&self, safe: bool) -> Option<Fix> {
        let (directive, member) = (self.directive?, self.member?);
        let policy = member.policy.span;
        let after = self.text.get(directive.span.end..policy.end)?;
        let before = self.text.get(policy.start..directive.span.start)?;
        let span = match after.trim_ascii_start().strip_prefix(';') {
            Some(rest) => {
                Span::new(directive.span.start, policy.end - rest.trim_ascii_start().len())
            }
            None => {
                let kept = before.trim_ascii_end().trim_end_matches(';').trim_ascii_end();
                let kept = policy.start + kept.len();
                Span::new(kept.max(policy.start), directive.span.end)
            }
        };
        Some(Fix { replacement: String::new(), span, safe })
    }

    /// An edit that puts a directive at the end of the policy.
    pub(super) fn add_directive(&self, directive: &str) -> Option<Fix> {
        let last = self.member?.policy.directives.last()?;
        let span = Span::new(last.span.end, last.span.end);
        Some(Fix { replacement: format!("; {directive}"), span, safe: false })
    }
}
