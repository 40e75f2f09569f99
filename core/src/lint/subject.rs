//! What is judged: the policies of a response, with each of their expressions read once.

use std::ops::Range;
use std::sync::LazyLock;

use super::kind::Kinds;
use super::{Field, Response};
use crate::csp::{
    Delivery, Directive, DirectiveSet, Keyword, ParsedDirective, Policy, Source, Status, parse_list,
};

/// The policies of a response.
pub(super) struct Subject<'a> {
    pub(super) response: &'a Response<'a>,
    /// In the order of the fields.
    pub(super) members: Vec<Member<'a>>,
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
    /// The directives in whose place it decides, itself included.
    pub(super) decides: DirectiveSet,
    /// The kinds of its sources.
    pub(super) kinds: Kinds,
}

impl<'a> Subject<'a> {
    pub(super) fn new(response: &'a Response<'a>) -> Self {
        let mut members = Vec::new();
        for (index, field) in response.fields.iter().enumerate() {
            let Some((text, delivery)) = field.policy() else { continue };
            let policies = parse_list(text, delivery).into_iter();
            members.extend(policies.map(|policy| Member::new(index, delivery, policy)));
        }
        Self { response, members }
    }

    /// The policies that act together: the enforced ones, and each of those that only report as though it were enforced.
    pub(super) fn sets(&self) -> impl Iterator<Item = Set<'_, 'a>> {
        let reports = self.members.iter().enumerate().filter(|(_, member)| {
            member.delivery == Delivery::ReportOnly && !member.policy.is_empty()
        });
        let alone = reports.map(|(index, _)| Set::new(&self.members, Some(index)));
        std::iter::once(Set::new(&self.members, None)).chain(alone)
    }
}

/// Policies that act together.
#[derive(Clone, Copy)]
pub(super) struct Set<'m, 'a> {
    members: &'m [Member<'a>],
    /// The only one, if it is one that reports.
    only: Option<usize>,
    /// How many they are.
    count: usize,
}

impl<'m, 'a> Set<'m, 'a> {
    fn new(members: &'m [Member<'a>], only: Option<usize>) -> Self {
        let set = Self { members, only, count: 0 };
        Self { count: set.members().count(), ..set }
    }

    /// Whether there is but one policy.
    pub(super) const fn is_single(self) -> bool {
        self.count == 1
    }

    /// Its policies, with their places among all.
    pub(super) fn members(self) -> impl Iterator<Item = (usize, &'m Member<'a>)> + Clone {
        self.members.iter().enumerate().filter(move |(index, member)| match self.only {
            Some(only) => only == *index,
            None => member.delivery != Delivery::ReportOnly && !member.policy.is_empty(),
        })
    }

    /// The directives that a policy has, and those that fall back to one of them.
    pub(super) fn decided(self) -> DirectiveSet {
        self.members().fold(DirectiveSet::default(), |set, (_, member)| set.union(member.decided))
    }
}

impl<'a> Member<'a> {
    fn new(field: usize, delivery: Delivery, policy: Policy<'a>) -> Self {
        let mut present = DirectiveSet::default();
        for known in policy.counting().filter_map(|directive| directive.directive) {
            if delivery != Delivery::Meta || known.in_meta() {
                present.insert(known);
            }
        }
        let mut sources =
            Vec::with_capacity(policy.span.end.saturating_sub(policy.span.start) / 16);
        let mut lists = Vec::with_capacity(policy.directives.len());
        for (index, directive) in policy.directives.iter().enumerate() {
            let Some(known) = directive.directive else { continue };
            if directive.ignored.is_some() || !known.takes_source_list() {
                continue;
            }
            let start = sources.len();
            let mut kinds = Kinds::default();
            for source in directive.sources() {
                kinds = kinds.or(Kinds::of(source.expression));
                sources.push(source);
            }
            let decides = decided_by(known, present);
            lists.push(ListPlace {
                directive: index,
                sources: start..sources.len(),
                decides,
                kinds,
            });
        }
        let decided = present.iter().map(|known| decided_by(known, present));
        let decided = decided.fold(DirectiveSet::default(), DirectiveSet::union);
        Self { field, delivery, policy, present, decided, sources, lists }
    }

    /// Its source lists, in order.
    pub(super) fn lists(&self) -> impl Iterator<Item = List<'_, 'a>> {
        self.lists.iter().filter_map(|place| {
            let directive = self.policy.directives.get(place.directive)?;
            Some(List {
                index: place.directive,
                directive: directive.directive?,
                sources: self.sources.get(place.sources.clone()).unwrap_or_default(),
                decides: place.decides,
                kinds: place.kinds,
            })
        })
    }

    /// The list that decides in the place of `directive`.
    pub(super) fn list(&self, directive: Directive) -> Option<List<'_, 'a>> {
        self.lists().find(|list| list.decides.contains(directive))
    }

    /// The directive of this kind that counts.
    pub(super) fn get(&self, directive: Directive) -> Option<&ParsedDirective<'a>> {
        self.policy.get(directive).filter(|_| self.present.contains(directive))
    }
}

impl List<'_, '_> {
    /// Whether a keyword is in it.
    pub(super) const fn has(&self, keyword: Keyword) -> bool {
        self.kinds.meets(Kinds::keyword(keyword))
    }

    /// Whether a nonce or a hash is in it.
    pub(super) const fn has_nonce_or_hash(&self) -> bool {
        self.kinds.meets(Kinds::NONCE.or(Kinds::HASH))
    }

    /// Whether it decides about scripts, of any kind.
    pub(super) const fn is_about_scripts(&self) -> bool {
        !self.decides.intersection(SCRIPT).is_empty()
    }

    /// "Does a source list allow all inline behavior for type?" (CSP Level 3, section 6.7.3.2): a nonce, a hash or
    /// `'strict-dynamic'` takes the effect of `'unsafe-inline'` away.
    pub(super) const fn allows_all_inline(&self, is_script: bool) -> bool {
        self.has(Keyword::UnsafeInline)
            && !self.has_nonce_or_hash()
            && !(is_script && self.has(Keyword::StrictDynamic))
    }

    /// Whether hosts and schemes in it allow scripts: `'strict-dynamic'` takes their effect away.
    pub(super) const fn allows_by_url(&self) -> bool {
        !self.has(Keyword::StrictDynamic)
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
    if !present.contains(known) {
        return decided;
    }
    decided.insert(known);
    for (fallen, nearer) in FALLBACKS.get(known as usize).into_iter().flatten() {
        if nearer.intersection(present).is_empty() {
            decided.insert(*fallen);
        }
    }
    decided
}

/// For each directive, those that fall back to it, and which others are asked before.
static FALLBACKS: LazyLock<Vec<Vec<(Directive, DirectiveSet)>>> = LazyLock::new(|| {
    let fallen = |known: Directive| {
        let current = Directive::all().filter(|directive| directive.status() != Status::Removed);
        current
            .filter_map(|directive| {
                let chain = directive.falls_back_to();
                let position = chain.iter().position(|next| *next == known)?;
                let mut nearer = DirectiveSet::of(chain.get(..position).unwrap_or_default());
                nearer.insert(directive);
                Some((directive, nearer))
            })
            .collect()
    };
    Directive::all().map(fallen).collect()
});

impl<'a> Field<'a> {
    /// The policy, if it is one, and how it is delivered.
    const fn policy(&self) -> Option<(&'a str, Delivery)> {
        match *self {
            Self::Policy { text, delivery } => Some((text, delivery)),
            Self::Header { .. } => None,
        }
    }
}
