//! `referrer-policy`.

use crate::grade::chart::Outcome;
use crate::grade::site::Site;
use crate::header::{Header as _, ReferrerPolicy};

/// Of all policies, those of a `<meta>` last, the last that is known counts.
pub(super) fn test(site: &Site<'_>) -> Outcome {
    let sent = site.all(ReferrerPolicy::NAME).chain(site.page.referrer.as_deref());
    let policies: Vec<_> = sent.map(|value| ReferrerPolicy::parse(value).value).collect();
    if policies.is_empty() {
        return Outcome::ReferrerAbsent;
    }
    match policies.into_iter().rev().flatten().next() {
        Some(policy) if policy.is_leaky() => Outcome::ReferrerUnsafe,
        Some(_) => Outcome::ReferrerPrivate,
        None => Outcome::ReferrerInvalid,
    }
}
