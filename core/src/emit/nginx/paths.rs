//! Which rules a path belongs to.
//!
//! nginx finds a plain key of a map by hash, whatever the number of keys, but without regard to case. So a path
//! with capital letters gives itself as part of the map's result, and a second map compares it with the path that
//! was asked for; paths that differ in nothing but case stand in several maps.

use std::collections::{BTreeMap, BTreeSet};

use super::super::EmitError;
use super::super::lines::{Paths, Place, Site};
use super::super::regex;
use super::maps::Maps;
use super::quote::{WORD, key, value_pieces};

/// How long an expression may get before it is cut: two of them, for both ends of a path, fit in a word.
const REGEX: usize = 1900;

/// Path to the indexes (in the plan) of the rules that name it.
type Pages<'a> = BTreeMap<&'a str, Vec<usize>>;

/// The kinds of pages: each is the list of rules that name a page.
pub(super) type Kinds = BTreeSet<Vec<usize>>;

/// `3+7` for the pages that rules 3 and 7 name.
pub(super) fn kind_name(kind: &[usize]) -> String {
    kind.iter().map(usize::to_string).collect::<Vec<_>>().join("+")
}

impl Maps {
    /// Writes `$cspc_pages`: the kind of the page by its exact path. Gives all kinds.
    pub(super) fn pages(&mut self, site: &Site<'_>) -> Result<Kinds, EmitError> {
        let mut pages = Pages::new();
        for place in &site.places {
            let paths = match &place.paths {
                Paths::Exact(paths) => paths,
                Paths::Ends { prefix, suffix } => {
                    prefix.iter().chain(suffix.iter()).try_for_each(|end| fits(end))?;
                    continue;
                }
                Paths::Any => continue,
            };
            for path in paths {
                pages.entry(path).or_default().push(place.rule);
            }
        }
        if !pages.is_empty() {
            self.ensure_path();
            self.define("cspc_pages");
            let layers = layers(&pages);
            for (index, layer) in layers.iter().enumerate() {
                self.layer(index + 1, layer, layers.len() > 1)?;
            }
            if layers.len() > 1 {
                self.join(layers.len());
            }
        }
        Ok(pages.into_values().collect())
    }

    fn layer(&mut self, number: usize, layer: &Pages<'_>, numbered: bool) -> Result<(), EmitError> {
        let found = format!("cspc_found_{number}");
        let mut entries = vec!["default \"\"".to_owned()];
        for (path, kind) in layer {
            entries.push(entry(path, &kind_name(kind))?);
        }
        self.note_keys(layer.len(), layer.keys().map(|path| path.len()).max().unwrap_or(0));
        let comment = "Pages, by path: the numbers of the plan's rules that name them. nginx looks them up without\n\
                       # regard to case, hence the path itself after \"!\" where it has capital letters.";
        self.map(comment, "$cspc_path", &found, &entries);
        let entries = [
            "default \"\"".to_owned(),
            r#""~^([0-9+]+)=[^A-Z]*\z" $1"#.to_owned(),
            r#""~(?s)^([0-9+]+)!(.*)=\2\z" $1"#.to_owned(),
        ];
        let variable =
            if numbered { format!("cspc_pages_{number}") } else { "cspc_pages".to_owned() };
        let comment = "The same, if the letters' case is right as well.";
        self.map(comment, &format!("\"${found}=$cspc_path\""), &variable, &entries);
        Ok(())
    }

    fn join(&mut self, layers: usize) {
        let all: String = (1..=layers).map(|number| format!("${{cspc_pages_{number}}}")).collect();
        let comment = "The rules that name the page; at most one of the parts is not empty.";
        self.map(comment, &format!("\"{all}\""), "cspc_pages", &[format!("default \"{all}\"")]);
    }

    /// The flag for a rule's paths; `None` if it has all of them.
    pub(super) fn paths_flag(&mut self, place: &Place<'_>) -> Option<String> {
        let name = format!("cspc_rule_{}_paths", place.rule);
        if matches!(place.paths, Paths::Any) || !self.define(&name) {
            return (!matches!(place.paths, Paths::Any)).then_some(name);
        }
        let comment = format!("1 for the paths of {}.", place.describe());
        let default = ["default 0".to_owned()].into_iter();
        match &place.paths {
            Paths::Exact(_) => {
                let number = place.rule;
                let key = format!("\"~(?:^|\\+){number}(?:\\+|\\z)\" 1");
                self.map(&comment, "$cspc_pages", &name, &default.chain([key]).collect::<Vec<_>>());
            }
            Paths::Ends { prefix, suffix } => {
                self.ensure_path();
                let keys = regex::ends(prefix, suffix, REGEX);
                let keys =
                    keys.iter().map(|expression| format!("{} 1", key(&format!("~{expression}"))));
                self.map(&comment, "$cspc_path", &name, &default.chain(keys).collect::<Vec<_>>());
            }
            Paths::Any => {}
        }
        Some(name)
    }
}

fn fits(end: &str) -> Result<(), EmitError> {
    if regex::escape(end).len() > REGEX {
        return Err(EmitError::PathTooLong(end.len()));
    }
    Ok(())
}

fn entry(path: &str, kind: &str) -> Result<String, EmitError> {
    let too_long = || EmitError::PathTooLong(path.len());
    let word = key(path);
    if word.len() > WORD + 2 {
        return Err(too_long());
    }
    if !path.contains(|c: char| c.is_ascii_uppercase()) {
        return Ok(format!("{word} \"{kind}\""));
    }
    let pieces = value_pieces(&format!("{kind}!{path}"), false);
    let [value] = pieces.as_slice() else { return Err(too_long()) };
    Ok(format!("{word} \"{value}\""))
}

/// The pages, so that in no layer two paths are the same but for case.
fn layers<'a>(pages: &Pages<'a>) -> Vec<Pages<'a>> {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let mut layers: Vec<Pages<'a>> = Vec::new();
    for (path, kind) in pages {
        let twins = seen.entry(path.to_ascii_lowercase()).or_default();
        if *twins == layers.len() {
            layers.push(Pages::new());
        }
        if let Some(layer) = layers.get_mut(*twins) {
            layer.insert(path, kind.clone());
        }
        *twins += 1;
    }
    layers
}
