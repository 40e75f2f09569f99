//! The layers that send headers beside the plan's server.

use std::fmt;

use crate::diagnostic::Location;
use crate::header::HeaderName;

/// A layer around the plan's server, the outermost first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Layer {
    /// A content delivery network in front.
    Cdn,
    /// A load balancer in front.
    LoadBalancer,
    /// The application behind.
    Application,
}

impl fmt::Display for Layer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Cdn => "CDN",
            Self::LoadBalancer => "load balancer",
            Self::Application => "application",
        })
    }
}

/// A header that a layer sends, by the owner's word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LayerHeader {
    /// The layer.
    pub layer: Layer,
    /// The header's name.
    pub name: HeaderName,
    /// Where that is said.
    pub location: Location,
}
