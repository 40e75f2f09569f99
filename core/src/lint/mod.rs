//! Rules that judge policies.
//!
//! A rule is one file in `rules/`: what it is called and why it matters, the check that finds it, and the words for what
//! was found. [`check`] reads each source expression once, shows it to the rules that care for its kind, and leaves the
//! words until they are asked for.

mod data;
mod dispatch;
mod headers;
mod judge;
mod kind;
mod nearest;
mod page;
mod registry;
mod report;
mod require;
mod rule;
mod rule_set;
mod rules;
mod sources;
mod subject;

pub use crate::response::{Extent, Field, Response, delivery_of};
pub use registry::all as rules;
pub use report::{Judged, Report, check, explained};
pub use require::{judged, unmet};
pub use rule::{Equivalent, Example, Rule};
