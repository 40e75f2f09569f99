//! Third-party services, and what pages that use them have to allow: one data file, `services.json`.
//!
//! Vendors change their hosts without notice, and not all of them say what they need: each row has its sources, its date
//! and how sure it is.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};
use url::Url;

use crate::csp::{Directive, SourceExpression};
use crate::enforce::{Engine, SelfOrigin, matches_source_expression};

static SERVICES: LazyLock<Vec<Service>> =
    LazyLock::new(|| serde_json::from_str(include_str!("services.json")).unwrap_or_default());

/// A third-party service.
#[derive(Clone, Debug, Deserialize)]
pub struct Service {
    /// Its name, such as `google-fonts`.
    pub name: String,
    /// What people call it, such as `Google Fonts`.
    pub title: String,
    /// Its documentation.
    pub docs: String,
    /// How sure the row is.
    pub confidence: Provenance,
    /// When it was looked up, as `2026-11-23`.
    pub date: String,
    /// What it needs, by directive, with placeholders such as `{site}` where a customer's own name has to stand.
    sources: BTreeMap<String, Vec<String>>,
    /// Where that was found.
    pub found: Vec<String>,
    /// What there is to know beside; may be empty.
    pub notes: String,
}

/// Where a row comes from, the surest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Provenance {
    /// The vendor's own text.
    Official,
    /// A preset that a project maintains.
    MaintainedPreset,
    /// Configurations that users published.
    Community,
    /// The vendor's text or users' configurations, for some of the directives only.
    Partial,
    /// From memory.
    Recall,
}

impl Provenance {
    /// What a user should know before relying on the row, if anything.
    pub const fn caveat(self) -> Option<&'static str> {
        match self {
            Self::Official | Self::MaintainedPreset => None,
            Self::Community => Some("known from users' configurations, not from the vendor"),
            Self::Partial => Some("not all that it needs is known"),
            Self::Recall => Some("not checked against the vendor's text"),
        }
    }
}

/// Why a service cannot be used as asked for.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ServiceError {
    /// There is no such service.
    #[error("`{name}` is not a service that cspc knows{}", near(nearest.as_deref()))]
    Unknown {
        /// The name.
        name: String,
        /// One that is spelled alike.
        nearest: Option<String>,
    },
    /// A parameter has no value, or one that is unknown.
    #[error("`{service}` needs the parameters {expected:?}: write `{service}:NAME=VALUE`")]
    Parameters {
        /// The service.
        service: String,
        /// The parameters that it has.
        expected: Vec<String>,
    },
    /// A parameter's value is no part of a host name.
    #[error("`{0}` cannot stand in a host name")]
    Value(String),
}

fn near(name: Option<&str>) -> String {
    name.map_or_else(String::new, |name| format!(": did you mean `{name}`?"))
}

/// A service that a site uses.
#[derive(Clone, Debug)]
pub struct Use {
    /// Which.
    pub service: &'static Service,
    /// What has to be allowed.
    pub sources: Vec<(Directive, String)>,
    /// What the service asks for and does not get: it would open the policy to more than the service.
    pub refused: Vec<(Directive, String)>,
}

/// All services, by name.
pub fn all() -> &'static [Service] {
    &SERVICES
}

/// The services that a URL may belong to: those that need it for a directive of their own.
///
/// ```
/// let url = "https://js.stripe.com/v3/".parse().unwrap();
/// let names: Vec<&str> =
///     cspc_core::services::behind(&url).iter().map(|service| service.name.as_str()).collect();
/// assert_eq!(names, ["stripe"]);
/// ```
pub fn behind(url: &Url) -> Vec<&'static Service> {
    all().iter().filter(|service| service.owns(url)).collect()
}

/// Takes a service as it is asked for: `stripe`, or `chargebee:site=acme` with parameters, separated by commas.
///
/// # Errors
/// [`ServiceError`] for an unknown name, and for parameters that are missing, unknown or no part of a host name.
///
/// ```
/// let used = cspc_core::services::use_service("chargebee:site=acme").unwrap();
/// assert!(used.sources.iter().any(|(_, source)| source == "https://acme.chargebee.com"));
/// ```
pub fn use_service(text: &str) -> Result<Use, ServiceError> {
    let (name, parameters) = text.split_once(':').unwrap_or((text, ""));
    let service = all().iter().find(|service| service.name == name).ok_or_else(|| unknown(name))?;
    let given: BTreeMap<&str, &str> = parameters
        .split(',')
        .filter(|parameter| !parameter.is_empty())
        .map(|parameter| parameter.split_once('=').unwrap_or((parameter, "")))
        .collect();
    if given.keys().copied().collect::<BTreeSet<&str>>() != service.parameters() {
        let expected = service.parameters().into_iter().map(str::to_owned).collect();
        return Err(ServiceError::Parameters { service: name.to_owned(), expected });
    }
    let mut used = Use { service, sources: Vec::new(), refused: Vec::new() };
    for (directive, source) in service.iter() {
        let source = fill(source, &given)?;
        let list = if is_narrow(&source) { &mut used.sources } else { &mut used.refused };
        list.push((directive, source));
    }
    Ok(used)
}

fn unknown(name: &str) -> ServiceError {
    let distance = |service: &&Service| strsim::levenshtein(&service.name, name);
    let nearest = all().iter().min_by_key(distance).filter(|service| distance(service) <= 3);
    ServiceError::Unknown {
        name: name.to_owned(),
        nearest: nearest.map(|service| service.name.clone()),
    }
}

/// A source with its placeholders filled in.
fn fill(source: &str, given: &BTreeMap<&str, &str>) -> Result<String, ServiceError> {
    let mut filled = source.to_owned();
    for (name, value) in given {
        let is_host = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.');
        if value.is_empty() || !value.chars().all(is_host) {
            return Err(ServiceError::Value((*value).to_owned()));
        }
        filled = filled.replace(&format!("{{{name}}}"), value);
    }
    Ok(filled)
}

/// Whether a source lets in no more than the service, or data that pages hold themselves.
fn is_narrow(source: &str) -> bool {
    match SourceExpression::parse(source) {
        SourceExpression::Host(_) => true,
        SourceExpression::Scheme(scheme) => matches!(scheme, "blob" | "data"),
        _ => false,
    }
}

impl Service {
    fn iter(&self) -> impl Iterator<Item = (Directive, &str)> {
        self.sources.iter().flat_map(|(directive, sources)| {
            let directive = Directive::from_name(directive);
            sources.iter().filter_map(move |source| Some((directive?, source.as_str())))
        })
    }

    /// The names of its placeholders.
    pub fn parameters(&self) -> BTreeSet<&str> {
        let sources = self.sources.values().flatten();
        sources
            .filter_map(|source| source.split_once('{')?.1.split_once('}').map(|(name, _)| name))
            .collect()
    }

    /// Whether a URL is on one of its hosts.
    fn owns(&self, url: &Url) -> bool {
        self.iter().any(|(_, source)| match SourceExpression::parse(source) {
            host @ SourceExpression::Host(_) => {
                matches_source_expression(url, &host, &SelfOrigin::OPAQUE, 1, Engine::Spec)
            }
            _ => false,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_is_whole() {
        let rows: Vec<Service> = serde_json::from_str(include_str!("services.json")).unwrap();
        assert_eq!(rows.len(), all().len());
        for service in &rows {
            let known = service.sources.values().map(Vec::len).sum::<usize>();
            assert_eq!(service.iter().count(), known, "{}: a directive is not known", service.name);
            assert!(known > 0 && service.docs.starts_with("http"), "{}", service.name);
            assert!(!service.title.is_empty(), "{}", service.name);
            assert!(!service.found.is_empty() && service.date.len() == 10, "{}", service.name);
            let filled = |source: &str| source.replace(['{', '}'], "");
            for (_, source) in service.iter() {
                let source = filled(source);
                let expression = SourceExpression::parse(&source);
                assert!(
                    !matches!(expression, SourceExpression::Invalid(_)),
                    "{}: {source}",
                    service.name
                );
            }
        }
        assert!(rows.is_sorted_by(|a, b| a.name < b.name));
    }

    #[test]
    fn what_opens_more_than_the_service_is_refused() {
        let used = use_service("google-maps").unwrap();
        let refused: Vec<&str> = used.refused.iter().map(|(_, source)| source.as_str()).collect();
        assert_eq!(refused, ["'strict-dynamic'", "'unsafe-eval'", "https:"]);
        assert!(used.sources.iter().all(|(_, source)| source != "https:"));
    }

    #[test]
    fn mistakes_are_told() {
        let message = |text: &str| use_service(text).unwrap_err().to_string();
        assert_eq!(
            message("strip"),
            "`strip` is not a service that cspc knows: did you mean `stripe`?"
        );
        assert!(message("chargebee").contains("[\"site\"]"), "{}", message("chargebee"));
        assert!(message("stripe:a=b").contains("needs the parameters []"));
        assert_eq!(message("chargebee:site=a b;c"), "`a b;c` cannot stand in a host name");
    }
}
