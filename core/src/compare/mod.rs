//! How two sets of policies stand to each other.
//!
//! [`subsumes`] compares by the text, as a browser does before it embeds a page under a policy it demands.

mod pattern;
mod subsume;

pub use subsume::subsumes;
