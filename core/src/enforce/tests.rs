//! Laws that hold for every policy and question.

use proptest::prelude::*;
use url::Url;

use super::*;
use crate::csp::{Delivery, Directive, parse_list};

fn verdict(text: &str, delivery: Delivery, question: &Question, engine: Engine) -> Verdict {
    let parsed = parse_list(text, delivery);
    let policies: Vec<_> =
        parsed.iter().map(|policy| EnforcedPolicy::new(policy, delivery)).collect();
    decide(&policies, &"https://a.example".parse().unwrap(), question, engine)
}

/// All that the compiled policies say is what is said of the written ones.
fn assert_compiled_agrees(text: &str, delivery: Delivery, question: &Question, engine: Engine) {
    let parsed = parse_list(text, delivery);
    let policies: Vec<_> =
        parsed.iter().map(|policy| EnforcedPolicy::new(policy, delivery)).collect();
    let page = "https://a.example".parse().unwrap();
    let verdict = decide(&policies, &page, question, engine);
    let matcher = Matcher::new(&policies, &page, engine);
    assert_eq!(matcher.allows(question), verdict.allowed, "{text:?} {question:?}");
    let (blocked, allowed): (Vec<_>, Vec<_>) =
        matcher.answers(question).partition(|answer| answer.blocked.is_some());
    let violations = verdict.violations.iter().map(|found| Answer {
        policy: found.policy,
        disposition: found.disposition,
        effective: found.effective,
        directive: found.directive,
        directive_span: found.directive_span,
        expression: found.expression,
        blocked: Some(found.reason),
    });
    let matches = verdict.matches.iter().map(|found| Answer {
        policy: found.policy,
        disposition: delivery.into(),
        effective: found.effective,
        directive: found.directive,
        directive_span: found.directive_span,
        expression: found.expression,
        blocked: None,
    });
    assert_eq!(blocked, violations.collect::<Vec<_>>(), "{text:?} {question:?}");
    assert_eq!(allowed, matches.collect::<Vec<_>>(), "{text:?} {question:?}");
}

fn url() -> impl Strategy<Value = Url> {
    let text = "(https?|wss?|ftp|data|blob|custom|file)://(a\\.example|b\\.a\\.example|127\\.0\\.0\\.1|\\[::1\\])(:[0-9]{1,5})?(/[a%2Fé]{0,4}){0,3}/?";
    text.prop_filter_map("no URL", |text| text.parse().ok())
}

fn expression() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("*".to_owned()),
        Just("'none'".to_owned()),
        "'(self|unsafe-inline|unsafe-eval|strict-dynamic|unsafe-hashes|report-sample|trusted-types-eval)'",
        "'(nonce|sha256|sha-384|sha512)-[a-zA-Z_+]{0,4}={0,3}'",
        "(http|https|wss?|data|custom):",
        "((http|https|ws|custom)://)?(\\*|(\\*\\.)?([ab]\\.)?a\\.example|127\\.0\\.0\\.1)(:(\\*|80|443|[0-9]{0,12}))?(/[a%2F/]{0,6})?[?#]?",
        "(allow-scripts|allow-forms|'script'|'allow-duplicates'|[a-z*]{1,2})",
        "\\PC{0,8}",
    ]
}

fn policy() -> impl Strategy<Value = String> {
    let directives: Vec<_> = Directive::all().map(Directive::as_str).collect();
    let directive = (prop::sample::select(directives), prop::collection::vec(expression(), 0..5))
        .prop_map(|(name, values)| format!("{name} {}", values.join(" ")));
    prop::collection::vec(directive, 0..6).prop_map(|directives| directives.join("; "))
}

fn request() -> impl Strategy<Value = Question> {
    let destinations: Vec<_> = Destination::names().collect();
    (url(), prop::sample::select(destinations), "[a-c]{0,2}", any::<bool>(), 0_u32..2).prop_map(
        |(url, destination, nonce, parser_inserted, redirect_count)| {
            let destination = Destination::from_name(destination).unwrap();
            let integrity = format!("sha256-{nonce} sha512-{nonce}?x");
            let request = Request::new(url, destination);
            Question::Request(Request {
                nonce,
                integrity,
                parser_inserted,
                redirect_count,
                ..request
            })
        },
    )
}

fn inline() -> impl Strategy<Value = Question> {
    let kinds = ["script", "event-handler", "javascript-url", "style", "style-attribute"];
    (prop::sample::select(kinds.to_vec()), "\\PC{0,60}", "[a-c]{0,2}", any::<bool>(), any::<bool>())
        .prop_map(|(kind, content, nonce, parser_inserted, duplicate_attribute)| {
            let item = Inline::new(InlineKind::from_name(kind).unwrap(), content);
            Question::Inline(Inline { nonce, parser_inserted, duplicate_attribute, ..item })
        })
}

fn question() -> impl Strategy<Value = Question> {
    prop_oneof![
        4 => request(),
        3 => inline(),
        1 => "\\PC{0,60}".prop_map(Question::Eval),
        1 => Just(Question::Wasm),
        1 => Just(Question::Webrtc),
        1 => Just(Question::RunWorker),
        1 => "allow-(scripts|forms|x)".prop_map(Question::Sandbox),
        1 => Just(Question::TrustedTypesSink),
        1 => url().prop_map(Question::Base),
        1 => (url(), 0_u32..2)
            .prop_map(|(url, redirect_count)| Question::FormAction { url, redirect_count }),
        1 => prop::collection::vec(prop::option::of(url()), 0..3).prop_map(Question::Ancestors),
        1 => ("[a-z*]{1,4}", any::<bool>())
            .prop_map(|(name, exists)| Question::TrustedTypesPolicy { name, exists }),
    ]
}

fn engine() -> impl Strategy<Value = Engine> {
    prop::sample::select(&Engine::ALL[..])
}

/// The policy with what would allow it put into the list that decided.
fn mended(text: &str, violation: &Violation, addition: &str) -> String {
    let (start, end) = violation.directive_span.into();
    let part = |range| text.get(range).unwrap();
    let directive = part(start..end);
    let kept: Vec<_> = directive
        .split_ascii_whitespace()
        .filter(|value| violation.reason != Reason::NothingAllowed || *value != "'none'")
        .collect();
    format!("{}{} {addition}{}", part(0..start), kept.join(" "), part(end..text.len()))
}

proptest! {
    #[test]
    fn any_text_has_an_answer(text in "\\PC{0,80}", question in question(), engine in engine()) {
        verdict(&text, Delivery::Header, &question, engine);
    }

    #[test]
    fn what_is_compiled_answers_the_same(
        text in policy(), more in policy(), question in question(), engine in engine(), report in any::<bool>()
    ) {
        let delivery = if report { Delivery::ReportOnly } else { Delivery::Header };
        assert_compiled_agrees(&format!("{text}, {more}"), delivery, &question, engine);
    }

    #[test]
    fn spans_point_at_what_decided(text in policy(), question in question(), engine in engine()) {
        let verdict = verdict(&text, Delivery::Header, &question, engine);
        prop_assert_eq!(verdict.allowed, verdict.violations.is_empty());
        let violations = verdict.violations.iter().map(|found| (found.directive, found.directive_span));
        let matches = verdict.matches.iter().map(|found| (found.directive, found.directive_span));
        for (directive, span) in violations.chain(matches) {
            prop_assert!(text.get(span.start..span.end).unwrap().starts_with(directive.as_str()));
        }
    }

    #[test]
    fn what_only_reports_blocks_nothing(text in policy(), question in question(), engine in engine()) {
        prop_assert!(verdict(&text, Delivery::ReportOnly, &question, engine).allowed);
    }

    #[test]
    fn one_policy_more_allows_nothing_more(
        first in policy(), second in policy(), question in request(), engine in engine()
    ) {
        let alone = verdict(&first, Delivery::Header, &question, engine).allowed;
        let both = verdict(&format!("{first}, {second}"), Delivery::Header, &question, engine).allowed;
        prop_assert!(alone || !both);
    }

    #[test]
    fn what_would_allow_it_does(text in policy(), question in question()) {
        let before = verdict(&text, Delivery::Header, &question, Engine::Spec);
        if let [violation] = before.violations.as_slice()
            && let Some(addition) = &violation.would_allow
        {
            let text = mended(&text, violation, addition);
            let after = verdict(&text, Delivery::Header, &question, Engine::Spec);
            prop_assert!(after.allowed, "{} {:?}", text, after.violations);
        }
    }
}

#[test]
fn a_name_that_cannot_be_spelled_is_allowed_by_a_star_unless_nothing_allows_it() {
    let question = Question::TrustedTypesPolicy { name: "a b".to_owned(), exists: false };
    let would_allow = |engine| {
        let verdict = verdict("trusted-types a", Delivery::Header, &question, engine);
        verdict.violations.into_iter().next().and_then(|violation| violation.would_allow)
    };
    assert_eq!(would_allow(Engine::Spec).as_deref(), Some("*"));
    assert_eq!(would_allow(Engine::Chromium), None);
}
