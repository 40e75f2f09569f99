//! How two sets of policies stand to each other.
//!
//! [`subsumes`] compares by the text, as a browser does before it embeds a page under a policy it demands. [`diff`] looks
//! for what two sets of policies answer differently, and shows it by questions that [`decide`](crate::enforce::decide) has
//! answered. [`intersection`] makes one policy of several.

mod common;
mod cover;
mod diff;
mod fresh;
mod intersection;
mod list;
mod pattern;
mod questions;
mod subsume;

pub use diff::{Change, Difference, Direction, NotShown, Relation, Shown, diff};
pub use intersection::intersection;
pub use subsume::subsumes;
