//! What a browser does under a set of policies: the algorithms of Content Security Policy Level 3.
//!
//! [`decide`] answers whether something would load, run or be embedded, which clause decides, and what would have to
//! stand there instead. Sections are those of Content Security Policy Level 3 unless another specification is named.

mod advice;
mod asked;
mod compiled;
mod document;
mod engine;
mod fetch;
mod hashes;
mod index;
mod inline;
mod path_match;
mod policy;
mod question;
mod request;
mod source_list;
#[cfg(test)]
mod tests;
mod url_match;
mod verdict;

pub use compiled::{Answer, Matcher};
pub use engine::Engine;
pub use fetch::effective_directive;
pub(crate) use fetch::parse_integrity;
pub use hashes::digest;
pub use policy::EnforcedPolicy;
pub use question::Question;
pub use request::{Destination, Initiator, Inline, InlineKind, Request, SelfOrigin};
pub(crate) use url_match::{default_port, is_loopback, upgraded_scheme};
pub use url_match::{matches_source_expression, matches_source_list};
pub use verdict::{Disposition, Match, Reason, Verdict, Violation};

use advice::advise;
use asked::{Asked, Common};
use source_list::{AskedPolicy as _, WrittenPolicy};
use url_match::Context;
use verdict::Decision;

/// What a browser answers. A policy that only reports has its say, and does not make anything less allowed.
///
/// Policies are counted in the order given. Beside the checks of the specification it says what HTML does to a sandboxed
/// document: it runs no script and sends no form that its flags do not allow. A request is upgraded to HTTPS first, where
/// an enforced policy asks for it (Upgrade Insecure Requests, section 4.1). Time is linear in the policies and the
/// question. For many questions to the same policies there is the [`Matcher`].
///
/// ```
/// use cspc_core::csp::{Delivery, Directive, parse_list};
/// use cspc_core::enforce::*;
///
/// let text = "default-src 'none'; script-src 'self'";
/// let parsed = parse_list(text, Delivery::Header);
/// let policies = [EnforcedPolicy::new(&parsed[0], Delivery::Header)];
/// let page: SelfOrigin = "https://e.example".parse().unwrap();
/// let url = "https://x.example/a.js".parse().unwrap();
/// let question = Question::Request(Request::new(url, Destination::Script));
///
/// let verdict = decide(&policies, &page, &question, Engine::Spec);
/// assert!(!verdict.allowed);
/// let violation = &verdict.violations[0];
/// assert_eq!(violation.effective, Directive::ScriptSrcElem);
/// assert_eq!(violation.directive, Directive::ScriptSrc);
/// assert_eq!(violation.reason.as_str(), "no-source-matches");
/// assert_eq!(violation.would_allow.as_deref(), Some("https://x.example"));
/// ```
pub fn decide(
    policies: &[EnforcedPolicy<'_>],
    self_origin: &SelfOrigin,
    question: &Question,
    engine: Engine,
) -> Verdict {
    let mut verdict = Verdict::new();
    for (index, policy, asked, decision) in decisions(policies, self_origin, question, engine) {
        verdict.add(index, policy.disposition(), decision, |reason| {
            advise(policy, decision.clause.directive, asked, reason)
        });
    }
    verdict
}

/// Whether it is allowed: what [`decide`] says, without what it says of why.
///
/// ```
/// use cspc_core::csp::{Delivery, parse_list};
/// use cspc_core::enforce::*;
///
/// let parsed = parse_list("script-src 'unsafe-eval'", Delivery::Header);
/// let policies = [EnforcedPolicy::new(&parsed[0], Delivery::Header)];
/// let page: SelfOrigin = "https://e.example".parse().unwrap();
/// assert!(allows(&policies, &page, &Question::Eval(String::new()), Engine::Spec));
/// ```
pub fn allows(
    policies: &[EnforcedPolicy<'_>],
    self_origin: &SelfOrigin,
    question: &Question,
    engine: Engine,
) -> bool {
    let mut decisions = decisions(policies, self_origin, question, engine);
    decisions.all(|(_, policy, _, decision)| {
        policy.disposition() == Disposition::Report || !decision.outcome.is_blocked()
    })
}

/// What each policy says that has something to say, with its number and the question as it is asked.
fn decisions<'a>(
    policies: &'a [EnforcedPolicy<'a>],
    self_origin: &'a SelfOrigin,
    question: &'a Question,
    engine: Engine,
) -> impl Iterator<Item = (usize, WrittenPolicy<'a>, Asked<'a>, Decision)> {
    let context = Context { origin: self_origin, engine };
    let policies = policies.iter().map(move |policy| WrittenPolicy { policy: *policy, context });
    let common = Common::of(policies.clone());
    policies.enumerate().flat_map(move |(index, policy)| {
        let asked = Asked::new(question, &policy, common);
        let said = asked.of(&policy, engine).into_iter().flatten();
        said.map(move |decision| (index, policy, asked, decision))
    })
}
