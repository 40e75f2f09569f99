//! The argument SITE: a folder of built pages, a recording, an inventory made earlier, or several of these.

use std::fs;
use std::io::{self, Read as _};
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use clap::Args;
use cspc_core::inventory::{self, Inventory, Reader, SCHEMA, SiteOrigin};
use cspc_core::site::{Base, SiteFile};
use rayon::ThreadPoolBuilder;
use serde::Deserialize;

use super::folder::{self, Place};
use super::integrity;
use crate::exit::Failure;

/// Arguments that say which site.
#[derive(Debug, Args)]
#[group(id = "site-arguments")]
pub(crate) struct Arguments {
    /// A folder of built pages, a HAR file, an inventory (from `cspc inventory --format json`), or `-` for one on standard
    /// input; several are put together [default: the site file's `root`, or this folder]
    #[arg(value_name = "SITE")]
    sites: Vec<PathBuf>,
    /// The origin that will serve the site, such as `https://shop.example`
    #[arg(long, value_name = "URL")]
    origin: Option<String>,
    /// The path under which folders are served, such as `/docs` [default: the site file's `base`, or `/`]
    #[arg(long, value_name = "PATH", value_parser = Base::parse)]
    base: Option<Base>,
    /// Read every file anew: use nothing that was read before, and keep nothing
    #[arg(long)]
    no_cache: bool,
    /// How many files are read at the same time [default: as many as there are processors]
    #[arg(long, value_name = "NUMBER")]
    jobs: Option<NonZeroUsize>,
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
}

impl Site {
    /// Tells what could not be used, on standard error.
    pub(crate) fn warn(&self) {
        for warning in &self.warnings {
            crate::exit::say!("warning: {}", crate::exit::visible(warning));
        }
    }
}

impl Arguments {
    /// Reads the site, which may take long.
    pub(crate) fn read_site(&self, file: SiteFile) -> Result<Site, Failure> {
        let sites = self.sites(&file)?;
        self.read_witnesses(file, sites, Vec::new())
    }

    /// Writes a copy of the site with `integrity` to `copy`, or beside it, and reads that.
    pub(crate) fn read_with_integrity(
        &self,
        file: SiteFile,
        copy: Option<&Path>,
    ) -> Result<Site, Failure> {
        let sites = self.sites(&file)?;
        let [site] = sites.as_slice() else {
            return Err(Failure::new(
                "--write-integrity copies one folder, and several sites are named",
            ));
        };
        if !site.is_dir() {
            let shown = site.display();
            return Err(Failure::new(format!(
                "--write-integrity copies a folder, and `{shown}` is none"
            )));
        }
        let copy = copy.map_or_else(|| beside(site), |copy| Ok(copy.to_owned()))?;
        let warnings = integrity::copy(site, &copy, &self.place(&file)?)?;
        crate::exit::say!("{}", crate::exit::visible(&format!("wrote {}", copy.display())));
        self.read_witnesses(file, vec![copy], warnings)
    }

    fn sites(&self, file: &SiteFile) -> Result<Vec<PathBuf>, Failure> {
        if self.sites.is_empty() { Ok(vec![root(file)?]) } else { Ok(self.sites.clone()) }
    }

    /// Where folders are served.
    fn place(&self, file: &SiteFile) -> Result<Place, Failure> {
        let base = self.base.as_ref().unwrap_or(&file.base).clone();
        Ok(Place { origin: self.origin(file)?, base })
    }

    fn origin(&self, file: &SiteFile) -> Result<SiteOrigin, Failure> {
        match self.origin.as_ref().or(file.origin.as_ref()) {
            Some(origin) => {
                SiteOrigin::parse(origin).map_err(|error| Failure::new(error.to_string()))
            }
            None => Ok(SiteOrigin::unknown()),
        }
    }

    fn read_witnesses(
        &self,
        file: SiteFile,
        sites: Vec<PathBuf>,
        mut warnings: Vec<String>,
    ) -> Result<Site, Failure> {
        let place = self.place(&file)?;
        let pool = ThreadPoolBuilder::new().num_threads(self.jobs.map_or(0, NonZeroUsize::get));
        let pool = pool.build();
        let pool = pool.map_err(|error| Failure::new(format!("cannot start threads: {error}")))?;
        let mut witnesses = Vec::new();
        for site in sites {
            let inventory = if site.is_dir() {
                let read = pool.install(|| folder::read(&site, &place, !self.no_cache))?;
                warnings.extend(read.warnings);
                read.inventory
            } else {
                read_file(&site, &place.origin)?
            };
            witnesses.push((site.display().to_string(), inventory));
        }
        let inventory = Inventory::merge(witnesses);
        Ok(Site { inventory, file, warnings })
    }
}

/// The folder `dist-integrity` for `dist`.
fn beside(site: &Path) -> Result<PathBuf, Failure> {
    let unnamed = || Failure::new("say where the copy is to be: --write-integrity=DIR");
    let mut name = site.file_name().ok_or_else(unnamed)?.to_owned();
    name.push("-integrity");
    Ok(site.with_file_name(name))
}

/// The site file's `root`, which is relative to its own folder; the current one if it names none.
fn root(file: &SiteFile) -> Result<PathBuf, Failure> {
    let (Some((root, location)), Some(folder)) = (&file.root, Path::new(file.path()).parent())
    else {
        return Ok(PathBuf::from("."));
    };
    let path = folder.join(root);
    if path.exists() {
        return Ok(path);
    }
    Err(Failure::new(format!(
        "{}:{}:{}: there is no `{root}`: expected the folder of built pages, as seen from this file",
        location.path, location.line, location.column
    )))
}

/// A recording or an inventory: which, its one key at the top tells.
fn read_file(path: &Path, origin: &SiteOrigin) -> Result<Inventory, Failure> {
    let shown = path.display();
    let unreadable = |error: io::Error| Failure::new(format!("cannot read `{shown}`: {error}"));
    let mut bytes = Vec::new();
    if path == Path::new("-") {
        io::stdin().read_to_end(&mut bytes).map_err(unreadable)?;
    } else {
        bytes = fs::read(path).map_err(unreadable)?;
    }
    let refused = |error: &dyn std::fmt::Display| {
        Failure::new(format!(
            "`{shown}` is neither a folder, nor a HAR file, nor an inventory in the format {SCHEMA}: {error}"
        ))
    };
    let head: Head = serde_json::from_slice(&bytes).map_err(|error| refused(&error))?;
    match head.schema.as_deref() {
        Some(SCHEMA) => read_inventory(&shown.to_string(), &bytes),
        Some(other) => {
            Err(Failure::new(format!("`{shown}` has the format `{other}`: expected {SCHEMA}")))
        }
        None => inventory::read_har(&bytes, &Reader::new(origin.clone()))
            .map_err(|error| refused(&error)),
    }
}

/// An inventory with something to build for.
fn read_inventory(name: &str, bytes: &[u8]) -> Result<Inventory, Failure> {
    let inventory: Inventory =
        serde_json::from_slice(bytes).map_err(|error| Failure::json(name, &error))?;
    if inventory.pages.is_empty() {
        return Err(Failure::new(format!(
            "there is no page in `{name}`: expected some under `pages`, as `cspc inventory` writes them"
        )));
    }
    Ok(inventory)
}

/// What tells an inventory from a recording.
#[derive(Deserialize)]
#[serde(expecting = "an object with the key `schema` or `log`")]
struct Head {
    schema: Option<String>,
}
