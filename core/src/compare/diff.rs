//! What two sets of policies answer differently.

use std::collections::BTreeMap;

use super::questions::Questions;
use super::subsume::subsumes;
use crate::csp::{Directive, ParsedDirective};
use crate::enforce::{
    Answer, Disposition, EnforcedPolicy, Engine, Matcher, Question, Reason, SelfOrigin, decide,
};

/// How the new policies stand to the old ones, as far as has been shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Relation {
    /// Not shown to differ.
    #[default]
    Equal,
    /// They block something that was allowed.
    Narrower,
    /// They allow something that was blocked.
    Wider,
    /// Both.
    Incomparable,
}

impl Relation {
    /// Its name in JSON.
    ///
    /// ```
    /// assert_eq!(cspc_core::compare::Relation::Incomparable.as_str(), "incomparable");
    /// ```
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Equal => "equal",
            Self::Narrower => "narrower",
            Self::Wider => "wider",
            Self::Incomparable => "incomparable",
        }
    }

    /// Whether anything is allowed that was blocked.
    pub const fn is_widened(self) -> bool {
        matches!(self, Self::Wider | Self::Incomparable)
    }

    /// What holds of two changes together.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Equal, relation) | (relation, Self::Equal) => relation,
            (one, other) if one == other => one,
            _ => Self::Incomparable,
        }
    }
}

/// Which way a directive changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Direction {
    /// It allows what was blocked.
    Widened,
    /// It blocks what was allowed.
    Narrowed,
}

impl Direction {
    /// Its name in JSON.
    ///
    /// ```
    /// assert_eq!(cspc_core::compare::Direction::Widened.as_str(), "widened");
    /// ```
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Widened => "widened",
            Self::Narrowed => "narrowed",
        }
    }
}

/// What two sets of policies answer differently.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Difference {
    /// How the new policies stand to the old ones.
    pub relation: Relation,
    /// The directives that answer differently, in the order of the directive table.
    pub changes: Vec<Change>,
    /// Directives that are written differently, where nothing was found that they answer differently.
    pub not_shown: Vec<NotShown>,
    /// Whether the old policies subsume the new ones: by the text, any nonce for any other, and as Chromium has it.
    pub subsumed: bool,
}

/// A directive that answers differently, one way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The directive: of the two that decide, before and after, the one that is closer to the question.
    pub directive: Directive,
    /// Which way.
    pub direction: Direction,
    /// What shows it, at least one.
    pub shown: Vec<Shown>,
}

/// A question that is answered differently, and the expression by which it is allowed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// The expression that allows it, in the new policies if the directive is widened, in the old ones if it is narrowed;
    /// none if no expression does, as where no directive governs.
    pub expression: Option<String>,
    /// What it is that is answered differently: the directives that a report would name.
    pub effective: Vec<Directive>,
    /// The question.
    pub witness: Question,
}

/// A directive that is written differently, without anything that shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotShown {
    /// Its name.
    pub name: String,
    /// Its values in the old policies that have it.
    pub old: Vec<String>,
    /// Its values in the new ones.
    pub new: Vec<String>,
}

/// No more than this is shown of one directive, one way.
const MOST_SHOWN: usize = 1000;

/// What the policies `new` answer differently from the policies `old`, in a browser with this engine.
///
/// It asks both sides questions made from their own expressions, and what it shows are questions that they answer
/// differently, one for each change asked again of [`decide`]; where it shows nothing, it has not found a difference.
/// Policies that only report do not count. One nonce is not another, though they change with each response. Beside that it
/// says what [`subsumes`] does. The work grows with the number of sources, and is bounded where several policies apply
/// together.
///
/// ```
/// use cspc_core::compare::{Direction, Relation, diff};
/// use cspc_core::csp::{Delivery, Directive, parse_list};
/// use cspc_core::enforce::{EnforcedPolicy, Engine};
/// let parsed = ["script-src 'self'", "script-src 'self' https://cdn.example"]
///     .map(|text| parse_list(text, Delivery::Header));
/// let [old, new] = parsed.each_ref().map(|policies| [EnforcedPolicy::new(&policies[0], Delivery::Header)]);
///
/// let difference = diff(&old, &new, &"https://e.example".parse().unwrap(), Engine::Spec);
/// assert_eq!(difference.relation, Relation::Wider);
/// assert!(!difference.subsumed);
/// let change = &difference.changes[0];
/// assert_eq!((change.directive, change.direction), (Directive::ScriptSrc, Direction::Widened));
/// assert_eq!(change.shown[0].expression.as_deref(), Some("https://cdn.example"));
/// ```
pub fn diff<'a>(
    old: &'a [EnforcedPolicy<'a>],
    new: &'a [EnforcedPolicy<'a>],
    self_origin: &'a SelfOrigin,
    engine: Engine,
) -> Difference {
    let mut changes = Changes::default();
    let [before, after] = [old, new]
        .map(|policies| Side { policies, matcher: Matcher::new(policies, self_origin, engine) });
    for question in Questions::new([old, new], self_origin).all() {
        match (before.matcher.allows(&question), after.matcher.allows(&question)) {
            (false, true) => changes.add(Direction::Widened, question, &after, &before),
            (true, false) => changes.add(Direction::Narrowed, question, &before, &after),
            _ => {}
        }
    }
    let allowed = |policies, question: &_| decide(policies, self_origin, question, engine).allowed;
    let changes = changes.into_list(|question| (allowed(old, question), allowed(new, question)));
    let relation = changes.iter().fold(Relation::Equal, |relation, change| {
        relation.and(match change.direction {
            Direction::Widened => Relation::Wider,
            Direction::Narrowed => Relation::Narrower,
        })
    });
    let not_shown = not_shown([old, new], &changes);
    Difference { relation, changes, not_shown, subsumed: subsumes(old, new, self_origin) }
}

/// One side, ready for many questions.
struct Side<'a> {
    policies: &'a [EnforcedPolicy<'a>],
    matcher: Matcher<'a>,
}

impl Side<'_> {
    /// What the policy says that is enforced and whose directive is closest to what is asked.
    fn closest(&self, question: &Question, blocked: bool) -> Option<Answer> {
        let answers = self.matcher.answers(question).filter(|answer| {
            answer.disposition == Disposition::Enforce && answer.blocked.is_some() == blocked
        });
        answers.min_by_key(|answer| distance(answer.effective, answer.directive))
    }

    fn text(&self, consent: &Answer) -> Option<String> {
        let span = consent.expression?;
        let policy = self.policies.get(consent.policy)?.policy;
        let directive = policy.get(consent.directive)?;
        directive.text(span).map(str::to_owned)
    }
}

/// How far a directive is from the one that a question is about; those that are no fallback are not far.
fn distance(effective: Directive, directive: Directive) -> usize {
    effective.fallback_list().position(|next| next == directive).unwrap_or_default()
}

/// The changes as they are found.
#[derive(Default)]
struct Changes(BTreeMap<(Directive, Direction), Found>);

impl Changes {
    fn add(
        &mut self,
        direction: Direction,
        witness: Question,
        allowing: &Side<'_>,
        blocking: &Side<'_>,
    ) {
        let Some(blocked) = blocking.closest(&witness, true) else { return };
        // What a sandbox does to all scripts and forms is shown by its flags.
        if blocked.blocked == Some(Reason::Sandboxed) && !matches!(witness, Question::Sandbox(_)) {
            return;
        }
        let effective = blocked.effective;
        let consent = allowing.closest(&witness, false);
        let directive = match &consent {
            Some(consent)
                if distance(effective, consent.directive)
                    <= distance(effective, blocked.directive) =>
            {
                consent.directive
            }
            _ => blocked.directive,
        };
        let expression = consent.and_then(|consent| allowing.text(&consent));
        let shown = self.0.entry((directive, direction)).or_default();
        shown.add(expression, effective, witness);
    }

    /// The changes, each of whose first witness has been asked again: `verdicts` are those of the old and the new.
    fn into_list(self, verdicts: impl Fn(&Question) -> (bool, bool)) -> Vec<Change> {
        let changes = self.0.into_iter().map(|((directive, direction), found)| Change {
            directive,
            direction,
            shown: found.shown,
        });
        let holds = |change: &Change| {
            let differs =
                (change.direction == Direction::Narrowed, change.direction == Direction::Widened);
            change.shown.first().is_some_and(|shown| verdicts(&shown.witness) == differs)
        };
        changes.filter(holds).collect()
    }
}

/// What shows one change.
#[derive(Default)]
struct Found {
    shown: Vec<Shown>,
    by_expression: BTreeMap<Option<String>, usize>,
}

impl Found {
    /// Keeps the first witness of each expression.
    fn add(&mut self, expression: Option<String>, effective: Directive, witness: Question) {
        let known = self.by_expression.get(&expression);
        if let Some(known) = known.and_then(|index| self.shown.get_mut(*index)) {
            if !known.effective.contains(&effective) {
                known.effective.push(effective);
            }
        } else if self.shown.len() < MOST_SHOWN {
            self.by_expression.insert(expression.clone(), self.shown.len());
            self.shown.push(Shown { expression, effective: vec![effective], witness });
        }
    }
}

/// What is written differently, and not among the changes.
fn not_shown(sides: [&[EnforcedPolicy<'_>]; 2], changes: &[Change]) -> Vec<NotShown> {
    let mut names: BTreeMap<String, [Vec<String>; 2]> = BTreeMap::new();
    for (index, side) in sides.into_iter().enumerate() {
        for policy in side.iter().filter(|policy| policy.disposition() == Disposition::Enforce) {
            for directive in policy.policy.counting() {
                if changes.iter().any(|change| Some(change.directive) == directive.directive) {
                    continue;
                }
                let values = names.entry(directive.name.to_ascii_lowercase()).or_default();
                if let Some(values) = values.get_mut(index) {
                    values.push(words(directive));
                }
            }
        }
    }
    let differing = names.into_iter().filter(|(_, [old, new])| sorted(old) != sorted(new));
    differing.map(|(name, [old, new])| NotShown { name, old, new }).collect()
}

/// A directive's values, in whatever order they are written.
fn words(directive: &ParsedDirective<'_>) -> String {
    let mut words: Vec<&str> = directive.values().map(|value| value.text).collect();
    words.sort_unstable();
    words.dedup();
    words.join(" ")
}

fn sorted(values: &[String]) -> Vec<&String> {
    let mut values: Vec<_> = values.iter().collect();
    values.sort_unstable();
    values
}
