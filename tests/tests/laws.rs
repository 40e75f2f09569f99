//! What holds of every policy, whatever is in it.

use cspc_core::csp::{Delivery, Style, format, parse_list};
use cspc_core::diagnostic::Fix;
use cspc_core::enforce::{
    Destination, EnforcedPolicy, Engine, Inline, InlineKind, Question, Request, SelfOrigin, decide,
};
use cspc_core::lint::{Field, Response, check};
use proptest::prelude::*;
use url::Url;

/// Words that policies are made of, sound and unsound.
const WORDS: &[&str] = &[
    "default-src",
    "script-src",
    "script-src-elem",
    "script-src-attr",
    "style-src",
    "img-src",
    "connect-src",
    "object-src",
    "worker-src",
    "child-src",
    "frame-src",
    "base-uri",
    "form-action",
    "frame-ancestors",
    "sandbox",
    "require-trusted-types-for",
    "trusted-types",
    "plugin-types",
    "upgrade-insecure-requests",
    "defaut-src",
    "'self'",
    "'SELF'",
    "self",
    "'none'",
    "none",
    "'unsafe-inline'",
    "unsafe-inline",
    "'unsafe-eval'",
    "'strict-dynamic'",
    "'unsafe-hashes'",
    "'wasm-unsafe-eval'",
    "'trusted-types-eval'",
    "'nonce-abc'",
    "nonce-abc",
    "'NONCE-abc'",
    "'sha256-bhHHL3z2vDgxUt0W3dWQOrprscmda2Y5pLsLg4GF+pI='",
    "'sha256-abc'",
    "'script'",
    "*",
    "https:",
    "http:",
    "data:",
    "blob:",
    "https://a.example",
    "HTTPS://A.example",
    "http://a.example",
    "a.example",
    "*.a.example",
    "x.a.example",
    "https://a.example/x/",
    "https://a.example/x/y",
    "https://a.example/x",
    "a.example:*",
    "https://a.example:8443",
    "https://*:*",
    "*:8443",
    "wss://a.example",
    "https://a.example/?q",
    "//a.example",
    "allow-scripts",
    "'allow-duplicates'",
    "p",
    "‘self’",
    ";",
    ";",
    ";",
    ";",
    ",",
];

fn policies() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(WORDS), 0..24).prop_map(|words| words.join(" "))
}

fn questions() -> Vec<Question> {
    let mut questions = vec![Question::Eval("1".to_owned()), Question::Wasm];
    let urls = [
        "https://a.example/x/y",
        "https://a.example/x",
        "http://a.example/",
        "https://x.a.example:8443/x/",
        "https://self.example/",
        "http://self.example/",
        "data:text/html,x",
        "wss://a.example/",
        "https://b.example/",
    ];
    for url in urls.map(|url| Url::parse(url).unwrap()) {
        for name in ["script", "style", "image", "", "object", "worker", "iframe"] {
            let mut request = Request::new(url.clone(), Destination::from_name(name).unwrap());
            questions.push(Question::Request(request.clone()));
            request.redirect_count = 1;
            request.nonce = "abc".to_owned();
            questions.push(Question::Request(request));
        }
        questions.push(Question::Base(url.clone()));
        questions.push(Question::FormAction { url: url.clone(), redirect_count: 0 });
        questions.push(Question::Ancestors(vec![Some(url)]));
    }
    let kinds = [
        InlineKind::Script,
        InlineKind::EventHandler,
        InlineKind::JavascriptUrl,
        InlineKind::Style,
        InlineKind::StyleAttribute,
    ];
    for kind in kinds {
        for (content, nonce) in [("alert(1)", ""), ("other", ""), ("other", "abc")] {
            let mut inline = Inline::new(kind, content.to_owned());
            inline.nonce = nonce.to_owned();
            questions.push(Question::Inline(inline));
        }
    }
    for name in ["p", "q"] {
        questions.push(Question::TrustedTypesPolicy { name: name.to_owned(), exists: false });
    }
    questions
}

/// What the policies of a header allow, question by question.
fn verdicts(text: &str, questions: &[Question], engine: Engine) -> Vec<bool> {
    let parsed = parse_list(text, Delivery::Header);
    let enforced: Vec<EnforcedPolicy<'_>> =
        parsed.iter().map(|policy| EnforcedPolicy::new(policy, Delivery::Header)).collect();
    let origin = SelfOrigin::of(&Url::parse("https://self.example/").unwrap());
    questions.iter().map(|question| decide(&enforced, &origin, question, engine).allowed).collect()
}

/// The edits that may be made unseen.
fn safe_fixes(text: &str) -> Vec<Fix> {
    let response = Response::of_policy(text, Delivery::Header);
    let findings = check(&response).findings();
    findings.into_iter().filter_map(|judged| judged.finding.fix).filter(|fix| fix.safe).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn a_safe_fix_never_widens(text in policies()) {
        let questions = questions();
        for fix in &safe_fixes(&text) {
            let mended = Fix::apply(&text, [fix]);
            for engine in [Engine::Spec, Engine::Chromium] {
                let (before, after) = (verdicts(&text, &questions, engine), verdicts(&mended, &questions, engine));
                for (question, (before, after)) in questions.iter().zip(before.into_iter().zip(after)) {
                    prop_assert!(before || !after, "{text:?} to {mended:?} by {fix:?}: {question:?}");
                }
            }
        }
    }

    #[test]
    fn no_form_changes_a_verdict(text in policies()) {
        let questions = questions();
        let parsed = parse_list(&text, Delivery::Header);
        for style in [Style::Canonical, Style::Minified, Style::Lines] {
            let formatted = format(&parsed, style);
            for engine in [Engine::Spec, Engine::Chromium] {
                prop_assert_eq!(
                    verdicts(&text, &questions, engine), verdicts(&formatted, &questions, engine),
                    "{:?} to {:?}", &text, &formatted
                );
            }
            let again = format(&parse_list(&formatted, Delivery::Header), style);
            prop_assert_eq!(again, formatted);
        }
    }

    #[test]
    fn whatever_is_judged_has_a_place(text in prop_oneof![policies(), "\\PC{0,80}", "[\\x00-\\x7f]{0,80}"], other in policies()) {
        for delivery in [Delivery::Header, Delivery::Meta, Delivery::ReportOnly] {
            let fields = vec![Field::Policy { text: &text, delivery }, Field::header("content-security-policy", &other)];
            let response = Response { fields, ..Response::default() };
            for judged in check(&response).findings() {
                let text = if judged.field == 0 { &text } else { &other };
                let span = judged.finding.location.unwrap().span;
                prop_assert!(text.get(span.start..span.end).is_some());
                if let Some(fix) = &judged.finding.fix {
                    prop_assert!(text.get(fix.span.start..fix.span.end).is_some(), "{fix:?} in {text:?}");
                }
            }
        }
    }
}
