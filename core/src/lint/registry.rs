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

    fn judged(texts: &[(&str, Delivery)]) -> Vec<(usize, String)> {
        let texts: Vec<_> =
            texts.iter().map(|&(text, delivery)| PolicyText { text, delivery }).collect();
        check(&texts).into_iter().map(|judged| (judged.text, judged.finding.rule)).collect()
    }

    #[test]
    fn a_policy_that_says_nothing_about_scripts_makes_up_for_nothing() {
        for beside in ["frame-ancestors 'none'", "upgrade-insecure-requests", "img-src 'self'"] {
            let found = judged(&[
                ("script-src 'unsafe-inline' *", Delivery::Header),
                (beside, Delivery::Meta),
            ]);
            assert!(found.contains(&(0, "csp/unsafe-inline".to_owned())), "{beside}: {found:?}");
            assert!(
                found.contains(&(0, "csp/broad-script-source".to_owned())),
                "{beside}: {found:?}"
            );
        }
    }

    #[test]
    fn each_kind_of_load_is_made_up_for_by_itself() {
        let texts = ["script-src *; object-src *", "script-src 'self'"];
        let found = judged(&texts.map(|text| (text, Delivery::Header)));
        let broad = found.iter().filter(|(_, rule)| rule == "csp/broad-script-source").count();
        assert_eq!(broad, 1, "plugins only: {found:?}");
    }

    #[test]
    fn what_is_missing_is_said_once() {
        let texts = ["img-src 'self'", "font-src 'self'"].map(|text| (text, Delivery::Header));
        let found = judged(&texts);
        assert_eq!(found.iter().filter(|(_, rule)| rule == "csp/missing-base-uri").count(), 1);
    }

    #[test]
    fn a_meta_cannot_say_who_may_frame_the_page() {
        let rule = |text: usize| (text, "csp/missing-frame-ancestors".to_owned());
        let meta = ("default-src 'none'; frame-ancestors 'none'", Delivery::Meta);
        assert!(!judged(&[meta]).contains(&rule(0)));
        assert!(judged(&[meta, ("img-src 'self'", Delivery::Header)]).contains(&rule(1)));
    }

    #[test]
    fn a_directive_that_is_not_decisive_is_not_judged() {
        let overridden =
            "script-src 'unsafe-inline' 'self'; script-src-elem 'self'; script-src-attr 'none'";
        assert!(!rules_in(overridden).contains(&"csp/unsafe-inline".to_owned()));
    }

    /// Lines and columns are counted in one pass: counted anew for each finding, this takes minutes.
    #[test]
    fn many_findings_take_time_in_proportion() {
        let count = 50_000;
        let values = format!("img-src {}", "a?b ".repeat(count));
        let names: String = (0..count).map(|index| format!("x{index:06};")).collect();
        let policies = ";a,".repeat(count);
        for text in [values, names, policies] {
            assert!(rules_in(&text).len() >= count);
        }
    }
}
