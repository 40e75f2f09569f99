//! The pages of a site, by the policy that each gets, and the rules of the plan for them.

use std::collections::{BTreeMap, HashMap};

use super::declared::Declarations;
use super::policy::{Policy, Uses};
use super::reach::{Reach, addresses, error_codes};
use super::requirement::Naming;
use super::sharing::{self, Shared};
use super::{CompileError, Options, TooLong, features, headers, isolation, minimize};
use crate::csp::{Directive, Keyword};
use crate::diagnostic::Finding;
use crate::header::HeaderValue;
use crate::inventory::{Asset, Inventory, Page, SiteOrigin};
use crate::plan::{Header, Match, NonceText, Rule, StatusMatch};
use crate::site::{Declared, Route, RoutePaths, SiteFile, Strategy};

/// Why the policy of what is no page has a source.
const ICON: &str = "browsers ask for /favicon.ico whatever the response is";

/// Why a page's policy has `frame-ancestors 'self'`.
const FRAMED: &str = "pages of the site show it in a frame";

/// The inventory with what is looked up in it.
pub(super) struct Site<'a> {
    inventory: &'a Inventory,
    options: &'a Options,
    declarations: &'a Declarations<'a>,
    origin: SiteOrigin,
    pub(super) reach: Reach<'a>,
}

/// Pages that need the same policy.
pub(super) struct Group<'a> {
    pub(super) pages: Vec<&'a Page>,
    pub(super) policy: Policy<'a>,
    /// Whether it only reports.
    pub(super) report_only: bool,
}

impl Group<'_> {
    /// The first page's path.
    pub(super) fn path(&self) -> &str {
        self.pages.first().map_or("", |page| &page.path)
    }
}

impl<'a> Site<'a> {
    pub(super) fn new(
        inventory: &'a Inventory,
        origin: SiteOrigin,
        options: &'a Options,
        declarations: &'a Declarations<'a>,
    ) -> Self {
        Self { inventory, options, declarations, origin, reach: Reach::new(inventory) }
    }

    /// The inventory.
    pub(super) const fn inventory(&self) -> &'a Inventory {
        self.inventory
    }

    /// What the owner declares.
    pub(super) const fn file(&self) -> &'a SiteFile {
        &self.options.site
    }

    /// Whether the site is served over HTTPS, for all that is known.
    pub(super) fn is_https(&self) -> bool {
        self.origin.is_https()
    }

    /// The assets of the page and of the files that it loads, each with the path of what has it.
    pub(super) fn assets_of(&self, page: &'a Page) -> impl Iterator<Item = (&'a str, &'a Asset)> {
        let own = page.assets.iter().map(|asset| (page.path.as_str(), asset));
        let files = self.reach.files_of(page).into_iter();
        own.chain(
            files.flat_map(|file| file.assets.iter().map(|asset| (file.path.as_str(), asset))),
        )
    }

    /// Whether policies only report where no route says otherwise.
    fn reports_only(&self) -> bool {
        self.options.report_only || self.options.site.report_only
    }

    /// The policy of whatever is not a page: images, errors, redirects. Browsers ask for the icon there, too, and where no
    /// server can tell errors apart, error pages answer there.
    pub(super) fn fallback(&self) -> Result<Policy<'a>, CompileError> {
        let mut policy = Policy::default();
        policy.add(Directive::ImgSrc, "'self'".into(), Uses::by_default(ICON));
        let pages = self.inventory.pages.iter();
        let error_pages: Vec<&Page> = pages.filter(|page| self.answers_everywhere(page)).collect();
        error_pages.iter().for_each(|page| policy.merge(self.policy(page)));
        minimize::drop_covered(&mut policy, &self.origin);
        minimize::complete_prefetches(&mut policy, &self.origin);
        self.complete(&mut policy, self.reports_only());
        if policy.serialize().len() > self.limit() {
            minimize::shorten(&mut policy, &self.origin);
        }
        let path = error_pages.first().map_or("/", |page| &page.path);
        self.refuse_long(std::iter::once((path, &policy)))?;
        Ok(policy)
    }

    /// Whether the page answers in place of any other, and no server can tell, so that others have its policy.
    pub(super) fn answers_everywhere(&self, page: &Page) -> bool {
        self.options.without_statuses && error_codes(&page.path).is_some()
    }

    /// The most bytes of a policy.
    fn limit(&self) -> usize {
        self.options.max_header_bytes.unwrap_or(usize::MAX)
    }

    /// Fails if policies, each with the path of a page, are above the limit.
    fn refuse_long<'p>(
        &self,
        policies: impl Iterator<Item = (&'p str, &'p Policy<'a>)>,
    ) -> Result<(), CompileError>
    where
        'a: 'p,
    {
        let limit = self.limit();
        let lengths = policies.map(|(path, policy)| (path, policy.serialize().len(), policy));
        let long = lengths.filter(|(_, bytes, _)| *bytes > limit);
        let pages: Vec<TooLong> =
            long.map(|(path, bytes, policy)| TooLong::new(path, bytes, policy)).collect();
        if pages.is_empty() { Ok(()) } else { Err(CompileError::TooLong { pages, limit }) }
    }

    /// The pages' policies: short enough, and few enough beside the one for everything else.
    pub(super) fn policies(&self, fallback: &str) -> Result<Shared<'a>, CompileError> {
        let mut groups = self.groups();
        let most = self.options.max_policies.unwrap_or(usize::MAX);
        let bytes = self.options.max_header_bytes;
        let is_long = |group: &Group<'_>| group.policy.serialize().len() > self.limit();
        // Where room is short, it is for all of them: one spelling for what is to be merged.
        if groups.iter().any(is_long) || bytes.is_some() && groups.len() >= most {
            groups.iter_mut().for_each(|group| minimize::shorten(&mut group.policy, &self.origin));
        }
        self.refuse_long(groups.iter().map(|group| (group.path(), &group.policy)))?;
        if groups.len() < most {
            return Ok(Shared { groups, sharing: None, findings: Vec::new() });
        }
        self.share(groups, most, fallback)
    }

    /// Puts groups together where there are too many. Those with the policy of everything else cost nothing, and those of
    /// the few pages whose policies only report, or do not, cannot be put together with others.
    fn share(
        &self,
        groups: Vec<Group<'a>>,
        most: usize,
        fallback: &str,
    ) -> Result<Shared<'a>, CompileError> {
        let reports_only = self.reports_only();
        let (apart, groups): (Vec<_>, Vec<_>) = groups.into_iter().partition(|group| {
            group.report_only != reports_only || group.policy.serialize() == fallback
        });
        let taken = apart.iter().filter(|group| group.policy.serialize() != fallback).count() + 1;
        let too_many = |reached| CompileError::TooMany { reached: reached + taken, limit: most };
        if taken + usize::from(!groups.is_empty()) > most {
            return Err(too_many(usize::from(!groups.is_empty())));
        }
        let room = most - taken;
        let bytes = self.options.max_header_bytes;
        let mut shared = sharing::share(groups, room, bytes, &self.origin).map_err(too_many)?;
        if let Some(sharing) = &mut shared.sharing {
            sharing.least += taken;
            sharing.policies += taken;
        }
        shared.groups.extend(apart);
        Ok(shared)
    }

    /// Pages by policy, in the order of their first page.
    fn groups(&self) -> Vec<Group<'a>> {
        let mut index: HashMap<(String, bool), usize> = HashMap::new();
        let mut groups: Vec<Group<'a>> = Vec::new();
        for page in &self.inventory.pages {
            let (policy, report_only) = (self.policy(page), self.reports_only_on(page));
            let key = (policy.serialize(), report_only);
            let number = *index.entry(key).or_insert(groups.len());
            match groups.get_mut(number) {
                Some(group) => {
                    group.pages.push(page);
                    group.policy.merge(policy);
                }
                None => groups.push(Group { pages: vec![page], policy, report_only }),
            }
        }
        groups
    }

    /// The last answer of the routes that cover the page.
    fn by_route<T>(&self, page: &Page, answer: impl Fn(&Route) -> Option<T>) -> Option<T> {
        let covering = self.declarations.routes_of(page);
        covering.filter_map(|(route, _)| answer(route)).last()
    }

    fn reports_only_on(&self, page: &Page) -> bool {
        self.by_route(page, |route| route.report_only).unwrap_or_else(|| self.reports_only())
    }

    /// How the page's assets are named: with nonces if its strategy asks for them, or leaves it open and servers can.
    pub(super) fn naming(&self, page: &'a Page) -> Naming<'_> {
        let by_file = self.options.site.strategy.as_ref().map(|(strategy, _)| *strategy);
        let strategy = self.by_route(page, |route| route.strategy);
        let strategy = strategy.or(self.options.strategy).or(by_file).unwrap_or_default();
        let has_nonces = match strategy {
            Strategy::Auto => self.options.nonces,
            Strategy::Nonce => true,
            Strategy::Hash | Strategy::Allowlist => false,
        };
        // Beside a nonce or a hash `'unsafe-inline'` has no effect (CSP Level 3, section 6.7.3.2), which is not what its owner wants.
        let is_unsafe = |(_, declared): (Directive, &Declared)| {
            declared.expression.eq_ignore_ascii_case(Keyword::UnsafeInline.as_str())
        };
        let has_names = !self.declarations.sources_of(page).any(is_unsafe);
        let text = &self.options.site.nonce_placeholder;
        let naming = Naming {
            strategy,
            nonce: (has_nonces && has_names).then_some(text),
            integrity: strategy != Strategy::Allowlist && has_names,
            typed: self.is_typed(page),
            upgrades: self.upgrades(self.reports_only_on(page)),
            dynamic: false,
        };
        Naming { dynamic: self.is_dynamic(page, naming), ..naming }
    }

    /// The text that stands for the nonce, if some page has one.
    pub(super) fn nonce(&self) -> Option<NonceText> {
        let has_one = |page: &'a Page| {
            let Naming { nonce, .. } = self.naming(page);
            let text = nonce.map(NonceText::as_str);
            text.is_some() && page.assets.iter().any(|asset| asset.nonce() == text)
        };
        let mut pages = self.inventory.pages.iter();
        pages.any(has_one).then(|| self.options.site.nonce_placeholder.clone())
    }

    /// What a page needs: for its own assets, those of the files that it loads, and by declaration.
    pub(super) fn policy(&self, page: &'a Page) -> Policy<'a> {
        let naming = self.naming(page);
        let mut policy = Policy::default();
        for (path, asset) in self.assets_of(page) {
            policy.add_asset(path, asset, naming);
        }
        for (directive, declared) in self.declarations.sources_of(page) {
            let expression = declared.expression.as_str().into();
            policy.add(directive, expression, Uses::declared(&declared.location));
        }
        if naming.dynamic {
            self.add_strict_dynamic(&mut policy);
        }
        if naming.typed {
            self.add_trusted_types(&mut policy);
        }
        if self.reach.is_framed(page) {
            policy.add(Directive::FrameAncestors, "'self'".into(), Uses::by_default(FRAMED));
        }
        minimize::drop_covered(&mut policy, &self.origin);
        minimize::complete_prefetches(&mut policy, &self.origin);
        self.complete(&mut policy, self.reports_only_on(page));
        policy
    }

    /// Whether requests are upgraded under a policy: not if it only reports.
    const fn upgrades(&self, report_only: bool) -> bool {
        self.options.site.upgrade_insecure_requests && !report_only
    }

    /// Lets a policy say that requests are upgraded, and where reports go: to a group of endpoints, and for browsers that
    /// know none, to the address.
    fn complete(&self, policy: &mut Policy<'a>, report_only: bool) {
        if self.upgrades(report_only) {
            policy.set(Directive::UpgradeInsecureRequests, "");
        }
        if let Some(reporting) = &self.options.site.reporting {
            policy.set(Directive::ReportUri, reporting.endpoint.as_str());
            policy.set(Directive::ReportTo, headers::REPORT_GROUP);
        }
    }

    fn header(
        &self,
        policy: &Policy<'_>,
        report_only: bool,
        page: &str,
    ) -> Result<Header, CompileError> {
        let error = |source| CompileError::Page { page: page.to_owned(), source };
        let value = HeaderValue::new(policy.serialize()).map_err(error)?;
        headers::policy(report_only, value).map_err(error)
    }

    /// What every response gets, where no other rule says otherwise, and why it is not more.
    pub(super) fn everything(
        &self,
        fallback: &Policy<'_>,
        groups: &[Group<'a>],
    ) -> Result<(Rule, Vec<Finding>), CompileError> {
        let policy = self.header(fallback, self.reports_only(), "/")?;
        let isolated = isolation::embedder(groups);
        // While policies only report, nothing else is to block what they would.
        let pages = headers::Pages {
            are_isolated: isolated.is_ok() && !self.reports_only(),
            have_integrity: isolation::all_scripts_have_integrity(self, groups)
                && !self.reports_only(),
        };
        let headers = headers::baseline(&self.options.site, policy, pages);
        let rule = Rule::new(Match::default(), headers);
        Ok((rule, isolated.err().unwrap_or_default()))
    }

    /// The features of the browser that pages use, for those that use some.
    pub(super) fn feature_rules(&self) -> Vec<Rule> {
        let rule = |(value, pages): (String, Vec<&Page>)| {
            let header = headers::features(&self.options.site, &value)?;
            let exact = pages.iter().flat_map(|page| addresses(&page.path)).collect();
            Some(Rule::new(Match { exact, ..Match::default() }, vec![header]))
        };
        features::by_page(self).into_iter().filter_map(rule).collect()
    }

    /// The headers of pages with the group's policy.
    fn policy_headers(&self, group: &Group<'_>) -> Result<Vec<Header>, CompileError> {
        let header = self.header(&group.policy, group.report_only, group.path())?;
        let mut headers = vec![header];
        // What a policy reports that blocks nothing, another one must not block.
        if group.report_only != self.reports_only() {
            headers.push(headers::no_policy(!group.report_only)?);
        }
        Ok(headers)
    }

    pub(super) fn rule(&self, group: &Group<'_>) -> Result<Rule, CompileError> {
        let exact = group.pages.iter().flat_map(|page| addresses(&page.path)).collect();
        let mut headers = self.policy_headers(group)?;
        if group.policy.list(Directive::FrameAncestors).is_some() {
            headers.extend(headers::framed_by_itself(&self.options.site));
        }
        if group.policy.has_nonce() {
            headers.extend(headers::never_stored(&self.options.site));
        }
        Ok(Rule::new(Match { exact, ..Match::default() }, headers))
    }

    /// A page called by an error's number, such as `/404.html`, answers in place of any other path.
    pub(super) fn error_page_rules(&self, groups: &[Group<'a>]) -> Result<Vec<Rule>, CompileError> {
        let mut rules = BTreeMap::new();
        for group in groups {
            for page in &group.pages {
                let Some(codes) = error_codes(&page.path) else { continue };
                let status = Some(StatusMatch::Codes(codes.clone()));
                let matches = Match { status, ..Match::default() };
                rules.insert(codes, Rule::new(matches, self.policy_headers(group)?));
            }
        }
        Ok(rules.into_values().collect())
    }

    /// What routes say of headers and guards, in the order of the file.
    pub(super) fn route_rules(&self) -> Vec<Rule> {
        let says = |route: &&Route| !route.headers.is_empty() || route.guard.is_some();
        let routes = self.options.site.routes.iter().filter(says);
        let rule = |route: &Route| {
            let mut matches = Match::default();
            match &route.paths {
                RoutePaths::Exact(path) => matches.exact = vec![path.clone()],
                RoutePaths::Prefix(prefix) => matches.prefix = vec![prefix.clone()],
                RoutePaths::Glob(_) => {
                    let pages = self.inventory.pages.iter();
                    let paths = pages.flat_map(|page| addresses(&page.path));
                    matches.exact = paths.filter(|path| route.paths.covers(path)).collect();
                }
            }
            let headers = route.headers.iter().map(headers::declared).collect();
            Rule {
                guard: route.guard.as_ref().map(|(guard, _)| *guard),
                ..Rule::new(matches, headers)
            }
        };
        routes.map(rule).collect()
    }
}
