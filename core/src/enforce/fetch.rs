//! Requests: which directive governs one, and the checks of the fetch directives (sections 6.1, 6.7.1, 6.7.2, 6.8).

use super::engine::{Engine, Hints, Workers};
use super::inline::{SourceList, same_base64};
use super::request::{Destination, Initiator, Request};
use super::url_match::{Context, matching_source};
use super::verdict::{Decision, Outcome, Reason};
use crate::csp::{Directive, HashAlgorithm, Keyword, ParsedDirective, Policy, SourceExpression};
use crate::text::Span;

/// The directives whose union a resource hint is held against (section 6.7.2.2, step 3).
static HINT_DIRECTIVES: [Directive; 13] = [
    Directive::ChildSrc,
    Directive::ConnectSrc,
    Directive::FontSrc,
    Directive::FrameSrc,
    Directive::ImgSrc,
    Directive::ManifestSrc,
    Directive::MediaSrc,
    Directive::ObjectSrc,
    Directive::ScriptSrc,
    Directive::ScriptSrcElem,
    Directive::StyleSrc,
    Directive::StyleSrcElem,
    Directive::WorkerSrc,
];

/// "Get the effective directive for request" (section 6.8.1): none for what no policy governs.
///
/// ```
/// use cspc_core::csp::Directive;
/// use cspc_core::enforce::{Destination, Request, effective_directive};
/// let request = Request::new("https://a.example/a.xsl".parse().unwrap(), Destination::Xslt);
/// assert_eq!(effective_directive(&request), Some(Directive::ScriptSrcElem));
/// ```
pub fn effective_directive(request: &Request) -> Option<Directive> {
    if request.is_prefetch() || request.initiator == Initiator::Prerender {
        return Some(Directive::DefaultSrc);
    }
    if request.initiator == Initiator::Fetch {
        return Some(Directive::ConnectSrc);
    }
    Some(match request.destination {
        Destination::Document | Destination::Report => return None,
        Destination::Manifest => Directive::ManifestSrc,
        Destination::Object | Destination::Embed => Directive::ObjectSrc,
        Destination::Frame | Destination::Iframe => Directive::FrameSrc,
        Destination::FencedFrame => Directive::FencedFrameSrc,
        Destination::Audio | Destination::Track | Destination::Video => Directive::MediaSrc,
        Destination::Font => Directive::FontSrc,
        Destination::Image => Directive::ImgSrc,
        Destination::Style => Directive::StyleSrcElem,
        Destination::Script
        | Destination::Xslt
        | Destination::AudioWorklet
        | Destination::PaintWorklet => Directive::ScriptSrcElem,
        Destination::ServiceWorker | Destination::SharedWorker | Destination::Worker => {
            Directive::WorkerSrc
        }
        Destination::Empty
        | Destination::Json
        | Destination::Prefetch
        | Destination::Text
        | Destination::WebIdentity => Directive::ConnectSrc,
    })
}

/// "Does request violate policy?" (section 6.7.2.1).
///
/// The check before the request; the one of its response is the same with the response's URL, which a caller asks by
/// setting [`Request::url`] to that.
pub(super) fn check<'a>(
    policy: &'a Policy<'a>,
    request: &Request,
    context: Context<'_>,
) -> Option<Decision<'a>> {
    if request.is_prefetch() {
        return check_hint(policy, request, context);
    }
    // "Should fetch directive execute" (section 6.8.4) knows no fallback list of `default-src`, so that it never does
    // for a prerendering.
    let effective = effective_directive(request).filter(|name| *name != Directive::DefaultSrc)?;
    let directive = policy.effective(effective)?;
    let list = SourceList { directive, engine: context.engine };
    let outcome = match checked_as(directive, effective) {
        Directive::ScriptSrc | Directive::ScriptSrcElem => script_check(list, request, context),
        Directive::StyleSrc | Directive::StyleSrcElem => style_check(list, request, context),
        Directive::WorkerSrc => worker_check(list, request, context),
        _ => url_check(list, request, context),
    };
    Some(Decision { effective, directive, outcome })
}

/// `default-src` and `child-src` run the check of the effective directive (sections 6.1.1 and 6.1.3).
fn checked_as(directive: &ParsedDirective<'_>, effective: Directive) -> Directive {
    match directive.directive {
        Some(Directive::DefaultSrc | Directive::ChildSrc) | None => effective,
        Some(own) => own,
    }
}

/// "Script directives pre-request check" (section 6.7.1.1).
fn script_check(list: SourceList<'_>, request: &Request, context: Context<'_>) -> Outcome {
    if !request.destination.is_script_like() {
        return Outcome::Allowed(None);
    }
    if request.destination.is_worker() && context.engine.workers() == Workers::StrictDynamic {
        return worker_check(list, request, context);
    }
    let trusted =
        list.nonce(&request.nonce).or_else(|| matching_integrity(list, &request.integrity));
    if trusted.is_some() {
        return Outcome::Allowed(trusted);
    }
    match list.keyword(Keyword::StrictDynamic) {
        Some(dynamic) if request.parser_inserted => Outcome::blocked(Reason::ParserInserted)
            .blaming(Some(dynamic))
            .unless(integrity_as_sources(&request.integrity).or_else(|| nonce_source(request))),
        Some(dynamic) => Outcome::Allowed(Some(dynamic)),
        None => url_check(list, request, context),
    }
}

/// The checks of `style-src` and `style-src-elem` (sections 6.1.13 and 6.1.14).
fn style_check(list: SourceList<'_>, request: &Request, context: Context<'_>) -> Outcome {
    match list.nonce(&request.nonce) {
        Some(nonce) => Outcome::Allowed(Some(nonce)),
        None => url_check(list, request, context),
    }
}

/// The check of `worker-src` (section 6.2.2), and what engines add to it.
fn worker_check(list: SourceList<'_>, request: &Request, context: Context<'_>) -> Outcome {
    let more = match context.engine.workers() {
        Workers::Url => None,
        Workers::StrictDynamic => list.keyword(Keyword::StrictDynamic),
        Workers::Nonce => list.nonce(&request.nonce),
    };
    if more.is_some() { Outcome::Allowed(more) } else { url_check(list, request, context) }
}

/// "Does request match source list?" (section 6.7.2.5).
fn url_check(list: SourceList<'_>, request: &Request, context: Context<'_>) -> Outcome {
    match matching_source(&request.url, list.directive, request.redirect_count, context) {
        Some(span) => Outcome::Allowed(Some(span)),
        None => list.no_match(&request.url, context),
    }
}

/// "Does resource hint request violate policy?" (section 6.7.2.2): not if any directive would allow it.
///
/// By its text `default-src` alone does not count, and only decides that there is a question at all.
fn check_hint<'a>(
    policy: &'a Policy<'a>,
    request: &Request,
    context: Context<'_>,
) -> Option<Decision<'a>> {
    let effective = Directive::DefaultSrc;
    let matching = |directive: &ParsedDirective<'_>| {
        matching_source(&request.url, directive, request.redirect_count, context)
    };
    let union = || HINT_DIRECTIVES.iter().filter_map(|directive| policy.get(*directive));
    let default = policy.get(effective);
    let governing: Vec<&ParsedDirective<'_>> = match context.engine.hints() {
        Hints::Union => default.map(|_| union().collect())?,
        Hints::UnionWithDefault => default.map(|default| union().chain([default]).collect())?,
        Hints::Default => vec![default?],
        Hints::PrefetchSrc => vec![policy.effective(Directive::PrefetchSrc)?],
    };
    let found = governing.iter().find_map(|directive| Some((*directive, matching(directive)?)));
    let (directive, outcome) = match found {
        Some((directive, span)) => (directive, Outcome::Allowed(Some(span))),
        None => {
            let directive = default.or(governing.first().copied())?;
            let list = SourceList { directive, engine: context.engine };
            let outcome = list.no_match(&request.url, context);
            // By the text nothing put into `default-src` would help.
            let helps = context.engine.hints() != Hints::Union;
            (directive, if helps { outcome } else { outcome.unless(None) })
        }
    };
    Some(Decision { effective, directive, outcome })
}

/// The hashes that integrity metadata names: "parse metadata" of Subresource Integrity, section 3.3.2. Options after
/// `?` and algorithms that it does not know are left out.
fn parse_integrity(integrity: &str) -> impl Iterator<Item = (HashAlgorithm, &str)> {
    integrity.split_ascii_whitespace().filter_map(|item| {
        let (name, value) = item.split('?').next()?.split_once('-')?;
        let known = [HashAlgorithm::Sha256, HashAlgorithm::Sha384, HashAlgorithm::Sha512];
        let algorithm =
            known.into_iter().find(|algorithm| algorithm.as_str().eq_ignore_ascii_case(name));
        Some((algorithm?, value))
    })
}

/// "Does integrity metadata match source list?" (section 6.7.2.4): every hash must be in the list. The first one's place.
fn matching_integrity(list: SourceList<'_>, integrity: &str) -> Option<Span> {
    let place = |(algorithm, value): (HashAlgorithm, &str)| {
        list.find(|expression| match expression {
            SourceExpression::Hash(listed, expected) => {
                *listed == algorithm && same_integrity(value, expected, list.engine)
            }
            _ => false,
        })
    };
    let first = place(parse_integrity(integrity).next()?)?;
    parse_integrity(integrity).all(|source| place(source).is_some()).then_some(first)
}

/// By the text, integrity is compared as a string (step 6.1), unlike the hashes of inline code.
fn same_integrity(value: &str, expected: &str, engine: Engine) -> bool {
    if engine.lenient_hashes() { same_base64(value, expected, engine) } else { value == expected }
}

/// The hash-sources for all of the integrity metadata, if the grammar can spell them.
fn integrity_as_sources(integrity: &str) -> Option<String> {
    let sources: Vec<String> = parse_integrity(integrity)
        .map(|(algorithm, value)| format!("'{}-{value}'", algorithm.as_str()))
        .collect();
    let usable = sources
        .iter()
        .all(|source| matches!(SourceExpression::parse(source), SourceExpression::Hash(..)));
    (usable && !sources.is_empty()).then(|| sources.join(" "))
}

/// The nonce-source for the request's nonce, if the grammar can spell it.
fn nonce_source(request: &Request) -> Option<String> {
    let source = format!("'nonce-{}'", request.nonce);
    matches!(SourceExpression::parse(&source), SourceExpression::Nonce(_)).then_some(source)
}
