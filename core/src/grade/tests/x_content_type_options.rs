//! `x-content-type-options`.

use super::beginning;
use crate::grade::chart::Outcome;
use crate::grade::site::Site;

pub(super) fn test(site: &Site<'_>) -> Outcome {
    match site.filled("x-content-type-options") {
        None => Outcome::NoSniffAbsent,
        Some(value) if beginning(value, 256).eq_ignore_ascii_case("nosniff") => Outcome::NoSniff,
        Some(_) => Outcome::NoSniffInvalid,
    }
}
