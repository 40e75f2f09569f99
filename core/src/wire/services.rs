//! Third-party services, for a choice among them.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::csp::Directive;
use crate::services::{self, Provenance, Service, ServiceError};

/// A service that a page may use.
#[derive(Clone, Debug, Serialize)]
pub struct ServiceEntry {
    name: &'static str,
    /// What people call it.
    title: &'static str,
    docs: &'static str,
    confidence: Provenance,
    date: &'static str,
    /// What to know before relying on it.
    #[serde(skip_serializing_if = "Option::is_none")]
    caveat: Option<&'static str>,
    /// The names of the values that it has to be told, such as a customer's own name.
    parameters: BTreeSet<&'static str>,
    /// What it needs, if that does not depend on parameters.
    #[serde(flatten)]
    needs: Option<ServiceUse>,
}

impl ServiceEntry {
    /// All that are known.
    ///
    /// ```
    /// let services = serde_json::to_value(cspc_core::wire::ServiceEntry::all()).unwrap();
    /// assert_eq!(services[0]["name"], "8x8-webchat");
    /// ```
    pub fn all() -> Vec<Self> {
        services::all().iter().map(Self::from).collect()
    }
}

impl From<&'static Service> for ServiceEntry {
    fn from(service: &'static Service) -> Self {
        Self {
            name: &service.name,
            title: &service.title,
            docs: &service.docs,
            confidence: service.confidence,
            date: &service.date,
            caveat: service.confidence.caveat(),
            parameters: service.parameters(),
            needs: ServiceUse::of(&service.name).ok(),
        }
    }
}

/// What a service needs: the sources to allow, by directive, and those that would let in more than the service.
#[derive(Clone, Debug, Serialize)]
pub struct ServiceUse {
    sources: BTreeMap<&'static str, Vec<String>>,
    refused: BTreeMap<&'static str, Vec<String>>,
}

impl ServiceUse {
    /// Of a service as `cspc build --use` takes it, `stripe` or `chargebee:site=acme`.
    ///
    /// # Errors
    /// [`ServiceError`] for an unknown name, and for parameters that are missing, unknown or no part of a host name.
    ///
    /// ```
    /// let used = cspc_core::wire::ServiceUse::of("google-fonts").unwrap();
    /// let used = serde_json::to_value(used).unwrap();
    /// assert_eq!(used["sources"]["font-src"][0], "https://fonts.gstatic.com");
    /// ```
    pub fn of(text: &str) -> Result<Self, ServiceError> {
        let used = services::use_service(text)?;
        Ok(Self { sources: by_directive(used.sources), refused: by_directive(used.refused) })
    }
}

fn by_directive(sources: Vec<(Directive, String)>) -> BTreeMap<&'static str, Vec<String>> {
    let mut lists = BTreeMap::<_, Vec<String>>::new();
    for (directive, source) in sources {
        lists.entry(directive.as_str()).or_default().push(source);
    }
    lists
}
