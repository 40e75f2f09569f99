//! The policy of each page, and of what is no page: short enough, and few enough.

use std::collections::HashMap;

use super::policy::{Policy, Uses};
use super::requirement::Naming;
use super::sharing::{self, Shared};
use super::site::{Group, Site};
use super::{CompileError, TooLong, headers, minimize};
use crate::csp::Directive;
use crate::inventory::Page;

/// Why the policy of what is no page has a source.
const ICON: &str = "browsers ask for /favicon.ico whatever the response is";

/// Why a page's policy has `frame-ancestors 'self'`.
const FRAMED: &str = "pages of the site show it in a frame";

impl<'a> Site<'a> {
    /// The policy of whatever is not a page: images, errors, redirects. Browsers ask for the icon there, too, and where no
    /// server can tell errors apart, error pages answer there.
    pub(super) fn fallback(&self) -> Result<Policy<'a>, CompileError> {
        let mut policy = Policy::default();
        policy.add(Directive::ImgSrc, "'self'".into(), Uses::by_default(ICON));
        let pages = self.inventory.pages.iter();
        let error_pages: Vec<&Page> = pages.filter(|page| self.answers_everywhere(page)).collect();
        error_pages.iter().for_each(|page| policy.merge(self.policy(page)));
        minimize::minimize(&mut policy, self);
        self.complete(&mut policy, self.reports_only());
        if policy.serialize().len() > self.limit() {
            minimize::shorten(&mut policy, &self.origin);
        }
        let path = error_pages.first().map_or("/", |page| &page.path);
        self.refuse_long(std::iter::once((path, &policy)))?;
        Ok(policy)
    }

    /// What a page needs: for its own assets, those of the files that it loads, and by declaration.
    pub(super) fn policy(&self, page: &'a Page) -> Policy<'a> {
        let naming = self.naming(page);
        let (dynamic, typed) = (self.is_dynamic(page, naming), self.is_typed(page));
        let naming = Naming { dynamic, typed, ..naming };
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
        minimize::minimize(&mut policy, self);
        self.complete(&mut policy, self.reports_only_on(page));
        policy
    }

    /// Lets a policy say that requests are upgraded, and where reports go: to a group of endpoints, and for browsers that
    /// know none, to the address.
    fn complete(&self, policy: &mut Policy<'a>, report_only: bool) {
        if self.upgrades(report_only) {
            policy.set(Directive::UpgradeInsecureRequests, "");
        }
        if let Some(reporting) = &self.file().reporting {
            policy.set(Directive::ReportUri, reporting.endpoint.as_str());
            policy.set(Directive::ReportTo, headers::REPORT_GROUP);
        }
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
        let mut shared = sharing::share(groups, room, bytes, self).map_err(too_many)?;
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
}
