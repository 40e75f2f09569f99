//! What a client is sent, by place and status.

use crate::plan::Scheme;
use crate::text::Span;

/// A request, and what the server finds for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asked<'a> {
    /// The path as it is asked for, percent-encoded or not.
    pub path: &'a str,
    /// The status of what is found: 200 for a file that is there, 301 for a folder asked for without its slash, 404 for
    /// nothing. What the configuration answers by itself has the status that it says.
    pub status: u16,
    /// The media type, where it is known; otherwise that of the path's extension, if the configuration has it.
    pub media_type: Option<&'a str>,
    /// How it is asked.
    pub scheme: Scheme,
}

impl<'a> Asked<'a> {
    /// A file that is there, asked for over HTTPS.
    pub const fn page(path: &'a str) -> Self {
        Self { path, status: 200, media_type: None, scheme: Scheme::Https }
    }
}

/// A place of a site, and what is sent from there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// The site, by its name and how it is reached.
    pub site: String,
    /// The part of the site: a location, a section, or the path that was asked for.
    pub name: String,
    /// The statuses for which this holds.
    pub statuses: Vec<u16>,
    /// What is sent, in order.
    pub sent: Vec<Sent>,
    /// What the configuration sets, and a client does not get.
    pub lost: Vec<Lost>,
    /// What cannot be known from the configuration.
    pub notes: Vec<Note>,
}

/// A header that is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sent {
    /// Its name, as written.
    pub name: String,
    /// Its value. What cannot be known of it stands there as it is written, such as `$request_id`.
    pub value: String,
    /// The variables in it that cannot be known.
    pub variables: Vec<String>,
    /// The word of the configuration that gives the value.
    pub at: Span,
    /// Whether the value stands there just as it is sent, so that its own spans can be shown; where it begins then.
    pub offset: Option<usize>,
    /// Whether it is sent in every case.
    pub is_certain: bool,
    /// Apache's table that it is in; `None` with other servers.
    pub table: Option<Table>,
}

/// One of Apache's two tables of headers: no line of the one replaces what is in the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Table {
    /// Goes out with every answer.
    Always,
    /// Not with those that the server makes by itself, such as errors and redirects.
    OnSuccess,
}

/// A header that is set, but not sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lost {
    /// Its name.
    pub name: String,
    /// The line that sets it.
    pub at: Span,
    /// The line that loses it; `None` where the line that sets it does so by itself.
    pub by: Option<Span>,
    /// Why.
    pub why: Loss,
}

/// Why a header is lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Loss {
    /// A block that sets a header of its own forgets those around it.
    NotInherited,
    /// It is not sent with this status.
    NotWithStatus,
    /// It is put off until the response is written, which Caddy's own errors do without.
    PutOff,
    /// Another line sets it to something else.
    Replaced,
    /// Another line takes it away.
    Removed,
}

impl Loss {
    /// Every reason.
    pub const ALL: [Self; 5] =
        [Self::NotInherited, Self::NotWithStatus, Self::PutOff, Self::Replaced, Self::Removed];

    /// Its name in machine formats.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NotInherited => "not-inherited",
            Self::NotWithStatus => "not-with-status",
            Self::PutOff => "put-off",
            Self::Replaced => "replaced",
            Self::Removed => "removed",
        }
    }
}

/// Something that cannot be known from the configuration.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Note {
    /// What.
    pub text: String,
    /// The line that says so.
    pub at: Span,
}

/// Places one after the other, of which those that differ in nothing but the status are one.
pub fn grouped(places: impl IntoIterator<Item = Place>) -> Vec<Place> {
    let mut groups: Vec<Place> = Vec::new();
    for place in places {
        let is_same = |other: &&mut Place| {
            (&other.site, &other.name, &other.sent, &other.lost, &other.notes)
                == (&place.site, &place.name, &place.sent, &place.lost, &place.notes)
        };
        // The statuses of a place follow each other.
        match groups.iter_mut().rev().take(8).find(is_same) {
            Some(same) => same.statuses.extend(place.statuses),
            None => groups.push(place),
        }
    }
    groups
}
