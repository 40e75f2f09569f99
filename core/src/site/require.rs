//! `[require]`: what an organisation demands of every response.

use crate::diagnostic::{Location, Severity};
use crate::header::{HeaderName, HeaderValue};

/// What is demanded of one header, and where that is said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Requirement {
    /// The header.
    pub header: HeaderName,
    /// What it is to be.
    pub demand: Demand,
    /// Whether a response without the header is as well.
    pub optional: bool,
    /// How much it matters where it is not kept; `None` for as much as the rules say.
    pub severity: Option<Severity>,
    /// Why it is demanded, in the organisation's own words.
    pub reason: Option<String>,
    /// Where the header is named.
    pub location: Location,
}

/// What a header is to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Demand {
    /// Not there at all.
    Absent,
    /// One of these values, to the letter; anything if there are none.
    OneOf(Vec<HeaderValue>),
    /// A value that has all of the first parts, and none of the second. A part is a directive or member of the value, such
    /// as `includeSubDomains`, `camera=()` or `frame-ancestors 'none'`, or a bound, such as `max-age>=31536000`; of a policy
    /// also a source expression, wherever it stands.
    Parts(Vec<Part>, Vec<Part>),
}

/// A part of a header's value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// It is there as it is written, but for case and white space.
    Text(String),
    /// A number that is no less than this.
    AtLeast(String, u64),
    /// A number that is no more than this.
    AtMost(String, u64),
}

impl Part {
    /// Reads a part.
    ///
    /// ```
    /// use cspc_core::site::Part;
    /// assert_eq!(Part::read("max-age >= 60"), Part::AtLeast("max-age".to_owned(), 60));
    /// ```
    pub fn read(text: &str) -> Self {
        let bound = |sign| {
            let (name, number) = text.split_once(sign)?;
            Some((name.trim().to_owned(), number.trim().parse().ok()?))
        };
        if let Some((name, least)) = bound(">=") {
            Self::AtLeast(name, least)
        } else if let Some((name, most)) = bound("<=") {
            Self::AtMost(name, most)
        } else {
            Self::Text(text.split_whitespace().collect::<Vec<_>>().join(" "))
        }
    }
}
