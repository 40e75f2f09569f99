//! What the readers of configurations say that a server sends, beside what it does send.

use std::fs;
use std::path::{Path, PathBuf};

use cspc_core::configuration::{Asked, Place, SourceText};
use cspc_core::deployment::{Configuration, Form, Includes, read_configuration};
use cspc_core::plan::Scheme;

use crate::http::Response;

/// The files beside a configuration.
struct Folder(PathBuf);

impl Includes for Folder {
    fn files(&mut self, pattern: &str) -> Result<Vec<SourceText>, String> {
        let whole = self.0.join(pattern).display().to_string();
        let paths = glob::glob(&whole).map_err(|error| format!("{whole}: {error}"))?;
        let file = |path: PathBuf| {
            let name = path.display().to_string();
            let text = fs::read_to_string(&path).map_err(|error| format!("{name}: {error}"))?;
            Ok(SourceText { name, text })
        };
        paths.filter_map(Result::ok).map(file).collect()
    }
}

/// Reads the configuration with which a server runs.
///
/// # Panics
/// If it cannot be read.
pub fn configuration(path: &Path, form: Form) -> Configuration {
    let text =
        fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let folder = path.parent().map(Path::to_path_buf).unwrap_or_default();
    let name = path.display().to_string();
    read_configuration(&name, &text, form, Some(&mut Folder(folder)))
        .unwrap_or_else(|error| panic!("{error}"))
}

/// The one place from which a request is answered, by the reader's account.
///
/// # Panics
/// If there are several servers for the scheme.
pub fn place(read: &Configuration, path: &str, tls: bool, status: u16, media_type: &str) -> Place {
    let scheme = if tls { Scheme::Https } else { Scheme::Http };
    let media_type = (!media_type.is_empty()).then_some(media_type);
    let mut places = read.asked(&Asked { path, status, media_type, scheme });
    assert_eq!(places.len(), 1, "{path}: {places:?}");
    places.remove(0)
}

/// Where the reader and the server do not agree about headers of these names, one line each. What the reader says that
/// it does not know is no disagreement.
pub fn differences(place: &Place, response: &Response, names: &[&str]) -> Vec<String> {
    let mut differences = Vec::new();
    if place.statuses != [response.status] {
        differences.push(format!(
            "the reader says status {:?}, it is {}",
            place.statuses, response.status
        ));
    }
    for name in names {
        let sent = place.sent.iter().filter(|sent| sent.name.eq_ignore_ascii_case(name));
        if sent.clone().any(|sent| !sent.is_certain || !sent.variables.is_empty()) {
            continue;
        }
        let read: Vec<&str> = sent.map(|sent| sent.value.trim()).collect();
        let got = response.get(name);
        if read != got {
            differences.push(format!("{name}: the reader says {read:.200?}, it is {got:.200?}"));
        }
    }
    differences
}
