//! `Clear-Site-Data` (Clear Site Data, section 3.1).

use std::fmt;

use super::field::{Header, Issue, Parsed, Problem, keywords, parts};

/// What browsers are to forget of an origin.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ClearSiteData {
    /// The kinds of data, in order.
    pub kinds: Vec<SiteData>,
}

keywords! {
    /// A kind of data.
    SiteData {
        /// The cache.
        Cache = "cache",
        /// What scripts learn of the client.
        ClientHints = "clientHints",
        /// Cookies, of the whole site.
        Cookies = "cookies",
        /// The pages that it holds open.
        ExecutionContexts = "executionContexts",
        /// Pages fetched before they are asked for.
        PrefetchCache = "prefetchCache",
        /// Pages opened before they are asked for.
        PrerenderCache = "prerenderCache",
        /// What scripts store.
        Storage = "storage",
        /// All of it.
        Everything = "*",
    }
}

impl Header<'_> for ClearSiteData {
    const NAME: &'static str = "Clear-Site-Data";

    /// Each kind stands in quotes; without them it is nothing.
    ///
    /// ```
    /// use cspc_core::header::{ClearSiteData, Header, SiteData};
    /// let parsed = ClearSiteData::parse(r#""cookies", storage"#);
    /// assert_eq!(parsed.value.unwrap().kinds, [SiteData::Cookies]);
    /// assert_eq!(parsed.issues.len(), 1);
    /// ```
    fn parse(value: &str) -> Parsed<Self> {
        let (mut kinds, mut issues) = (Vec::new(), Vec::new());
        for (span, text) in parts(value, ',') {
            let name = text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
            let known =
                name.and_then(|name| SiteData::ALL.iter().find(|kind| kind.as_str() == name));
            match (known, text) {
                (Some(kind), _) => kinds.push(*kind),
                (None, "") => issues.push(Issue { problem: Problem::Empty, span }),
                (None, _) => issues.push(Issue { problem: Problem::InvalidValue, span }),
            }
        }
        Parsed { value: (!kinds.is_empty()).then_some(Self { kinds }), issues }
    }
}

impl fmt::Display for ClearSiteData {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, kind) in self.kinds.iter().enumerate() {
            write!(f, "{}\"{kind}\"", if index == 0 { "" } else { ", " })?;
        }
        Ok(())
    }
}
