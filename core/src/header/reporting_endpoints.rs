//! `Reporting-Endpoints` (Reporting API, section 3.1).

use std::fmt;

use sfv::ListEntry;

use super::field::{Header, Issue, Parsed, Problem};
use super::structured;
use crate::text::Span;

/// Where reports go, by name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReportingEndpoints {
    /// The endpoints, in order.
    pub endpoints: Vec<Endpoint>,
}

/// An endpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint {
    /// The name by which other headers refer to it.
    pub name: String,
    /// Its URL, which may be relative.
    pub url: String,
    /// Where it stands in the header.
    pub span: Span,
}

impl Header<'_> for ReportingEndpoints {
    const NAME: &'static str = "Reporting-Endpoints";

    /// ```
    /// use cspc_core::header::{Header, ReportingEndpoints};
    /// let parsed = ReportingEndpoints::parse("csp=\"https://r.example/csp\", x=1");
    /// assert_eq!(parsed.value.unwrap().endpoints[0].name, "csp");
    /// assert_eq!(parsed.issues.len(), 1);
    /// ```
    fn parse(value: &str) -> Parsed<Self> {
        let (mut endpoints, mut issues) = (Vec::new(), Vec::new());
        let mut is_broken = false;
        for (span, member) in structured::members(value) {
            let Some((key, entry)) = structured::dictionary_member(member) else {
                // One member that cannot be read, and nothing of a structured field counts.
                is_broken = true;
                let problem = if member.is_empty() { Problem::Empty } else { Problem::Syntax };
                issues.push(Issue { problem, span });
                continue;
            };
            let name = key.as_str().to_owned();
            match url(&entry) {
                Some(url) => endpoints.push(Endpoint { name, url, span }),
                None => issues.push(Issue { problem: Problem::InvalidValue, span }),
            }
        }
        Parsed { value: (!is_broken).then_some(Self { endpoints }), issues }
    }
}

fn url(entry: &ListEntry) -> Option<String> {
    let ListEntry::Item(item) = entry else { return None };
    item.bare_item.as_string().map(|url| url.as_str().to_owned())
}

impl fmt::Display for ReportingEndpoints {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, endpoint) in self.endpoints.iter().enumerate() {
            let comma = if index == 0 { "" } else { ", " };
            write!(f, "{comma}{}={}", endpoint.name, structured::quoted(&endpoint.url))?;
        }
        Ok(())
    }
}
