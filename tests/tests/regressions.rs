//! The laws that the fuzz targets ask for, asked of every policy of the conformance vectors and of what fuzzing found.

use std::fs;
use std::path::{Path, PathBuf};

use cspc_tests::laws;
use serde_json::Value;

/// What fuzzing found for a target, mended since.
fn found(target: &str) -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/regressions").join(target);
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort_unstable();
    paths.into_iter().map(|path| fs::read_to_string(path).unwrap()).collect()
}

fn vectors() -> Vec<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("conformance/parse_vectors.json");
    let vectors: Vec<Value> = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
    vectors.iter().map(|vector| vector["input"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn parsing_keeps_its_laws() {
    for text in vectors().into_iter().chain(found("parse")) {
        laws::whatever_is_read_has_a_place(&text);
        laws::a_form_is_its_own_form(&text);
    }
}

#[test]
fn check_keeps_its_laws() {
    vectors().into_iter().chain(found("check")).for_each(|text| laws::check_keeps_its_laws(&text));
}

#[test]
fn every_reader_ends() {
    vectors().into_iter().chain(found("read")).for_each(|text| laws::every_reader_ends(&text));
}
