//! `x-frame-options`.

use super::{Judged, beginning};
use crate::grade::chart::Outcome;
use crate::grade::site::Site;

/// Of several headers the first counts, and `frame-ancestors` counts before them, whatever it holds.
pub(super) fn test(site: &Site<'_>, policy: &Judged) -> Outcome {
    if policy.has_frame_ancestors {
        return Outcome::FrameAncestors;
    }
    let Some(value) = site.filled("x-frame-options") else { return Outcome::FrameAbsent };
    match beginning(value, 1024).to_lowercase().as_str() {
        "deny" | "sameorigin" => Outcome::FrameDenied,
        value if value.starts_with("allow-from") => Outcome::FrameAllowFrom,
        _ => Outcome::FrameInvalid,
    }
}
