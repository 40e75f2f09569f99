//! Findings as people and machines read them.

pub(crate) mod github;
pub(crate) mod text;
