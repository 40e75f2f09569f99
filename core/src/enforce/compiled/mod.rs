//! Policies made ready for many questions.
//!
//! The checks are those of [`decide`](super::decide), asked of lists that find hosts, paths, nonces, hashes and keywords
//! in constant time and without allocation.

mod list;
mod sources;

use super::asked::{Asked, Common};
use super::engine::Engine;
use super::policy::EnforcedPolicy;
use super::question::Question;
use super::request::SelfOrigin;
use super::source_list::{AskedPolicy, WrittenPolicy};
use super::url_match::Context;
use super::verdict::{Disposition, Outcome, Reason};
use crate::csp::{Directive, Grammar};
use crate::text::Span;
use list::{CompiledList, CompiledWords};

/// A set of policies made ready for many questions, of a page of some origin in some engine.
///
/// It answers as [`decide`](super::decide) does. Making it takes time linear in the policies. A question takes time that
/// does not depend on how many hosts, ports, paths, nonces, hashes or schemes a list has, but only on the number of
/// policies and the length of the question; it allocates nothing. (Paths with escapes are an exception for frames,
/// plugins and shared workers in Firefox, which reads them twice.)
///
/// ```
/// use cspc_core::csp::{Delivery, Directive, parse_list};
/// use cspc_core::enforce::*;
///
/// let parsed = parse_list("img-src 'self' *.cdn.example", Delivery::Header);
/// let policies = [EnforcedPolicy::new(&parsed[0], Delivery::Header)];
/// let page: SelfOrigin = "https://e.example".parse().unwrap();
/// let matcher = Matcher::new(&policies, &page, Engine::Spec);
///
/// let image = |url: &str| Question::Request(Request::new(url.parse().unwrap(), Destination::Image));
/// assert!(matcher.allows(&image("https://a.cdn.example/a.png")));
/// assert!(!matcher.allows(&image("https://x.example/a.png")));
/// let answers: Vec<_> = matcher.answers(&image("https://x.example/a.png")).collect();
/// assert_eq!(answers[0].blocked, Some(Reason::NoSourceMatches));
/// ```
#[derive(Debug)]
pub struct Matcher<'a> {
    policies: Vec<CompiledPolicy<'a>>,
    engine: Engine,
    common: Common,
}

/// What one policy says to a question: of a [`Match`](super::Match) or a [`Violation`](super::Violation) what costs
/// nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Answer {
    /// Which policy, counted from 0 in the order given.
    pub policy: usize,
    /// Whether it blocks or reports.
    pub disposition: Disposition,
    /// The directive most relevant to the question, which a report names.
    pub effective: Directive,
    /// The directive that decided.
    pub directive: Directive,
    /// Where it stands.
    pub directive_span: Span,
    /// Where the expression stands that allows it or is to blame, if one is.
    pub expression: Option<Span>,
    /// Why it is blocked; none if it is allowed.
    pub blocked: Option<Reason>,
}

impl<'a> Matcher<'a> {
    /// Makes it ready.
    pub fn new(
        policies: &[EnforcedPolicy<'a>],
        self_origin: &'a SelfOrigin,
        engine: Engine,
    ) -> Self {
        let context = Context { origin: self_origin, engine };
        let policies: Vec<_> =
            policies.iter().map(|policy| CompiledPolicy::new(*policy, context)).collect();
        let common = Common::of(policies.iter());
        Self { policies, engine, common }
    }

    /// Whether no enforced policy objects.
    pub fn allows(&self, question: &Question) -> bool {
        let mut enforced =
            self.policies.iter().filter(|policy| policy.disposition == Disposition::Enforce);
        !enforced.any(|policy| {
            Asked::new(question, &policy, self.common).is_blocked_by(&policy, self.engine)
        })
    }

    /// What each policy says that has something to say. One may say two things: what its directive for the question
    /// says, and that its `sandbox` blocks it.
    pub fn answers(&self, question: &Question) -> impl Iterator<Item = Answer> {
        let policies = self.policies.iter().enumerate();
        policies.flat_map(move |(index, policy)| {
            let asked = Asked::new(question, &policy, self.common);
            let decisions = asked.of(&policy, self.engine).into_iter().flatten();
            decisions.map(move |decision| {
                let (expression, blocked) = match decision.outcome {
                    Outcome::Allowed(expression) => (expression, None),
                    Outcome::Blocked(reason, expression) => (expression, Some(reason)),
                };
                Answer {
                    policy: index,
                    disposition: policy.disposition,
                    effective: decision.effective,
                    directive: decision.clause.directive,
                    directive_span: decision.clause.span,
                    expression,
                    blocked,
                }
            })
        })
    }
}

/// A policy that knows its directives by their number.
#[derive(Debug)]
struct CompiledPolicy<'a> {
    disposition: Disposition,
    directives: Vec<Option<Compiled<'a>>>,
    /// For each directive the one whose list decides.
    effective: Vec<Option<Directive>>,
}

#[derive(Debug)]
enum Compiled<'a> {
    List(Box<CompiledList<'a>>),
    Words(Box<CompiledWords<'a>>),
}

impl<'a> CompiledPolicy<'a> {
    fn new(policy: EnforcedPolicy<'a>, context: Context<'a>) -> Self {
        let compile = |directive: Directive| {
            let written = policy.get(directive)?;
            Some(match directive.grammar() {
                Grammar::SourceList | Grammar::AncestorSourceList => {
                    Compiled::List(Box::new(CompiledList::new(written, context)?))
                }
                _ => Compiled::Words(Box::new(CompiledWords::new(written)?)),
            })
        };
        let directives: Vec<_> = Directive::all().map(compile).collect();
        let is_list = |directive: &Directive| {
            matches!(directives.get(*directive as usize), Some(Some(Compiled::List(_))))
        };
        let effective =
            Directive::all().map(|directive| directive.fallback_list().find(is_list)).collect();
        let disposition = WrittenPolicy { policy, context }.disposition();
        Self { disposition, directives, effective }
    }

    fn get(&self, directive: Directive) -> Option<&Compiled<'a>> {
        self.directives.get(directive as usize)?.as_ref()
    }
}

impl<'c, 'a> AskedPolicy for &'c CompiledPolicy<'a> {
    type List = &'c CompiledList<'a>;
    type Words = &'c CompiledWords<'a>;

    fn disposition(&self) -> Disposition {
        self.disposition
    }

    fn list(&self, directive: Directive) -> Option<Self::List> {
        match self.get(directive)? {
            Compiled::List(list) => Some(list),
            Compiled::Words(_) => None,
        }
    }

    fn effective(&self, directive: Directive) -> Option<Self::List> {
        self.list((*self.effective.get(directive as usize)?)?)
    }

    fn words(&self, directive: Directive) -> Option<Self::Words> {
        match self.get(directive)? {
            Compiled::Words(words) => Some(words),
            Compiled::List(_) => None,
        }
    }
}
