//! What a browser does under a set of policies: the algorithms of Content Security Policy Level 3.
//!
//! [`decide`] answers whether something would load, run or be embedded, which clause decides, and what would have to
//! stand there instead. Sections are those of Content Security Policy Level 3 unless another specification is named.

mod advice;
mod compiled;
mod document;
mod engine;
mod fetch;
mod hashes;
mod index;
mod inline;
mod path_match;
mod request;
mod source_list;
#[cfg(test)]
mod tests;
mod url_match;
mod verdict;

use url::Url;

pub use compiled::{Answer, Matcher};
pub use engine::Engine;
pub use fetch::effective_directive;
pub(crate) use fetch::parse_integrity;
pub use hashes::digest;
pub use request::{Destination, Initiator, Inline, InlineKind, Request, SelfOrigin};
pub(crate) use url_match::default_port;
pub use url_match::{matches_source_expression, matches_source_list};
pub use verdict::{Disposition, Match, Reason, Verdict, Violation};

use crate::csp::{Delivery, Directive, ParsedDirective, Policy};
use advice::advise;
use source_list::{AskedPolicy, WrittenPolicy};
use url_match::{Context, Target};
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

impl Question {
    /// HTML's sandboxing keyword without which a sandboxed document does nothing of the kind.
    fn sandbox_flag(&self) -> Option<&'static str> {
        let runs_script = match self {
            Self::Request(request) => request.destination.is_run_by_script(),
            Self::Inline(item) => item.kind.is_script(),
            Self::Eval(_) | Self::Wasm => true,
            Self::FormAction { .. } => return Some("allow-forms"),
            _ => false,
        };
        runs_script.then_some("allow-scripts")
    }

    /// The URL that is requested.
    fn target(&self) -> Option<Target<'_>> {
        match self {
            Self::Request(request) => {
                let frame = matches!(request.destination, Destination::Frame | Destination::Iframe);
                let plugin =
                    matches!(request.destination, Destination::Object | Destination::Embed);
                let target = Target::new(&request.url, request.redirect_count);
                Some(target.navigating(frame).for_document(frame || plugin))
            }
            Self::FormAction { url, redirect_count } => {
                Some(Target::new(url, *redirect_count).navigating(true))
            }
            _ => None,
        }
    }
}

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
    let context = Context { origin: self_origin, engine };
    let policies = policies.iter().map(|policy| WrittenPolicy { policy: *policy, context });
    let common = Common::of(policies.clone());
    let mut verdict = Verdict::new();
    for (index, policy) in policies.enumerate() {
        let asked = Asked::new(question, &policy, common);
        for decision in asked.of(&policy, engine).into_iter().flatten() {
            verdict.add(index, policy.disposition(), decision, |reason| {
                advise(policy, decision.clause.directive, asked, reason)
            });
        }
    }
    verdict
}

/// What the policies that are enforced together have said.
#[derive(Clone, Copy, Debug, Default)]
struct Common {
    /// Scripts may only be made of trusted types.
    trusted_types: bool,
    /// Requests are upgraded.
    upgrades: bool,
}

impl Common {
    fn of<P: AskedPolicy>(policies: impl Iterator<Item = P>) -> Self {
        policies.fold(Self::default(), |common, policy| Self {
            trusted_types: common.trusted_types || document::requires_trusted_types(&policy),
            upgrades: common.upgrades || policy.words(Directive::UpgradeInsecureRequests).is_some(),
        })
    }
}

/// A question as one policy is asked.
#[derive(Clone, Copy, Debug)]
struct Asked<'q> {
    question: &'q Question,
    /// The URL that is requested.
    target: Option<Target<'q>>,
    trusted_types: bool,
}

impl<'q> Asked<'q> {
    /// A policy that only reports is asked before a request is upgraded (Fetch, section 4.1, "main fetch", step 3).
    fn new(question: &'q Question, policy: &impl AskedPolicy, common: Common) -> Self {
        let upgrades = common.upgrades
            && policy.disposition() == Disposition::Enforce
            && matches!(question, Question::Request(_));
        let target = question.target();
        let target = target.map(|target| if upgrades { target.upgraded() } else { target });
        Self { question, target, trusted_types: common.trusted_types }
    }

    /// What the policy says, if it has anything to say: by the directive for it, and by its sandbox.
    fn of(self, policy: &impl AskedPolicy, engine: Engine) -> [Option<Decision>; 2] {
        let flag = self.question.sandbox_flag();
        let sandbox = flag.and_then(|flag| document::check_flags(policy, &[flag]));
        [self.check(policy, engine), sandbox.filter(|decision| decision.outcome.is_blocked())]
    }

    fn check(self, policy: &impl AskedPolicy, engine: Engine) -> Option<Decision> {
        match self.question {
            Question::Request(request) => fetch::check(policy, request, self.target?, engine),
            Question::Inline(item) => inline::check(policy, item, engine),
            Question::Eval(_) => document::check_eval(policy, self.trusted_types),
            Question::Wasm => document::check_wasm(policy),
            Question::Webrtc => document::check_webrtc(policy),
            Question::Base(url) => document::check_base(policy, url),
            Question::FormAction { .. } => {
                document::check_form_action(policy, self.target?, engine)
            }
            Question::Ancestors(ancestors) => document::check_ancestors(policy, ancestors, engine),
            Question::RunWorker => document::check_worker_sandbox(policy),
            Question::Sandbox(flag) => document::check_flags(policy, &[flag]),
            Question::TrustedTypesSink => document::check_sink(policy),
            Question::TrustedTypesPolicy { name, exists } => {
                document::check_trusted_types_policy(policy, name, *exists, engine)
            }
        }
    }
}
