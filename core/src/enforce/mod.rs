//! What a browser does under a set of policies: the algorithms of Content Security Policy Level 3.
//!
//! [`decide`] answers whether something would load, run or be embedded, which clause decides, and what would have to
//! stand there instead. Sections are those of Content Security Policy Level 3 unless another specification is named.

mod document;
mod engine;
mod fetch;
mod inline;
mod request;
#[cfg(test)]
mod tests;
mod url_match;
mod verdict;

use url::Url;

pub use engine::Engine;
pub use fetch::effective_directive;
pub use inline::digest;
pub use request::{Destination, Initiator, Inline, InlineKind, Request, SelfOrigin};
pub use url_match::{matches_source_expression, matches_source_list};
pub use verdict::{Disposition, Match, Reason, Verdict, Violation};

use crate::csp::{Delivery, Directive, ParsedDirective, Policy};
use url_match::Context;
use verdict::Decision;

/// A policy and how it came, by which some of its directives do not count.
#[derive(Clone, Copy, Debug)]
pub struct EnforcedPolicy<'a> {
    /// The policy.
    pub policy: &'a Policy<'a>,
    /// How the browser got it.
    pub delivery: Delivery,
}

impl<'a> EnforcedPolicy<'a> {
    /// A policy and how it came.
    pub const fn new(policy: &'a Policy<'a>, delivery: Delivery) -> Self {
        Self { policy, delivery }
    }

    /// What a violation of it does.
    ///
    /// ```
    /// use cspc_core::csp::{Delivery, parse_list};
    /// use cspc_core::enforce::{Disposition, EnforcedPolicy};
    /// let parsed = parse_list("img-src 'self'", Delivery::ReportOnly);
    /// let policy = EnforcedPolicy::new(&parsed[0], Delivery::ReportOnly);
    /// assert_eq!(policy.disposition(), Disposition::Report);
    /// ```
    pub fn disposition(&self) -> Disposition {
        self.delivery.into()
    }

    /// The directive of this kind, if it counts the way the policy came (section 3.3).
    pub(crate) fn get(self, directive: Directive) -> Option<&'a ParsedDirective<'a>> {
        let counts = match self.delivery {
            Delivery::Header => true,
            Delivery::Meta => directive.in_meta(),
            Delivery::ReportOnly => directive.in_report_only(),
        };
        if counts { self.policy.get(directive) } else { None }
    }
}

/// What a browser may ask its policies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Question {
    /// May this be fetched? (Section 4.1.2.)
    Request(Request),
    /// May this run or apply? (Sections 4.2.3 and 4.2.4.)
    Inline(Inline),
    /// May this string be compiled to code? (Section 4.4.1.)
    Eval(String),
    /// May WebAssembly be compiled? (Section 4.5.1.)
    Wasm,
    /// May WebRTC connect? (Section 4.3.1.)
    Webrtc,
    /// May this be the document's base URL? (Section 6.3.1.)
    Base(Url),
    /// May a form be submitted to here? (Section 6.4.1.)
    FormAction {
        /// Where to.
        url: Url,
        /// How many redirects led there.
        redirect_count: u32,
    },
    /// May these embed the document, the nearest first? None for an opaque origin. (Section 6.4.2.)
    Ancestors(Vec<Option<Url>>),
    /// May a worker that came with these policies run? (Section 6.3.2.)
    RunWorker,
    /// Is this, one of HTML's sandboxing keywords, allowed to the document? (Section 6.3.2.)
    Sandbox(String),
    /// May a string go where scripts can be injected, without a Trusted Types policy that makes it safe? (Trusted Types,
    /// section 4.2.1.)
    TrustedTypesSink,
    /// May this Trusted Types policy be created? (Trusted Types, section 4.2.2.)
    TrustedTypesPolicy {
        /// Its name.
        name: String,
        /// Whether there is one of this name already.
        exists: bool,
    },
}

/// What a browser answers. A policy that only reports has its say, and does not make anything less allowed.
///
/// Policies are counted in the order given. Time is linear in the policies and the question.
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
    let context = Context { origin: self_origin, engine };
    let trusted_types =
        matches!(question, Question::Eval(_)) && document::requires_trusted_types(policies);
    let mut verdict = Verdict::new();
    for (index, policy) in policies.iter().enumerate() {
        if let Some(decision) = ask(*policy, question, trusted_types, context) {
            verdict.add(index, policy.disposition(), decision);
        }
    }
    verdict
}

/// What one policy says, if it has anything to say.
fn ask<'a>(
    enforced: EnforcedPolicy<'a>,
    question: &Question,
    trusted_types: bool,
    context: Context<'_>,
) -> Option<Decision<'a>> {
    let policy = enforced.policy;
    match question {
        Question::Request(request) => fetch::check(policy, request, context),
        Question::Inline(item) => inline::check(policy, item, context.engine),
        Question::Eval(source) => {
            document::check_eval(policy, source, trusted_types, context.engine)
        }
        Question::Wasm => document::check_wasm(policy, context.engine),
        Question::Webrtc => document::check_webrtc(policy),
        Question::Base(url) => document::check_base(policy, url, context),
        Question::FormAction { url, redirect_count } => {
            document::check_form_action(policy, url, *redirect_count, context)
        }
        Question::Ancestors(ancestors) => {
            enforced.get(Directive::FrameAncestors)?;
            document::check_ancestors(policy, ancestors, context)
        }
        Question::RunWorker => document::check_worker_sandbox(enforced),
        Question::Sandbox(flag) => document::check_sandbox(enforced, flag),
        Question::TrustedTypesSink => document::check_sink(enforced),
        Question::TrustedTypesPolicy { name, exists } => {
            document::check_trusted_types_policy(policy, name, *exists)
        }
    }
}
