//! What is neither a request nor inline: documents, navigation, compilation, WebRTC and Trusted Types.

use url::Url;

use super::EnforcedPolicy;
use super::engine::Engine;
use super::inline::SourceList;
use super::url_match::{Context, matches_source_expression, matching_source};
use super::verdict::{Decision, Disposition, Outcome, Reason};
use crate::csp::{Directive, Keyword, ParsedDirective, Policy, SourceExpression};

impl SourceList<'_> {
    /// The outcome for a URL that nothing matches.
    pub(super) fn no_match(self, url: &Url, context: Context<'_>) -> Outcome {
        let reason =
            if self.allows_nothing() { Reason::NothingAllowed } else { Reason::NoSourceMatches };
        Outcome::blocked(reason).unless(smallest_source(url, context))
    }
}

/// The narrowest of `'self'`, the URL's origin and its scheme that matches it, if one does.
fn smallest_source(url: &Url, context: Context<'_>) -> Option<String> {
    let origin = url.origin();
    let candidates = [
        "'self'".to_owned(),
        if origin.is_tuple() { origin.ascii_serialization() } else { String::new() },
        format!("{}:", url.scheme()),
    ];
    candidates.into_iter().find(|candidate| {
        let expression = SourceExpression::parse(candidate);
        matches_source_expression(url, &expression, context.origin, 0, context.engine)
    })
}

/// "Is base allowed for document?" (section 6.3.1.1).
pub(super) fn check_base<'a>(
    policy: &'a Policy<'a>,
    base: &Url,
    context: Context<'_>,
) -> Option<Decision<'a>> {
    check_url(policy, Directive::BaseUri, base, 0, context)
}

/// "`form-action` pre-navigation check" (section 6.4.1.1).
pub(super) fn check_form_action<'a>(
    policy: &'a Policy<'a>,
    url: &Url,
    redirect_count: u32,
    context: Context<'_>,
) -> Option<Decision<'a>> {
    if redirect_count > 0 && !context.engine.form_action_on_redirect() {
        return None;
    }
    check_url(policy, Directive::FormAction, url, redirect_count, context)
}

/// A directive without a fallback, and a URL.
fn check_url<'a>(
    policy: &'a Policy<'a>,
    effective: Directive,
    url: &Url,
    redirect_count: u32,
    context: Context<'_>,
) -> Option<Decision<'a>> {
    let directive = policy.get(effective)?;
    let list = SourceList { directive, engine: context.engine };
    let outcome = match matching_source(url, directive, redirect_count, context) {
        Some(span) => Outcome::Allowed(Some(span)),
        None => list.no_match(url, context),
    };
    Some(Decision { effective, directive, outcome })
}

/// "`frame-ancestors` navigation response check" (section 6.4.2.1): every ancestor must match.
///
/// An ancestor is compared as its origin, whose path is `/`. An opaque one is no URL and matches nothing.
pub(super) fn check_ancestors<'a>(
    policy: &'a Policy<'a>,
    ancestors: &[Option<Url>],
    context: Context<'_>,
) -> Option<Decision<'a>> {
    let effective = Directive::FrameAncestors;
    let directive = policy.get(effective)?;
    let list = SourceList { directive, engine: context.engine };
    let mut outcome = Outcome::Allowed(None);
    for ancestor in ancestors {
        match ancestor.as_ref().and_then(origin_url) {
            None => outcome = Outcome::blocked(Reason::AncestorNotAllowed),
            // A redirect is what makes a path count for nothing, and so it does for Firefox here.
            Some(url) => {
                let redirects = u32::from(context.engine.ancestor_paths_ignored());
                outcome = match matching_source(&url, directive, redirects, context) {
                    Some(span) => Outcome::Allowed(Some(span)),
                    None if list.allows_nothing() => list.no_match(&url, context),
                    None => Outcome::blocked(Reason::AncestorNotAllowed)
                        .unless(smallest_source(&url, context)),
                }
            }
        }
        if matches!(outcome, Outcome::Blocked(_)) {
            break;
        }
    }
    Some(Decision { effective, directive, outcome })
}

/// A URL with nothing but its origin, or none if that is opaque.
fn origin_url(url: &Url) -> Option<Url> {
    url.host()?;
    let mut origin = url.clone();
    origin.set_path("/");
    origin.set_query(None);
    origin.set_fragment(None);
    Some(origin)
}

/// "Ensure CSP does not block string compilation" (section 4.4.1), for one policy.
///
/// `trusted_types` is whether a policy that is enforced, any of them, requires Trusted Types for scripts.
pub(super) fn check_eval<'a>(
    policy: &'a Policy<'a>,
    source: &str,
    trusted_types: bool,
    engine: Engine,
) -> Option<Decision<'a>> {
    let directive = policy.effective(Directive::ScriptSrc)?;
    let list = SourceList { directive, engine };
    let trusted = list.keyword(Keyword::TrustedTypesEval);
    let outcome = match (list.keyword(Keyword::UnsafeEval), trusted) {
        (Some(span), _) => Outcome::Allowed(Some(span)),
        (None, Some(span)) if trusted_types => Outcome::Allowed(Some(span)),
        (None, Some(span)) => Outcome::blocked(Reason::TrustedTypesNotRequired).blaming(Some(span)),
        (None, None) => Outcome::blocked(Reason::EvalNotAllowed),
    };
    let outcome = outcome
        .unless("'unsafe-eval'".to_owned())
        .sampling(source, list.keyword(Keyword::ReportSample).is_some());
    Some(Decision { effective: Directive::ScriptSrc, directive, outcome })
}

/// "Ensure CSP does not block WebAssembly byte compilation" (section 4.5.1), for one policy.
pub(super) fn check_wasm<'a>(policy: &'a Policy<'a>, engine: Engine) -> Option<Decision<'a>> {
    let directive = policy.effective(Directive::ScriptSrc)?;
    let list = SourceList { directive, engine };
    let keyword =
        list.keyword(Keyword::UnsafeEval).or_else(|| list.keyword(Keyword::WasmUnsafeEval));
    let outcome = match keyword {
        Some(span) => Outcome::Allowed(Some(span)),
        None => Outcome::blocked(Reason::WasmNotAllowed).unless("'wasm-unsafe-eval'".to_owned()),
    };
    Some(Decision { effective: Directive::ScriptSrc, directive, outcome })
}

/// "`webrtc` pre-connect check" (section 6.2.1.1): only a single `'allow'` allows.
pub(super) fn check_webrtc<'a>(policy: &'a Policy<'a>) -> Option<Decision<'a>> {
    let effective = Directive::Webrtc;
    let directive = policy.get(effective)?;
    let mut values = directive.values();
    let first = values.next();
    let outcome = match (first, values.next()) {
        (Some(value), None) if value.text.eq_ignore_ascii_case("'allow'") => {
            Outcome::Allowed(Some(value.span))
        }
        _ => Outcome::blocked(Reason::WebrtcBlocked).blaming(first.map(|value| value.span)),
    };
    Some(Decision { effective, directive, outcome })
}

/// "`sandbox` initialization" (section 6.3.2.1): whether a worker may run under its own policies. Only a policy that
/// is enforced counts, and only one of a header.
pub(super) fn check_worker_sandbox<'a>(policy: EnforcedPolicy<'a>) -> Option<Decision<'a>> {
    let effective = Directive::Sandbox;
    let directive = policy.get(effective)?;
    let has = |flag| has_value(directive, flag);
    let outcome = if has("allow-scripts") && has("allow-same-origin") {
        Outcome::Allowed(None)
    } else {
        let missing = ["allow-scripts", "allow-same-origin"].into_iter().filter(|flag| !has(flag));
        Outcome::blocked(Reason::Sandboxed).unless(missing.collect::<Vec<_>>().join(" "))
    };
    Some(Decision { effective, directive, outcome })
}

/// "Parse a sandboxing directive" (HTML, section 7.1.5): whether the document is given a flag.
pub(super) fn check_sandbox<'a>(policy: EnforcedPolicy<'a>, flag: &str) -> Option<Decision<'a>> {
    let effective = Directive::Sandbox;
    let directive = policy.get(effective)?;
    let given = directive.values().find(|value| value.text.eq_ignore_ascii_case(flag));
    let outcome = match given {
        Some(value) => Outcome::Allowed(Some(value.span)),
        None => Outcome::blocked(Reason::Sandboxed).unless(flag.to_ascii_lowercase()),
    };
    Some(Decision { effective, directive, outcome })
}

fn has_value(directive: &ParsedDirective<'_>, text: &str) -> bool {
    directive.values().any(|value| value.text.eq_ignore_ascii_case(text))
}

/// "Does sink type require trusted types?" for scripts, where policies that only report do not count (Trusted Types,
/// section 4.2.1).
pub(super) fn requires_trusted_types(policies: &[EnforcedPolicy<'_>]) -> bool {
    let mut enforced =
        policies.iter().filter(|policy| policy.disposition() == Disposition::Enforce);
    enforced.any(|policy| sink_requirement(*policy).is_some())
}

/// The policy's demand for Trusted Types, if it makes it.
fn sink_requirement(policy: EnforcedPolicy<'_>) -> Option<&ParsedDirective<'_>> {
    policy
        .get(Directive::RequireTrustedTypesFor)
        .filter(|directive| has_value(directive, "'script'"))
}

/// "Should sink type mismatch violation be blocked by Content Security Policy?" for one policy (Trusted Types, section 4.2).
pub(super) fn check_sink(policy: EnforcedPolicy<'_>) -> Option<Decision<'_>> {
    let directive = sink_requirement(policy)?;
    let outcome = Outcome::blocked(Reason::TrustedTypesRequired);
    Some(Decision { effective: Directive::RequireTrustedTypesFor, directive, outcome })
}

/// "Should Trusted Type policy creation be blocked by Content Security Policy?" for one policy (Trusted Types,
/// section 4.2.2). Names are compared as they are written.
pub(super) fn check_trusted_types_policy<'a>(
    policy: &'a Policy<'a>,
    name: &str,
    exists: bool,
) -> Option<Decision<'a>> {
    let effective = Directive::TrustedTypes;
    let directive = policy.get(effective)?;
    // What the grammar cannot spell only `*` allows.
    let spelling = if is_policy_name(name) { name } else { "*" };
    let named = directive.values().find(|value| [spelling, "*"].contains(&value.text));
    let none = directive.values().nth(1).is_none() && has_value(directive, "'none'");
    let taken = exists && !has_value(directive, "'allow-duplicates'");
    let reason = match named {
        _ if none => Reason::NothingAllowed,
        _ if taken => Reason::PolicyNameTaken,
        None => Reason::PolicyNameNotAllowed,
        Some(value) => {
            let outcome = Outcome::Allowed(Some(value.span));
            return Some(Decision { effective, directive, outcome });
        }
    };
    let missing = [named.is_none().then_some(spelling), taken.then_some("'allow-duplicates'")];
    let would_allow = missing.into_iter().flatten().collect::<Vec<_>>().join(" ");
    let outcome = Outcome::blocked(reason).unless(would_allow);
    Some(Decision { effective, directive, outcome })
}

/// tt-policy-name (Trusted Types, section 4.1.2).
fn is_policy_name(name: &str) -> bool {
    let of_name = |byte: u8| byte.is_ascii_alphanumeric() || b"-#=_/@.%".contains(&byte);
    !name.is_empty() && name.bytes().all(of_name)
}
