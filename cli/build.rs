//! Puts the playground into the binary, if it was built (`web/build`).

use std::fs;
use std::path::{Path, PathBuf};

fn main() {
    let dist = Path::new(env!("CARGO_MANIFEST_DIR")).join("../web/dist");
    println!("cargo::rerun-if-changed={}", dist.display());
    let mut files = Vec::new();
    find(&dist, &mut files);
    files.sort();
    let entries = files.iter().filter_map(|file| {
        let path = file.strip_prefix(&dist).ok()?.to_str()?.replace('\\', "/");
        Some(format!("({:?}, include_bytes!({:?})),", format!("/{path}"), file.to_str()?))
    });
    let table = format!("&[{}]", entries.collect::<String>());
    let out = std::env::var_os("OUT_DIR").map(PathBuf::from).unwrap_or_default();
    if let Err(error) = fs::write(out.join("playground.rs"), table) {
        println!("cargo::error=cannot write the playground's table: {error}");
    }
}

fn find(folder: &Path, found: &mut Vec<PathBuf>) {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    for path in entries.map(|entry| entry.path()) {
        match path.is_dir() {
            true => find(&path, found),
            false => found.push(path),
        }
    }
}
