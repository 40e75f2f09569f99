//! A folder of built pages: found, read on all cores, put in order.

use std::fs;
use std::path::{Path, PathBuf};

use cspc_core::inventory::{Inventory, Reader, Role, SiteOrigin, Source};
use cspc_core::site::Base;
use ignore::WalkBuilder;
use rayon::prelude::*;

use super::cache::Cache;
use crate::exit::Failure;
use crate::render::progress;

/// What a folder holds for the inventory, and what in it could not be used.
#[derive(Debug)]
pub(crate) struct Read {
    /// The inventory.
    pub(crate) inventory: Inventory,
    /// What the user should know.
    pub(crate) warnings: Vec<String>,
}

/// Where a folder is served.
#[derive(Debug)]
pub(crate) struct Place {
    /// The origin.
    pub(crate) origin: SiteOrigin,
    /// The path on it.
    pub(crate) base: Base,
}

impl Place {
    /// The path at which a file is served, by its path from the folder on; none if that is not UTF-8.
    pub(super) fn path(&self, relative: &Path) -> Option<String> {
        Some(self.base.path(&site_path(relative)?))
    }
}

/// Reads every page, style sheet and script under `root`; if `caches`, those that changed since the last run.
///
/// # Errors
/// If the folder cannot be read, a file in it cannot, or there is no page: a policy for half a site would break the rest.
pub(crate) fn read(root: &Path, place: &Place, caches: bool) -> Result<Read, Failure> {
    let mut warnings = Vec::new();
    let files = find(root, place, &mut warnings)?;
    let reader = Reader::new(place.origin.clone());
    let cache = if caches { Cache::open(root, &place.origin) } else { Cache::default() };
    let bar = progress::bar(Some(files.len()), false);
    let read = |file: &File| {
        let read = file.read(&reader, &cache);
        bar.inc(1);
        read
    };
    let read: Vec<Result<Option<Source>, String>> = files.par_iter().map(read).collect();
    bar.finish_and_clear();
    let (mut sources, mut unreadable) = (Vec::new(), Vec::new());
    for source in read {
        match source {
            Ok(source) => sources.extend(source),
            Err(message) => unreadable.push(message),
        }
    }
    if !unreadable.is_empty() {
        return Err(Failure::new(unreadable.join("\n")));
    }
    cache.save();
    let inventory = Inventory::of(place.origin.serialize(), sources);
    if inventory.pages.is_empty() {
        let root = root.display();
        return Err(Failure::new(format!(
            "there is no page in `{root}`: expected files that end in .html, .htm, .xhtml or .svg; is it the folder that your build writes?"
        )));
    }
    Ok(Read { inventory, warnings })
}

/// A file that matters.
struct File {
    disk: PathBuf,
    /// Its path on the site.
    path: String,
}

impl File {
    fn read(&self, reader: &Reader, cache: &Cache) -> Result<Option<Source>, String> {
        let bytes = fs::read(&self.disk)
            .map_err(|error| format!("cannot read `{}`: {error}", self.disk.display()))?;
        Ok(cache.read(reader, &self.path, &bytes))
    }
}

fn find(root: &Path, place: &Place, warnings: &mut Vec<String>) -> Result<Vec<File>, Failure> {
    let mut files = Vec::new();
    for disk in walk(root, warnings)? {
        let relative = disk.strip_prefix(root).unwrap_or(&disk);
        if Role::of(&relative.to_string_lossy()).is_none() {
            continue;
        }
        match place.path(relative) {
            Some(path) => files.push(File { disk, path }),
            None => warnings.push(format!(
                "skipped `{}`: its name is not UTF-8, so no URL can be given for it; it gets the strictest headers",
                relative.display()
            )),
        }
    }
    files.sort_unstable_by(|a, b| a.path.cmp(&b.path));
    Ok(files)
}

/// Every file under `root`, links followed.
pub(super) fn walk(root: &Path, warnings: &mut Vec<String>) -> Result<Vec<PathBuf>, Failure> {
    let mut files = Vec::new();
    // Build folders are git-ignored as a rule, and hidden folders such as `.well-known` are served.
    for entry in WalkBuilder::new(root).standard_filters(false).follow_links(true).build() {
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) if is_link_trouble(&error) => {
                warnings.push(skipped_link(&error));
                continue;
            }
            Err(error) => return Err(Failure::new(format!("cannot read the site: {error}"))),
        };
        if entry.file_type().is_some_and(|kind| kind.is_file()) {
            files.push(entry.into_path());
        }
    }
    Ok(files)
}

/// A symbolic link that leads round in a circle, or nowhere: a server answers 404 for it.
fn is_link_trouble(error: &ignore::Error) -> bool {
    match error {
        ignore::Error::Loop { .. } => true,
        ignore::Error::WithDepth { err, .. } => is_link_trouble(err),
        ignore::Error::WithPath { path, err } => {
            is_link_trouble(err)
                || path.is_symlink()
                    && err.io_error().is_some_and(|io| io.kind() == std::io::ErrorKind::NotFound)
        }
        _ => false,
    }
}

/// What the user is told of such a link. The walker's own words repeat the path, and call it an input error.
fn skipped_link(error: &ignore::Error) -> String {
    match error {
        ignore::Error::WithDepth { err, .. } => skipped_link(err),
        ignore::Error::Loop { child, .. } => {
            format!("skipped `{}`: the link leads back to a folder around it", child.display())
        }
        ignore::Error::WithPath { path, .. } => {
            format!("skipped `{}`: the link leads nowhere", path.display())
        }
        _ => format!("skipped: {error}"),
    }
}

/// The path on the site: `/` before each part, whatever the system's separator is.
fn site_path(relative: &Path) -> Option<String> {
    let mut path = String::new();
    for part in relative.components() {
        path.push('/');
        path.push_str(part.as_os_str().to_str()?);
    }
    Some(path)
}
