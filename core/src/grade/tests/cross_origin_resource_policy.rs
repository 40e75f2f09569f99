//! `cross-origin-resource-policy`.

use super::beginning;
use crate::grade::chart::Outcome;
use crate::grade::site::Site;
use crate::header::{CrossOriginResourcePolicy, Header as _};

/// The value is read in any case, which browsers do not.
pub(super) fn test(site: &Site<'_>) -> Outcome {
    let Some(value) = site.filled(CrossOriginResourcePolicy::NAME) else {
        return Outcome::CorpAbsent;
    };
    match CrossOriginResourcePolicy::parse(&beginning(value, 256).to_lowercase()).value {
        Some(CrossOriginResourcePolicy::SameOrigin) => Outcome::CorpSameOrigin,
        Some(CrossOriginResourcePolicy::SameSite) => Outcome::CorpSameSite,
        Some(CrossOriginResourcePolicy::CrossOrigin) => Outcome::CorpCrossOrigin,
        None => Outcome::CorpInvalid,
    }
}
