//! Every rule.

use std::sync::LazyLock;

use super::rule::{Breach, Check, Rule};
use super::rules;
use crate::configuration::Trap;

/// Those about policies, which are asked by sets of them.
static POLICIES: [&Rule; 74] = [
    &rules::allowlist_policy::RULE,
    &rules::blocked_by_another_policy::RULE,
    &rules::broad_base_uri::RULE,
    &rules::broad_form_action::RULE,
    &rules::broad_frame_ancestors::RULE,
    &rules::broad_object_source::RULE,
    &rules::broad_script_source::RULE,
    &rules::broad_source::RULE,
    &rules::bypass_by_redirect::RULE,
    &rules::bypass_host::RULE,
    &rules::default_src_not_none::RULE,
    &rules::deprecated_directive::RULE,
    &rules::duplicate_directive::RULE,
    &rules::duplicate_value::RULE,
    &rules::empty_policy::RULE,
    &rules::empty_source_list::RULE,
    &rules::extra_value::RULE,
    &rules::hash_length::RULE,
    &rules::host_allowlist::RULE,
    &rules::http_report_uri::RULE,
    &rules::http_source::RULE,
    &rules::ignored_in_meta::RULE,
    &rules::ignored_in_report_only::RULE,
    &rules::ignored_source::RULE,
    &rules::invalid_directive_name::RULE,
    &rules::invalid_hash::RULE,
    &rules::invalid_nonce::RULE,
    &rules::invalid_sandbox_token::RULE,
    &rules::invalid_source::RULE,
    &rules::invalid_token::RULE,
    &rules::invalid_value::RULE,
    &rules::ip_source::RULE,
    &rules::local_source::RULE,
    &rules::meta_delivery::RULE,
    &rules::missing_base_uri::RULE,
    &rules::missing_default_src::RULE,
    &rules::missing_form_action::RULE,
    &rules::missing_frame_ancestors::RULE,
    &rules::missing_object_src::RULE,
    &rules::missing_script_src::RULE,
    &rules::missing_semicolon::RULE,
    &rules::missing_trusted_types::RULE,
    &rules::missing_value::RULE,
    &rules::no_allowlist_fallback::RULE,
    &rules::no_inline_fallback::RULE,
    &rules::no_reporting::RULE,
    &rules::non_ascii_directive::RULE,
    &rules::none_not_alone::RULE,
    &rules::object_source::RULE,
    &rules::path_without_slash::RULE,
    &rules::public_suffix_source::RULE,
    &rules::public_suffix_wildcard::RULE,
    &rules::quoted_report_uri::RULE,
    &rules::redundant_source::RULE,
    &rules::removed_directive::RULE,
    &rules::report_to_only::RULE,
    &rules::self_script_source::RULE,
    &rules::shared_script_host::RULE,
    &rules::short_nonce::RULE,
    &rules::source_has_fragment::RULE,
    &rules::source_has_query::RULE,
    &rules::source_without_effect::RULE,
    &rules::static_nonce::RULE,
    &rules::strict_dynamic_alone::RULE,
    &rules::style_unsafe_hashes::RULE,
    &rules::style_unsafe_inline::RULE,
    &rules::trusted_types_eval_alone::RULE,
    &rules::unexpected_value::RULE,
    &rules::unknown_directive::RULE,
    &rules::unquoted_keyword::RULE,
    &rules::unsafe_eval::RULE,
    &rules::unsafe_hashes::RULE,
    &rules::unsafe_inline::RULE,
    &rules::wasm_unsafe_eval::RULE,
];

/// Those about the rest of a response.
static RESPONSES: [&Rule; 99] = [
    &rules::auth_basic::RULE,
    &rules::cache_conflict::RULE,
    &rules::cache_session_shared::RULE,
    &rules::cache_session_stored::RULE,
    &rules::cache_vary_any::RULE,
    &rules::clear_site_data_invalid::RULE,
    &rules::clear_site_data_on_page::RULE,
    &rules::coep_invalid::RULE,
    &rules::coep_missing::RULE,
    &rules::coep_unsafe_none::RULE,
    &rules::content_type_missing::RULE,
    &rules::content_type_no_charset::RULE,
    &rules::cookie_domain::RULE,
    &rules::cookie_duplicate::RULE,
    &rules::cookie_no_http_only::RULE,
    &rules::cookie_no_same_site::RULE,
    &rules::cookie_no_secure::RULE,
    &rules::cookie_prefix::RULE,
    &rules::cookie_same_site_none::RULE,
    &rules::cookie_syntax::RULE,
    &rules::coop_invalid::RULE,
    &rules::coop_missing::RULE,
    &rules::coop_unsafe_none::RULE,
    &rules::corp_cross_origin::RULE,
    &rules::corp_invalid::RULE,
    &rules::corp_missing::RULE,
    &rules::cors_any_origin::RULE,
    &rules::cors_any_origin_with_credentials::RULE,
    &rules::cors_broad_methods::RULE,
    &rules::cors_exposed_secrets::RULE,
    &rules::cors_insecure_origin::RULE,
    &rules::cors_invalid_credentials::RULE,
    &rules::cors_invalid_origin::RULE,
    &rules::cors_long_max_age::RULE,
    &rules::cors_no_vary::RULE,
    &rules::cors_null_origin::RULE,
    &rules::cross_domain_policies_open::RULE,
    &rules::directive_as_header::RULE,
    &rules::frame_options_conflict::RULE,
    &rules::legacy_header::RULE,
    &rules::missing_policy::RULE,
    &rules::policy_on_non_document::RULE,
    &rules::report_only_alone::RULE,
    &rules::unknown_report_endpoint::RULE,
    &rules::upgrade_without_hsts::RULE,
    &rules::document_isolation_invalid::RULE,
    &rules::document_policy_invalid::RULE,
    &rules::header_deprecated::RULE,
    &rules::header_duplicate::RULE,
    &rules::header_empty::RULE,
    &rules::header_invalid_report_only::RULE,
    &rules::header_refresh::RULE,
    &rules::header_service_worker_allowed::RULE,
    &rules::hsts_invalid::RULE,
    &rules::hsts_missing::RULE,
    &rules::hsts_no_subdomains::RULE,
    &rules::hsts_preload_ineligible::RULE,
    &rules::hsts_short_max_age::RULE,
    &rules::integrity_policy_invalid::RULE,
    &rules::integrity_policy_missing::RULE,
    &rules::leak_dns_prefetch::RULE,
    &rules::leak_etag_inode::RULE,
    &rules::leak_request_header::RULE,
    &rules::leak_server_timing::RULE,
    &rules::leak_server_version::RULE,
    &rules::leak_source_map::RULE,
    &rules::leak_technology::RULE,
    &rules::leak_timing::RULE,
    &rules::nel_invalid::RULE,
    &rules::origin_agent_cluster_invalid::RULE,
    &rules::page_compromised_host::RULE,
    &rules::page_event_handler::RULE,
    &rules::page_header_in_meta::RULE,
    &rules::page_http_form::RULE,
    &rules::page_inline_script::RULE,
    &rules::page_inline_style::RULE,
    &rules::page_integrity_without_cors::RULE,
    &rules::page_invalid_integrity::RULE,
    &rules::page_javascript_url::RULE,
    &rules::page_leaky_referrer::RULE,
    &rules::page_missing_integrity::RULE,
    &rules::page_mixed_content::RULE,
    &rules::page_opener::RULE,
    &rules::page_scheme_relative_url::RULE,
    &rules::page_session_in_url::RULE,
    &rules::permissions_broad::RULE,
    &rules::permissions_missing::RULE,
    &rules::permissions_syntax::RULE,
    &rules::permissions_unknown_feature::RULE,
    &rules::referrer_leaky::RULE,
    &rules::referrer_missing::RULE,
    &rules::referrer_unknown::RULE,
    &rules::reporting_insecure_endpoint::RULE,
    &rules::reporting_invalid_endpoints::RULE,
    &rules::reporting_invalid_report_to::RULE,
    &rules::x_content_type_options_invalid::RULE,
    &rules::x_content_type_options_missing::RULE,
    &rules::x_frame_options_invalid::RULE,
    &rules::x_frame_options_missing::RULE,
];

/// Those that explain what the reader of a server's configuration, or of a browser's messages, finds.
static EXPLAINING: [&Rule; 20] = [
    &rules::server_alias_traversal::RULE,
    &rules::server_doubled_by_application::RULE,
    &rules::server_header_in_other_table::RULE,
    &rules::server_header_splitting::RULE,
    &rules::server_header_twice::RULE,
    &rules::server_host_from_client::RULE,
    &rules::server_hsts_over_http::RULE,
    &rules::server_if_without_try_files::RULE,
    &rules::server_line_in_value::RULE,
    &rules::server_long_header::RULE,
    &rules::server_loose_origin::RULE,
    &rules::server_lost_inheritance::RULE,
    &rules::server_not_on_errors::RULE,
    &rules::server_open_redirect::RULE,
    &rules::server_path_as_sent::RULE,
    &rules::server_proxy_to_client::RULE,
    &rules::server_referer_none::RULE,
    &rules::server_reflected_origin::RULE,
    &rules::server_value_from_client::RULE,
    &rules::violation::RULE,
];

/// Those that an organisation's own demands are told by.
static DEMANDING: [&Rule; 3] =
    [&rules::require_forbidden::RULE, &rules::require_missing::RULE, &rules::require_value::RULE];

static ALL: LazyLock<Vec<&Rule>> = LazyLock::new(|| {
    let mut rules: Vec<&Rule> = judging().chain(EXPLAINING).chain(DEMANDING).collect();
    rules.sort_by_key(|rule| rule.id);
    rules
});

/// Every rule, in the order of their ids.
pub fn all() -> &'static [&'static Rule] {
    &ALL
}

/// The rules that judge responses: those about policies first, so that their places fit into a set.
pub(super) fn judging() -> impl Iterator<Item = &'static Rule> {
    POLICIES.into_iter().chain(RESPONSES)
}

/// The rule at a place among those that judge.
pub(super) fn get(index: usize) -> Option<&'static Rule> {
    let of_response = || RESPONSES.get(index.checked_sub(POLICIES.len())?);
    POLICIES.get(index).or_else(of_response).copied()
}

/// The rule about a mistake in a configuration.
pub(super) fn explaining(trap: Trap) -> Option<&'static Rule> {
    let is_it = |rule: &&Rule| matches!(rule.check, Check::Configuration(own) if own == trap);
    EXPLAINING.iter().copied().find(is_it)
}

/// The rule about a way in which a demand is not kept.
pub(super) fn demanding(breach: Breach) -> Option<&'static Rule> {
    let is_it = |rule: &&Rule| matches!(rule.check, Check::Requirement(own) if own == breach);
    DEMANDING.iter().copied().find(is_it)
}

#[cfg(test)]
mod tests {
    use super::super::{Example, Extent, Field, Response, check};
    use super::{POLICIES, RESPONSES, all};
    use crate::csp::Delivery;
    use crate::diagnostic::Severity;

    /// The ids of what is found, those for information left out.
    fn rules_in(text: &str) -> Vec<&'static str> {
        judged(&[(text, Delivery::Header)]).into_iter().map(|(_, rule)| rule).collect()
    }

    fn judged(texts: &[(&str, Delivery)]) -> Vec<(usize, &'static str)> {
        let fields =
            texts.iter().map(|&(text, delivery)| Field::Policy { text, delivery }).collect();
        let response = Response { fields, extent: Extent::Policies };
        let report = check(&response);
        let judged = report.findings_of(|rule| rule.severity > Severity::Info);
        judged.into_iter().map(|judged| (judged.field, id(&judged.finding.rule))).collect()
    }

    fn id(name: &str) -> &'static str {
        all().iter().find(|rule| rule.id == name).map_or("", |rule| rule.id)
    }

    /// The rules that find something in an example; `None` if it is a configuration, or has demands, which are read elsewhere.
    fn shown(example: Example) -> Option<Vec<&'static str>> {
        let text = example.text();
        let response = match example {
            Example::Apache(_) | Example::Nginx(_) | Example::Console(_) | Example::Required(_) => {
                return None;
            }
            Example::Page(html) => {
                Response { fields: vec![Field::Page { html, url: None }], extent: Extent::Policies }
            }
            Example::Policy(_) => Response::of_policy(text, Delivery::Header),
            Example::Meta(_) => Response::of_policy(text, Delivery::Meta),
            Example::ReportOnly(_) => Response::of_policy(text, Delivery::ReportOnly),
            Example::Head(_) => {
                let lines = text.lines().filter_map(|line| line.split_once(": "));
                let fields = lines.map(|(name, value)| Field::header(name, value)).collect();
                Response { fields, extent: Extent::Head }
            }
        };
        let report = check(&response);
        Some(report.rules().map(|rule| rule.id).collect())
    }

    #[test]
    fn ids_are_unique_and_sorted() {
        let ids: Vec<&str> = all().iter().map(|rule| rule.id).collect();
        assert!(ids.is_sorted_by(|a, b| a < b), "{ids:?}");
        assert!(POLICIES.len() <= 128, "a set of rules is 128 bits");
        assert!(POLICIES.is_sorted_by(|a, b| a.id < b.id));
        assert!(RESPONSES.is_sorted_by(|a, b| a.id < b.id));
    }

    #[test]
    fn every_example_shows_its_rule_and_the_good_one_does_not() {
        for rule in all() {
            let (Some(bad), Some(good)) = (shown(rule.example), shown(rule.good)) else { continue };
            assert!(bad.contains(&rule.id), "{}: {:?} {bad:?}", rule.id, rule.example);
            assert!(!good.contains(&rule.id), "{}: {:?}", rule.id, rule.good);
        }
    }

    #[test]
    fn every_rule_is_documented() {
        for rule in all() {
            let texts = [rule.summary, rule.rationale, rule.fix];
            assert!(texts.iter().all(|text| !text.is_empty()), "{}", rule.id);
            assert!(!rule.references.is_empty(), "{}", rule.id);
            for other in rule.yields_to {
                assert_eq!(id(other), *other, "{} yields to a rule that is not there", rule.id);
            }
        }
    }

    #[test]
    fn a_strict_policy_has_nothing_to_mend() {
        let nonce = "script-src 'nonce-4AEemGb0xJptoIGFP3Nd0w==' 'strict-dynamic' 'unsafe-inline' https:; object-src 'none'; \
                     base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
        assert_eq!(rules_in(nonce), [""; 0]);
        let none =
            "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
        assert_eq!(rules_in(none), [""; 0]);
    }

    #[test]
    fn one_policy_can_make_up_for_another() {
        let texts = [
            "script-src *; object-src *",
            "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
        ];
        let blocked = |found: Vec<(usize, &'static str)>| {
            assert!(
                found.iter().all(|(_, rule)| *rule == "csp/blocked-by-another-policy"),
                "{found:?}"
            );
        };
        blocked(judged(&texts.map(|text| (text, Delivery::Header))));
        blocked(judged(&[(texts.join(", ").as_str(), Delivery::Header)]));
    }

    #[test]
    fn a_policy_that_says_nothing_about_scripts_makes_up_for_nothing() {
        for beside in ["frame-ancestors 'none'", "upgrade-insecure-requests", "img-src 'self'"] {
            let found = judged(&[
                ("script-src 'unsafe-inline' *", Delivery::Header),
                (beside, Delivery::Meta),
            ]);
            assert!(found.contains(&(0, "csp/unsafe-inline")), "{beside}: {found:?}");
            assert!(found.contains(&(0, "csp/broad-script-source")), "{beside}: {found:?}");
        }
    }

    #[test]
    fn each_kind_of_load_is_made_up_for_by_itself() {
        let texts = ["script-src *; object-src *", "script-src 'self'"];
        let found = judged(&texts.map(|text| (text, Delivery::Header)));
        assert!(found.contains(&(0, "csp/broad-object-source")), "{found:?}");
        assert!(!found.contains(&(0, "csp/broad-script-source")), "{found:?}");
    }

    #[test]
    fn a_weakness_has_to_pass_every_policy() {
        let bypasses = |texts: [&str; 2]| {
            let found = judged(&texts.map(|text| (text, Delivery::Header)));
            found.iter().filter(|(_, rule)| *rule == "csp/bypass-host").count()
        };
        assert_eq!(bypasses(["script-src www.google.com", "script-src ajax.googleapis.com"]), 0);
        assert_eq!(bypasses(["script-src www.google.com", "script-src https://*.google.com"]), 1);
        assert_eq!(bypasses(["script-src www.google.com", "script-src https:"]), 1);
        assert_eq!(
            bypasses(["script-src www.google.com", "script-src https: 'strict-dynamic'"]),
            0
        );
    }

    #[test]
    fn what_is_missing_is_said_once() {
        let texts = ["img-src 'self'", "font-src 'self'"].map(|text| (text, Delivery::Header));
        let found = judged(&texts);
        assert_eq!(found.iter().filter(|(_, rule)| *rule == "csp/missing-base-uri").count(), 1);
    }

    #[test]
    fn a_meta_cannot_say_who_may_frame_the_page() {
        let rule = |text: usize| (text, "csp/missing-frame-ancestors");
        let meta = ("default-src 'none'; frame-ancestors 'none'", Delivery::Meta);
        assert!(!judged(&[meta]).contains(&rule(0)));
        assert!(judged(&[meta, ("img-src 'self'", Delivery::Header)]).contains(&rule(1)));
    }

    #[test]
    fn a_directive_that_is_not_decisive_is_not_judged() {
        let overridden =
            "script-src 'unsafe-inline' 'self'; script-src-elem 'self'; script-src-attr 'none'";
        assert!(!rules_in(overridden).contains(&"csp/unsafe-inline"));
    }

    /// Ten thousand policies, each of which would have to be compared with each.
    #[test]
    fn many_policies_are_judged_in_one_go() {
        let policy = |n: usize| format!("script-src 'unsafe-inline' https://h{n}.example");
        let policies: Vec<String> = (0..10_000).map(policy).collect();
        let found = judged(&[(&policies.join(", "), Delivery::Header)]);
        let of = |name: &str| found.iter().filter(|(_, rule)| *rule == name).count();
        assert_eq!(of("csp/missing-base-uri"), 1);
        assert_eq!(of("csp/unsafe-inline"), policies.len());
    }

    /// A megabyte in every shape that has a list in it.
    #[test]
    fn long_policies_are_judged_in_one_go() {
        let many = |count: usize, part: fn(usize) -> String, between: &str| {
            (0..count).map(part).collect::<Vec<String>>().join(between)
        };
        let of = |text: &str, name: &str| {
            rules_in(text).into_iter().filter(|rule| *rule == name).count()
        };
        let unknown = many(50_000, |n| format!("x{n}-src a"), "; ");
        assert_eq!(of(&unknown, "csp/unknown-directive"), 50_000);
        let repeated = many(50_000, |_| "img-src a".to_owned(), "; ");
        assert_eq!(of(&repeated, "csp/duplicate-directive"), 49_999);
        let hosts = many(50_000, |n| format!("http://h{n}.example/a"), " ");
        let list = format!("img-src {hosts}");
        assert_eq!(of(&format!("{list}, {list}"), "csp/http-source"), 100_000);
    }
}
