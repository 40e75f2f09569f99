//! The policies that responses of a site carry, in whatever form they are written down.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

use cspc_core::csp::{Delivery, Directive};
use cspc_core::deployment::{self, Answer, Document, Form, Located};
use cspc_core::plan::{Answered, AssetUse, Plan};
use cspc_core::response::delivery_of;
use cspc_core::wire::PolicyText;

use super::{fetch, policies};
use crate::exit::Failure;

/// Whatever page a plan does not name.
const OTHER_PAGES: &str = "every other page";

/// A path that no plan names.
const OTHER_PATH: &str = "/\u{FFFD}";

/// How many names a message lists.
const MANY: usize = 5;

/// The policies of one response, or of several.
pub(crate) enum Deployment {
    /// One response, or every response.
    One(Vec<PolicyText>),
    /// Responses by name. Those that are not there carry no policy, or nothing is known of them.
    Named {
        /// `None` where a server puts the policies together from what is not there to be read.
        responses: BTreeMap<String, Option<Vec<PolicyText>>>,
        others_have_none: bool,
    },
    /// A plan, which answers for every page.
    Plan(Box<Plan>),
}

impl Deployment {
    /// Reads a file, or standard input, `-`.
    pub(crate) fn read(path: &Path) -> Result<Self, Failure> {
        Self::of(policies::read_file(path, None)?)
    }

    /// Reads what an argument stands for: a file, a file of a git revision, `REV:PATH`, or a policy itself.
    pub(crate) fn of_argument(argument: &str) -> Result<Self, Failure> {
        let path = Path::new(argument);
        if argument == "-" || path.exists() || fetch::is_url(argument) {
            return Self::read(path);
        }
        if is_policy(argument) {
            let policy = PolicyText::delivered(argument, Delivery::Header);
            return Ok(Self::One(vec![policy]));
        }
        match argument.split_once(':') {
            Some((revision, file)) if !revision.is_empty() && !file.is_empty() => {
                let text = of_revision(argument)?;
                Self::of(deployment::read(argument, &text, None)?)
            }
            _ => Err(Failure::new(format!(
                "there is no file `{argument}`: expected a file, `-`, a file of a git revision such as `main:{argument}`, or a policy"
            ))),
        }
    }

    fn of(document: Document) -> Result<Self, Failure> {
        // What a build that failed leaves behind is no deployment without policies.
        if document.text.trim().is_empty() {
            return Err(Failure::new(format!(
                "`{}` is empty: expected policies, or a file that may hold some",
                document.name
            )));
        }
        if document.form == Form::Plan {
            return Ok(Self::Plan(Box::new(deployment::parse_plan(
                &document.name,
                &document.text,
            )?)));
        }
        if document.answers.iter().all(has_open_policy) && !document.answers.is_empty() {
            return Err(open_policies(&document.name));
        }
        if let [answer] = document.answers.as_slice() {
            return Ok(Self::One(texts(answer)));
        }
        let mut responses = BTreeMap::new();
        for answer in &document.answers {
            let name = answer.name.clone().unwrap_or_default();
            if has_open_policy(answer) {
                responses.insert(name, None);
            } else {
                responses.entry(name).or_insert_with(|| Some(texts(answer)));
            }
        }
        Ok(Self::Named { responses, others_have_none: document.form == Form::HeadersFile })
    }

    /// The policies of one response; its name may be left out where there is but one.
    pub(crate) fn policies(&self, response: Option<&str>) -> Result<Vec<PolicyText>, Failure> {
        if let Some(name) = response.filter(|name| self.is_open(name)) {
            return Err(open_policies(name));
        }
        let names = self.names();
        let found = match response {
            Some(name) => self.at(name),
            None if names.is_empty() => self.at(""),
            None => None,
        };
        found.ok_or_else(|| {
            let some: Vec<_> = names.iter().take(MANY).map(|name| format!("`{name}`")).collect();
            Failure::new(format!(
                "there are {} responses: name one of them with --response, such as {}",
                names.len(),
                some.join(", ")
            ))
        })
    }

    /// The names of the responses, none if it is the same for all.
    fn names(&self) -> BTreeSet<&str> {
        match self {
            Self::One(_) => BTreeSet::new(),
            Self::Named { responses, .. } => responses.keys().map(String::as_str).collect(),
            Self::Plan(plan) => {
                let matches = plan.rules.iter().map(|rule| &rule.matches);
                let paths = matches.flat_map(|matches| matches.exact.iter().chain(&matches.prefix));
                paths.map(String::as_str).chain([OTHER_PAGES]).collect()
            }
        }
    }

    /// The policies of the response of this name, if anything is known of it.
    fn at(&self, name: &str) -> Option<Vec<PolicyText>> {
        match self {
            Self::One(policies) => Some(policies.clone()),
            Self::Named { responses, others_have_none } => match responses.get(name) {
                Some(known) => known.clone(),
                None => others_have_none.then(Vec::new),
            },
            Self::Plan(plan) => Some(planned(plan, name)),
        }
    }

    /// Whether the server puts the policies of this response together.
    fn is_open(&self, name: &str) -> bool {
        matches!(self, Self::Named { responses, .. } if matches!(responses.get(name), Some(None)))
    }

    /// The assets of a page for which a plan has an expression in a directive, and how many there are in all.
    pub(crate) fn needed_by(
        &self,
        page: &str,
        directive: &str,
        expression: &str,
    ) -> Option<(&[AssetUse], usize)> {
        let Self::Plan(plan) = self else { return None };
        // A later rule replaces the policy of one before it.
        let used = plan.sources.iter().rfind(|used| {
            let rule = plan.rules.get(used.rule);
            used.directive == directive
                && used.expression == expression
                && rule.is_some_and(|rule| rule.matches.covers(Answered::page(path_of(page))))
        })?;
        Some((&used.assets, used.count.max(used.assets.len())))
    }
}

/// The policies of either side, by the name of the response; the name is empty if they are the same for all.
pub(crate) struct Pair {
    pub(crate) response: String,
    pub(crate) old: Vec<PolicyText>,
    pub(crate) new: Vec<PolicyText>,
}

/// Puts the responses of two deployments side by side, and says of the others why they cannot be compared.
pub(crate) fn pairs(old: &Deployment, new: &Deployment) -> (Vec<Pair>, Vec<String>) {
    let mut names: BTreeSet<&str> = old.names().union(&new.names()).copied().collect();
    if names.is_empty() {
        names.insert("");
    }
    let mut pairs = Vec::new();
    let mut unpaired = Vec::new();
    for name in names {
        match (old.at(name), new.at(name)) {
            (Some(old), Some(new)) => pairs.push(Pair { response: name.to_owned(), old, new }),
            _ if old.is_open(name) || new.is_open(name) => {
                unpaired.push(format!("`{name}` has a policy that a server puts together"));
            }
            _ => unpaired.push(format!("only one side has `{name}`")),
        }
    }
    (pairs, unpaired)
}

fn has_open_policy(answer: &Answer) -> bool {
    answer.fields.iter().any(Located::is_open_policy)
}

fn open_policies(name: &str) -> Failure {
    Failure::new(format!(
        "`{name}` has policies that the server puts together from what is not in the file: name the file that includes all of it, or compare plans (`cspc build --emit json`)"
    ))
}

fn texts(answer: &Answer) -> Vec<PolicyText> {
    let texts = answer.fields.iter().filter_map(|field| {
        field.delivery.map(|delivery| PolicyText::delivered(&field.text, delivery))
    });
    texts.collect()
}

/// The policies that a plan has for a page.
fn planned(plan: &Plan, page: &str) -> Vec<PolicyText> {
    let headers = plan.headers_of(Answered::page(path_of(page)));
    let policies = headers.into_iter().filter_map(|header| {
        let delivery = delivery_of(header.name.as_str())?;
        Some(PolicyText::delivered(header.value.as_str(), delivery))
    });
    policies.collect()
}

fn path_of(page: &str) -> &str {
    if page == OTHER_PAGES { OTHER_PATH } else { page }
}

/// Whether the text begins as a policy does, which no file's name is likely to.
fn is_policy(text: &str) -> bool {
    let first = text.split([';', ' ', ',']).find(|word| !word.is_empty()).unwrap_or_default();
    Directive::all().any(|directive| directive.as_str().eq_ignore_ascii_case(first))
}

/// A file of a git revision, as `REV:PATH` names it.
fn of_revision(name: &str) -> Result<String, Failure> {
    let output = Command::new("git")
        .args(["show", "--end-of-options", name])
        .output()
        .map_err(|error| Failure::new(format!("cannot run git to read `{name}`: {error}")))?;
    if !output.status.success() {
        let why = String::from_utf8_lossy(&output.stderr);
        return Err(Failure::new(format!(
            "there is no file `{name}`, and git has none: {}",
            why.trim()
        )));
    }
    String::from_utf8(output.stdout).map_err(|_| Failure::new(format!("`{name}` is not text")))
}
