//! What is sent from where, as `cspc check --effective` shows it.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::configuration::{Asked, Place};
use crate::deployment::{Answer, Document, Located};
use crate::diagnostic::Location;
use crate::text::Span;

/// The format `cspc.effective/1`.
#[derive(Clone, Debug, Serialize)]
pub struct Effective {
    schema: &'static str,
    /// The places of all inputs, in order.
    pub places: Vec<EffectivePlace>,
}

/// A place, and what is sent from there.
#[derive(Clone, Debug, Serialize)]
pub struct EffectivePlace {
    /// The site, by its name and how it is reached; empty where nothing is known of it.
    pub site: String,
    /// The part of the site: a location, or the path that was asked for.
    pub place: String,
    /// The statuses for which this holds; empty for all.
    pub status: Vec<u16>,
    /// What is sent, in order.
    pub headers: Vec<EffectiveHeader>,
    /// What is set, but not sent.
    pub lost: Vec<LostHeader>,
    /// What cannot be known.
    pub unknown: Vec<Unknown>,
}

/// A header that is sent.
#[derive(Clone, Debug, Serialize)]
pub struct EffectiveHeader {
    /// Its name.
    pub name: String,
    /// Its value, variables that cannot be known as they are written.
    pub value: String,
    /// Those variables.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub variables: Vec<String>,
    /// Whether it is sent in every case.
    pub certain: bool,
    /// The line that sets it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<Location>,
}

/// A header that is lost.
#[derive(Clone, Debug, Serialize)]
pub struct LostHeader {
    /// Its name.
    pub name: String,
    /// The line that sets it.
    pub at: Location,
    /// The line that loses it, if it is another one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<Location>,
    /// Why: `not-inherited`, `not-with-status`, `put-off`, `replaced` or `removed`.
    pub why: &'static str,
}

/// Something that cannot be known.
#[derive(Clone, Debug, Serialize)]
pub struct Unknown {
    /// What.
    pub what: String,
    /// The line that says so.
    pub at: Location,
}

impl Effective {
    /// What the documents say, by place, or for these requests only. A document that is no configuration says the same
    /// for every request.
    ///
    /// ```
    /// use cspc_core::deployment::{Form, read};
    /// use cspc_core::wire::Effective;
    /// let text = "location /a { add_header X-A 1; }";
    /// let document = read("a.conf", text, Some(Form::Nginx)).unwrap();
    /// let places = Effective::of(&[document], &[]).places;
    /// assert!(places.iter().any(|it| it.place == "location /a" && it.status == [200, 301, 304]));
    /// ```
    pub fn of(documents: &[Document], asked: &[Asked<'_>]) -> Self {
        let places = documents.iter().flat_map(|document| of_document(document, asked));
        Self { schema: "cspc.effective/1", places: places.collect() }
    }
}

fn of_document(document: &Document, asked: &[Asked<'_>]) -> Vec<EffectivePlace> {
    let Some(configuration) = &document.configuration else {
        return document.answers.iter().map(|answer| of_answer(document, answer)).collect();
    };
    let places = match asked {
        [] => configuration.places(),
        asked => asked.iter().flat_map(|asked| configuration.asked(asked)).collect(),
    };
    let locations = locations(document, &places);
    places.into_iter().map(|place| of_place(place, &locations)).collect()
}

/// Where all lines of the places are, found in one pass over the texts.
fn locations(document: &Document, places: &[Place]) -> BTreeMap<Span, Location> {
    let spans = places.iter().flat_map(|place| {
        let sent = place.sent.iter().map(|sent| sent.at);
        let lost = place.lost.iter().flat_map(|lost| [Some(lost.at), lost.by]).flatten();
        sent.chain(lost).chain(place.notes.iter().map(|note| note.at))
    });
    let spans: std::collections::BTreeSet<Span> = spans.collect();
    let found = document.sources.locations(spans.iter().copied());
    spans.into_iter().zip(found).collect()
}

fn of_place(place: Place, locations: &BTreeMap<Span, Location>) -> EffectivePlace {
    let at = |span: Span| locations.get(&span).cloned();
    let nowhere = || Location { path: String::new(), line: 1, column: 1, span: Span::default() };
    let sent = place.sent.into_iter().map(|sent| EffectiveHeader {
        name: sent.name,
        value: sent.value,
        variables: sent.variables,
        certain: sent.is_certain,
        at: at(sent.at),
    });
    let lost = place.lost.into_iter().map(|lost| LostHeader {
        name: lost.name,
        at: at(lost.at).unwrap_or_else(nowhere),
        by: lost.by.and_then(at),
        why: lost.why.as_str(),
    });
    let unknown = place
        .notes
        .into_iter()
        .map(|note| Unknown { what: note.text, at: at(note.at).unwrap_or_else(nowhere) });
    EffectivePlace {
        site: place.site,
        place: place.name,
        status: place.statuses,
        headers: sent.collect(),
        lost: lost.collect(),
        unknown: unknown.collect(),
    }
}

fn of_answer(document: &Document, answer: &Answer) -> EffectivePlace {
    let header = |field: &Located| EffectiveHeader {
        name: field.name().into_owned(),
        value: field.text.clone(),
        variables: Vec::new(),
        certain: true,
        at: field
            .offset
            .map(|offset| document.sources.location(Span::new(offset, offset + field.text.len()))),
    };
    EffectivePlace {
        site: String::new(),
        place: answer.name.clone().unwrap_or_else(|| document.name.clone()),
        status: Vec::new(),
        headers: answer.fields.iter().map(header).collect(),
        lost: Vec::new(),
        unknown: Vec::new(),
    }
}
