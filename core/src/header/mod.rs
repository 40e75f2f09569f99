//! Response headers: names and values that cannot break out of their line, and one reader a header.
//!
//! [`Header`] is what the typed headers have in common: [`Header::parse`] reads a value and keeps the place of what is
//! wrong in it, and what is displayed is what is sent. [`crate::csp`] reads policies.

mod access_control_allow_origin;
mod cache_control;
mod clear_site_data;
mod cross_origin_embedder_policy;
mod cross_origin_opener_policy;
mod cross_origin_resource_policy;
mod document_isolation_policy;
mod document_policy;
mod field;
mod integrity_policy;
mod isolation;
mod nel;
mod origin;
mod origin_agent_cluster;
mod permissions_policy;
mod referrer_policy;
mod report_to;
mod reporting_endpoints;
mod set_cookie;
mod strict_transport_security;
mod structured;
mod value;
mod x_content_type_options;
mod x_frame_options;

pub use access_control_allow_origin::AccessControlAllowOrigin;
pub use cache_control::CacheControl;
pub use clear_site_data::{ClearSiteData, SiteData};
pub use cross_origin_embedder_policy::{CrossOriginEmbedderPolicy, EmbedderPolicy};
pub use cross_origin_opener_policy::{CrossOriginOpenerPolicy, OpenerPolicy};
pub use cross_origin_resource_policy::CrossOriginResourcePolicy;
pub use document_isolation_policy::{DocumentIsolationPolicy, IsolationPolicy};
pub use document_policy::DocumentPolicy;
pub use field::{Header, Issue, Parsed, Problem};
pub use integrity_policy::{IntegrityDestination, IntegrityPolicy};
pub use nel::Nel;
pub use origin::Origin;
pub use origin_agent_cluster::OriginAgentCluster;
pub use permissions_policy::{
    Allowlist, Feature, FeatureStatus, PermissionsPolicy, status as feature_status,
};
pub use referrer_policy::ReferrerPolicy;
pub use report_to::{ReportEndpoint, ReportGroup, ReportTo};
pub use reporting_endpoints::{Endpoint, ReportingEndpoints};
pub use set_cookie::{PrefixFault, SameSite, SetCookie};
pub use strict_transport_security::StrictTransportSecurity;
pub use value::{HeaderError, HeaderName, HeaderValue};
pub use x_content_type_options::XContentTypeOptions;
pub use x_frame_options::XFrameOptions;

#[cfg(test)]
mod tests {
    use std::fmt::Debug;

    use proptest::prelude::*;

    use super::*;

    /// What is read and sent again is read as the same, and every issue stands in the text.
    fn holds<'a, T: Header<'a> + PartialEq + Debug>(value: &'a str) -> Option<String> {
        let parsed = T::parse(value);
        for issue in &parsed.issues {
            assert!(
                value.get(issue.span.start..issue.span.end).is_some(),
                "{issue:?} in `{value}`"
            );
        }
        parsed.value.map(|header| header.to_value().as_str().to_owned())
    }

    /// Checks the laws for one value of a header.
    macro_rules! laws {
        ($value:expr, $($header:ty),+) => {$(
            if let Some(sent) = holds::<$header>($value) {
                let again = holds::<$header>(&sent);
                prop_assert_eq!(Some(&sent), again.as_ref(), "{} from `{}`", stringify!($header), $value);
            }
        )+};
    }

    proptest! {
        #[test]
        fn what_is_sent_is_read_as_it_was_meant(
            value in r#"([a-z*?1 ]{0,4}|max-age|=|;|,|"|'|self|script|blocked-destinations|\(|\)|no-referrer|deny|nosniff|same-origin|camera|js-profiling|isolate-and-require-corp|\{"max_age":1\}|Secure|SameSite|Path|/|https://a\.example|é|\\){0,9}"#,
        ) {
            laws!(
                &value, StrictTransportSecurity, SetCookie<'_>, ReferrerPolicy, XFrameOptions,
                XContentTypeOptions, CrossOriginOpenerPolicy, CrossOriginEmbedderPolicy,
                CrossOriginResourcePolicy, AccessControlAllowOrigin<'_>, IntegrityPolicy,
                ClearSiteData, CacheControl<'_>, OriginAgentCluster, DocumentPolicy,
                DocumentIsolationPolicy, ReportTo, Nel
            );
            holds::<ReportingEndpoints>(&value);
            holds::<PermissionsPolicy>(&value);
        }
    }
}
