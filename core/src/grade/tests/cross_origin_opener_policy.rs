//! `cross-origin-opener-policy`.

use super::beginning;
use crate::grade::chart::Outcome;
use crate::grade::site::Site;
use crate::header::{CrossOriginOpenerPolicy, Header as _, OpenerPolicy};

pub(super) fn test(site: &Site<'_>) -> Outcome {
    let mut headers = site.all(CrossOriginOpenerPolicy::NAME);
    let value = headers.next().unwrap_or_default();
    if headers.next().is_some() {
        return Outcome::CoopInvalid;
    }
    if value.is_empty() {
        return Outcome::CoopAbsent;
    }
    let parsed = CrossOriginOpenerPolicy::parse(beginning(value, 1024));
    match parsed.value.map(|header| header.policy) {
        Some(OpenerPolicy::SameOrigin) => Outcome::CoopSameOrigin,
        Some(OpenerPolicy::SameOriginAllowPopups) => Outcome::CoopAllowPopups,
        Some(OpenerPolicy::NoopenerAllowPopups) => Outcome::CoopNoopener,
        Some(OpenerPolicy::UnsafeNone) => Outcome::CoopUnsafeNone,
        None => Outcome::CoopInvalid,
    }
}
