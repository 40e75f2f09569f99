//! Requests: which directive governs one, and the checks of the fetch directives (sections 6.1, 6.7.1, 6.7.2, 6.8).

use super::engine::{Engine, Hints, Workers};
use super::request::{Destination, Initiator, Request};
use super::source_list::{AskedPolicy, SourceList};
use super::url_match::Target;
use super::verdict::{Clause, Decision, Outcome, Reason};
use crate::csp::{Directive, HashAlgorithm, Keyword};
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

/// "Does request violate policy?" (section 6.7.2.1), of a URL as it is requested.
///
/// The check before the request; the one of its response is the same with the response's URL, which a caller asks by
/// setting [`Request::url`] to that.
pub(super) fn check(
    policy: &impl AskedPolicy,
    request: &Request,
    target: Target<'_>,
    engine: Engine,
) -> Option<Decision> {
    if request.is_prefetch() {
        return check_hint(policy, target, engine.hints());
    }
    // "Should fetch directive execute" (section 6.8.4) knows no fallback list of `default-src`, so that it never does
    // for a prerendering.
    let effective = effective_directive(request).filter(|name| *name != Directive::DefaultSrc)?;
    let list = policy.effective(effective)?;
    let keeps_path = request.keepalive && engine.keepalive_keeps_paths();
    let target = if keeps_path { target.with_path() } else { target };
    let outcome = match checked_as(list.clause().directive, effective) {
        Directive::ScriptSrc | Directive::ScriptSrcElem => {
            script_check(&list, request, target, engine)
        }
        Directive::StyleSrc | Directive::StyleSrcElem => style_check(&list, request, target),
        Directive::WorkerSrc => worker_check(&list, request, target, engine),
        _ => url_check(&list, target),
    };
    Some(Decision { effective, clause: list.clause(), outcome })
}

/// `default-src` and `child-src` run the check of the effective directive (sections 6.1.1 and 6.1.3).
const fn checked_as(directive: Directive, effective: Directive) -> Directive {
    match directive {
        Directive::DefaultSrc | Directive::ChildSrc => effective,
        own => own,
    }
}

/// "Script directives pre-request check" (section 6.7.1.1).
fn script_check(
    list: &impl SourceList,
    request: &Request,
    target: Target<'_>,
    engine: Engine,
) -> Outcome {
    if !request.destination.is_script_like() {
        return Outcome::Allowed(None);
    }
    let by_any_list =
        matches!(engine.workers(), Workers::StrictDynamic | Workers::StrictDynamicOrNonce);
    if request.destination.is_worker() && by_any_list {
        return worker_check(list, request, target, engine);
    }
    let trusted =
        list.nonce(&request.nonce).or_else(|| matching_integrity(list, &request.integrity));
    Outcome::by(trusted, || match list.keyword(Keyword::StrictDynamic) {
        Some(dynamic) if request.parser_inserted => {
            Outcome::Blocked(Reason::ParserInserted, Some(dynamic))
        }
        Some(dynamic) => Outcome::Allowed(Some(dynamic)),
        None => url_check(list, target),
    })
}

/// The checks of `style-src` and `style-src-elem` (sections 6.1.13 and 6.1.14).
fn style_check(list: &impl SourceList, request: &Request, target: Target<'_>) -> Outcome {
    Outcome::by(list.nonce(&request.nonce), || url_check(list, target))
}

/// The check of `worker-src` (section 6.2.2), and what engines add to it.
fn worker_check(
    list: &impl SourceList,
    request: &Request,
    target: Target<'_>,
    engine: Engine,
) -> Outcome {
    let more = match engine.workers() {
        Workers::Url => None,
        Workers::StrictDynamic => list.keyword(Keyword::StrictDynamic),
        Workers::StrictDynamicOrNonce => {
            list.keyword(Keyword::StrictDynamic).or_else(|| list.nonce(&request.nonce))
        }
    };
    Outcome::by(more, || url_check(list, target))
}

/// "Does request match source list?" (section 6.7.2.5).
pub(super) fn url_check(list: &impl SourceList, target: Target<'_>) -> Outcome {
    Outcome::by(list.matching(target), || unmatched(list))
}

fn unmatched(list: &impl SourceList) -> Outcome {
    let nothing = list.allows_nothing();
    Outcome::blocked(if nothing { Reason::NothingAllowed } else { Reason::NoSourceMatches })
}

/// "Does resource hint request violate policy?" (section 6.7.2.2): not if any directive would allow it.
///
/// By its text `default-src` alone does not count, and only decides that there is a question at all.
fn check_hint(policy: &impl AskedPolicy, target: Target<'_>, hints: Hints) -> Option<Decision> {
    let effective = Directive::DefaultSrc;
    let own = match hints {
        Hints::PrefetchSrc => policy.effective(Directive::PrefetchSrc)?,
        _ => policy.list(effective)?,
    };
    let union = matches!(hints, Hints::Union | Hints::UnionWithDefault);
    let found = HINT_DIRECTIVES
        .iter()
        .filter(|_| union)
        .find_map(|directive| matching_hint(&policy.list(*directive)?, target, hints))
        .or_else(|| dynamic_workers(policy, hints))
        .or_else(|| if hints == Hints::Union { None } else { matched(&own, target) });
    let (clause, outcome) = match found {
        Some((clause, span)) => (clause, Outcome::Allowed(Some(span))),
        None => (own.clause(), unmatched(&own)),
    };
    Some(Decision { effective, clause, outcome })
}

/// What of the list allows the hint.
fn matching_hint(
    list: &impl SourceList,
    target: Target<'_>,
    hints: Hints,
) -> Option<(Clause, Span)> {
    let of_scripts =
        matches!(list.clause().directive, Directive::ScriptSrc | Directive::ScriptSrcElem);
    let urls_count = hints != Hints::UnionWithDefault
        || !of_scripts
        || list.keyword(Keyword::StrictDynamic).is_none();
    if urls_count { matched(list, target) } else { None }
}

/// The `'strict-dynamic'` by which every worker is allowed, and every hint.
fn dynamic_workers(policy: &impl AskedPolicy, hints: Hints) -> Option<(Clause, Span)> {
    if hints != Hints::UnionWithDefault {
        return None;
    }
    let list = policy.effective(Directive::WorkerSrc)?;
    Some((list.clause(), list.keyword(Keyword::StrictDynamic)?))
}

fn matched(list: &impl SourceList, target: Target<'_>) -> Option<(Clause, Span)> {
    Some((list.clause(), list.matching(target)?))
}

/// The hashes that integrity metadata names: "parse metadata" of Subresource Integrity, section 3.3.2. Options after
/// `?` and algorithms that it does not know are left out.
pub(crate) fn parse_integrity(integrity: &str) -> impl Iterator<Item = (HashAlgorithm, &str)> {
    integrity.split_ascii_whitespace().filter_map(|item| {
        let (name, value) = item.split('?').next()?.split_once('-')?;
        let known = [HashAlgorithm::Sha256, HashAlgorithm::Sha384, HashAlgorithm::Sha512];
        let algorithm =
            known.into_iter().find(|algorithm| algorithm.as_str().eq_ignore_ascii_case(name));
        Some((algorithm?, value))
    })
}

/// "Does integrity metadata match source list?" (section 6.7.2.4): every hash must be in the list. The first one's place.
fn matching_integrity(list: &impl SourceList, integrity: &str) -> Option<Span> {
    // As most requests have none: no hashes, at once.
    if integrity.is_empty() {
        return None;
    }
    let mut places = parse_integrity(integrity)
        .map(|(algorithm, value)| list.hashes().of_integrity(algorithm, value));
    let first = places.next()??;
    places.all(|place| place.is_some()).then_some(first)
}
