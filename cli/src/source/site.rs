//! The argument SITE: a folder of built pages, or an inventory made earlier.

use std::fs;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use clap::Args;
use cspc_core::inventory::{Inventory, SCHEMA, SiteOrigin};
use cspc_core::site::SiteFile;

use super::{folder, site_file};
use crate::exit::Failure;

/// Arguments that say which site.
#[derive(Debug, Args)]
#[group(id = "site-arguments")]
pub(crate) struct Arguments {
    /// A folder of built pages, an inventory (from `cspc inventory --format json`), or `-` for one on standard input
    /// [default: the site file's `root`, or this folder]
    #[arg(value_name = "SITE")]
    site: Option<PathBuf>,
    /// The origin that will serve the site, such as `https://shop.example`
    #[arg(long, value_name = "URL")]
    origin: Option<String>,
    /// The site file [default: cspc.toml in this folder or the nearest one above]
    #[arg(short, long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Say nothing but errors
    #[arg(short, long)]
    pub(crate) quiet: bool,
}

/// A site that was read.
#[derive(Debug)]
pub(crate) struct Site {
    /// What it loads.
    pub(crate) inventory: Inventory,
    /// What its owner declares.
    pub(crate) file: SiteFile,
    /// What could not be used.
    warnings: Vec<String>,
    quiet: bool,
}

impl Site {
    /// Tells what could not be used, on standard error.
    pub(crate) fn warn(&self) {
        for warning in self.warnings.iter().filter(|_| !self.quiet) {
            crate::exit::say!("warning: {}", crate::exit::visible(warning));
        }
    }
}

impl Arguments {
    /// Reads the site file and the site.
    pub(crate) fn read(&self) -> Result<Site, Failure> {
        let file = site_file::read(self.config.as_deref())?;
        let origin = match self.origin.as_ref().or(file.origin.as_ref()) {
            Some(origin) => {
                SiteOrigin::parse(origin).map_err(|error| Failure::new(error.to_string()))?
            }
            None => SiteOrigin::unknown(),
        };
        let root = self.site.clone().unwrap_or_else(|| root(&file));
        let (inventory, warnings) = if root.is_dir() {
            let read = folder::read(&root, &origin)?;
            (read.inventory, read.warnings)
        } else {
            (read_inventory(&root)?, Vec::new())
        };
        Ok(Site { inventory, file, warnings, quiet: self.quiet })
    }
}

/// The site file's `root`, which is relative to its own folder; the current one if it names none.
fn root(file: &SiteFile) -> PathBuf {
    match (&file.root, Path::new(file.path()).parent()) {
        (Some(root), Some(folder)) => folder.join(root),
        _ => PathBuf::from("."),
    }
}

fn read_inventory(path: &Path) -> Result<Inventory, Failure> {
    let shown = path.display();
    let unreadable = |error: io::Error| Failure::new(format!("cannot read `{shown}`: {error}"));
    let mut bytes = Vec::new();
    if path == Path::new("-") {
        io::stdin().read_to_end(&mut bytes).map_err(unreadable)?;
    } else {
        bytes = fs::read(path).map_err(unreadable)?;
    }
    let inventory: Inventory = serde_json::from_slice(&bytes).map_err(|error| {
        Failure::new(format!(
            "`{shown}` is neither a folder nor an inventory in the format {SCHEMA}: {error}"
        ))
    })?;
    if inventory.schema != SCHEMA {
        return Err(Failure::new(format!(
            "`{shown}` has the format `{}`: expected {SCHEMA}",
            inventory.schema
        )));
    }
    Ok(inventory)
}
