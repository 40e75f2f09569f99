//! Many grades, or the findings of many responses, in one look.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use cspc_core::diagnostic::Finding;
use cspc_core::grade::{Letter, Test};
use cspc_core::report::{self, Summary};
use cspc_core::wire::Graded;
use serde::Serialize;

use super::csv::field;
use crate::exit::visible;

/// A site, and its grade or why it has none.
pub(crate) type Site = (String, Result<Graded, String>);

/// The grades of an estate, counted: the format `cspc.grades/1`.
#[derive(Debug, Serialize)]
pub(crate) struct Grades {
    schema: &'static str,
    /// How many sites have a grade.
    sites: usize,
    /// The sites that have none, and why.
    failed: BTreeMap<String, String>,
    /// How many have each grade, the best first.
    grades: Vec<OfGrade>,
    /// The mean of the scores, rounded; none without sites.
    #[serde(skip_serializing_if = "Option::is_none")]
    mean_score: Option<i32>,
    /// What costs points, that of the most sites first.
    lost: Vec<Lost>,
}

#[derive(Debug, Serialize)]
struct OfGrade {
    grade: &'static str,
    sites: usize,
}

#[derive(Debug, Serialize)]
struct Lost {
    test: &'static str,
    sites: usize,
    points: i32,
}

impl Grades {
    pub(crate) fn of(all: &[Site]) -> Self {
        let graded: Vec<&Graded> = all.iter().filter_map(|(_, it)| it.as_ref().ok()).collect();
        let failed = all.iter().filter_map(|(url, it)| Some((url.clone(), it.clone().err()?)));
        let of_grade = |letter: Letter| {
            let sites = graded.iter().filter(|it| it.grade == letter.as_str()).count();
            (sites > 0).then_some(OfGrade { grade: letter.as_str(), sites })
        };
        let lost = |test: Test| {
            let tests = graded.iter().flat_map(|it| &it.tests);
            let costs = tests.filter(|it| it.name == test.name() && it.modifier < 0);
            let points: Vec<i32> = costs.map(|it| -it.modifier).collect();
            let (sites, points) = (points.len(), points.iter().sum());
            (sites > 0).then_some(Lost { test: test.name(), sites, points })
        };
        let mut lost: Vec<Lost> = Test::ALL.into_iter().filter_map(lost).collect();
        lost.sort_by_key(|lost| (std::cmp::Reverse(lost.sites), lost.test));
        let total: i32 = graded.iter().map(|it| it.score).sum();
        let count = i32::try_from(graded.len()).unwrap_or(i32::MAX);
        Self {
            schema: "cspc.grades/1",
            sites: graded.len(),
            failed: failed.collect(),
            grades: Letter::all().filter_map(of_grade).collect(),
            mean_score: (count > 0).then(|| (total + count / 2) / count.max(1)),
            lost,
        }
    }

    /// In a few lines.
    pub(crate) fn text(&self) -> String {
        let counts: Vec<String> =
            self.grades.iter().map(|it| format!("{} {}", it.sites, it.grade)).collect();
        let mean = self.mean_score.map(|mean| format!("; mean score {mean}")).unwrap_or_default();
        let mut text = match self.sites {
            0 => String::new(),
            count => format!("{}: {}{mean}\n", sites(count), counts.join(", ")),
        };
        for lost in &self.lost {
            let _ = writeln!(
                text,
                "  {:<29} costs {} {} points",
                lost.test,
                sites(lost.sites),
                lost.points
            );
        }
        if !self.failed.is_empty() {
            let _ = writeln!(text, "  {} without a grade", sites(self.failed.len()));
        }
        text
    }

    pub(crate) fn markdown(&self) -> String {
        let mean = self.mean_score.map(|mean| format!(", mean score {mean}")).unwrap_or_default();
        let mut text = format!("**{}{mean}**\n\n| grade | sites |\n|---|---|\n", sites(self.sites));
        for it in &self.grades {
            let _ = writeln!(text, "| {} | {} |", it.grade, it.sites);
        }
        text.push_str("\n| what costs points | sites | points |\n|---|---|---|\n");
        for lost in &self.lost {
            let _ = writeln!(text, "| {} | {} | {} |", lost.test, lost.sites, lost.points);
        }
        text
    }
}

fn sites(count: usize) -> String {
    format!("{count} site{}", if count == 1 { "" } else { "s" })
}

/// A row a site, with the points of each test.
pub(crate) fn csv(all: &[Site]) -> String {
    let tests: Vec<&str> = Test::ALL.iter().map(|test| test.name()).collect();
    let mut text = format!("url,grade,score,{},error\n", tests.join(","));
    for (url, graded) in all {
        let url = field(url);
        let _ = match graded {
            Ok(it) => {
                let points: Vec<String> =
                    it.tests.iter().map(|test| test.modifier.to_string()).collect();
                writeln!(text, "{url},{},{},{},", it.grade, it.score, points.join(","))
            }
            Err(error) => {
                writeln!(text, "{url},,{}{}", ",".repeat(tests.len() + 1), field(error))
            }
        };
    }
    text
}

/// A row a site, for a comment or a wiki.
pub(crate) fn markdown(all: &[Site]) -> String {
    let mut text = "| grade | score | site | what costs points |\n|---|---|---|---|\n".to_owned();
    for (url, graded) in all {
        let url = report::escaped(url);
        let _ = match graded {
            Ok(it) => {
                let lost = lost(it).join(", ");
                writeln!(text, "| {} | {} | {url} | {lost} |", it.grade, it.score)
            }
            Err(error) => writeln!(text, "| – | – | {url} | {} |", report::escaped(error)),
        };
    }
    text
}

/// The tests that cost points.
pub(crate) fn lost(graded: &Graded) -> Vec<&'static str> {
    graded.tests.iter().filter(|tested| tested.modifier < 0).map(|tested| tested.name).collect()
}

/// The findings of an estate, counted: the format `cspc.counts/1`.
#[derive(Debug, Serialize)]
pub(crate) struct Counts {
    schema: &'static str,
    /// By input.
    inputs: Vec<OfInput>,
    /// By rule, the gravest first, and of these the most frequent.
    rules: Vec<OfRule>,
    summary: Summary,
}

#[derive(Debug, Serialize)]
struct OfInput {
    input: String,
    #[serde(flatten)]
    counts: Summary,
}

#[derive(Debug, Serialize)]
struct OfRule {
    rule: String,
    severity: &'static str,
    findings: usize,
    inputs: usize,
}

impl Counts {
    /// The findings of inputs, each with its name.
    pub(crate) fn of(found: &[(String, Vec<&Finding>)]) -> Self {
        let mut rules: BTreeMap<&str, (&Finding, usize, usize)> = BTreeMap::new();
        for (_, findings) in found {
            let mut of_input: BTreeMap<&str, (&Finding, usize)> = BTreeMap::new();
            for &finding in findings {
                of_input.entry(finding.rule.as_ref()).or_insert((finding, 0)).1 += 1;
            }
            for (rule, (finding, count)) in of_input {
                let (_, findings, inputs) = rules.entry(rule).or_insert((finding, 0, 0));
                *findings += count;
                *inputs += 1;
            }
        }
        let mut rules: Vec<_> = rules.into_iter().collect();
        rules.sort_by_key(|(rule, (finding, findings, inputs))| {
            (std::cmp::Reverse((finding.severity, *inputs, *findings)), *rule)
        });
        let of_rule = |(rule, (finding, findings, inputs)): (&str, (&Finding, usize, usize))| {
            OfRule { rule: rule.to_owned(), severity: finding.severity.as_str(), findings, inputs }
        };
        let of_input = |(input, findings): &(String, Vec<&Finding>)| OfInput {
            input: input.clone(),
            counts: report::summary(findings.iter().copied()),
        };
        Self {
            schema: "cspc.counts/1",
            inputs: found.iter().map(of_input).collect(),
            rules: rules.into_iter().map(of_rule).collect(),
            summary: report::summary(found.iter().flat_map(|(_, findings)| findings).copied()),
        }
    }

    /// Two tables.
    pub(crate) fn text(&self) -> String {
        let mut text = "  high medium    low   info  input\n".to_owned();
        for OfInput { input, counts: Summary { high, medium, low, info } } in &self.inputs {
            let _ = writeln!(text, "{high:>6} {medium:>6} {low:>6} {info:>6}  {}", visible(input));
        }
        text.push_str("\nfindings inputs  rule\n");
        for OfRule { rule, severity, findings, inputs } in &self.rules {
            let _ = writeln!(text, "{findings:>8} {inputs:>6}  {severity:<6} {rule}");
        }
        text
    }

    pub(crate) fn markdown(&self) -> String {
        let mut text = "| input | high | medium | low | info |\n|---|---|---|---|---|\n".to_owned();
        for OfInput { input, counts: Summary { high, medium, low, info } } in &self.inputs {
            let input = report::escaped(input);
            let _ = writeln!(text, "| {input} | {high} | {medium} | {low} | {info} |");
        }
        text.push_str("\n| rule | severity | findings | inputs |\n|---|---|---|---|\n");
        for OfRule { rule, severity, findings, inputs } in &self.rules {
            let _ = writeln!(text, "| {rule} | {severity} | {findings} | {inputs} |");
        }
        text
    }
}
