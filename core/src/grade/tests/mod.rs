//! The Observatory's tests: one file a test, each by its letter, its mistakes included.

mod content_security_policy;
mod cookies;
mod cross_origin_embedder_policy;
mod cross_origin_opener_policy;
mod cross_origin_resource_policy;
mod cross_origin_resource_sharing;
mod redirection;
mod referrer_policy;
mod strict_transport_security;
mod subresource_integrity;
mod x_content_type_options;
mod x_frame_options;

use content_security_policy::Judged;
pub use content_security_policy::PolicyFacts;

use super::chart::Outcome;
use super::site::Site;

/// What each test finds, in the order of [`super::Test::ALL`], and what the policy lets through, if there is one.
pub(super) fn run(site: &Site<'_>) -> ([Outcome; 12], Option<PolicyFacts>) {
    let policy = content_security_policy::test(site);
    let hsts = strict_transport_security::test(site);
    let outcomes = [
        policy.outcome,
        cookies::test(site, hsts.passes()),
        cross_origin_embedder_policy::test(site),
        cross_origin_opener_policy::test(site),
        cross_origin_resource_sharing::test(site),
        redirection::test(site),
        referrer_policy::test(site),
        hsts,
        subresource_integrity::test(site),
        x_content_type_options::test(site),
        x_frame_options::test(site, &policy),
        cross_origin_resource_policy::test(site),
    ];
    (outcomes, policy.facts)
}

/// The beginning of a text: the Observatory reads no more of long values.
fn beginning(text: &str, length: usize) -> &str {
    text.char_indices().nth(length).map_or(text, |(end, _)| text.get(..end).unwrap_or(text)).trim()
}
