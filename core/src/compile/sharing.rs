//! Pages that share a policy: only as many as the limits demand, and what each may do by it beyond its need.

use std::collections::{BTreeMap, BTreeSet};

use super::pack::{self, Demand, Permission};
use super::policy::{Policy, Uses, length};
use super::site::{Group, Site};
use super::{counted, minimize, trusted_types};
use crate::csp::Directive;
use crate::diagnostic::{Confidence, Finding, Location, Severity};

/// So many kinds of what a page may do beyond its need are named.
const NAMED: usize = 3;

/// What it costs that pages share policies.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sharing {
    /// How many policies there would be if no page were allowed more than it needs.
    pub least: usize,
    /// How many there are.
    pub policies: usize,
    /// The pages that are allowed more than they need.
    pub pages: usize,
    /// Over all pages, the source expressions that a page has and does not need.
    pub beyond: usize,
}

/// Groups, few enough, and what that costs.
pub(super) struct Shared<'a> {
    pub(super) groups: Vec<Group<'a>>,
    /// The cost, if there had to be fewer.
    pub(super) sharing: Option<Sharing>,
    /// What pages may do by it.
    pub(super) findings: Vec<Finding>,
}

/// A source expression in its list.
type Named<'p> = (Directive, &'p str);

/// The permissions of all groups, numbered in the order in which a policy writes them.
struct Numbers<'p> {
    named: Vec<Named<'p>>,
    demands: Vec<Demand>,
    /// The bytes of what is no permission, of the policy with the most.
    others: usize,
    /// Which permission cannot be together with which: what the one takes away the other one's pages need.
    apart: Vec<(Permission, Permission)>,
}

/// An expression that takes something away, and whether a policy without it needs that.
type Restriction = (Named<'static>, fn(&Policy<'_>) -> bool);

/// `'strict-dynamic'` takes the force of addresses, and Trusted Types that of strings.
const RESTRICTIONS: [Restriction; 2] = [
    ((Directive::ScriptSrc, "'strict-dynamic'"), |policy| {
        policy.list(Directive::ScriptSrc).is_some()
    }),
    ((Directive::RequireTrustedTypesFor, "'script'"), |policy| {
        let lists = [Directive::ScriptSrc, Directive::ScriptSrcAttr];
        lists.into_iter().any(|directive| policy.list(directive).is_some())
    }),
];

impl<'p> Numbers<'p> {
    fn new(groups: &'p [Group<'_>]) -> Self {
        let of = |group: &'p Group<'_>| {
            group.policy.iter().map(|(directive, expression, _)| (directive, expression))
        };
        let named: BTreeSet<Named<'p>> = groups.iter().flat_map(of).collect();
        let number: BTreeMap<Named<'p>, Permission> = named.iter().copied().zip(0..).collect();
        // Those who need what a restriction takes away have that as a permission, which is written nowhere.
        let restrictions = RESTRICTIONS.iter().filter_map(|(named, needs)| {
            number.get(named).map(|restricting| (*restricting, *needs))
        });
        let first = number.len() as Permission;
        let restrictions: Vec<_> = (first..).zip(restrictions).collect();
        let demand = |group: &'p Group<'_>| {
            let own = of(group).filter_map(|named| number.get(&named).copied());
            let mut permissions: Vec<Permission> = own.collect();
            for (free, (restricting, needs)) in &restrictions {
                if !permissions.contains(restricting) && needs(&group.policy) {
                    permissions.push(*free);
                }
            }
            Demand { pages: group.pages.len() as u64, permissions }
        };
        let others = groups.iter().map(|group| group.policy.other_bytes()).max();
        Self {
            demands: groups.iter().map(demand).collect(),
            apart: restrictions
                .iter()
                .map(|(free, (restricting, _))| (*free, *restricting))
                .collect(),
            named: named.into_iter().collect(),
            others: others.unwrap_or_default(),
        }
    }

    /// Whether one policy can have these permissions.
    fn go_together(&self, permissions: &[Permission]) -> bool {
        let has = |number| permissions.binary_search(number).is_ok();
        !self.apart.iter().any(|(free, restricting)| has(free) && has(restricting))
    }

    /// The length of the policy with these permissions.
    fn bytes(&self, permissions: &[Permission]) -> usize {
        let named = permissions.iter().filter_map(|number| self.named.get(*number as usize));
        length(named.map(|(directive, expression)| (*directive, expression.len()))) + self.others
    }
}

/// Puts groups together until there are at most `most`, none with a policy above `bytes`.
///
/// # Errors
/// How few were reached, if that cannot be done.
pub(super) fn share<'a>(
    groups: Vec<Group<'a>>,
    most: usize,
    bytes: Option<usize>,
    site: &Site<'_>,
) -> Result<Shared<'a>, usize> {
    if groups.len() <= most {
        return Ok(Shared { groups, sharing: None, findings: Vec::new() });
    }
    let numbers = Numbers::new(&groups);
    let fits = |permissions: &[Permission]| {
        numbers.go_together(permissions)
            && bytes.is_none_or(|most| numbers.bytes(permissions) <= most)
    };
    let limits = pack::Limits { shares: most, fits: &fits };
    let packing = pack::pack(&numbers.demands, &limits)?;
    drop(numbers);
    let mut sharing =
        Sharing { least: groups.len(), policies: packing.len(), ..Sharing::default() };
    let mut findings = Vec::new();
    let mut slots: Vec<Option<Group<'a>>> = groups.into_iter().map(Some).collect();
    let mut shared = Vec::new();
    for members in packing {
        let members: Vec<Group<'a>> =
            members.iter().filter_map(|number| slots.get_mut(*number)?.take()).collect();
        let mut policy = Policy::default();
        for member in &members {
            policy.merge(member.policy.clone());
        }
        trusted_types::complete_names(&mut policy);
        minimize::minimize(&mut policy, site);
        findings.extend(sharing.add(&members, &policy));
        let report_only = members.iter().all(|member| member.report_only);
        let pages = members.into_iter().flat_map(|member| member.pages).collect();
        shared.push(Group { pages, policy, report_only });
    }
    Ok(Shared { groups: shared, sharing: Some(sharing), findings })
}

impl Sharing {
    /// Counts what the groups may do beyond their need by the policy that they share, and says it of the page with the most.
    fn add(&mut self, members: &[Group<'_>], policy: &Policy<'_>) -> Option<Finding> {
        let mut worst: Option<(&Group<'_>, usize)> = None;
        let all = policy.iter().count();
        for member in members {
            let own = member.policy.iter();
            let count =
                all - own.filter(|(directive, named, _)| policy.has(*directive, named)).count();
            if count == 0 {
                continue;
            }
            self.pages += member.pages.len();
            self.beyond += member.pages.len() * count;
            if worst.is_none_or(|(_, most)| most < count) {
                worst = Some((member, count));
            }
        }
        let (group, _) = worst?;
        let pages: usize = members.iter().map(|member| member.pages.len()).sum();
        Some(told(group, pages, policy))
    }
}

/// What `shared` allows and `own` does not: each expression's directive, and who needs it.
fn beyond<'p, 'a>(
    own: &'p Policy<'a>,
    shared: &'p Policy<'a>,
) -> impl Iterator<Item = (Directive, &'p Uses<'a>)> {
    let missing = shared.iter().filter(|(directive, named, _)| !own.has(*directive, named));
    missing.map(|(directive, _, uses)| (directive, uses))
}

fn told(group: &Group<'_>, pages: usize, shared: &Policy<'_>) -> Finding {
    let page = group.pages.first().map_or("", |page| &page.path);
    let mut kinds: BTreeMap<((&str, &str), String), usize> = BTreeMap::new();
    for (directive, uses) in beyond(&group.policy, shared) {
        let from = uses.assets().next().map_or_else(String::new, |asset| asset.page);
        *kinds.entry((allowed(directive), from)).or_default() += 1;
    }
    let mut kinds: Vec<_> = kinds.into_iter().collect();
    kinds.sort_by(|(a, most), (b, fewer)| fewer.cmp(most).then_with(|| a.cmp(b)));
    let phrase = |(((verb, noun), from), count): &(((&str, &str), String), usize)| {
        let from = if from.is_empty() { String::new() } else { format!(" of `{from}`") };
        format!("{verb} {}{from}", counted(*count, noun))
    };
    let mut phrases: Vec<String> = kinds.iter().take(NAMED).map(phrase).collect();
    if kinds.len() > NAMED {
        let rest: usize = kinds.iter().skip(NAMED).map(|(_, count)| count).sum();
        phrases.push(format!("has {}", counted(rest, "other permission")));
    }
    Finding {
        rule: "build/shared-policy".into(),
        severity: Severity::Info,
        confidence: Confidence::High,
        header: Some("Content-Security-Policy".into()),
        directive: None,
        value: None,
        message: format!(
            "`{page}`, which shares its policy with {}, also {}",
            counted(pages - 1, "page"),
            phrases.join(", ")
        ),
        help:
            "allow more policies with --max-policies, or move inline code of these pages into files"
                .into(),
        fix: None,
        location: Some(Location::at(page, 1, 1)),
    }
}

/// What an expression in a list lets a page do: a verb, and its object.
const fn allowed(directive: Directive) -> (&'static str, &'static str) {
    match directive {
        Directive::ScriptSrc => ("may run", "script"),
        Directive::TrustedTypes => ("may create", "Trusted Types policy"),
        Directive::ScriptSrcAttr => ("may run", "event handler"),
        Directive::StyleSrc => ("may apply", "style sheet"),
        Directive::StyleSrcAttr => ("may apply", "style attribute"),
        Directive::FormAction => ("may submit forms to", "target"),
        Directive::BaseUri => ("may have", "base URL"),
        Directive::FrameAncestors => ("may be framed like", "page"),
        _ => ("may load from", "origin"),
    }
}
