//! The shapes of `cspc check`.

use std::collections::BTreeSet;

use super::read::{Text, TextError};
use crate::deployment::{Answer, Document, read_judged};
use crate::diagnostic::{Finding, Location};
use crate::lint::{self, Judged, Rule};
use crate::site::Requirement;
use crate::text::{Offsets, Span};

impl Text {
    /// What the rules find in the text.
    ///
    /// # Errors
    /// If it has no form that is known.
    pub fn findings(&self) -> Result<Vec<Finding>, TextError> {
        let document = read_judged(&self.name, &self.text, self.known_form()?)?;
        let offsets = Offsets::new(&document.text, self.units);
        let found = findings(&document, &[], |_| true).into_iter();
        Ok(found.map(|finding| finding.with_offsets(&offsets)).collect())
    }
}

/// What the rules that `wants` a rule find in a document, and what is not as it is demanded to be, in the order of the
/// places, which are those of the whole text.
///
/// ```
/// use cspc_core::deployment::read;
/// use cspc_core::wire::findings;
/// let document = read("a.txt", "Content-Security-Policy: script-src *", None).unwrap();
/// let found = findings(&document, &[], |rule| rule.id == "csp/broad-script-source");
/// assert_eq!(found[0].location.as_ref().unwrap().column, 37);
/// ```
pub fn findings(
    document: &Document,
    requirements: &[Requirement],
    wants: impl Fn(&Rule) -> bool,
) -> Vec<Finding> {
    let mut found = Vec::new();
    for answer in &document.answers {
        let response = answer.response();
        let mut judged = lint::check(&response).findings_of(&wants);
        judged.retain(|judged| answer.fields.get(judged.field).is_none_or(|field| !field.is_open));
        judged.extend(lint::unmet(&answer.demanded(document.form), requirements, &wants));
        found.extend(judged.into_iter().map(|judged| shifted(judged, answer, document)));
    }
    let caught = lint::explained(&document.caught, &wants);
    found.extend(caught.into_iter().map(|(span, finding)| (span, None, finding)));
    found.sort_by_key(|(span, ..)| *span);
    // A line of a configuration is judged in every place in which it is sent.
    let mut seen = BTreeSet::new();
    found.retain(|(span, _, finding)| {
        !document.form.is_configuration()
            || seen.insert((*span, finding.rule.clone(), finding.message.clone()))
    });
    placed(found, document)
}

/// A finding with its place in the whole text, and the name of its response where that is all there is of a place.
type Found = (Span, Option<String>, Finding);

/// The finding with its spans in the whole text, and the name of its response.
fn shifted(Judged { field, mut finding }: Judged, answer: &Answer, document: &Document) -> Found {
    let (offset, written) = answer.place_of(field);
    let within = finding.location.as_ref().map(|location| location.span).unwrap_or_default();
    finding.fix = finding.fix.and_then(|mut fix| {
        let is_plain =
            !document.form.is_configuration() || can_be_put(document, offset?, &fix.replacement);
        fix.span = fix.span.shifted(offset?);
        is_plain.then_some(fix)
    });
    let span = offset.map(|offset| within.shifted(offset)).or(written);
    // Without a place in the text, the name of the response is the only place there is.
    (span.unwrap_or_default(), answer.name.clone().filter(|_| span.is_none()), finding)
}

/// Whether a text can be put into a value of a configuration as it is: between double quotes of the file itself, where
/// nothing in it means anything to the server.
fn can_be_put(document: &Document, offset: usize, text: &str) -> bool {
    let before = offset.checked_sub(1).and_then(|at| document.text.as_bytes().get(at));
    before == Some(&b'"') && !text.contains(['"', '\\', '$', '%', '{', '\n', '\r'])
}

/// The findings by place, with lines and columns counted in one pass over each text.
fn placed(mut found: Vec<Found>, document: &Document) -> Vec<Finding> {
    found.sort_by_key(|(span, ..)| *span);
    let locations = document.sources.locations(found.iter().map(|(span, ..)| *span));
    let place = |((_, name, finding), mut location): (Found, Location)| {
        if let Some(name) = name {
            location.path = format!("{}#{name}", document.name);
        }
        Finding { location: Some(location), ..finding }
    };
    found.into_iter().zip(locations).map(place).collect()
}
