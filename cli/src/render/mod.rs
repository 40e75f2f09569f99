//! Findings as people and machines read them.

pub(crate) mod csv;
pub(crate) mod effective;
pub(crate) mod estate;
pub(crate) mod grade;
pub(crate) mod progress;
pub(crate) mod text;
