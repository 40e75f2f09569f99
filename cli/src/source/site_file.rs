//! `cspc.toml`: found beside the work or above it, and read.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use clap::Args;
use cspc_core::site::SiteFile;

use crate::exit::Failure;

/// Its name.
pub(crate) const NAME: &str = "cspc.toml";

/// Which site file counts.
#[derive(Args, Clone, Debug)]
pub(crate) struct Config {
    /// The site file [default: cspc.toml in this folder or the nearest one above]
    #[arg(short, long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
}

impl Config {
    /// Reads the one given, or else the nearest one of the current folder and its parents, or else none.
    pub(crate) fn read(&self) -> Result<SiteFile, Failure> {
        let Some(path) = self.config.clone().or_else(nearest) else {
            return Ok(SiteFile::default());
        };
        let shown = path.display().to_string();
        let text = fs::read_to_string(&path)
            .map_err(|error| Failure::new(format!("cannot read `{shown}`: {error}")))?;
        SiteFile::parse(&shown, &text).map_err(|error| Failure::new(error.to_string()))
    }

    /// Where a new one is to be written for the site in a folder.
    pub(crate) fn of_new(&self, folder: &Path) -> PathBuf {
        self.config.clone().unwrap_or_else(|| folder.join(NAME))
    }
}

/// The argument that says whose page it is.
#[derive(Args, Debug)]
pub(crate) struct SelfOrigin {
    /// The origin of the page, or `null` for an opaque one [default: that of the site file, or `https://example.com`]
    #[arg(long = "self", value_name = "ORIGIN")]
    self_origin: Option<String>,
}

impl SelfOrigin {
    /// The origin.
    pub(crate) fn read(&self, config: &Config) -> Result<String, Failure> {
        if let Some(given) = &self.self_origin {
            return Ok(given.clone());
        }
        Ok(config.read()?.origin.unwrap_or_else(|| "https://example.com".to_owned()))
    }
}

fn nearest() -> Option<PathBuf> {
    let current = env::current_dir().ok()?;
    current.ancestors().map(|folder| folder.join(NAME)).find(|path| path.is_file())
}
