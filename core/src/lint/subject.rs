//! What is judged: the policies of a response, with each of their expressions read once.

use std::cell::Cell;
use std::ops::Range;
use std::sync::LazyLock;

use super::kind::Kinds;
use super::page::Page;
use super::sources::host_of;
use crate::csp::{
    Delivery, Directive, DirectiveSet, Keyword, ParsedDirective, Policy, Source, Status, Value,
    policies,
};
use crate::response::{Field, Response};
use crate::text::Sketch;

/// The policies of a response.
pub(super) struct Subject<'a> {
    pub(super) response: &'a Response<'a>,
    /// In the order of the fields.
    pub(super) members: Vec<Member<'a>>,
    /// The page, if it is known.
    pub(super) page: Option<Page<'a>>,
}

/// One policy.
pub(super) struct Member<'a> {
    /// Index of the field that it is in.
    pub(super) field: usize,
    pub(super) delivery: Delivery,
    pub(super) policy: Policy<'a>,
    /// The directives that count.
    pub(super) present: DirectiveSet,
    /// These and all that fall back to them.
    decided: DirectiveSet,
    /// The values of all source lists, one list after the other.
    sources: Vec<Source<'a>>,
    /// The kinds of each.
    kinds: Vec<Kinds>,
    lists: Vec<ListPlace>,
}

/// Where a list is in a member.
struct ListPlace {
    directive: usize,
    sources: Range<usize>,
    decides: DirectiveSet,
    kinds: Kinds,
}

/// A directive with a source list that browsers take notice of.
#[derive(Clone, Copy)]
pub(super) struct List<'m, 'a> {
    /// Index of the directive in its policy.
    pub(super) index: usize,
    pub(super) directive: Directive,
    pub(super) sources: &'m [Source<'a>],
    /// The kinds of each source.
    pub(super) kinds_of: &'m [Kinds],
    /// The directives in whose place it decides, itself included.
    pub(super) decides: DirectiveSet,
    /// The kinds of all of its sources.
    pub(super) kinds: Kinds,
}

impl<'a> Subject<'a> {
    pub(super) fn new(response: &'a Response<'a>) -> Self {
        let mut members = Vec::with_capacity(response.fields.len());
        for (index, field) in response.fields.iter().enumerate() {
            let Some((text, delivery)) = field.policy() else { continue };
            for policy in policies(text, delivery) {
                members.push(Member::new(index, delivery, policy));
            }
        }
        Self { response, members, page: Page::of(response) }
    }

    /// The policies that act together: the enforced ones, and each of those that only report as though it were enforced.
    pub(super) fn sets(&self) -> impl Iterator<Item = Set<'_, 'a>> {
        let reports = self.members.iter().enumerate().filter(|(_, member)| {
            member.delivery == Delivery::ReportOnly && !member.policy.is_empty()
        });
        let alone = reports.map(|(index, member)| Set::alone(index, member));
        std::iter::once(Set::enforced(&self.members)).chain(alone)
    }
}

/// Policies that act together.
pub(super) struct Set<'m, 'a> {
    /// Those that are in it, and perhaps others that are not.
    among: &'m [Member<'a>],
    /// The place of the first of these among all of the response.
    start: usize,
    is_in: fn(&Member<'_>) -> bool,
    /// How many they are.
    count: usize,
    /// The directives that a policy has, and those that fall back to one of them.
    pub(super) decided: DirectiveSet,
    /// Whether one is in a header.
    pub(super) has_header: bool,
    /// How many comparisons are left.
    comparisons: Cell<usize>,
}

impl<'m, 'a> Set<'m, 'a> {
    /// The policies that are enforced.
    fn enforced(members: &'m [Member<'a>]) -> Self {
        let is_in = |it: &Member<'_>| it.delivery != Delivery::ReportOnly && !it.policy.is_empty();
        Self::new(members, 0, is_in)
    }

    fn alone(index: usize, member: &'m Member<'a>) -> Self {
        Self::new(std::slice::from_ref(member), index, |_| true)
    }

    fn new(among: &'m [Member<'a>], start: usize, is_in: fn(&Member<'_>) -> bool) -> Self {
        let mut set = Self {
            among,
            start,
            is_in,
            count: 0,
            decided: DirectiveSet::default(),
            has_header: false,
            comparisons: Cell::new(COMPARISONS),
        };
        for member in among.iter().filter(|member| is_in(member)) {
            set.count += 1;
            set.decided = set.decided.union(member.decided);
            set.has_header |= member.delivery == Delivery::Header;
        }
        set
    }

    /// Whether there is but one policy.
    pub(super) const fn is_single(&self) -> bool {
        self.count == 1
    }

    /// Its policies, with their places among all.
    pub(super) fn members(&self) -> impl Iterator<Item = (usize, &'m Member<'a>)> + Clone {
        let is_in = self.is_in;
        (self.start..).zip(self.among).filter(move |(_, member)| is_in(member))
    }

    /// Its policies but the one at this place, as long as there are comparisons left.
    pub(super) fn others(&self, index: usize) -> impl Iterator<Item = &'m Member<'a>> {
        let placed = (self.start..).zip(self.among).take_while(|_| self.can_compare(1));
        placed.filter(move |(at, it)| *at != index && (self.is_in)(it)).map(|(_, it)| it)
    }

    /// Takes so many comparisons, if they are left.
    pub(super) fn can_compare(&self, count: usize) -> bool {
        let left = self.comparisons.get().checked_sub(count);
        self.comparisons.set(left.unwrap_or_default());
        left.is_some()
    }
}

/// How often a source of a set is compared with one of its other policies. Few sets need as many comparisons; without an
/// end, the time that they take would grow with the square of the policies' size. What is not compared any more counts
/// as let through.
const COMPARISONS: usize = 1_000_000;

/// As few bytes as most policies have for each source.
const BYTES: usize = 16;

impl<'a> Member<'a> {
    fn new(field: usize, delivery: Delivery, policy: Policy<'a>) -> Self {
        let mut present = DirectiveSet::default();
        for known in policy.counting().filter_map(|directive| directive.directive) {
            if delivery != Delivery::Meta || known.in_meta() {
                present.insert(known);
            }
        }
        let usual = policy.span.end.saturating_sub(policy.span.start) / BYTES;
        let mut sources = Vec::with_capacity(usual);
        let mut kinds_of = Vec::with_capacity(usual);
        let mut lists = Vec::with_capacity(policy.directives.len());
        // Only lists are fallen back to.
        let mut decided = present;
        for (index, directive) in policy.directives.iter().enumerate() {
            let Some(known) = directive.directive else { continue };
            if directive.ignored.is_some() || !known.takes_source_list() {
                continue;
            }
            let start = sources.len();
            let (mut kinds, mut hosts) = (Kinds::default(), Sketch::default());
            for source in directive.sources() {
                let own = Kinds::of(source.expression);
                let is_repeated = host_of(source.expression).is_some_and(|host| hosts.add(host));
                kinds = kinds.or(own).and_if(is_repeated, Kinds::REPEATED);
                kinds_of.push(own);
                sources.push(source);
            }
            let decides = decided_by(known, present);
            decided = decided.union(decides);
            lists.push(ListPlace {
                directive: index,
                sources: start..sources.len(),
                decides,
                kinds,
            });
        }
        Self { field, delivery, policy, present, decided, sources, kinds: kinds_of, lists }
    }

    /// Its source lists, in order.
    pub(super) fn lists(&self) -> impl Iterator<Item = List<'_, 'a>> {
        self.lists.iter().filter_map(|place| {
            let directive = self.policy.directives.get(place.directive)?;
            Some(List {
                index: place.directive,
                directive: directive.directive?,
                sources: self.sources.get(place.sources.clone()).unwrap_or_default(),
                kinds_of: self.kinds.get(place.sources.clone()).unwrap_or_default(),
                decides: place.decides,
                kinds: place.kinds,
            })
        })
    }

    /// The list that decides in the place of `directive`.
    pub(super) fn list(&self, directive: Directive) -> Option<List<'_, 'a>> {
        self.lists().find(|list| list.decides.contains(directive))
    }

    /// The values of the directive of this kind that counts, each with the directive's index.
    pub(super) fn values(&self, directive: Directive) -> impl Iterator<Item = (usize, Value<'a>)> {
        let is_it =
            |it: &ParsedDirective<'_>| it.ignored.is_none() && it.directive == Some(directive);
        let is_there = self.present.contains(directive);
        let index = is_there.then(|| self.policy.directives.iter().position(is_it)).flatten();
        let found = index.and_then(|index| Some((index, self.policy.directives.get(index)?)));
        found.into_iter().flat_map(|(index, it)| it.values().map(move |value| (index, value)))
    }

    /// The directive of this kind that counts.
    pub(super) fn get(&self, directive: Directive) -> Option<&ParsedDirective<'a>> {
        self.present.contains(directive).then(|| self.policy.get(directive))?
    }
}

impl List<'_, '_> {
    /// Whether a keyword is in it.
    pub(super) const fn has(&self, keyword: Keyword) -> bool {
        self.kinds.meets(Kinds::keyword(keyword))
    }

    /// Whether a nonce or a hash is in it.
    pub(super) const fn has_nonce_or_hash(&self) -> bool {
        self.kinds.meets(Kinds::NONCE_OR_HASH)
    }

    /// Whether it decides about scripts, of any kind.
    pub(super) const fn is_about_scripts(&self) -> bool {
        self.decides.meets(SCRIPT)
    }
}

/// What decides about inline scripts, event handlers and `javascript:` URLs.
pub(super) const SCRIPT: DirectiveSet =
    DirectiveSet::of(&[Directive::ScriptSrcElem, Directive::ScriptSrcAttr]);
/// What decides about inline style sheets and style attributes.
pub(super) const STYLE: DirectiveSet =
    DirectiveSet::of(&[Directive::StyleSrcElem, Directive::StyleSrcAttr]);
/// What decides about scripts that are loaded.
pub(super) const LOADED_SCRIPT: DirectiveSet =
    DirectiveSet::of(&[Directive::ScriptSrcElem, Directive::WorkerSrc]);

/// The directives that `known` decides in the place of, where just `present` are there.
fn decided_by(known: Directive, present: DirectiveSet) -> DirectiveSet {
    let mut decided = DirectiveSet::default();
    if let (true, Some(fallback)) = (present.contains(known), FALLBACKS.get(known as usize)) {
        let nearer = fallback.nearer.intersection(present).iter();
        let by_nearer = nearer.filter_map(|nearer| FALLBACKS.get(nearer as usize));
        decided = by_nearer.fold(fallback.fallen, |set, nearer| set.without(nearer.fallen));
        decided.insert(known);
    }
    decided
}

/// What falls back to a directive.
#[derive(Clone, Copy, Default)]
struct Fallback {
    /// The directive itself, and those that it may decide in the place of.
    fallen: DirectiveSet,
    /// The directives that some of these fall back to before, themselves included.
    nearer: DirectiveSet,
}

/// For each directive, what falls back to it.
static FALLBACKS: LazyLock<Vec<Fallback>> = LazyLock::new(|| {
    let mut fallbacks = vec![Fallback::default(); Directive::all().count()];
    for directive in Directive::all().filter(|directive| directive.status() != Status::Removed) {
        let mut nearer = DirectiveSet::default();
        for next in directive.fallback_list() {
            if let Some(fallback) = fallbacks.get_mut(next as usize) {
                fallback.fallen.insert(directive);
                fallback.nearer = fallback.nearer.union(nearer);
            }
            nearer.insert(next);
        }
    }
    fallbacks
});

impl<'a> Field<'a> {
    /// The policy, if it is one, and how it is delivered.
    const fn policy(&self) -> Option<(&'a str, Delivery)> {
        match *self {
            Self::Policy { text, delivery } => Some((text, delivery)),
            Self::Header { .. } | Self::Page { .. } => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the chains of the directives say.
    fn by_chains(known: Directive, present: DirectiveSet) -> DirectiveSet {
        let current = Directive::all().filter(|directive| directive.status() != Status::Removed);
        let decides = |directive: &Directive| {
            directive.fallback_list().find(|next| present.contains(*next)) == Some(known)
        };
        let decided: Vec<Directive> = current.filter(decides).collect();
        DirectiveSet::of(&decided)
    }

    #[test]
    fn the_nearest_directive_decides() {
        let lists: Vec<Directive> = Directive::all()
            .filter(|directive| {
                directive.takes_source_list() && directive.status() != Status::Removed
            })
            .collect();
        for a in &lists {
            for b in &lists {
                for c in &lists {
                    let present = DirectiveSet::of(&[*a, *b, *c, Directive::DefaultSrc]);
                    for known in present.iter() {
                        assert_eq!(
                            decided_by(known, present),
                            by_chains(known, present),
                            "{a:?} {b:?} {c:?} {known:?}"
                        );
                    }
                }
            }
        }
    }
}
