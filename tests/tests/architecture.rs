//! The law of the floors: a module of core imports only from lower floors, and siblings do not import each other. Within
//! a floor that is of many modules, imports go one way.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// Each module's floor; the lowest two may be used by everyone.
const FLOORS: [(&str, u8); 20] = [
    ("text", 0),
    ("diagnostic", 0),
    ("csp", 1),
    ("header", 1),
    ("public_suffix", 1),
    ("enforce", 2),
    ("plan", 2),
    ("response", 2),
    ("compare", 3),
    ("configuration", 3),
    ("inventory", 3),
    ("services", 3),
    ("site", 3),
    ("compile", 4),
    ("deployment", 4),
    ("grade", 4),
    ("lint", 4),
    ("emit", 5),
    ("report", 5),
    ("wire", 6),
];

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// The modules named after `crate::`, outside comments.
fn imports(source: &str) -> impl Iterator<Item = &str> {
    let code = source.lines().filter(|line| !line.trim_start().starts_with("//"));
    code.flat_map(|line| line.split("crate::").skip(1)).filter_map(|rest| {
        rest.split(|c: char| !c.is_ascii_alphanumeric() && c != '_')
            .next()
            .filter(|name| !name.is_empty())
    })
}

#[test]
fn modules_import_from_lower_floors_only() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../core/src");
    let floors: BTreeMap<&str, u8> = FLOORS.into();
    let mut files = Vec::new();
    sources(&root, &mut files);
    assert!(files.len() > 40, "only {} files found", files.len());
    let mut broken = Vec::new();
    for file in files {
        let path = file.strip_prefix(&root).unwrap();
        let first = path.iter().next().unwrap().to_str().unwrap().trim_end_matches(".rs");
        if first == "lib" {
            continue;
        }
        let own = *floors.get(first).unwrap_or_else(|| panic!("`{first}` stands on no floor"));
        for import in imports(&fs::read_to_string(&file).unwrap()) {
            let allowed = floors.get(import).is_some_and(|floor| *floor < own || *floor == 0)
                || import == first;
            if !allowed {
                broken.push(format!("{} imports {import}", path.display()));
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

/// Modules whose parts import each other one way only.
const ONE_WAY: [&str; 14] = [
    "csp",
    "header",
    "enforce",
    "plan",
    "compare",
    "inventory",
    "site",
    "compile",
    "deployment",
    "emit",
    "grade",
    "lint",
    "report",
    "wire",
];

/// The first names after this path of what a file imports, outside comments and tests.
fn imported(source: &str, path: &str) -> BTreeSet<String> {
    let code = source.split("#[cfg(test)]\nmod tests {").next().unwrap();
    let rests = code.split(path).skip(1);
    let lists = rests.map(|rest| match rest.strip_prefix('{') {
        Some(list) => list.split(['}', ';']).next().unwrap().split(',').collect(),
        None => vec![rest],
    });
    let first = |name: &str| {
        let name = name.trim_start();
        let end = name.find(|c: char| !c.is_ascii_alphanumeric() && c != '_');
        name[..end.unwrap_or(name.len())].to_owned()
    };
    lists.flatten().map(first).filter(|name| !name.is_empty()).collect()
}

#[test]
fn parts_of_a_module_import_each_other_one_way() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../core/src");
    for module in ONE_WAY {
        let mut imports: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        let mut files = Vec::new();
        sources(&root.join(module), &mut files);
        for file in files {
            let path = file.strip_prefix(root.join(module)).unwrap().with_extension("");
            let parts: Vec<&str> = path.iter().map(|part| part.to_str().unwrap()).collect();
            let supers = if matches!(parts[..], [_] | [_, "mod"]) { 1 } else { parts.len() };
            if parts != ["mod"] && parts != ["tests"] {
                let source = fs::read_to_string(&file).unwrap();
                let named = imports.entry(parts[0].to_owned()).or_default();
                for from in ["super::".repeat(supers), format!("crate::{module}::")] {
                    named.extend(imported(&source, &format!("\nuse {from}")));
                }
                named.remove(parts[0]);
            }
        }
        assert!(imports.values().map(BTreeSet::len).sum::<usize>() > imports.len() / 2, "{module}");
        // Whoever imports nothing that is left can stand below the rest.
        while let Some(lowest) = imports.iter().find_map(|(name, others)| {
            let is_low =
                others.iter().all(|other| !other.is_empty() && !imports.contains_key(other));
            is_low.then(|| name.clone())
        }) {
            imports.remove(&lowest);
        }
        assert!(imports.is_empty(), "{module}: these import each other in a circle: {imports:#?}");
    }
}
