//! The MDN HTTP Observatory's score and grade, worked out from a response alone.
//!
//! [`grade`] runs its twelve tests with its names, results and points (version 1.6.3, algorithm 6). What the score does
//! not see, and where it is unfair, is said by [`readings`]; [`to_top`] finds the shortest list of changes to the best
//! grade.

mod change;
mod chart;
mod merge;
mod preload;
mod reading;
mod site;
mod tests;
mod tighten;

pub use change::{Change, Step, to_top};
pub use chart::{Letter, Outcome, Test, score};
pub use preload::PreloadList;
pub use reading::{Reading, Slant, readings};
pub use site::{OBSERVATORY_ORIGIN, Page, Script, Site};
pub use tests::PolicyFacts;

/// What the Observatory says of a site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grade {
    /// What each test found, in the order of [`Test::ALL`].
    pub outcomes: [Outcome; 12],
    /// What it says of the policy, if there is one that it can read.
    pub policy: Option<PolicyFacts>,
}

impl Grade {
    /// The score, from 0 up; more than 100 with bonuses.
    pub fn score(&self) -> i32 {
        score(&self.outcomes)
    }

    /// The grade for the score.
    pub fn letter(&self) -> Letter {
        Letter::of(self.score())
    }

    /// What this test found.
    pub fn outcome(&self, test: Test) -> Option<Outcome> {
        self.outcomes.iter().copied().find(|outcome| outcome.test() == test)
    }
}

/// Grades a site.
///
/// ```
/// use cspc_core::grade::{Outcome, PreloadList, Site, Test, grade};
/// let preloaded = PreloadList::default();
/// let bare = Site::new("https://shop.example/".parse().unwrap(), Vec::new(), "<p>", &preloaded);
/// let grade = grade(&bare);
/// assert_eq!((grade.score(), grade.letter().as_str()), (30, "D"));
/// assert_eq!(grade.outcome(Test::StrictTransportSecurity), Some(Outcome::HstsAbsent));
/// ```
pub fn grade(site: &Site<'_>) -> Grade {
    let (outcomes, policy) = tests::run(site);
    Grade { outcomes, policy }
}
