//! What the rules find in a response, and the words for it.

use super::judge::judge;
use super::registry;
use super::rule::{Hit, Place, Rule};
use super::subject::Subject;
use crate::configuration::Caught;
use crate::diagnostic::{Finding, Location};
use crate::response::Response;
use crate::text::{Positions, Span};

/// What was found in a response, not yet put into words.
pub struct Report<'a> {
    subject: Subject<'a>,
    hits: Vec<Hit>,
}

/// A finding with the number of the field it is in; its location lacks the name of the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judged {
    /// Index of the field.
    pub field: usize,
    /// What was found; its location's line and column are those within the field's text.
    pub finding: Finding,
}

/// Judges the policies of one response.
///
/// A weakness counts only if no other enforced policy makes up for it, as browsers enforce all of them; a mistake in the
/// text counts wherever it stands. Findings come in the order of the fields and of the places in them.
///
/// ```
/// use cspc_core::csp::Delivery;
/// use cspc_core::lint::{Response, check};
/// let response = Response::of_policy("default-src 'self' 'unsafe-inline'", Delivery::Header);
/// assert!(check(&response).rules().any(|rule| rule.id == "csp/unsafe-inline"));
/// ```
pub fn check<'a>(response: &'a Response<'a>) -> Report<'a> {
    let subject = Subject::new(response);
    let hits = judge(&subject);
    Report { subject, hits }
}

/// What the reader of a server's configuration has found, in the words of the rules that `wants` a rule, each with its
/// place among the texts of the configuration.
pub fn explained(caught: &[Caught], wants: impl Fn(&Rule) -> bool) -> Vec<(Span, Finding)> {
    let found = caught.iter().filter_map(|caught| {
        let rule = registry::explaining(caught.trap).filter(|rule| wants(rule))?;
        Some((caught.at, rule.explained(caught)))
    });
    found.collect()
}

impl Report<'_> {
    /// The rules that found something, as often as they did.
    pub fn rules(&self) -> impl Iterator<Item = &'static Rule> {
        self.hits.iter().filter_map(|hit| registry::get(hit.rule()))
    }

    /// All that was found, in words, with lines and columns counted in one pass over each text.
    pub fn findings(&self) -> Vec<Judged> {
        self.findings_of(|_| true)
    }

    /// What the rules found that `wants` a rule.
    pub fn findings_of(&self, wants: impl Fn(&Rule) -> bool) -> Vec<Judged> {
        let mut positions: Vec<Positions<'_>> = self
            .subject
            .response
            .fields
            .iter()
            .map(|field| Positions::new(field.text().as_bytes()))
            .collect();
        let named = self.hits.iter().filter_map(|hit| Some((registry::get(hit.rule())?, hit)));
        named
            .filter(|(rule, _)| wants(rule))
            .filter_map(|(rule, hit)| {
                let position = positions.get_mut(hit.field as usize)?.at(hit.span.start);
                let mut finding = rule.finding(&self.place(hit)?);
                let (line, column, span) = (position.line, position.column, hit.span);
                finding.location = Some(Location { path: String::new(), line, column, span });
                Some(Judged { field: hit.field as usize, finding })
            })
            .collect()
    }

    fn place(&self, hit: &Hit) -> Option<Place<'_>> {
        let field = hit.field as usize;
        let text = self.subject.response.fields.get(field)?.text();
        let member = hit.member().and_then(|index| self.subject.members.get(index));
        let directive = member.and_then(|member| member.policy.directives.get(hit.directive()?));
        Some(Place { subject: &self.subject, text, field, member, directive, span: hit.span })
    }
}
