//! The rules of a route: what holds whoever asks, and what for the origins that it names.

use super::headers;
use crate::header::Origin;
use crate::plan::{Guard, Header, Initiator, Match, Op, Rule, Unmarked};
use crate::site::{Cors, Route};

/// What lets requests of an origin pass that a guard would refuse.
const OPEN: Guard = Guard { allow: Initiator::CrossSite, unmarked: Unmarked::Pass };

/// The rules of a route for these requests.
pub(super) fn rules(route: &Route, matches: Match) -> Vec<Rule> {
    let guard = route.guard.as_ref().map(|(guard, _)| *guard);
    let mut headers: Vec<Header> = route.headers.iter().map(headers::declared).collect();
    let Some(cors) = &route.cors else {
        return vec![Rule { guard, ..Rule::new(matches, headers) }];
    };
    // Caches have to know it of responses to requests without the header as well (Fetch, section 3.3.5).
    let vary = cors.varies().then(|| headers::header("Vary", "Origin")).flatten();
    headers.extend(vary.map(|header| Header { op: Op::Add, ..header }));
    let rule = Rule { guard, ..Rule::new(matches.clone(), headers) };
    let of_origins = cors.origins.iter().map(|origin| of_origin(cors, guard, &matches, origin));
    std::iter::once(rule).chain(of_origins.filter(says_something)).collect()
}

/// The name of the origin itself is what is sent, and nothing that the request says.
fn of_origin(cors: &Cors, guard: Option<Guard>, matches: &Match, origin: &Origin) -> Rule {
    let allowed = headers::header("Access-Control-Allow-Origin", origin.as_str());
    let headers = allowed.filter(|_header| cors.varies()).into_iter().collect();
    let matches = Match { origin: vec![origin.clone()], ..matches.clone() };
    Rule {
        guard: guard.filter(|_guard| cors.changes).map(|_guard| OPEN),
        ..Rule::new(matches, headers)
    }
}

fn says_something(rule: &Rule) -> bool {
    !rule.headers.is_empty() || rule.guard.is_some()
}
