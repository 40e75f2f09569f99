//! The middle: an inventory becomes a plan.
//!
//! Each page's assets become the source expressions that they need (`requirement.rs`); pages that need the same get one
//! rule; every other response gets the fallback, which allows next to nothing. Every expression keeps the assets that
//! asked for it, and what could not be made safe is told as a finding.

mod advice;
mod headers;
mod policy;
mod requirement;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::csp::Directive;
use crate::header::{HeaderError, HeaderName, HeaderValue};
use crate::inventory::{self, Asset, Content, Inventory, Kind, Page, StyleSheet};
use crate::plan::{Header, Match, Plan, Rule, SourceUse, StatusMatch};
use crate::site::SiteFile;
use policy::{Policy, Uses};

/// How to compile.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Only report what the policies would block.
    pub report_only: bool,
    /// The longest header value, in bytes, that may come out.
    pub max_header_bytes: Option<usize>,
    /// What the owner declares.
    pub site: SiteFile,
}

/// Why an inventory cannot be compiled.
#[derive(Debug, thiserror::Error)]
pub enum CompileError {
    /// A page's policy is longer than the limit.
    #[error(
        "the policy of `{page}` has {bytes} bytes, more than the limit of {limit}: move inline scripts and styles of the page into files, so that it needs fewer hashes"
    )]
    TooLong {
        /// The page.
        page: String,
        /// The length of its policy.
        bytes: usize,
        /// The limit.
        limit: usize,
    },
    /// Something in the inventory cannot stand in a header.
    #[error("the policy of `{page}` cannot be written: {source}")]
    Header {
        /// The page.
        page: String,
        /// Why.
        source: HeaderError,
    },
}

/// Compiles an inventory by the strategy `hash`: inline code by its hash, everything else by where it comes from.
///
/// # Errors
/// [`CompileError`] if a policy is too long, or an inventory written by hand holds what no header can.
///
/// ```
/// use cspc_core::compile::{Options, compile};
/// use cspc_core::inventory::{Inventory, SiteOrigin, read_page};
/// let page = read_page("/index.html", b"<img src=a.png>", &SiteOrigin::unknown());
/// let plan = compile(&Inventory::new(None, vec![page], vec![]), &Options::default()).unwrap();
/// let policy = plan.rules[1].headers[0].value.as_str();
/// assert!(policy.starts_with("default-src 'none'; img-src 'self'; "));
/// ```
pub fn compile(inventory: &Inventory, options: &Options) -> Result<Plan, CompileError> {
    let site = Site::new(inventory, options);
    let mut plan = Plan { origin: inventory.origin.clone(), ..Plan::new() };
    let fallback = site.fallback();
    plan.rules.push(Rule {
        matches: Match::default(),
        headers: headers::baseline(&options.site, site.policy_header(&fallback, "/")?),
    });
    plan.sources.extend(fallback.sources(0));
    for group in site.groups()? {
        let rule = plan.rules.len();
        plan.sources.extend(group.policy.sources(rule));
        plan.rules.push(site.rule(&group)?);
    }
    plan.rules.extend(site.error_page_rules()?);
    plan.hide = headers::tell_tales();
    plan.findings = advice::findings(inventory, &site.sheets);
    Ok(plan)
}

/// The inventory with what is looked up in it.
struct Site<'a> {
    inventory: &'a Inventory,
    options: &'a Options,
    /// The site's style sheets by the address that pages use for them.
    sheets: HashMap<Box<str>, &'a StyleSheet>,
    /// Addresses that pages of the site show in a frame.
    framed: BTreeSet<&'a str>,
}

/// Pages that need the same policy.
struct Group<'a> {
    pages: Vec<&'a Page>,
    policy: Policy<'a>,
    framed: bool,
}

impl<'a> Site<'a> {
    fn new(inventory: &'a Inventory, options: &'a Options) -> Self {
        let sheets = inventory
            .style_sheets
            .iter()
            .map(|sheet| (inventory::address_of(&sheet.path), sheet))
            .collect();
        let assets = inventory.pages.iter().flat_map(|page| &page.assets);
        let framed = assets
            .filter(|asset| matches!(asset.kind, Kind::Frame | Kind::Object))
            .filter_map(|asset| own_address(asset))
            .collect();
        Self { inventory, options, sheets, framed }
    }

    /// The policy of whatever is not a page: images, errors, redirects. Browsers ask for the icon there, too.
    fn fallback(&self) -> Policy<'a> {
        let mut policy = Policy::default();
        policy.add(Directive::ImgSrc, "'self'".into(), Uses::none());
        policy
    }

    /// Pages by policy, in the order of their first page.
    fn groups(&self) -> Result<Vec<Group<'a>>, CompileError> {
        let mut index: HashMap<(String, bool), usize> = HashMap::new();
        let mut groups: Vec<Group<'a>> = Vec::new();
        for page in &self.inventory.pages {
            let policy = self.policy(page);
            let framed = self.is_framed(&page.path);
            match index.get(&(policy.serialize(framed), framed)).and_then(|at| groups.get_mut(*at))
            {
                Some(group) => {
                    group.pages.push(page);
                    group.policy.merge(policy);
                }
                None => {
                    index.insert((policy.serialize(framed), framed), groups.len());
                    groups.push(Group { pages: vec![page], policy, framed });
                }
            }
        }
        Ok(groups)
    }

    /// What a page needs: for its own assets, those of the style sheets that it loads, and by declaration.
    fn policy(&self, page: &'a Page) -> Policy<'a> {
        let mut policy = Policy::default();
        let mut sheets = Vec::new();
        for asset in &page.assets {
            policy.add_asset(&page.path, asset);
            self.queue_sheet(asset, &mut sheets);
        }
        let mut next = 0;
        while let Some(sheet) = sheets.get(next).copied() {
            for asset in &sheet.assets {
                policy.add_asset(&sheet.path, asset);
                self.queue_sheet(asset, &mut sheets);
            }
            next += 1;
        }
        for (directive, expressions) in &self.options.site.sources {
            for expression in expressions {
                policy.add(
                    *directive,
                    expression.as_str().into(),
                    Uses::declared(self.options.site.path()),
                );
            }
        }
        policy
    }

    fn queue_sheet(&self, asset: &Asset, sheets: &mut Vec<&'a StyleSheet>) {
        if asset.kind != Kind::Style {
            return;
        }
        let sheet = own_address(asset).and_then(|address| self.sheets.get(address));
        if let Some(sheet) = sheet
            && !sheets.iter().any(|queued| std::ptr::eq(*queued, *sheet))
        {
            sheets.push(sheet);
        }
    }

    fn is_framed(&self, path: &str) -> bool {
        !self.framed.is_empty()
            && addresses(path)
                .iter()
                .any(|path| self.framed.contains(&*inventory::address_of(path)))
    }

    fn policy_header(&self, policy: &Policy<'_>, page: &str) -> Result<Header, CompileError> {
        self.header(policy.serialize(self.is_framed(page)), page)
    }

    fn header(&self, value: String, page: &str) -> Result<Header, CompileError> {
        let bytes = value.len();
        if let Some(limit) = self.options.max_header_bytes.filter(|limit| bytes > *limit) {
            return Err(CompileError::TooLong { page: page.to_owned(), bytes, limit });
        }
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
        let first = group.pages.first().map_or("", |page| &*page.path);
        let exact = group.pages.iter().flat_map(|page| addresses(&page.path)).collect();
        let mut headers = vec![self.header(group.policy.serialize(group.framed), first)?];
        if group.framed {
            headers.extend(headers::framed_by_itself(&self.options.site));
        }
        Ok(Rule { matches: Match { exact, ..Match::default() }, headers })
    }

    /// A page called by an error's number, such as `/404.html`, answers in place of any other path.
    fn error_page_rules(&self) -> Result<Vec<Rule>, CompileError> {
        let mut rules = BTreeMap::new();
        for page in &self.inventory.pages {
            if let Some(codes) = error_codes(&page.path) {
                let headers = vec![self.policy_header(&self.policy(page), &page.path)?];
                let matches =
                    Match { status: Some(StatusMatch::Codes(codes.clone())), ..Match::default() };
                rules.insert(codes, Rule { matches, headers });
            }
        }
        Ok(rules.into_values().collect())
    }
}

/// The paths under which servers answer with the page: `index.html` answers for its folder.
fn addresses(path: &str) -> Vec<String> {
    let folder = path.strip_suffix("index.html").or_else(|| path.strip_suffix("index.htm"));
    let folder = folder.filter(|folder| folder.ends_with('/')).map(str::to_owned);
    folder.into_iter().chain([path.to_owned()]).collect()
}

/// The address of an asset of the site itself, without its query.
fn own_address(asset: &Asset) -> Option<&str> {
    let Content::Url(url) = &asset.content else { return None };
    url.starts_with('/').then(|| url.split('?').next().unwrap_or(url))
}

/// The statuses for which `/404.html`, `/50x.html` and their like are meant.
fn error_codes(path: &str) -> Option<Vec<u16>> {
    let name = path.strip_prefix('/')?.strip_suffix(".html")?;
    if name == "50x" {
        return Some(vec![500, 502, 503, 504]);
    }
    let code = name.parse().ok().filter(|code| (400..600).contains(code))?;
    Some(vec![code])
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
        };
        self.iter()
            .map(|(directive, expression, uses)| source(directive, expression, uses))
            .collect()
    }
}
