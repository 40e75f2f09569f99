//! The rules of a plan, found by path without looking at all of them.

use std::collections::HashMap;

use super::{Answered, Header, Plan, Rule, apply};

/// A plan, ready to be asked for the headers of many responses.
#[derive(Debug)]
pub struct PlanIndex<'p> {
    rules: &'p [Rule],
    /// The rules for exact paths, by path, in order.
    exact: HashMap<&'p str, Vec<usize>>,
    /// All other rules, in order.
    others: Vec<usize>,
}

impl<'p> PlanIndex<'p> {
    /// Looks at each rule once.
    pub fn new(plan: &'p Plan) -> Self {
        let mut index = Self { rules: &plan.rules, exact: HashMap::new(), others: Vec::new() };
        for (number, rule) in plan.rules.iter().enumerate() {
            match rule.matches.exact.as_slice() {
                [] => index.others.push(number),
                paths => {
                    for path in paths {
                        index.exact.entry(path).or_default().push(number);
                    }
                }
            }
        }
        index
    }

    /// The same as [`Plan::headers_of`].
    ///
    /// ```
    /// use cspc_core::plan::{Answered, Plan, PlanIndex};
    /// let plan: Plan = serde_json::from_str(
    ///     r#"{"rules":[{"headers":[{"name":"A","value":"1"}]},
    ///         {"match":{"exact":"/b"},"headers":[{"name":"A","op":"remove"}]}]}"#,
    /// )
    /// .unwrap();
    /// let index = PlanIndex::new(&plan);
    /// assert_eq!(index.headers_of(Answered::page("/")), plan.headers_of(Answered::page("/")));
    /// assert!(index.headers_of(Answered::page("/b")).is_empty());
    /// ```
    pub fn headers_of(&self, response: Answered<'_>) -> Vec<&'p Header> {
        let exact = self.exact.get(response.path).map_or(&[][..], Vec::as_slice);
        let mut numbers: Vec<usize> = self.others.iter().chain(exact).copied().collect();
        numbers.sort_unstable();
        numbers.dedup();
        apply(numbers.iter().filter_map(|number| self.rules.get(*number)), response)
    }
}
