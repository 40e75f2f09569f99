//! The real sites that `tests/fetch-sites` fetches, and the shop of the examples.

use std::fs;
use std::path::{Path, PathBuf};

/// The folder of the project.
///
/// # Panics
/// Never.
pub fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// The folder of a site.
///
/// # Panics
/// If it was not fetched.
pub fn site(name: &str) -> PathBuf {
    let root = match name {
        "shop" => repository().join("examples/shop"),
        _ => repository().join("target/sites").join(name),
    };
    assert!(root.is_dir(), "{} is missing: run tests/fetch-sites", root.display());
    root
}

fn pages_under(folder: &Path, root: &Path, found: &mut Vec<String>) {
    for entry in fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() {
            pages_under(&path, root, found);
        } else if path.extension().is_some_and(|extension| extension == "html") {
            found.push(path.strip_prefix(root).unwrap().to_str().unwrap().to_owned());
        }
    }
}

/// At most this many pages of each of these folders, spread evenly.
///
/// # Panics
/// If there are none, or the folder cannot be read.
pub fn sample(root: &Path, folders: &[&str], most: usize) -> Vec<String> {
    let mut sampled = Vec::new();
    for folder in folders {
        let mut pages = Vec::new();
        pages_under(&root.join(folder), root, &mut pages);
        pages.sort_unstable();
        let step = pages.len().div_ceil(most).max(1);
        sampled.extend(pages.into_iter().step_by(step));
    }
    assert!(!sampled.is_empty(), "no pages under {}", root.display());
    sampled
}
