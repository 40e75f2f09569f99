//! The order of directives, which is not the one in which they are written.

use std::cmp::Ordering;

use crate::deployment::directive::Directive;

/// Caddy's own order (`defaultDirectiveOrder`).
const ORDER: [&str; 37] = [
    "tracing",
    "map",
    "vars",
    "fs",
    "root",
    "log_append",
    "skip_log",
    "log_skip",
    "log_name",
    "header",
    "copy_response_headers",
    "request_body",
    "redir",
    "method",
    "rewrite",
    "uri",
    "try_files",
    "basicauth",
    "basic_auth",
    "forward_auth",
    "request_header",
    "encode",
    "push",
    "intercept",
    "templates",
    "invoke",
    "handle",
    "route",
    "abort",
    "error",
    "copy_response",
    "respond",
    "metrics",
    "reverse_proxy",
    "php_fastcgi",
    "file_server",
    "acme_server",
];

/// Whether this is the name of a directive of a site.
pub(super) fn is_directive(name: &str) -> bool {
    ORDER.contains(&name)
        || matches!(name, "bind" | "handle_path" | "tls" | "log" | "handle_errors" | "import")
}

/// The order of a configuration: Caddy's, and what the option `order` says of it.
#[derive(Debug)]
pub(super) struct Order(Vec<String>);

impl Order {
    /// The order under these global options.
    pub(super) fn new(options: &[Directive]) -> Self {
        let mut order = Self(ORDER.map(str::to_owned).to_vec());
        options.iter().filter(|option| option.is("order")).for_each(|option| order.change(option));
        order
    }

    /// `order NAME first|last`, `order NAME before|after OTHER`.
    fn change(&mut self, option: &Directive) {
        let name = option.argument(0).to_owned();
        self.0.retain(|known| *known != name);
        let other = self.place_of(option.argument(2));
        let place = match option.argument(1) {
            "first" => 0,
            "before" => other.unwrap_or(0),
            "after" => other.map_or(self.0.len(), |place| place + 1),
            _ => self.0.len(),
        };
        self.0.insert(place, name);
    }

    /// Where a directive has its turn; `None` for one that has none. `handle_path` has that of `handle`.
    pub(super) fn place_of(&self, name: &str) -> Option<usize> {
        let name = if name == "handle_path" { "handle" } else { name };
        self.0.iter().position(|known| known == name)
    }
}

/// What orders directives of one name among each other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Precision {
    /// The path, if the matcher asks for just one.
    pub(super) path: Option<String>,
    pub(super) has_matcher: bool,
}

impl Precision {
    /// Whether this comes before the other (`sortRoutes`): the longer path, or what has a matcher at all.
    fn is_before(&self, other: &Self) -> bool {
        let (Some(path), Some(other_path)) = (&self.path, &other.path) else {
            return self.has_matcher && !other.has_matcher;
        };
        match path.trim_end_matches('*') == other_path.trim_end_matches('*') {
            true => path.len() < other_path.len(),
            false => path.len() > other_path.len(),
        }
    }
}

/// How many Caddy's sort (Go's `SliceStable`) takes into one run.
const RUN: usize = 20;

/// Sorts as Go does, by insertion in short runs that are merged then: the comparison is no order, so that another way to
/// sort would give something else.
pub(super) fn sort<T: Clone>(items: &mut Vec<T>, key: impl Fn(&T) -> Precision) {
    let mut keyed: Vec<(Precision, T)> = items.drain(..).map(|item| (key(&item), item)).collect();
    let mut runs: Vec<Vec<(Precision, T)>> = keyed.chunks_mut(RUN).map(inserted).collect();
    while runs.len() > 1 {
        let mut pairs = runs.into_iter();
        let mut merged = Vec::new();
        while let Some(first) = pairs.next() {
            merged.push(merge(first, pairs.next().unwrap_or_default()));
        }
        runs = merged;
    }
    items.extend(runs.into_iter().flatten().map(|(_, item)| item));
}

fn inserted<T: Clone>(run: &mut [(Precision, T)]) -> Vec<(Precision, T)> {
    for end in 1..run.len() {
        let is_out = |run: &[(Precision, T)], at: usize| match run.get(at - 1..=at) {
            Some([(before, _), (after, _)]) => after.is_before(before),
            _ => false,
        };
        let mut at = end;
        while at > 0 && is_out(run, at) {
            run.swap(at - 1, at);
            at -= 1;
        }
    }
    run.to_vec()
}

fn merge<T>(first: Vec<(Precision, T)>, second: Vec<(Precision, T)>) -> Vec<(Precision, T)> {
    let (mut first, mut second) = (first.into_iter().peekable(), second.into_iter().peekable());
    let mut merged = Vec::new();
    loop {
        let order = match (first.peek(), second.peek()) {
            (Some((one, _)), Some((other, _))) if other.is_before(one) => Ordering::Greater,
            (Some(_), _) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (None, None) => return merged,
        };
        merged.extend(if order == Ordering::Greater { second.next() } else { first.next() });
    }
}
