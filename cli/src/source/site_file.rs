//! `cspc.toml`: found beside the work or above it, and read.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use cspc_core::site::SiteFile;

use crate::exit::Failure;

/// Its name.
pub(crate) const NAME: &str = "cspc.toml";

/// Reads the site file given, or else the nearest one of the current folder and its parents, or else none.
pub(crate) fn read(given: Option<&Path>) -> Result<SiteFile, Failure> {
    let Some(path) = given.map(Path::to_path_buf).or_else(nearest) else {
        return Ok(SiteFile::default());
    };
    let shown = path.display().to_string();
    let text = fs::read_to_string(&path)
        .map_err(|error| Failure::new(format!("cannot read `{shown}`: {error}")))?;
    SiteFile::parse(&shown, &text).map_err(|error| Failure::new(error.to_string()))
}

fn nearest() -> Option<PathBuf> {
    let current = env::current_dir().ok()?;
    current.ancestors().map(|folder| folder.join(NAME)).find(|path| path.is_file())
}
