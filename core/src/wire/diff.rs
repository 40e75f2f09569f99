//! The shapes of `cspc diff`.

use serde::{Deserialize, Serialize};

use super::policies::{Parsed, PolicyText};
use super::question::{AskError, Asked, engine, unreadable};
use crate::compare::{self, Change, Difference, NotShown, Relation, Shown};
use crate::enforce::{Engine, SelfOrigin};

/// The value of [`Compared::schema`].
const SCHEMA: &str = "cspc.diff/1";

/// Two sets of policies to compare, such as
/// `{"old":["script-src 'self'"],"new":["script-src *"],"self":"https://e.example"}`.
#[derive(Clone, Debug, Deserialize)]
pub struct Diff {
    /// The policies as they were.
    pub old: Vec<PolicyText>,
    /// The policies as they are to be.
    pub new: Vec<PolicyText>,
    /// The serialized origin of the page, or `null` for an opaque one.
    #[serde(rename = "self")]
    pub self_origin: String,
    /// `spec`, `chromium`, `firefox` or `webkit`; `spec` if absent.
    #[serde(default)]
    pub engine: Option<String>,
}

/// The answer, of one response or of several.
#[derive(Clone, Debug, Serialize)]
pub struct Compared {
    schema: &'static str,
    /// How the new policies stand to the old ones.
    #[serde(serialize_with = "relation")]
    pub relation: Relation,
    /// Whether the old policies subsume the new ones (CSP Embedded Enforcement, section 3.3).
    pub subsumed: bool,
    /// The directives that answer differently.
    pub changes: Vec<Changed>,
    /// Directives that are written differently, where nothing was found that they answer differently.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub not_shown: Vec<Unchanged>,
}

/// A directive that answers differently.
#[derive(Clone, Debug, Serialize)]
pub struct Changed {
    /// The response, where there are several.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub response: Option<String>,
    /// The directive.
    pub directive: &'static str,
    /// `widened` or `narrowed`.
    pub change: &'static str,
    /// The expressions by which more is allowed, or was.
    pub expressions: Vec<String>,
    /// A question that both sides answer differently.
    pub witness: Asked,
    /// A witness for each expression.
    pub shown: Vec<Witness>,
}

/// What shows that an expression makes a difference.
#[derive(Clone, Debug, Serialize)]
pub struct Witness {
    /// The expression; none where no directive governs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expression: Option<String>,
    /// The directives that a report would name.
    pub effective: Vec<&'static str>,
    /// A question that both sides answer differently.
    pub witness: Asked,
}

/// A directive that is written differently.
#[derive(Clone, Debug, Serialize)]
pub struct Unchanged {
    /// The response, where there are several.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub response: Option<String>,
    /// Its name.
    pub directive: String,
    /// Its values as they were.
    pub old: Vec<String>,
    /// Its values as they are to be.
    pub new: Vec<String>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature serde asks for")]
fn relation<S: serde::Serializer>(relation: &Relation, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(relation.as_str())
}

impl Diff {
    /// Compares them.
    ///
    /// # Errors
    /// If the origin or the engine's name is none.
    ///
    /// ```
    /// use cspc_core::wire::{Compared, Diff};
    /// let line = r#"{"old":["script-src 'self'"],"new":["script-src *"],"self":"https://e.example"}"#;
    /// let diff: Diff = serde_json::from_str(line).unwrap();
    /// let answer = Compared::new(&[("", diff.difference().unwrap())]);
    /// assert_eq!(answer.relation.as_str(), "wider");
    /// assert!(!answer.subsumed);
    /// ```
    pub fn difference(&self) -> Result<Difference, AskError> {
        let origin =
            self.self_origin.parse::<SelfOrigin>().map_err(unreadable(&self.self_origin))?;
        let engine = self.engine.as_deref().map_or(Ok(Engine::default()), engine)?;
        let [old, new] = [&self.old, &self.new].map(|texts| Parsed::of(texts));
        Ok(compare::diff(&old.enforced(), &new.enforced(), &origin, engine))
    }
}

impl Compared {
    /// Differences, each with the name of its response, or an empty one if there is but one.
    pub fn new(differences: &[(&str, Difference)]) -> Self {
        let relations = differences.iter().map(|(_, difference)| difference.relation);
        let changes = differences.iter().flat_map(|(name, difference)| {
            difference.changes.iter().filter_map(|change| Changed::of(name, change))
        });
        let not_shown = differences.iter().flat_map(|(name, difference)| {
            difference.not_shown.iter().map(|directive| Unchanged::of(name, directive))
        });
        Self {
            schema: SCHEMA,
            relation: relations.fold(Relation::Equal, Relation::and),
            subsumed: differences.iter().all(|(_, difference)| difference.subsumed),
            changes: changes.collect(),
            not_shown: not_shown.collect(),
        }
    }
}

impl Changed {
    fn of(response: &str, change: &Change) -> Option<Self> {
        Some(Self {
            response: named(response),
            directive: change.directive.as_str(),
            change: change.direction.as_str(),
            expressions: change.shown.iter().filter_map(|shown| shown.expression.clone()).collect(),
            witness: (&change.shown.first()?.witness).into(),
            shown: change.shown.iter().map(Witness::of).collect(),
        })
    }
}

impl Witness {
    fn of(shown: &Shown) -> Self {
        Self {
            expression: shown.expression.clone(),
            effective: shown.effective.iter().map(|directive| directive.as_str()).collect(),
            witness: (&shown.witness).into(),
        }
    }
}

impl Unchanged {
    fn of(response: &str, directive: &NotShown) -> Self {
        let NotShown { name, old, new } = directive;
        Self {
            response: named(response),
            directive: name.clone(),
            old: old.clone(),
            new: new.clone(),
        }
    }
}

fn named(response: &str) -> Option<String> {
    (!response.is_empty()).then(|| response.to_owned())
}
