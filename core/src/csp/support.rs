//! Which browsers know something.

/// The first versions of browsers that know something; `-` for one that does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Support {
    /// Chrome, and what is built on Chromium.
    pub chrome: &'static str,
    /// Edge.
    pub edge: &'static str,
    /// Firefox.
    pub firefox: &'static str,
    /// Safari.
    pub safari: &'static str,
}

impl Support {
    /// No browser, or none whose version is on record.
    pub const NONE: Self = Self { chrome: "-", edge: "-", firefox: "-", safari: "-" };
}
