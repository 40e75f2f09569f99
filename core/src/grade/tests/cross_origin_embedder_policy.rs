//! `cross-origin-embedder-policy`.

use super::beginning;
use crate::grade::chart::Outcome;
use crate::grade::site::Site;
use crate::header::{CrossOriginEmbedderPolicy, EmbedderPolicy, Header as _};

pub(super) fn test(site: &Site<'_>) -> Outcome {
    let mut headers = site.all(CrossOriginEmbedderPolicy::NAME);
    let value = headers.next().unwrap_or_default();
    if headers.next().is_some() {
        return Outcome::CoepInvalid;
    }
    if value.is_empty() {
        return Outcome::CoepAbsent;
    }
    let parsed = CrossOriginEmbedderPolicy::parse(beginning(value, 1024));
    match parsed.value.map(|header| header.policy) {
        Some(EmbedderPolicy::RequireCorp) => Outcome::CoepRequireCorp,
        Some(EmbedderPolicy::Credentialless) => Outcome::CoepCredentialless,
        Some(EmbedderPolicy::UnsafeNone) => Outcome::CoepUnsafeNone,
        None => Outcome::CoepInvalid,
    }
}
