//! Policies as they come to a browser.

use super::verdict::Disposition;
use crate::csp::{Delivery, Directive, ParsedDirective, Policy};

/// A policy and how it came, by which some of its directives do not count.
#[derive(Clone, Copy, Debug)]
pub struct EnforcedPolicy<'a> {
    /// The policy.
    pub policy: &'a Policy<'a>,
    /// How the browser got it.
    pub delivery: Delivery,
}

impl<'a> EnforcedPolicy<'a> {
    /// A policy and how it came.
    pub const fn new(policy: &'a Policy<'a>, delivery: Delivery) -> Self {
        Self { policy, delivery }
    }

    /// What a violation of it does.
    ///
    /// ```
    /// use cspc_core::csp::{Delivery, parse_list};
    /// use cspc_core::enforce::{Disposition, EnforcedPolicy};
    /// let parsed = parse_list("img-src 'self'", Delivery::ReportOnly);
    /// let policy = EnforcedPolicy::new(&parsed[0], Delivery::ReportOnly);
    /// assert_eq!(policy.disposition(), Disposition::Report);
    /// ```
    pub fn disposition(&self) -> Disposition {
        self.delivery.into()
    }

    /// The directive of this kind, if it counts the way the policy came (section 3.3).
    pub(crate) fn get(self, directive: Directive) -> Option<&'a ParsedDirective<'a>> {
        let counts = match self.delivery {
            Delivery::Header => true,
            Delivery::Meta => directive.in_meta(),
            Delivery::ReportOnly => directive.in_report_only(),
        };
        if counts { self.policy.get(directive) } else { None }
    }
}
