//! A copy of a folder of built pages, in which scripts and style sheets have `integrity`.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};

use cspc_core::inventory::{Role, address_of, sha256, write_integrity};

use super::folder::{self, Place};
use crate::exit::Failure;

/// Writes the copy; nothing of it is there unless all of it is. Returns what the user should know.
///
/// # Errors
/// If something is there already, or a file cannot be read or written.
pub(crate) fn copy(site: &Path, copy: &Path, place: &Place) -> Result<Vec<String>, Failure> {
    let shown = copy.display();
    if copy.exists() {
        return Err(Failure::new(format!(
            "`{shown}` is there already: remove it, or name another folder"
        )));
    }
    let mut warnings = Vec::new();
    // The walk comes first, so that a copy within the site does not hold itself.
    let files = folder::walk(site, &mut warnings)?;
    let failed = |error: std::io::Error| Failure::new(format!("cannot write `{shown}`: {error}"));
    let parent = copy.parent().filter(|parent| !parent.as_os_str().is_empty());
    let made =
        tempfile::Builder::new().prefix(".cspc-").tempdir_in(parent.unwrap_or(Path::new(".")));
    let made = made.map_err(failed)?;
    let root = made.path().join("site");
    write(site, &root, &files, place, &mut warnings)?;
    fs::rename(&root, copy).map_err(failed)?;
    Ok(warnings)
}

fn write(
    site: &Path,
    root: &Path,
    files: &[PathBuf],
    place: &Place,
    warnings: &mut Vec<String>,
) -> Result<(), Failure> {
    let hashes = hashes(site, files, place)?;
    for file in files {
        let relative = file.strip_prefix(site).unwrap_or(file);
        let to = root.join(relative);
        let failed = |error: std::io::Error| {
            Failure::new(format!("cannot copy `{}`: {error}", file.display()))
        };
        fs::create_dir_all(to.parent().unwrap_or(root)).map_err(failed)?;
        fs::copy(file, &to).map_err(failed)?;
        let Some(path) = place.path(relative).filter(|path| Role::of(path) == Some(Role::Page))
        else {
            continue;
        };
        let bytes = fs::read(file).map_err(failed)?;
        let Ok(page) = std::str::from_utf8(&bytes) else {
            warnings.push(format!("`{}` gets no integrity: it is not in UTF-8", file.display()));
            continue;
        };
        let written =
            write_integrity(&path, page, &place.origin, |address| hashes.get(address).cloned());
        if written != page {
            fs::write(&to, written).map_err(failed)?;
        }
    }
    Ok(())
}

/// The integrity metadata of scripts and style sheets, by address.
fn hashes(
    site: &Path,
    files: &[PathBuf],
    place: &Place,
) -> Result<HashMap<Box<str>, String>, Failure> {
    let mut hashes = HashMap::new();
    for file in files {
        let path = place.path(file.strip_prefix(site).unwrap_or(file));
        let wanted =
            |path: &String| matches!(Role::of(path), Some(Role::Script | Role::StyleSheet));
        let Some(path) = path.filter(wanted) else { continue };
        let bytes = fs::read(file)
            .map_err(|error| Failure::new(format!("cannot read `{}`: {error}", file.display())))?;
        hashes.insert(address_of(&path), sha256(bytes));
    }
    Ok(hashes)
}
