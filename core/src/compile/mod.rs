//! The middle: an inventory becomes a plan.
//!
//! Each page's assets become the source expressions that they need (`requirement.rs`); pages that need the same get one
//! rule; every other response gets the fallback, which allows next to nothing. Every expression keeps the assets that
//! asked for it, and what could not be made safe is told as a finding.

mod advice;
mod headers;
mod minimize;
mod pack;
mod policy;
mod proof;
mod question;
mod reach;
mod requirement;
mod sharing;
#[cfg(test)]
mod tests;
mod too_long;

use std::collections::{BTreeMap, HashMap};

use crate::csp::Directive;
use crate::header::{HeaderError, HeaderName, HeaderValue};
use crate::inventory::{Inventory, OriginError, Page, SiteOrigin};
use crate::plan::{Header, Match, Plan, Rule, SourceUse, StatusMatch};
use crate::site::SiteFile;
use policy::{Policy, Uses};
use reach::{Reach, addresses, error_codes};
use sharing::Shared;

pub use proof::{Flaw, Proof, ProofError, prove};
pub use question::AssetError;
pub use sharing::Sharing;
pub use too_long::TooLong;

/// Why the policy of what is no page has a source.
const ICON: &str = "browsers ask for /favicon.ico whatever the response is";

/// Why a page's policy has `frame-ancestors 'self'`.
const FRAMED: &str = "pages of the site show it in a frame";

/// How to compile.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Only report what the policies would block.
    pub report_only: bool,
    /// The longest header value, in bytes, that may come out.
    pub max_header_bytes: Option<usize>,
    /// The most policies for pages, beside the one for all other responses: where there would be more, pages share them.
    pub max_policies: Option<usize>,
    /// What the owner declares.
    pub site: SiteFile,
}

/// A plan, and that it holds.
#[derive(Clone, Debug, PartialEq)]
pub struct Compiled {
    /// The plan.
    pub plan: Plan,
    /// What was shown of it.
    pub proof: Proof,
    /// What it costs that pages share policies, if they have to.
    pub sharing: Option<Sharing>,
}

/// Why an inventory cannot be compiled.
#[derive(Debug, thiserror::Error)]
pub enum CompileError {
    /// Policies of pages are longer than the limit, however they are spelled.
    #[error("{}", too_long::told(pages, *limit))]
    TooLong {
        /// The pages.
        pages: Vec<TooLong>,
        /// The limit, in bytes.
        limit: usize,
    },
    /// The limits leave no room for the policies.
    #[error(
        "the pages need {reached} policies, more than the limit of {limit}: allow more policies or longer ones, or move inline scripts and styles into files"
    )]
    TooMany {
        /// How few were reached.
        reached: usize,
        /// The limit.
        limit: usize,
    },
    /// The inventory's origin is none.
    #[error("the inventory's origin: {0}")]
    Origin(#[from] OriginError),
    /// Something in the inventory cannot stand in a header.
    #[error("the policy of `{page}` cannot be written: {source}")]
    Header {
        /// The page.
        page: String,
        /// Why.
        source: HeaderError,
    },
    /// What came out does not hold, or the inventory makes no sense.
    #[error(transparent)]
    Unproven(#[from] ProofError),
}

/// Compiles an inventory by the strategy `hash`: inline code by its hash, everything else by where it comes from.
///
/// # Errors
/// [`CompileError`] if a policy is too long, an inventory written by hand makes no sense, or the plan could not be proven.
///
/// ```
/// use cspc_core::compile::{Options, compile};
/// use cspc_core::inventory::{Inventory, SiteOrigin, read_page};
/// let page = read_page("/index.html", b"<img src=a.png>", &SiteOrigin::unknown());
/// let compiled = compile(&Inventory::new(None, vec![page], vec![]), &Options::default()).unwrap();
/// assert_eq!(compiled.proof.needed, 1);
/// let policy = compiled.plan.rules[1].headers[0].value.as_str();
/// assert!(policy.starts_with("default-src 'none'; img-src 'self'; "));
/// ```
pub fn compile(inventory: &Inventory, options: &Options) -> Result<Compiled, CompileError> {
    let site = Site::new(inventory, options)?;
    let mut plan = Plan { origin: inventory.origin.clone(), ..Plan::new() };
    let fallback = site.fallback();
    plan.rules.push(Rule {
        matches: Match::default(),
        headers: headers::baseline(&options.site, site.header(fallback.serialize(), "/")?),
    });
    plan.sources.extend(fallback.sources(0));
    let Shared { groups, sharing, findings } = site.policies()?;
    for group in groups {
        plan.sources.extend(group.policy.sources(plan.rules.len()));
        plan.rules.push(site.rule(&group)?);
    }
    plan.rules.extend(site.error_page_rules()?);
    plan.hide = headers::tell_tales();
    plan.findings = advice::findings(inventory, &site.reach);
    plan.findings.extend(advice::declared(&options.site));
    plan.findings.extend(findings);
    let proof = prove(inventory, &plan)?;
    Ok(Compiled { plan, proof, sharing })
}

/// The inventory with what is looked up in it.
struct Site<'a> {
    inventory: &'a Inventory,
    options: &'a Options,
    origin: SiteOrigin,
    reach: Reach<'a>,
}

/// Pages that need the same policy.
struct Group<'a> {
    pages: Vec<&'a Page>,
    policy: Policy<'a>,
}

impl Group<'_> {
    /// The first page's path.
    fn path(&self) -> &str {
        self.pages.first().map_or("", |page| &page.path)
    }
}

impl<'a> Site<'a> {
    fn new(inventory: &'a Inventory, options: &'a Options) -> Result<Self, CompileError> {
        let origin = inventory.origin.as_deref().map(SiteOrigin::parse).transpose()?;
        let origin = origin.unwrap_or_else(SiteOrigin::unknown);
        Ok(Self { inventory, options, origin, reach: Reach::new(inventory) })
    }

    /// The policy of whatever is not a page: images, errors, redirects. Browsers ask for the icon there, too.
    fn fallback(&self) -> Policy<'a> {
        let mut policy = Policy::default();
        policy.add(Directive::ImgSrc, "'self'".into(), Uses::by_default(ICON));
        policy
    }

    /// The pages' policies: short enough, and few enough.
    fn policies(&self) -> Result<Shared<'a>, CompileError> {
        let mut groups = self.groups();
        let most = self.options.max_policies.unwrap_or(usize::MAX).max(1);
        let bytes = self.options.max_header_bytes;
        let limit = bytes.unwrap_or(usize::MAX);
        let is_long = |group: &Group<'_>| group.policy.serialize().len() > limit;
        // Where room is short, it is for all of them: one spelling for what is to be merged.
        if groups.iter().any(is_long) || bytes.is_some() && groups.len() > most {
            groups.iter_mut().for_each(|group| minimize::shorten(&mut group.policy, &self.origin));
        }
        let too_long = groups
            .iter()
            .filter(|group| is_long(group))
            .map(|group| TooLong::new(group.path(), group.policy.serialize().len(), &group.policy));
        let pages: Vec<TooLong> = too_long.collect();
        if !pages.is_empty() {
            return Err(CompileError::TooLong { pages, limit });
        }
        sharing::share(groups, most, bytes, &self.origin)
    }

    /// Pages by policy, in the order of their first page.
    fn groups(&self) -> Vec<Group<'a>> {
        let mut index: HashMap<String, usize> = HashMap::new();
        let mut groups: Vec<Group<'a>> = Vec::new();
        for page in &self.inventory.pages {
            let policy = self.policy(page);
            let number = *index.entry(policy.serialize()).or_insert(groups.len());
            match groups.get_mut(number) {
                Some(group) => {
                    group.pages.push(page);
                    group.policy.merge(policy);
                }
                None => groups.push(Group { pages: vec![page], policy }),
            }
        }
        groups
    }

    /// What a page needs: for its own assets, those of the files that it loads, and by declaration.
    fn policy(&self, page: &'a Page) -> Policy<'a> {
        let mut policy = Policy::default();
        for asset in &page.assets {
            policy.add_asset(&page.path, asset);
        }
        for file in self.reach.files_of(page) {
            for asset in &file.assets {
                policy.add_asset(&file.path, asset);
            }
        }
        for (directive, declared) in &self.options.site.sources {
            for declared in declared {
                let expression = declared.expression.as_str().into();
                policy.add(*directive, expression, Uses::declared(&declared.location));
            }
        }
        if self.reach.is_framed(page) {
            policy.add(Directive::FrameAncestors, "'self'".into(), Uses::by_default(FRAMED));
        }
        minimize::drop_covered(&mut policy, &self.origin);
        minimize::complete_prefetches(&mut policy, &self.origin);
        policy
    }

    fn header(&self, value: String, page: &str) -> Result<Header, CompileError> {
        let name = if self.options.report_only {
            "Content-Security-Policy-Report-Only"
        } else {
            "Content-Security-Policy"
        };
        let error = |source| CompileError::Header { page: page.to_owned(), source };
        let name = HeaderName::new(name).map_err(error)?;
        Ok(Header::set(name, HeaderValue::new(value).map_err(error)?))
    }

    fn rule(&self, group: &Group<'_>) -> Result<Rule, CompileError> {
        let exact = group.pages.iter().flat_map(|page| addresses(&page.path)).collect();
        let mut headers = vec![self.header(group.policy.serialize(), group.path())?];
        if group.policy.list(Directive::FrameAncestors).is_some() {
            headers.extend(headers::framed_by_itself(&self.options.site));
        }
        Ok(Rule { matches: Match { exact, ..Match::default() }, headers })
    }

    /// A page called by an error's number, such as `/404.html`, answers in place of any other path.
    fn error_page_rules(&self) -> Result<Vec<Rule>, CompileError> {
        let mut rules = BTreeMap::new();
        for page in &self.inventory.pages {
            if let Some(codes) = error_codes(&page.path) {
                let headers = vec![self.header(self.policy(page).serialize(), &page.path)?];
                let matches =
                    Match { status: Some(StatusMatch::Codes(codes.clone())), ..Match::default() };
                rules.insert(codes, Rule { matches, headers });
            }
        }
        Ok(rules.into_values().collect())
    }
}

/// A number of things.
fn counted(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

/// Turns the uses of a policy into the plan's provenance.
impl Policy<'_> {
    fn sources(&self, rule: usize) -> Vec<SourceUse> {
        let source = |directive: Directive, expression: &str, uses: &Uses<'_>| SourceUse {
            rule,
            directive: directive.as_str().to_owned(),
            expression: expression.to_owned(),
            assets: uses.assets().collect(),
            count: uses.count(),
            spare: uses.spare(),
        };
        self.iter()
            .map(|(directive, expression, uses)| source(directive, expression, uses))
            .collect()
    }
}
