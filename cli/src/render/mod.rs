//! Findings as people and machines read them.

pub(crate) mod effective;
pub(crate) mod grade;
pub(crate) mod text;
