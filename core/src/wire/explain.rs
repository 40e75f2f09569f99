//! The shapes of `cspc explain`.

use serde::{Deserialize, Serialize};

use super::policies::{Parsed, PolicyText};
use super::question::{AskError, Asked, engine, unreadable};
use crate::enforce::{Engine, SelfOrigin, Verdict, decide};
use crate::text::{Offsets, Span, Units};

/// A question to a set of policies, such as
/// `{"self":"https://e.example","policies":[{"value":"script-src 'self'"}],"eval":true}`.
#[derive(Clone, Debug, Deserialize)]
pub struct Explain {
    /// The serialized origin of the page, or `null` for an opaque one.
    #[serde(rename = "self")]
    pub self_origin: String,
    /// The policies in force, in any number.
    pub policies: Vec<PolicyText>,
    /// `spec`, `chromium`, `firefox` or `webkit`; `spec` if absent.
    #[serde(default)]
    pub engine: Option<String>,
    /// In what the spans of the answer count.
    #[serde(default)]
    pub units: Units,
    /// What is asked.
    #[serde(flatten)]
    pub asked: Asked,
}

/// The answer: `{"allowed":false,"violations":[…],"matches":[]}`.
#[derive(Clone, Debug, Serialize)]
pub struct Explained {
    /// Whether no enforced policy objects.
    pub allowed: bool,
    /// The objections, those that are only reported among them.
    pub violations: Vec<Objection>,
    /// The consents.
    pub matches: Vec<Consent>,
}

/// One policy's objection.
#[derive(Clone, Debug, Serialize)]
pub struct Objection {
    /// Which of the given policies, counted from 0.
    pub policy: usize,
    /// `enforce` or `report`.
    pub disposition: &'static str,
    /// The directive that a report would name.
    pub effective: &'static str,
    /// The directive that decided.
    pub directive: &'static str,
    /// Why.
    pub reason: &'static str,
    /// Where the deciding directive stands, in bytes of the policy's value.
    pub span: [usize; 2],
    /// Where the expression stands that is to blame.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expression: Option<[usize; 2]>,
    /// The smallest addition that would allow it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub would_allow: Option<String>,
    /// The sample that a report would hold.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sample: Option<String>,
}

/// One policy's consent.
#[derive(Clone, Debug, Serialize)]
pub struct Consent {
    /// Which of the given policies, counted from 0.
    pub policy: usize,
    /// The directive that a report would name.
    pub effective: &'static str,
    /// The directive that decided.
    pub directive: &'static str,
    /// Where the deciding directive stands, in bytes of the policy's value.
    pub span: [usize; 2],
    /// Where the expression stands that allowed it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expression: Option<[usize; 2]>,
}

impl Explain {
    /// Asks the question.
    ///
    /// # Errors
    /// If a URL, an origin or a name in it is none.
    ///
    /// ```
    /// use cspc_core::wire::Explain;
    /// let line = r#"{"self":"https://e.example","policies":[{"value":"script-src 'self'"}],"eval":true}"#;
    /// let question: Explain = serde_json::from_str(line).unwrap();
    /// let answer = question.answer().unwrap();
    /// assert!(!answer.allowed);
    /// assert_eq!(answer.violations[0].reason, "eval-not-allowed");
    ///
    /// let line = r#"{"self":"https://e.example","policies":[{"value":"script-src 'self'"}],"request":{"url":"/a.js","destination":"script"}}"#;
    /// let question: Explain = serde_json::from_str(line).unwrap();
    /// assert!(question.answer().unwrap().allowed);
    /// ```
    pub fn answer(&self) -> Result<Explained, AskError> {
        let origin =
            self.self_origin.parse::<SelfOrigin>().map_err(unreadable(&self.self_origin))?;
        let engine = self.engine.as_deref().map_or(Ok(Engine::default()), engine)?;
        let question = self.asked.question(&self.self_origin)?;
        let policies = Parsed::of(&self.policies);
        let verdict = decide(&policies.enforced(), &origin, &question, engine);
        Ok(Explained::new(verdict, |policy| policies.text_of(policy)).in_units(self))
    }
}

impl Explained {
    /// The verdict, with the policies counted as they were given.
    fn new(verdict: Verdict, given: impl Fn(usize) -> usize) -> Self {
        let violations = verdict.violations.into_iter().map(|violation| Objection {
            policy: given(violation.policy),
            disposition: violation.disposition.as_str(),
            effective: violation.effective.as_str(),
            directive: violation.directive.as_str(),
            reason: violation.reason.as_str(),
            span: offsets(violation.directive_span),
            expression: violation.expression.map(offsets),
            would_allow: violation.would_allow,
            sample: violation.sample,
        });
        let matches = verdict.matches.into_iter().map(|consent| Consent {
            policy: given(consent.policy),
            effective: consent.effective.as_str(),
            directive: consent.directive.as_str(),
            span: offsets(consent.directive_span),
            expression: consent.expression.map(offsets),
        });
        Self {
            allowed: verdict.allowed,
            violations: violations.collect(),
            matches: matches.collect(),
        }
    }
}

impl Explained {
    /// With its spans in the units of the question.
    fn in_units(mut self, question: &Explain) -> Self {
        if question.units == Units::Utf8 {
            return self;
        }
        let texts = question.policies.iter().map(|policy| policy.value.as_str());
        let texts: Vec<Offsets<'_>> =
            texts.map(|text| Offsets::new(text, question.units)).collect();
        let turn = |policy: usize, pair: &mut [usize; 2]| {
            let [start, end] = *pair;
            *pair =
                texts.get(policy).map_or(*pair, |text| offsets(text.span(Span::new(start, end))));
        };
        for objection in &mut self.violations {
            turn(objection.policy, &mut objection.span);
            objection.expression.iter_mut().for_each(|pair| turn(objection.policy, pair));
        }
        for consent in &mut self.matches {
            turn(consent.policy, &mut consent.span);
            consent.expression.iter_mut().for_each(|pair| turn(consent.policy, pair));
        }
        self
    }
}

fn offsets(span: Span) -> [usize; 2] {
    [span.start, span.end]
}
