//! The shapes of `cspc check`.

use super::read::Text;
use crate::deployment::{Answer, Document, ReadError, UnknownForm};
use crate::diagnostic::{Finding, Location};
use crate::lint::{self, Rule};
use crate::text::{Offsets, Position, Positions, Span};

impl Text {
    /// What the rules find in the text.
    ///
    /// # Errors
    /// If it has no form that is known.
    pub fn findings(&self) -> Result<Vec<Finding>, CheckError> {
        let document = self.document()?;
        let offsets = Offsets::new(&document.text, self.units);
        let found = findings(&document, |_| true).into_iter();
        Ok(found.map(|finding| finding.with_offsets(&offsets)).collect())
    }
}

/// Why a text cannot be judged.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CheckError {
    /// It cannot be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The form that it is said to have is none.
    #[error(transparent)]
    Form(#[from] UnknownForm),
}

/// What the rules that `wants` a rule find in a document, in the order of the places, which are those of the whole text.
///
/// ```
/// use cspc_core::deployment::read;
/// use cspc_core::wire::findings;
/// let document = read("a.txt", "Content-Security-Policy: script-src *", None).unwrap();
/// let found = findings(&document, |rule| rule.id == "csp/broad-script-source");
/// assert_eq!(found[0].location.as_ref().unwrap().column, 37);
/// ```
pub fn findings(document: &Document, wants: impl Fn(&Rule) -> bool) -> Vec<Finding> {
    let mut found = Vec::new();
    for answer in &document.answers {
        let response = answer.response();
        let judged = lint::check(&response).findings_of(&wants);
        found.extend(judged.into_iter().map(|judged| {
            let offset = answer.fields.get(judged.field).and_then(|field| field.offset);
            shifted(judged.finding, offset, answer)
        }));
    }
    placed(found, document)
}

/// The finding with its spans in the whole text, in which its field begins at `offset`, and the name of its response.
fn shifted(
    mut finding: Finding,
    offset: Option<usize>,
    answer: &Answer,
) -> (Span, Option<String>, Finding) {
    let within = finding.location.as_ref().map(|location| location.span).unwrap_or_default();
    finding.fix = finding.fix.and_then(|mut fix| {
        fix.span = fix.span.shifted(offset?);
        Some(fix)
    });
    let span = offset.map_or(Span::default(), |offset| within.shifted(offset));
    // Without a place in the text, the name of the response is the only place there is.
    (span, answer.name.clone().filter(|_| offset.is_none()), finding)
}

/// The findings by place, with lines and columns counted in one pass over the text.
fn placed(mut found: Vec<(Span, Option<String>, Finding)>, document: &Document) -> Vec<Finding> {
    found.sort_by_key(|(span, ..)| *span);
    let mut positions = Positions::new(document.text.as_bytes());
    let place = |(span, name, finding): (Span, Option<String>, Finding)| {
        let Position { line, column } = positions.at(span.start);
        let path = match name {
            Some(name) => format!("{}#{name}", document.name),
            None => document.name.clone(),
        };
        Finding { location: Some(Location { path, line, column, span }), ..finding }
    };
    found.into_iter().map(place).collect()
}
