//! A question as each policy is asked: which check it is for.

use super::engine::Engine;
use super::question::Question;
use super::source_list::AskedPolicy;
use super::url_match::Target;
use super::verdict::{Decision, Disposition};
use super::{document, fetch, inline};
use crate::csp::Directive;

/// What the policies that are enforced together have said.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Common {
    /// Scripts may only be made of trusted types.
    trusted_types: bool,
    /// Requests are upgraded.
    upgrades: bool,
}

impl Common {
    pub(super) fn of<P: AskedPolicy>(policies: impl Iterator<Item = P>) -> Self {
        policies.fold(Self::default(), |common, policy| Self {
            trusted_types: common.trusted_types || document::requires_trusted_types(&policy),
            upgrades: common.upgrades || policy.words(Directive::UpgradeInsecureRequests).is_some(),
        })
    }
}

/// A question as one policy is asked.
#[derive(Clone, Copy, Debug)]
pub(super) struct Asked<'q> {
    pub(super) question: &'q Question,
    /// The URL that is requested.
    pub(super) target: Option<Target<'q>>,
    trusted_types: bool,
}

impl<'q> Asked<'q> {
    /// A policy that only reports is asked before a request is upgraded (Fetch, section 4.1, "main fetch", step 3).
    pub(super) fn new(question: &'q Question, policy: &impl AskedPolicy, common: Common) -> Self {
        let upgrades = common.upgrades
            && policy.disposition() == Disposition::Enforce
            && matches!(question, Question::Request(_));
        let target = question.target();
        let target = target.map(|target| if upgrades { target.upgraded() } else { target });
        Self { question, target, trusted_types: common.trusted_types }
    }

    /// What the policy says, if it has anything to say: by the directive for it, and by its sandbox.
    pub(super) fn of(self, policy: &impl AskedPolicy, engine: Engine) -> [Option<Decision>; 2] {
        let sandbox = self.check_sandbox(policy);
        [self.check(policy, engine), sandbox.filter(|decision| decision.outcome.is_blocked())]
    }

    /// Whether it blocks: the same without the verdicts, whose copies take a fifth of the time.
    pub(super) fn is_blocked_by(self, policy: &impl AskedPolicy, engine: Engine) -> bool {
        let is_blocked = |decision: Option<Decision>| {
            decision.is_some_and(|decision| decision.outcome.is_blocked())
        };
        is_blocked(self.check(policy, engine)) || is_blocked(self.check_sandbox(policy))
    }

    fn check_sandbox(self, policy: &impl AskedPolicy) -> Option<Decision> {
        document::check_flags(policy, &[self.question.sandbox_flag()?])
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
