//! Findings as people and machines read them.

pub(crate) mod text;
