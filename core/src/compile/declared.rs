//! What the owner declares, held against the pages: services become sources, and routes have to lead somewhere.

use super::reach::Reach;
use crate::csp::Directive;
use crate::diagnostic::{Confidence, Finding, Location, Severity};
use crate::inventory::{Inventory, Page, SiteOrigin};
use crate::services::{self, ServiceError};
use crate::site::{Declared, Route, SiteFile, Sources, UsedService};

/// Why a declaration does not fit.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DeclaredError {
    /// A service that cannot be used as it is asked for.
    #[error("{}: {error}", at(location))]
    Service {
        /// Where it is named.
        location: Location,
        /// Why.
        error: ServiceError,
    },
    /// A route about pages that covers none.
    #[error(
        "{}: no page is served at a path of this route: see `cspc inventory` for the paths that there are",
        at(_0)
    )]
    NoPage(Location),
    /// A guard on a site whose origin is not known.
    #[error(
        "{}: a guard has to know where the site is served: write `origin = \"https://shop.example\"` into the site file, or use --origin",
        at(_0)
    )]
    GuardOfNowhere(Location),
    /// Requests are to be upgraded on a site that is not served over HTTPS.
    #[error(
        "{path}: `upgrade-insecure-requests` has browsers ask over HTTPS, and the site's origin is `{origin}`: leave it out, or write the origin with https:"
    )]
    NothingToUpgradeTo {
        /// The site file.
        path: String,
        /// The site's origin.
        origin: String,
    },
}

fn at(Location { path, line, column, .. }: &Location) -> String {
    // What an argument declares has no line.
    if path.starts_with("--") { path.clone() } else { format!("{path}:{line}:{column}") }
}

/// The owner's declarations, services resolved.
pub(super) struct Declarations<'a> {
    sources: Sources,
    routes: Vec<(&'a Route, Sources)>,
    notes: Vec<Finding>,
    reach: &'a Reach<'a>,
}

impl<'a> Declarations<'a> {
    /// Resolves services, and looks whether routes lead somewhere.
    ///
    /// # Errors
    /// The first declaration that does not fit.
    pub(super) fn new(
        site: &'a SiteFile,
        inventory: &Inventory,
        reach: &'a Reach<'a>,
        origin: &SiteOrigin,
    ) -> Result<Self, DeclaredError> {
        if site.upgrade_insecure_requests && !origin.is_https() {
            let origin = origin.serialize().unwrap_or_default();
            return Err(DeclaredError::NothingToUpgradeTo { path: site.path().to_owned(), origin });
        }
        let mut notes = Vec::new();
        let sources = with_services(&site.sources, &site.services, &mut notes)?;
        let mut routes = Vec::new();
        for route in &site.routes {
            if let Some((_, location)) =
                route.guard.as_ref().filter(|_| origin.serialize().is_none())
            {
                return Err(DeclaredError::GuardOfNowhere(location.clone()));
            }
            let mut pages = inventory.pages.iter();
            if route.needs_a_page() && !pages.any(|page| covers(route, page, reach)) {
                return Err(DeclaredError::NoPage(route.location.clone()));
            }
            routes.push((route, with_services(&route.sources, &route.services, &mut notes)?));
        }
        Ok(Self { sources, routes, notes, reach })
    }

    /// The routes that cover the page, and the sources of each.
    pub(super) fn routes_of(&self, page: &Page) -> impl Iterator<Item = (&'a Route, &Sources)> {
        let covering = self.routes.iter().filter(|(route, _)| covers(route, page, self.reach));
        covering.map(|(route, sources)| (*route, sources))
    }

    /// What the page's policy is to have.
    pub(super) fn sources_of(&self, page: &Page) -> impl Iterator<Item = (Directive, &Declared)> {
        let all = [&self.sources].into_iter();
        let all = all.chain(self.routes_of(page).map(|(_, sources)| sources)).flatten();
        all.flat_map(|(directive, declared)| declared.iter().map(|one| (*directive, one)))
    }

    /// What there is to know of the services.
    pub(super) fn into_notes(self) -> Vec<Finding> {
        self.notes
    }
}

fn covers(route: &Route, page: &Page, reach: &Reach<'_>) -> bool {
    reach.addresses(page).iter().any(|path| route.paths.covers(path))
}

/// The sources, and those that the services need.
fn with_services(
    declared: &Sources,
    used: &[UsedService],
    notes: &mut Vec<Finding>,
) -> Result<Sources, DeclaredError> {
    let mut sources = declared.clone();
    for UsedService { service, location } in used {
        let resolved = services::use_service(service)
            .map_err(|error| DeclaredError::Service { location: location.clone(), error })?;
        for (directive, expression) in &resolved.sources {
            let list = sources.entry(*directive).or_default();
            if list.iter().all(|known| known.expression != *expression) {
                let (expression, location) = (expression.clone(), location.clone());
                list.push(Declared { expression, location });
            }
        }
        notes.extend(notes_on(&resolved, location));
    }
    Ok(sources)
}

/// What the user should know of a service.
fn notes_on<'n>(
    used: &'n services::Use,
    location: &'n Location,
) -> impl Iterator<Item = Finding> + 'n {
    let service = used.service;
    let refused = used.refused.iter().map(|(directive, source)| {
        let directive = directive.as_str();
        format!("it also asks for {source} in {directive}, which is not added: it would open the policy to others")
    });
    let caveat = service.confidence.caveat().map(str::to_owned);
    let note = Some(service.notes.clone()).filter(|note| !note.is_empty());
    caveat.into_iter().chain(note).chain(refused).map(|note| Finding {
        rule: "build/service".into(),
        severity: Severity::Low,
        confidence: Confidence::High,
        header: Some("Content-Security-Policy".into()),
        directive: None,
        value: None,
        message: format!("{}: {note}", service.name),
        help: format!("see {}", service.docs).into(),
        fix: None,
        location: Some(location.clone()),
    })
}
