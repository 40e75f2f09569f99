//! What holds of every input, whatever is in it: asked of words put together at random, of what a fuzzer finds, and of
//! what it found before. Each law panics where it is broken.

use cspc_core::configuration::Asked;
use cspc_core::csp::{Delivery, SourceExpression, Style, format, issues, parse_list};
use cspc_core::deployment;
use cspc_core::diagnostic::{Finding, Fix};
use cspc_core::emit::{Server, emit};
use cspc_core::enforce::{
    Destination, EnforcedPolicy, Engine, Inline, InlineKind, Question, Request, SelfOrigin, decide,
};
use cspc_core::inventory::{SiteOrigin, read_page, read_style_sheet};
use cspc_core::lint::check;
use cspc_core::plan::{Plan, Scheme};
use cspc_core::report;
use cspc_core::response::{Field, Response};
use cspc_core::site::SiteFile;
use cspc_core::text::Span;
use cspc_core::wire::{Diff, Explain};
use url::Url;

const DELIVERIES: [Delivery; 3] = [Delivery::Header, Delivery::Meta, Delivery::ReportOnly];
const STYLES: [Style; 4] = [Style::Canonical, Style::Minified, Style::Lines, Style::Normalized];
/// Engines that read policies differently.
const ENGINES: [Engine; 2] = [Engine::Spec, Engine::Chromium];

/// Whatever is read stands where its span says, and whatever is said about it has a place in the text; writing it and
/// reading it again changes nothing.
pub fn whatever_is_read_has_a_place(text: &str) {
    for delivery in DELIVERIES {
        for policy in parse_list(text, delivery) {
            for directive in &policy.directives {
                assert_eq!(slice(text, directive.name_span()), directive.name);
                for value in directive.values() {
                    assert_eq!(slice(text, value.span), value.text);
                    let expression = SourceExpression::parse(value.text);
                    assert!(expression.to_string().eq_ignore_ascii_case(value.text));
                }
            }
            for issue in issues(&policy, delivery) {
                slice(text, issue.span);
            }
            let written = policy.to_string();
            let again = parse_list(&written, Delivery::Meta);
            assert_eq!(again.iter().map(ToString::to_string).collect::<String>(), written);
        }
    }
}

/// A policy in its canonical form is in its canonical form, and so on.
pub fn a_form_is_its_own_form(text: &str) {
    for style in STYLES {
        let formatted = format(&parse_list(text, Delivery::Header), style);
        let again = format(&parse_list(&formatted, Delivery::Header), style);
        assert_eq!(again, formatted, "{text:?}");
    }
}

/// No form changes what a browser allows.
pub fn no_form_changes_a_verdict(text: &str) {
    a_form_is_its_own_form(text);
    let questions = questions();
    for engine in ENGINES {
        let before = verdicts(text, &questions, engine);
        for style in STYLES {
            let formatted = format(&parse_list(text, Delivery::Header), style);
            let after = verdicts(&formatted, &questions, engine);
            assert_eq!(before, after, "{text:?} to {formatted:?}");
        }
    }
}

/// A fix that may be made unseen lets nothing more through.
pub fn a_safe_fix_never_widens(text: &str) {
    let questions = questions();
    for fix in &safe_fixes(text) {
        let mended = Fix::apply(text, [fix]);
        for engine in ENGINES {
            let before = verdicts(text, &questions, engine);
            let after = verdicts(&mended, &questions, engine);
            for (question, (before, after)) in questions.iter().zip(before.into_iter().zip(after)) {
                assert!(before || !after, "{text:?} to {mended:?} by {fix:?}: {question:?}");
            }
        }
    }
}

/// Mending again and again comes to an end: a fix does not undo another.
pub fn mending_ends(text: &str) {
    let mut mended = text.to_owned();
    // Each round mends all that does not overlap, so that a policy of few words is done soon.
    for _ in 0..=text.len() {
        let next = Fix::apply(&mended, &safe_fixes(&mended));
        if next == mended {
            return;
        }
        mended = next;
    }
    panic!("{text:?} is mended without end, at last to {mended:?}");
}

/// What holds of `check`, of two headers between which a NUL stands.
pub fn check_keeps_its_laws(text: &str) {
    /// Longer texts would be asked about longer than is worth while.
    const SHORT: usize = 256;
    let (text, other) = text.split_once('\0').unwrap_or((text, ""));
    whatever_is_judged_has_a_place(text, other);
    if text.len() <= SHORT {
        mending_ends(text);
        a_safe_fix_never_widens(text);
    }
}

/// Whatever is said about one of two headers has a place in it, and can be written in every form.
pub fn whatever_is_judged_has_a_place(text: &str, other: &str) {
    for delivery in DELIVERIES {
        let fields =
            vec![Field::Policy { text, delivery }, Field::header("content-security-policy", other)];
        let response = Response { fields, ..Response::default() };
        let judged = check(&response).findings();
        for judged in &judged {
            let text = if judged.field == 0 { text } else { other };
            let location = judged.finding.location.as_ref().unwrap();
            slice(text, location.span);
            assert!(location.line > 0 && location.column > 0);
            if let Some(fix) = &judged.finding.fix {
                slice(text, fix.span);
            }
        }
        let findings: Vec<Finding> = judged.into_iter().map(|judged| judged.finding).collect();
        written_in_every_form(&findings);
    }
}

/// What other programs read of findings can be read, whatever the findings quote.
fn written_in_every_form(findings: &[Finding]) {
    for text in [report::json(findings), report::sarif(findings), report::gitlab(findings)] {
        assert!(serde_json::from_str::<serde_json::Value>(&text).is_ok(), "{text}");
    }
    let annotations = report::github(findings);
    assert_eq!(annotations.lines().count(), findings.len(), "{annotations}");
    assert!(annotations.lines().all(|line| line.starts_with("::")), "{annotations}");
    assert!(
        report::junit(findings).chars().all(|c| c == '\n' || !c.is_ascii_control() || c == '\x7f')
    );
    report::markdown(findings);
}

/// Requests that show what a configuration does with paths.
const ASKED: [Asked<'_>; 2] = [
    Asked::page("/a/b.html"),
    Asked { path: "/%61//../x?y", status: 404, media_type: None, scheme: Scheme::Http },
];

/// A text of any kind is read or turned away by every reader; what is read is answered.
pub fn every_reader_ends(text: &str) {
    if let Ok(question) = serde_json::from_str::<Explain>(text) {
        question.answer().ok();
    }
    if let Ok(question) = serde_json::from_str::<Diff>(text) {
        question.difference().ok();
    }
    if let Ok(plan) = serde_json::from_str::<Plan>(text) {
        Server::ALL.iter().for_each(|server| drop(emit(&plan, (*server).into())));
    }
    SiteFile::parse("cspc.toml", text).ok();
    for (form, ..) in deployment::Form::all() {
        if let Ok(document) = deployment::read("-", text, Some(form)) {
            document.answers.iter().for_each(has_its_place(text));
            if let Some(configuration) = &document.configuration {
                ASKED.iter().for_each(|asked| drop(configuration.asked(asked)));
            }
        }
    }
    read_page("/index.html", text.as_bytes(), &SiteOrigin::unknown());
    read_style_sheet("/a.css", text.as_bytes(), &SiteOrigin::unknown());
}

/// Each header stands where its offset says.
fn has_its_place(text: &str) -> impl Fn(&deployment::Answer) {
    move |answer| {
        for field in &answer.fields {
            let Some(start) = field.offset else { continue };
            assert_eq!(slice(text, Span::new(start, start + field.text.len())), field.text);
        }
    }
}

/// The text at a span, which has to be within it and between its characters.
fn slice(text: &str, span: Span) -> &str {
    text.get(span.start..span.end).unwrap_or_else(|| panic!("{span:?} is no part of {text:?}"))
}

/// Questions that policies of a few words answer differently.
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
