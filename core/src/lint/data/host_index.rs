//! What is known of hosts.

use std::collections::HashMap;

/// Facts by the host that they are about, and by the parents of this host, before which a wildcard can stand.
pub(super) struct HostIndex<T> {
    hosts: Names<T>,
    parents: Names<T>,
}

/// Facts by name, in lower case.
struct Names<T> {
    facts: HashMap<&'static str, Vec<T>>,
    /// For each length of a name, a bit for each first letter, which tells most other hosts apart from these.
    initials: Vec<u32>,
}

impl<T: Copy> HostIndex<T> {
    /// The index of these facts.
    pub(super) fn new(facts: impl IntoIterator<Item = (&'static str, T)>) -> Self {
        let mut index = Self { hosts: Names::new(), parents: Names::new() };
        for (host, fact) in facts {
            index.hosts.add(host, fact);
            let mut rest = host;
            while let Some((_, parent)) = rest.split_once('.') {
                index.parents.add(parent, fact);
                rest = parent;
            }
        }
        index
    }

    /// What is known of the hosts that a source names, in the order in which it was added.
    pub(super) fn on(&self, host: &str) -> &[T] {
        match host.strip_prefix("*.") {
            Some(parent) => self.parents.get(parent),
            None => self.hosts.get(host),
        }
    }
}

impl<T> Names<T> {
    fn new() -> Self {
        Self { facts: HashMap::new(), initials: Vec::new() }
    }

    fn add(&mut self, name: &'static str, fact: T) {
        self.facts.entry(name).or_default().push(fact);
        if self.initials.len() <= name.len() {
            self.initials.resize(name.len() + 1, 0);
        }
        self.initials.get_mut(name.len()).into_iter().for_each(|bits| *bits |= initial(name));
    }

    fn get(&self, name: &str) -> &[T] {
        if self.initials.get(name.len()).is_none_or(|bits| bits & initial(name) == 0) {
            return &[];
        }
        let found = self.facts.get(name).or_else(|| {
            let is_lower = !name.bytes().any(|byte| byte.is_ascii_uppercase());
            if is_lower { None } else { self.facts.get(name.to_ascii_lowercase().as_str()) }
        });
        found.map_or(&[], Vec::as_slice)
    }
}

/// A bit for the first letter, whatever its case.
fn initial(name: &str) -> u32 {
    name.bytes().next().map_or(0, |first| 1 << (first & 31))
}
