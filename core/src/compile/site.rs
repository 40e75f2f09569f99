//! A site: its inventory with what is looked up in it, what its owner asks for, and its pages by policy.

use super::Options;
use super::declared::Declarations;
use super::policy::Policy;
use super::reach::Reach;
use super::requirement::Naming;
use crate::csp::{Directive, Keyword};
use crate::inventory::{Asset, Inventory, Page, SiteOrigin};
use crate::plan::NonceText;
use crate::site::{Declared, Route, SiteFile, Strategy};

/// The inventory with what is looked up in it.
pub(super) struct Site<'a> {
    pub(super) inventory: &'a Inventory,
    pub(super) options: &'a Options,
    pub(super) declarations: &'a Declarations<'a>,
    pub(super) origin: SiteOrigin,
    pub(super) reach: &'a Reach<'a>,
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
        reach: &'a Reach<'a>,
    ) -> Self {
        Self { inventory, options, declarations, origin, reach }
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
    pub(super) fn reports_only(&self) -> bool {
        self.options.report_only || self.options.site.report_only
    }

    /// Whether the page answers in place of any other, and no server can tell, so that others have its policy.
    pub(super) fn answers_everywhere(&self, page: &Page) -> bool {
        self.options.without_statuses && self.reach.error_codes(page).is_some()
    }

    /// The last answer of the routes that cover the page.
    fn by_route<T>(&self, page: &Page, answer: impl Fn(&Route) -> Option<T>) -> Option<T> {
        let covering = self.declarations.routes_of(page);
        covering.filter_map(|(route, _)| answer(route)).last()
    }

    pub(super) fn reports_only_on(&self, page: &Page) -> bool {
        self.by_route(page, |route| route.report_only).unwrap_or_else(|| self.reports_only())
    }

    /// How the page's assets are named, `'strict-dynamic'` and Trusted Types aside: with nonces if its strategy asks for them,
    /// or leaves it open and servers can.
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
        Naming {
            strategy,
            nonce: (has_nonces && has_names).then_some(text),
            integrity: strategy != Strategy::Allowlist && has_names,
            upgrades: self.upgrades(self.reports_only_on(page)),
            ..Naming::default()
        }
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

    /// Whether requests are upgraded under a policy: not if it only reports.
    pub(super) const fn upgrades(&self, report_only: bool) -> bool {
        self.options.site.upgrade_insecure_requests && !report_only
    }
}
