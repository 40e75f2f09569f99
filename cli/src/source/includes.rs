//! The files that a server's configuration includes.

use std::fs;
use std::path::{Path, PathBuf};

use cspc_core::configuration::SourceText;
use cspc_core::deployment::Includes;

use super::text::utf8;

/// Longer files are no configuration.
const LONGEST: u64 = 64 << 20;
/// How far above the file it is looked for what it includes: `sites-enabled/shop.conf` names files beside `nginx.conf`.
const ABOVE: usize = 3;

/// Finds included files where the server would: beside the first file, or in a folder above it.
pub(crate) struct Beside {
    folders: Vec<PathBuf>,
}

impl Beside {
    /// For the files that `first` includes.
    pub(crate) fn new(first: &Path) -> Self {
        let folders = first.ancestors().skip(1).take(ABOVE).map(Path::to_path_buf);
        Self { folders: folders.collect() }
    }
}

impl Includes for Beside {
    fn files(&mut self, pattern: &str) -> Result<Vec<SourceText>, String> {
        for folder in &self.folders {
            let whole = folder.join(pattern);
            let paths = glob::glob(&whole.to_string_lossy())
                .map_err(|error| format!("`{pattern}` is no pattern of files: {}", error.msg))?;
            let mut paths: Vec<PathBuf> =
                paths.filter_map(Result::ok).filter(|path| !path.is_dir()).collect();
            paths.sort();
            if !paths.is_empty() {
                return paths.iter().map(|path| read(path)).collect();
            }
        }
        if pattern.contains(['*', '?', '[']) {
            return Ok(Vec::new());
        }
        let first =
            self.folders.first().map_or_else(String::new, |folder| folder.display().to_string());
        let place = if first.is_empty() { "here".to_owned() } else { format!("in `{first}`") };
        Err(format!(
            "there is no file `{pattern}` {place} or above: expected the file that is included"
        ))
    }
}

fn read(path: &Path) -> Result<SourceText, String> {
    let name = path.display().to_string();
    let about = fs::metadata(path).map_err(|error| format!("cannot read `{name}`: {error}"))?;
    if !about.is_file() || about.len() > LONGEST {
        return Err(format!("`{name}` is no file of less than 64 MB"));
    }
    let bytes = fs::read(path).map_err(|error| format!("cannot read `{name}`: {error}"))?;
    let text = utf8(bytes, &name)?;
    Ok(SourceText { name, text })
}
