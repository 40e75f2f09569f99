//! The proof of a plan: sufficient and minimal, as `enforce` sees it.
//!
//! It starts from the inventory and the headers that the plan gives each page, and asks what a browser would: nothing of
//! what built the plan is used. Pages that get the same policies are asked about together, each question once.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::origin_of;
use super::own_policy::{Unblocked, without_blocked};
use super::question::{AssetError, Place, Questions};
use super::reach::Reach;
use crate::csp::{Delivery, Directive, Keyword, Policy, SourceExpression, parse_list};
use crate::enforce::{
    Answer, EnforcedPolicy, Engine, Matcher, Question, Request, SelfOrigin, allows,
};
use crate::inventory::{Inventory, Page, SiteOrigin};
use crate::plan::{Answered, AssetUse, DECLARED, Header, Plan, PlanIndex, SourceUse};
use crate::text::Span;

/// This many flaws are told; the rest are counted.
const TOLD: usize = 5;

/// What was shown of a plan.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Proof {
    /// The pages, each asked for under every path at which it is served.
    pub pages: usize,
    /// The assets of pages and style sheets, all of them allowed in every engine.
    pub assets: usize,
    /// The assets that pages block by policies of their own; they are none of the others.
    pub blocked_by_pages: usize,
    /// The distinct questions, counted once for each set of policies that they were put to.
    pub questions: usize,
    /// The source expressions, counted once in each distinct policy, without which some asset would be blocked.
    pub needed: usize,
    /// The source expressions that no asset needs, and that the plan gives a reason for.
    pub spare: usize,
}

/// Why a plan is not what the inventory asks for.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Flaw {
    /// A page would be broken.
    #[error("the {asset} would be blocked on `{page}` by `{directive}` in {}: `{policy}`", engine.as_str())]
    Blocked {
        /// The page, by the path that was asked for.
        page: String,
        /// The asset.
        asset: AssetUse,
        /// The directive that decides.
        directive: &'static str,
        /// In which engine.
        engine: Engine,
        /// The policy.
        policy: String,
    },
    /// A page is open.
    #[error("`{0}` gets no policy at all")]
    Unprotected(String),
    /// More is allowed than anything needs.
    #[error("no asset needs `{expression}` in `{directive}` of the policy `{policy}`")]
    Unneeded {
        /// The directive's name.
        directive: String,
        /// The source expression.
        expression: String,
        /// The policy.
        policy: String,
    },
}

impl Flaw {
    fn unneeded((policy, directive, expression): Stated<'_>) -> Self {
        Self::Unneeded {
            directive: directive.to_owned(),
            expression: expression.to_owned(),
            policy: policy.to_owned(),
        }
    }
}

/// Why there is no proof.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProofError {
    /// The inventory is none.
    #[error("the {asset} makes no sense: {error}; `cspc inventory` writes an inventory that does")]
    Asset {
        /// Which asset.
        asset: AssetUse,
        /// What is wrong with it.
        error: AssetError,
    },
    /// The inventory's origin is none.
    #[error("{0}")]
    Origin(String),
    /// The plan does not fit the inventory.
    #[error("the plan does not hold: {}", told(flaws, *more))]
    Flawed {
        /// The first flaws.
        flaws: Vec<Flaw>,
        /// How many more there are.
        more: usize,
    },
}

fn told(flaws: &[Flaw], more: usize) -> String {
    let mut lines: Vec<String> = flaws.iter().map(Flaw::to_string).collect();
    if more > 0 {
        lines.push(format!("and {more} more"));
    }
    lines.join("\n")
}

/// Shows that every asset of every page that the page does not block itself is allowed by the headers that the plan gives the page, in every engine, and that
/// no source expression could be taken away, or the plan says why it is there.
///
/// A policy that only reports is held to the same as one that blocks.
///
/// # Errors
/// [`ProofError`] with what does not hold.
///
/// ```
/// use cspc_core::compile::prove;
/// use cspc_core::inventory::{Inventory, SiteOrigin, read_page};
/// let page = read_page("/a.html", b"<script src=a.js></script>", &SiteOrigin::unknown());
/// let inventory = Inventory::new(None, vec![page], vec![]);
/// let plan = |policy: &str| {
///     let header = serde_json::json!({"name": "Content-Security-Policy", "value": policy});
///     serde_json::from_value(serde_json::json!({"rules": [{"headers": [header]}]})).unwrap()
/// };
/// let proof = prove(&inventory, &plan("script-src 'self'; img-src 'self'")).unwrap();
/// assert_eq!((proof.pages, proof.needed), (1, 2));
/// let error = prove(&inventory, &plan("default-src 'none'; script-src https: 'self'")).unwrap_err();
/// assert!(error.to_string().contains("the image at /a.html:1:1 would be blocked"), "{error}");
/// assert!(error.to_string().contains("no asset needs `https:` in `script-src`"), "{error}");
/// ```
pub fn prove(inventory: &Inventory, plan: &Plan) -> Result<Proof, ProofError> {
    let origin = origin_of(inventory)
        .map_err(|error| ProofError::Origin(format!("the inventory's origin: {error}")))?;
    let Unblocked { inventory, blocked, .. } = without_blocked(inventory, &origin);
    let questions = Questions::read(&inventory, &origin, plan.nonce.as_ref())
        .map_err(|(place, error)| ProofError::Asset { asset: used(place), error })?;
    let mut court = Court::new(&origin, plan);
    for (policies, served) in served(&inventory, plan, &questions, &mut court.flaws) {
        court.hear(&policies, &served, &questions);
    }
    Ok(Proof { blocked_by_pages: blocked, ..court.judge(&inventory)? })
}

fn used(Place { path, asset }: Place<'_>) -> AssetUse {
    AssetUse {
        page: path.to_owned(),
        line: asset.line,
        column: asset.column,
        kind: asset.kind.as_str().to_owned(),
    }
}

/// The pages that get the same policies, and all that they ask.
#[derive(Debug, Default)]
struct Served<'a> {
    /// The first page's path.
    path: String,
    /// Questions by number, in order, each once.
    asked: Vec<usize>,
    /// The first page that is shown in a frame of the site.
    framed: Option<&'a Page>,
}

/// Pages by the policies that they get.
fn served<'a>(
    inventory: &'a Inventory,
    plan: &'a Plan,
    questions: &Questions<'a>,
    flaws: &mut Vec<Flaw>,
) -> BTreeMap<Vec<&'a str>, Served<'a>> {
    let (index, reach) = (PlanIndex::new(plan), Reach::new(inventory));
    let mut served: BTreeMap<Vec<&'a str>, Served<'a>> = BTreeMap::new();
    for (number, page) in inventory.pages.iter().enumerate() {
        let asked = questions.of_page(number, page, &reach);
        for (path, policies) in policies_of(page, &reach, &index) {
            if policies.is_empty() {
                flaws.push(Flaw::Unprotected(path));
                continue;
            }
            let group = served.entry(policies).or_default();
            if group.path.is_empty() {
                group.path = path;
            }
            group.asked.extend(&asked);
            if group.framed.is_none() && reach.is_framed(page) {
                group.framed = Some(page);
            }
        }
    }
    for group in served.values_mut() {
        group.asked.sort_unstable();
        group.asked.dedup();
    }
    served
}

/// The policies that the page gets at each path at which it is served, errors included.
fn policies_of<'p>(
    page: &Page,
    reach: &Reach<'_>,
    index: &PlanIndex<'p>,
) -> Vec<(String, Vec<&'p str>)> {
    let mut found: Vec<(String, Vec<&'p str>)> = Vec::new();
    for path in reach.addresses(page) {
        let policies = policies(&index.headers_of(Answered::page(&path)));
        if !found.iter().any(|(_, others)| *others == policies) {
            found.push((path, policies));
        }
    }
    for status in reach.error_codes(page).into_iter().flatten() {
        // A path that no rule names: any other one can be missing as well.
        let response = Answered { status, ..Answered::page("/\u{1}") };
        found.push((page.path.clone(), policies(&index.headers_of(response))));
    }
    found
}

/// The policies in these headers; a comma begins another one.
fn policies<'p>(headers: &[&'p Header]) -> Vec<&'p str> {
    headers.iter().copied().flat_map(texts).collect()
}

fn texts(header: &Header) -> impl Iterator<Item = &str> {
    let names = ["Content-Security-Policy", "Content-Security-Policy-Report-Only"];
    let is_policy = names.iter().any(|name| name.eq_ignore_ascii_case(header.name.as_str()));
    is_policy.then(|| header.value.as_str().split(',')).into_iter().flatten().map(str::trim)
}

/// An expression: the policy, the directive's name and its own text.
type Stated<'p> = (&'p str, &'p str, &'p str);

/// Where policies are judged, and what was found so far.
struct Court<'p> {
    origin: SelfOrigin,
    /// That pages of the site show the page.
    framing: Question,
    /// The expressions that the plan gives a reason for.
    reasoned: HashSet<Stated<'p>>,
    /// The policies that require Trusted Types by the owner's word.
    vouched: HashSet<&'p str>,
    /// All expressions, and whether some asset needs them.
    expressions: BTreeMap<Stated<'p>, bool>,
    questions: usize,
    flaws: Vec<Flaw>,
}

impl<'p> Court<'p> {
    fn new(origin: &SiteOrigin, plan: &'p Plan) -> Self {
        let mut reasoned = HashSet::new();
        for source in plan.sources.iter().filter(|source| source.spare.is_some()) {
            let rule = plan.rules.get(source.rule);
            let policies = rule.into_iter().flat_map(|rule| &rule.headers).flat_map(texts);
            let key = |policy| (policy, source.directive.as_str(), source.expression.as_str());
            reasoned.extend(policies.map(key));
        }
        let is_vouched = |source: &&SourceUse| {
            source.directive == Directive::RequireTrustedTypesFor.as_str()
                && source.assets.iter().any(|user| user.kind == DECLARED)
        };
        let vouched = plan.sources.iter().filter(is_vouched);
        let vouched = vouched.filter_map(|source| plan.rules.get(source.rule));
        // What no page gets has to be reasoned for as well.
        let all = plan.rules.iter().flat_map(|rule| &rule.headers).flat_map(texts);
        let expressions = all.flat_map(|text| expressions(&parse(text), text));
        Self {
            origin: SelfOrigin::of(origin.root()),
            framing: Question::Ancestors(vec![Some(origin.root().clone())]),
            reasoned,
            vouched: vouched.flat_map(|rule| &rule.headers).flat_map(texts).collect(),
            expressions: expressions.map(|found| (found.stated, false)).collect(),
            questions: 0,
            flaws: Vec::new(),
        }
    }

    /// Asks everything that pages with these policies ask, then whether each expression was needed for it.
    fn hear(&mut self, texts: &[&'p str], served: &Served<'_>, questions: &Questions<'_>) {
        let is_vouched = texts.iter().any(|text| self.vouched.contains(text));
        let all = served.asked.iter().filter_map(|id| questions.get(*id));
        let all =
            all.filter(|(question, _)| !is_vouched || *question != Question::TrustedTypesSink);
        let mut asked: Vec<Asked<'_>> =
            all.map(|(question, place)| Asked { question, by: By::Asset(*place) }).collect();
        let framed =
            served.framed.map(|page| Asked { question: &self.framing, by: By::Frame(page) });
        asked.extend(framed);
        self.questions += asked.len();
        let parsed: Vec<Policy<'p>> = texts.iter().map(|text| parse(text)).collect();
        let case = Case { texts, parsed: &parsed, asked: &asked, origin: &self.origin };
        let allowed_by = match case.allowed(&served.path) {
            Ok(allowed_by) => allowed_by,
            Err(flaw) => return self.flaws.push(*flaw),
        };
        for (number, (policy, text)) in parsed.iter().zip(texts).enumerate() {
            for expression in expressions(policy, text) {
                let needed = self.expressions.entry(expression.stated).or_default();
                *needed = *needed || case.needs(number, &expression, &allowed_by);
            }
        }
    }

    /// What was shown, if nothing was found wrong.
    fn judge(mut self, inventory: &Inventory) -> Result<Proof, ProofError> {
        let mut proof = Proof {
            pages: inventory.pages.len(),
            assets: inventory.asset_count(),
            questions: self.questions,
            ..Proof::default()
        };
        for (stated, needed) in self.expressions {
            match needed {
                true => proof.needed += 1,
                false if self.reasoned.contains(&stated) => proof.spare += 1,
                false => self.flaws.push(Flaw::unneeded(stated)),
            }
        }
        if self.flaws.is_empty() {
            return Ok(proof);
        }
        let more = self.flaws.len().saturating_sub(TOLD);
        self.flaws.truncate(TOLD);
        Err(ProofError::Flawed { flaws: self.flaws, more })
    }
}

fn parse(text: &str) -> Policy<'_> {
    // Without its commas a header's policy is what a <meta> holds: one.
    let nothing = Policy { span: Span::default(), directives: Vec::new() };
    parse_list(text, Delivery::Meta).into_iter().next().unwrap_or(nothing)
}

/// A question that pages raise.
struct Asked<'q> {
    question: &'q Question,
    by: By<'q>,
}

/// Who raises a question.
#[derive(Clone, Copy)]
enum By<'q> {
    Asset(Place<'q>),
    /// A page that another one shows in a frame.
    Frame(&'q Page),
}

impl By<'_> {
    fn name(self) -> AssetUse {
        match self {
            Self::Asset(place) => used(place),
            Self::Frame(page) => AssetUse {
                page: page.path.clone(),
                line: 1,
                column: 1,
                kind: "framed page".to_owned(),
            },
        }
    }
}

/// What was allowed by an expression: the number of the question, and the engine that was asked.
type AllowedBy = HashMap<(usize, Span), Vec<(usize, Engine)>>;

/// One set of policies, and what is asked of it.
struct Case<'c, 'p> {
    texts: &'c [&'p str],
    parsed: &'c [Policy<'p>],
    asked: &'c [Asked<'c>],
    origin: &'c SelfOrigin,
}

impl<'p> Case<'_, 'p> {
    /// Which expressions allow what, if nothing is blocked.
    fn allowed(&self, path: &str) -> Result<AllowedBy, Box<Flaw>> {
        let policies: Vec<EnforcedPolicy<'_>> = self.parsed.iter().map(enforced).collect();
        let mut allowed_by = AllowedBy::new();
        for engine in Engine::ALL {
            let matcher = Matcher::new(&policies, self.origin, engine);
            for (number, asked) in self.asked.iter().enumerate() {
                for answer in matcher.answers(asked.question) {
                    if answer.blocked.is_some() {
                        return Err(Box::new(self.blocked(path, asked, engine, &answer)));
                    }
                    let key = answer.expression.map(|span| (answer.policy, span));
                    allowed_by.entry(key.unwrap_or_default()).or_default().push((number, engine));
                }
            }
        }
        Ok(allowed_by)
    }

    fn blocked(&self, path: &str, asked: &Asked<'_>, engine: Engine, answer: &Answer) -> Flaw {
        let policy = self.texts.get(answer.policy).copied().unwrap_or_default();
        Flaw::Blocked {
            page: path.to_owned(),
            asset: asked.by.name(),
            directive: answer.directive.as_str(),
            engine,
            policy: policy.to_owned(),
        }
    }

    /// Whether something is blocked if one of the policies is without this expression.
    ///
    /// A keyword may decide about what another expression matches; any other one only about what it was the first to match.
    fn needs(&self, policy: usize, expression: &Expression<'p>, allowed_by: &AllowedBy) -> bool {
        let less = without(expression.stated.0, expression.span);
        let less = parse(&less);
        let less = [enforced(&less)];
        let blocks = |number: usize, engine| {
            let asked = self.asked.get(number);
            asked.is_some_and(|asked| !allows(&less, self.origin, asked.question, engine))
        };
        if expression.is_keyword {
            let mut numbers = 0..self.asked.len();
            return numbers.any(|number| Engine::ALL.iter().any(|engine| blocks(number, *engine)));
        }
        let allowed = allowed_by.get(&(policy, expression.span));
        // Of several hashes of integrity all have to be there, and the first one is what allowed the request.
        let is_part = |asked: &Asked<'_>| match asked.question {
            Question::Request(Request { integrity, .. }) => {
                expression.is_hash && integrity.contains(expression.stated.2.trim_matches('\''))
            }
            _ => false,
        };
        let parts = self.asked.iter().enumerate().filter(|(_, asked)| is_part(asked));
        allowed.into_iter().flatten().any(|(number, engine)| blocks(*number, *engine))
            || parts.map(|(number, _)| number).any(|number| blocks(number, Engine::Spec))
    }
}

fn enforced<'p>(policy: &'p Policy<'p>) -> EnforcedPolicy<'p> {
    EnforcedPolicy::new(policy, Delivery::Header)
}

/// An expression and its place.
struct Expression<'p> {
    span: Span,
    /// Whether it can decide about what another expression allows.
    is_keyword: bool,
    /// Whether it is a hash, of which integrity can ask for several.
    is_hash: bool,
    stated: Stated<'p>,
}

/// Every expression that allows something, `'none'` not among them.
fn expressions<'p>(policy: &Policy<'p>, text: &'p str) -> Vec<Expression<'p>> {
    let mut found = Vec::new();
    for directive in policy.counting() {
        let sources =
            directive.sources().filter(|source| source.expression != SourceExpression::None);
        found.extend(sources.map(|source| Expression {
            span: source.value.span,
            is_keyword: matches!(source.expression, SourceExpression::Keyword(word) if word != Keyword::SelfOrigin),
            is_hash: matches!(source.expression, SourceExpression::Hash(..)),
            stated: (text, directive.name, source.value.text),
        }));
        let is_names = directive.directive == Some(Directive::TrustedTypes);
        let names = directive.values().filter(|name| is_names && !name.text.starts_with('\''));
        found.extend(names.map(|name| Expression {
            span: name.span,
            is_keyword: false,
            is_hash: false,
            stated: (text, directive.name, name.text),
        }));
    }
    found
}

/// The text without a value.
fn without(text: &str, span: Span) -> String {
    let before = text.get(..span.start).unwrap_or_default();
    before.trim_end().to_owned() + text.get(span.end..).unwrap_or_default()
}
