//! What is neither a request nor inline: documents, navigation, compilation, WebRTC and Trusted Types.

use url::Url;

use super::engine::Engine;
use super::fetch::url_check;
use super::source_list::{AskedPolicy, SourceList, Words};
use super::url_match::Target;
use super::verdict::{Decision, Disposition, Outcome, Reason};
use crate::csp::{Directive, Keyword, is_trusted_types_name};

/// "Is base allowed for document?" (section 6.3.1.1).
pub(super) fn check_base(policy: &impl AskedPolicy, base: &Url) -> Option<Decision> {
    check_url(policy, Directive::BaseUri, Target::new(base, 0))
}

/// "`form-action` pre-navigation check" (section 6.4.1.1), of a URL as it is requested.
pub(super) fn check_form_action(
    policy: &impl AskedPolicy,
    target: Target<'_>,
    engine: Engine,
) -> Option<Decision> {
    if target.is_redirected() && !engine.form_action_on_redirect() {
        return None;
    }
    check_url(policy, Directive::FormAction, target)
}

/// A directive without a fallback, and a URL.
fn check_url(
    policy: &impl AskedPolicy,
    effective: Directive,
    target: Target<'_>,
) -> Option<Decision> {
    let list = policy.list(effective)?;
    let outcome = url_check(&list, target);
    Some(Decision { effective, clause: list.clause(), outcome })
}

/// "`frame-ancestors` navigation response check" (section 6.4.2.1): every ancestor must match.
pub(super) fn check_ancestors(
    policy: &impl AskedPolicy,
    ancestors: &[Option<Url>],
    engine: Engine,
) -> Option<Decision> {
    let effective = Directive::FrameAncestors;
    let list = policy.list(effective)?;
    let mut outcome = Outcome::Allowed(None);
    for ancestor in ancestors {
        outcome = match ancestor_target(ancestor.as_ref(), engine) {
            None => Outcome::blocked(Reason::AncestorNotAllowed),
            Some(target) => match url_check(&list, target) {
                Outcome::Blocked(Reason::NoSourceMatches, _) => {
                    Outcome::blocked(Reason::AncestorNotAllowed)
                }
                outcome => outcome,
            },
        };
        if outcome.is_blocked() {
            break;
        }
    }
    Some(Decision { effective, clause: list.clause(), outcome })
}

/// An ancestor is compared as its origin, whose path is `/`. An opaque one is no URL and matches nothing.
pub(super) fn ancestor_target(ancestor: Option<&Url>, engine: Engine) -> Option<Target<'_>> {
    let target = Target::origin_of(ancestor?)?.navigating(true);
    Some(if engine.ancestor_paths_ignored() { target.without_path() } else { target })
}

/// "Ensure CSP does not block string compilation" (section 4.4.1), for one policy.
///
/// `trusted_types` is whether a policy that is enforced, any of them, requires Trusted Types for scripts.
pub(super) fn check_eval(policy: &impl AskedPolicy, trusted_types: bool) -> Option<Decision> {
    let list = policy.effective(Directive::ScriptSrc)?;
    let outcome = Outcome::by(list.keyword(Keyword::UnsafeEval), || {
        match list.keyword(Keyword::TrustedTypesEval) {
            Some(span) if trusted_types => Outcome::Allowed(Some(span)),
            Some(span) => Outcome::Blocked(Reason::TrustedTypesNotRequired, Some(span)),
            None => Outcome::blocked(Reason::EvalNotAllowed),
        }
    });
    Some(Decision { effective: Directive::ScriptSrc, clause: list.clause(), outcome })
}

/// "Ensure CSP does not block WebAssembly byte compilation" (section 4.5.1), for one policy.
pub(super) fn check_wasm(policy: &impl AskedPolicy) -> Option<Decision> {
    let list = policy.effective(Directive::ScriptSrc)?;
    let keyword =
        list.keyword(Keyword::UnsafeEval).or_else(|| list.keyword(Keyword::WasmUnsafeEval));
    let outcome = Outcome::by(keyword, || Outcome::blocked(Reason::WasmNotAllowed));
    Some(Decision { effective: Directive::ScriptSrc, clause: list.clause(), outcome })
}

/// "`webrtc` pre-connect check" (section 6.2.1.1): only a single `'allow'` allows.
pub(super) fn check_webrtc(policy: &impl AskedPolicy) -> Option<Decision> {
    let effective = Directive::Webrtc;
    let words = policy.words(effective)?;
    let allow = words.in_any_case("'allow'").filter(|_| words.is_single());
    let outcome = Outcome::by(allow, || Outcome::Blocked(Reason::WebrtcBlocked, words.first()));
    Some(Decision { effective, clause: words.clause(), outcome })
}

/// The sandboxing keywords without which a worker does not run.
pub(super) static WORKER_FLAGS: [&str; 2] = ["allow-scripts", "allow-same-origin"];

/// "`sandbox` initialization" (section 6.3.2.1): whether a worker may run under its own policies. Only a policy that
/// is enforced counts, and only one of a header.
pub(super) fn check_worker_sandbox(policy: &impl AskedPolicy) -> Option<Decision> {
    check_flags(policy, &WORKER_FLAGS).map(|decision| match decision.outcome {
        Outcome::Allowed(_) => Decision { outcome: Outcome::Allowed(None), ..decision },
        Outcome::Blocked(..) => decision,
    })
}

/// "Parse a sandboxing directive" (HTML, section 7.1.5): whether the document is given all of these flags.
pub(super) fn check_flags(policy: &impl AskedPolicy, flags: &[&str]) -> Option<Decision> {
    let effective = Directive::Sandbox;
    let words = policy.words(effective)?;
    let mut outcome = Outcome::Allowed(None);
    for flag in flags {
        outcome = Outcome::by(words.in_any_case(flag), || Outcome::blocked(Reason::Sandboxed));
        if outcome.is_blocked() {
            break;
        }
    }
    Some(Decision { effective, clause: words.clause(), outcome })
}

/// Whether the policy has "sink type requires trusted types" hold for scripts; one that only reports does not (Trusted
/// Types, section 4.2.1).
pub(super) fn requires_trusted_types(policy: &impl AskedPolicy) -> bool {
    policy.disposition() == Disposition::Enforce && check_sink(policy).is_some()
}

/// "Should sink type mismatch violation be blocked by Content Security Policy?" for one policy (Trusted Types, section 4.2).
pub(super) fn check_sink(policy: &impl AskedPolicy) -> Option<Decision> {
    let effective = Directive::RequireTrustedTypesFor;
    let words = policy.words(effective)?;
    words.in_any_case("'script'")?;
    let outcome = Outcome::blocked(Reason::TrustedTypesRequired);
    Some(Decision { effective, clause: words.clause(), outcome })
}

/// "Should Trusted Type policy creation be blocked by Content Security Policy?" for one policy (Trusted Types,
/// section 4.2.2). Names are compared as they are written.
pub(super) fn check_trusted_types_policy(
    policy: &impl AskedPolicy,
    name: &str,
    exists: bool,
    engine: Engine,
) -> Option<Decision> {
    let effective = Directive::TrustedTypes;
    let words = policy.words(effective)?;
    let outcome = if words.is_single() && words.in_any_case("'none'").is_some() {
        Outcome::blocked(Reason::NothingAllowed)
    } else if exists && words.in_any_case("'allow-duplicates'").is_none() {
        Outcome::blocked(Reason::PolicyNameTaken)
    } else {
        let named = [words.exactly(policy_name(name)), words.exactly("*")];
        let unspeakable = engine.policy_names_spelled() && policy_name(name) != name;
        let named = named.into_iter().flatten().filter(|_| !unspeakable).min();
        Outcome::by(named, || Outcome::blocked(Reason::PolicyNameNotAllowed))
    };
    Some(Decision { effective, clause: words.clause(), outcome })
}

/// The tt-policy-name of this name (Trusted Types, section 4.1.2). What the grammar cannot spell only `*` allows.
pub(super) fn policy_name(name: &str) -> &str {
    if is_trusted_types_name(name) { name } else { "*" }
}
