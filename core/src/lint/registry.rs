//! Every rule.

use super::rule::Rule;
use super::rules;

static RULES: [&Rule; 13] = [
    &rules::broad_script_source::RULE,
    &rules::hash_length::RULE,
    &rules::http_source::RULE,
    &rules::missing_base_uri::RULE,
    &rules::missing_form_action::RULE,
    &rules::missing_frame_ancestors::RULE,
    &rules::missing_object_src::RULE,
    &rules::missing_script_src::RULE,
    &rules::short_nonce::RULE,
    &rules::style_unsafe_inline::RULE,
    &rules::unsafe_eval::RULE,
    &rules::unsafe_hashes::RULE,
    &rules::unsafe_inline::RULE,
];

/// Every rule, in the order of their ids.
pub fn all() -> &'static [&'static Rule] {
    &RULES
}

#[cfg(test)]
mod tests {
    use super::super::{PolicyText, check};
    use super::all;
    use crate::csp::Delivery;

    fn rules_in(text: &str) -> Vec<String> {
        let judged = check(&[PolicyText { text, delivery: Delivery::Header }]);
        judged.into_iter().map(|judged| judged.finding.rule).collect()
    }

    #[test]
    fn ids_are_unique_and_sorted() {
        let ids: Vec<&str> = all().iter().map(|rule| rule.id).collect();
        assert!(ids.is_sorted_by(|a, b| a < b), "{ids:?}");
    }

    #[test]
    fn every_example_shows_its_rule() {
        for rule in all() {
            assert!(
                rules_in(rule.example).iter().any(|found| found == rule.id),
                "{}: {}",
                rule.id,
                rule.example
            );
        }
    }

    #[test]
    fn a_strict_policy_has_nothing_to_find() {
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
        let texts = texts.map(|text| PolicyText { text, delivery: Delivery::Header });
        assert_eq!(check(&texts).len(), 0);
        let listed = texts.map(|text| text.text).join(", ");
        assert_eq!(rules_in(&listed), [""; 0]);
    }
}
