//! The rules of the plan: which responses get which policy and which other headers.

use std::collections::BTreeMap;

use super::policy::Policy;
use super::site::{Group, Site};
use super::{CompileError, cross_origin, features, headers, isolation};
use crate::csp::Directive;
use crate::diagnostic::Finding;
use crate::header::HeaderValue;
use crate::inventory::Page;
use crate::plan::{Header, Match, Rule, StatusMatch};
use crate::site::{Route, RoutePaths};

impl<'a> Site<'a> {
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
        let headers = headers::baseline(self.file(), policy, pages);
        let rule = Rule::new(Match::default(), headers);
        Ok((rule, isolated.err().unwrap_or_default()))
    }

    /// The features of the browser that pages use, for those that use some.
    pub(super) fn feature_rules(&self) -> Vec<Rule> {
        let rule = |(value, pages): (String, Vec<&Page>)| {
            let header = headers::features(self.file(), &value)?;
            let exact = pages.iter().flat_map(|page| self.reach.addresses(page)).collect();
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
        let exact = group.pages.iter().flat_map(|page| self.reach.addresses(page)).collect();
        let mut headers = self.policy_headers(group)?;
        if group.policy.list(Directive::FrameAncestors).is_some() {
            headers.extend(headers::framed_by_itself(self.file()));
        }
        if group.policy.has_nonce() {
            headers.extend(headers::never_stored(self.file()));
        }
        Ok(Rule::new(Match { exact, ..Match::default() }, headers))
    }

    /// A page called by an error's number, such as `/404.html`, answers in place of any other path.
    pub(super) fn error_page_rules(&self, groups: &[Group<'a>]) -> Result<Vec<Rule>, CompileError> {
        let mut rules = BTreeMap::new();
        for group in groups {
            for page in &group.pages {
                let Some(codes) = self.reach.error_codes(page) else { continue };
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
        let routes = self.file().routes.iter().filter(says);
        let rules = |route: &Route| {
            let mut matches = Match::default();
            match &route.paths {
                RoutePaths::Exact(path) => matches.exact = vec![path.clone()],
                RoutePaths::Prefix(prefix) => matches.prefix = vec![prefix.clone()],
                RoutePaths::Glob(_) => {
                    let pages = self.inventory.pages.iter();
                    let paths = pages.flat_map(|page| self.reach.addresses(page));
                    matches.exact = paths.filter(|path| route.paths.covers(path)).collect();
                }
            }
            cross_origin::rules(route, matches)
        };
        routes.flat_map(rules).collect()
    }
}
