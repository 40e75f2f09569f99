//! The middle: an inventory becomes a plan.
//!
//! Each page's assets become the source expressions that they need (`requirement.rs`); pages that need the same get one
//! rule; every other response gets the fallback, which allows next to nothing, and so do pages that need no more. Every
//! expression keeps the assets that asked for it, and what could not be made safe is told as a finding.

mod advice;
mod cross_origin;
mod declared;
mod features;
mod headers;
mod insecure;
mod isolation;
mod layers;
mod minimize;
mod nonce;
mod own_policy;
mod pack;
mod policies;
mod policy;
mod proof;
mod question;
mod reach;
mod requirement;
mod rules;
mod sharing;
mod site;
mod strict_dynamic;
mod tally;
#[cfg(test)]
mod tests;
mod too_long;
mod trusted_types;
mod unread;

use std::collections::HashSet;

use crate::csp::Directive;
use crate::header::HeaderError;
use crate::inventory::{Inventory, OriginError, Page, SiteOrigin};
use crate::plan::{Plan, PlanError, ServerTokens, SourceUse, check_path};
use crate::site::{SiteFile, Strategy};
use declared::Declarations;
use own_policy::{Unblocked, without_blocked};
use policy::{Policy, Uses};
use reach::Reach;
use sharing::Shared;
use site::Site;

pub use declared::DeclaredError;
pub use proof::{Flaw, Proof, ProofError, prove};
pub use question::AssetError;
pub use sharing::Sharing;
pub use too_long::TooLong;
pub use unread::unread;

/// How to compile. What is given here goes before what the site file says.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Only report what the policies would block.
    pub report_only: bool,
    /// How inline code and files of code are allowed, where no route says otherwise.
    pub strategy: Option<Strategy>,
    /// Whether servers fill in nonces, so that a page may use them although its strategy does not name them.
    pub nonces: bool,
    /// Whether some server cannot tell errors apart, so that every response has to allow what error pages need.
    pub without_statuses: bool,
    /// The longest header value, in bytes, that may come out.
    pub max_header_bytes: Option<usize>,
    /// The most policies: where there would be more, pages share them.
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
        "the site needs {reached} policies, that of what is no page among them, and the limit is {limit}: allow more policies or longer ones, or move inline scripts and styles into files"
    )]
    TooMany {
        /// How few were reached.
        reached: usize,
        /// The limit.
        limit: usize,
    },
    /// The inventory has a page at a path that no request has.
    #[error("the inventory's pages: {0}")]
    Path(#[from] PlanError),
    /// The inventory has two pages at one path.
    #[error("the inventory's pages: `{0}` is there twice: put the assets of both into one page")]
    Twice(String),
    /// The inventory's origin is none.
    #[error("the inventory's origin: {0}")]
    Origin(#[from] OriginError),
    /// The site file asks for what cannot be.
    #[error(transparent)]
    Declared(#[from] DeclaredError),
    /// Something in the inventory cannot stand in a header.
    #[error("the policy of `{page}` cannot be written: {source}")]
    Page {
        /// The page.
        page: String,
        /// Why.
        source: HeaderError,
    },
    /// A header that is no page's own cannot be written.
    #[error("a header cannot be written: {0}")]
    Header(#[from] HeaderError),
    /// What came out does not hold, or the inventory makes no sense.
    #[error(transparent)]
    Unproven(#[from] ProofError),
}

/// Compiles an inventory: inline code by its hash, everything else by where it comes from.
///
/// # Errors
/// [`CompileError`] if a policy is too long, an inventory written by hand makes no sense, the site file does not fit the
/// pages, or the plan could not be proven.
///
/// ```
/// use cspc_core::compile::{Options, compile};
/// use cspc_core::inventory::{Inventory, SiteOrigin, read_page};
/// let page = read_page("/index.html", b"<script src=a.js></script>", &SiteOrigin::unknown());
/// let compiled = compile(&Inventory::new(None, vec![page], vec![]), &Options::default()).unwrap();
/// assert_eq!(compiled.proof.needed, 2);
/// let policy = compiled.plan.rules[1].headers[0].value.as_str();
/// assert!(policy.starts_with("default-src 'none'; script-src 'self'; img-src 'self'; "));
/// ```
pub fn compile(inventory: &Inventory, options: &Options) -> Result<Compiled, CompileError> {
    let whole = inventory;
    let origin = origin_of(whole)?;
    check_paths(whole)?;
    let Unblocked { inventory, findings: blocked, .. } = without_blocked(whole, &origin);
    let reach = Reach::new(&inventory);
    let declarations = Declarations::new(&options.site, &inventory, &reach, &origin)?;
    let site = Site::new(&inventory, origin, options, &declarations, &reach);
    let mut plan = Plan { origin: inventory.origin.clone(), ..Plan::new() };
    let mut fallback = site.fallback()?;
    let Shared { groups, sharing, findings } = site.policies(&fallback.serialize())?;
    let (everything, not_isolated) = site.everything(&fallback, &groups)?;
    let (mut rules, mut of_pages) = (Vec::new(), Vec::new());
    for group in &groups {
        let rule = site.rule(group)?;
        if rule.headers.iter().all(|header| everything.headers.contains(header)) {
            fallback.merge(group.policy.clone());
        } else {
            rules.push(rule);
            of_pages.extend(group.policy.sources(rules.len()));
        }
    }
    plan.rules.push(everything);
    plan.rules.extend(rules);
    plan.sources = fallback.sources(0);
    plan.sources.extend(of_pages);
    if !options.without_statuses {
        plan.rules.extend(site.error_page_rules(&groups)?);
    }
    plan.rules.extend(site.feature_rules());
    plan.rules.extend(site.route_rules());
    plan.hide = headers::hidden();
    plan.server_tokens = options.site.hide_server_version.then_some(ServerTokens::Off);
    plan.cookies.clone_from(&options.site.cookies);
    plan.https_redirect = options.site.https_redirect;
    plan.nonce = site.nonce();
    plan.findings = advice::findings(&site);
    plan.findings.extend(blocked);
    plan.findings.extend(advice::declared(&options.site));
    plan.findings.extend(layers::findings(&options.site, &plan));
    plan.findings.extend(site.without_nonce());
    plan.findings.extend(site.with_other_nonce());
    plan.findings.extend(site.without_strict_dynamic());
    plan.findings.extend(site.without_trusted_types());
    plan.findings.extend(features::findings(&inventory));
    plan.findings.extend(not_isolated);
    plan.findings.extend(findings);
    plan.findings.extend(declarations.into_notes());
    let proof = prove(whole, &plan)?;
    // The policy in force today is the owner's, and nothing that is to be proven.
    if let (Some(enforced), Some(rule)) = (&options.site.enforce, plan.rules.first_mut()) {
        rule.headers.insert(0, headers::policy(false, enforced.policy.clone())?);
    }
    Ok(Compiled { plan, proof, sharing })
}

/// Checks that each page has a path of its own.
fn check_paths(inventory: &Inventory) -> Result<(), CompileError> {
    let mut known = HashSet::new();
    for Page { path, .. } in &inventory.pages {
        check_path(path)?;
        if !known.insert(path) {
            return Err(CompileError::Twice(path.clone()));
        }
    }
    Ok(())
}

/// The site's origin, or one that nobody has.
fn origin_of(inventory: &Inventory) -> Result<SiteOrigin, OriginError> {
    inventory.origin.as_deref().map_or_else(|| Ok(SiteOrigin::unknown()), SiteOrigin::parse)
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
