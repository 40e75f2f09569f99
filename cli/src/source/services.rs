//! Third-party services that the site uses, by the owner's word.

use cspc_core::diagnostic::Location;
use cspc_core::services::{self, ServiceError};
use cspc_core::site::{Declared, SiteFile};
use cspc_core::text::Span;

use crate::exit::{Failure, visible};

/// Adds to the owner's declarations what the named services need, and gives what the user should know of each.
///
/// # Errors
/// If a service is not known, or its parameters do not fit.
pub(crate) fn declare(file: &mut SiteFile, names: &[String]) -> Result<Vec<String>, Failure> {
    let mut notes = Vec::new();
    for name in names {
        let used = services::use_service(name)
            .map_err(|error: ServiceError| Failure::new(visible(&error.to_string())))?;
        for (directive, source) in used.sources {
            let declared = file.sources.entry(directive).or_default();
            if declared.iter().all(|known| known.expression != source) {
                declared.push(Declared { expression: source, location: given_by(name) });
            }
        }
        let service = used.service;
        let refused = used.refused.iter().map(|(directive, source)| {
            format!("it also asks for {source} in {}, which is not added: it would open the policy to others", directive.as_str())
        });
        let caveat =
            service.confidence.caveat().map(|caveat| format!("{caveat}: see {}", service.docs));
        let note = Some(service.notes.clone()).filter(|note| !note.is_empty());
        let all = caveat.into_iter().chain(note).chain(refused);
        notes.extend(all.map(|note| format!("{}: {note}", service.name)));
    }
    Ok(notes)
}

/// The place of what an argument declares.
fn given_by(name: &str) -> Location {
    Location { path: format!("--use {name}"), line: 1, column: 1, span: Span::default() }
}
