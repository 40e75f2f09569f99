//! What a report and a person want to know of a violation, beside who objects and why.

use std::collections::BTreeSet;

use super::asked::Asked;
use super::document::{WORKER_FLAGS, ancestor_target, policy_name};
use super::engine::Hints;
use super::fetch::parse_integrity;
use super::hashes::digest;
use super::question::Question;
use super::request::{Inline, Request};
use super::source_list::{AskedPolicy, SourceList, Words, WrittenPolicy};
use super::url_match::{Context, Target, matches_expression};
use super::verdict::{Advice, Reason};
use crate::csp::{Directive, HashAlgorithm, Keyword, SourceExpression};

/// How many characters of code a sample has (section 2.4.1): characters, so that none is cut in two.
const SAMPLE: usize = 40;

/// Looks at a violation of this policy, for this reason.
pub(super) fn advise(
    policy: WrittenPolicy<'_>,
    decisive: Directive,
    asked: Asked<'_>,
    reason: Reason,
) -> Advice {
    let wants_sample = || {
        let list = policy.list(decisive);
        list.is_some_and(|list| list.keyword(Keyword::ReportSample).is_some())
    };
    Advice {
        would_allow: would_allow(policy, decisive, asked, reason),
        sample: code_of(asked.question)
            .filter(|_| reason != Reason::Sandboxed && wants_sample())
            .map(|code| code.chars().take(SAMPLE).collect()),
    }
}

/// What a report may quote.
fn code_of(question: &Question) -> Option<&str> {
    match question {
        Question::Inline(item) => Some(&item.content),
        Question::Eval(code) => Some(code),
        _ => None,
    }
}

/// The smallest addition to the list that would allow it, if one is known.
fn would_allow(
    policy: WrittenPolicy<'_>,
    decisive: Directive,
    asked: Asked<'_>,
    reason: Reason,
) -> Option<String> {
    let context = policy.context;
    match asked.question {
        _ if reason == Reason::Sandboxed => missing_flags(policy, asked),
        Question::Request(request) => match reason {
            Reason::ParserInserted => trusting(request),
            // By the text nothing put into `default-src` would help.
            _ if request.is_prefetch() && context.engine.hints() == Hints::Union => None,
            _ => smallest_source(asked.target?, context),
        },
        Question::Inline(item) => {
            let hashes_count = policy
                .list(decisive)
                .is_some_and(|list| list.keyword(Keyword::UnsafeHashes).is_some());
            Some(inline_source(item, reason, hashes_count))
        }
        Question::Eval(_) => Some("'unsafe-eval'".to_owned()),
        Question::Wasm => Some("'wasm-unsafe-eval'".to_owned()),
        Question::Base(url) => smallest_source(Target::new(url, 0), context),
        Question::FormAction { .. } => smallest_source(asked.target?, context),
        Question::Ancestors(ancestors) => {
            let list = policy.list(decisive)?;
            let targets = ancestors.iter().map(|url| ancestor_target(url.as_ref(), context.engine));
            let missing =
                targets.filter(|target| target.is_none_or(|it| list.matching(it).is_none()));
            let sources: Option<BTreeSet<String>> =
                missing.map(|target| smallest_source(target?, context)).collect();
            Some(Vec::from_iter(sources?).join(" "))
        }
        Question::TrustedTypesPolicy { name, exists } => missing_names(policy, name, *exists),
        Question::Webrtc
        | Question::RunWorker
        | Question::Sandbox(_)
        | Question::TrustedTypesSink => None,
    }
}

/// The narrowest of `'self'`, the URL's origin and its scheme that matches it, if one does.
fn smallest_source(target: Target<'_>, context: Context<'_>) -> Option<String> {
    let candidates = [
        Some("'self'".to_owned()),
        target.host().map(|host| {
            let port = target.port().map_or(String::new(), |port| format!(":{port}"));
            format!("{}://{host}{port}", target.scheme())
        }),
        Some(format!("{}:", target.scheme())),
    ];
    candidates
        .into_iter()
        .flatten()
        .find(|candidate| matches_expression(target, &SourceExpression::parse(candidate), context))
}

/// The hash-sources for all of the integrity metadata, or the nonce-source, if the grammar can spell them.
fn trusting(request: &Request) -> Option<String> {
    let hashes: Vec<String> = parse_integrity(&request.integrity)
        .map(|(algorithm, value)| format!("'{}-{value}'", algorithm.as_str()))
        .collect();
    let is_hash =
        |text: &String| matches!(SourceExpression::parse(text), SourceExpression::Hash(..));
    if !hashes.is_empty() && hashes.iter().all(is_hash) {
        return Some(hashes.join(" "));
    }
    let nonce = format!("'nonce-{}'", request.nonce);
    matches!(SourceExpression::parse(&nonce), SourceExpression::Nonce(_)).then_some(nonce)
}

fn inline_source(item: &Inline, reason: Reason, hashes_count: bool) -> String {
    let (algorithm, value) = match &item.hash {
        Some((algorithm, value)) => (*algorithm, value.clone()),
        None => (HashAlgorithm::Sha256, digest(HashAlgorithm::Sha256, &item.content)),
    };
    let hash = format!("'{}-{value}'", algorithm.as_str());
    match reason {
        Reason::UnsafeHashesMissing => "'unsafe-hashes'".to_owned(),
        _ if item.kind.is_element() || hashes_count => hash,
        _ => format!("'unsafe-hashes' {hash}"),
    }
}

fn missing_flags(policy: WrittenPolicy<'_>, asked: Asked<'_>) -> Option<String> {
    let words = policy.words(Directive::Sandbox)?;
    let missing = |flags: &[&str]| {
        let missing = flags.iter().filter(|flag| words.in_any_case(flag).is_none());
        missing.map(|flag| flag.to_ascii_lowercase()).collect::<Vec<_>>().join(" ")
    };
    Some(match asked.question {
        Question::RunWorker => missing(&WORKER_FLAGS),
        Question::Sandbox(flag) => missing(&[flag]),
        other => missing(&[other.sandbox_flag()?]),
    })
}

/// The name, as `*` where the grammar cannot spell it and that helps, and what else the policy lacks.
fn missing_names(policy: WrittenPolicy<'_>, name: &str, exists: bool) -> Option<String> {
    let words = policy.words(Directive::TrustedTypes)?;
    let spelling = policy_name(name);
    if spelling != name && policy.context.engine.policy_names_spelled() {
        return None;
    }
    let named = words.exactly(spelling).or_else(|| words.exactly("*")).is_some();
    let taken = exists && words.in_any_case("'allow-duplicates'").is_none();
    let missing = [(!named).then_some(spelling), taken.then_some("'allow-duplicates'")];
    Some(missing.into_iter().flatten().collect::<Vec<_>>().join(" "))
}
