//! `cross-origin-resource-sharing`.

use super::beginning;
use crate::grade::chart::Outcome;
use crate::grade::site::Site;

pub(super) fn test(site: &Site<'_>) -> Outcome {
    let Some(allowed) = site.filled("access-control-allow-origin") else {
        return Outcome::CorsAbsent;
    };
    let with_credentials = site
        .first("access-control-allow-credentials")
        .is_some_and(|value| value.trim().eq_ignore_ascii_case("true"));
    if beginning(allowed, 256) == "*" {
        Outcome::CorsPublic
    } else if allowed == site.origin && with_credentials {
        Outcome::CorsUniversal
    } else {
        Outcome::CorsRestricted
    }
}
