//! Grades for people.

use std::fmt::Write as _;

use clap::builder::styling::{AnsiColor, Style};
use cspc_core::wire::{Graded, Remark, Tested};

use super::estate::{self, Site};
use crate::exit::visible;

const BOLD: Style = Style::new().bold();
const DIM: Style = Style::new().dimmed();

const fn colour(colour: AnsiColor) -> Style {
    Style::new().fg_color(Some(clap::builder::styling::Color::Ansi(colour)))
}

/// The colour in which a grade is shown.
const fn grade_style(score: i32) -> Style {
    match score {
        90.. => colour(AnsiColor::Green).bold(),
        50..90 => colour(AnsiColor::Yellow).bold(),
        _ => colour(AnsiColor::Red).bold(),
    }
}

fn styled(style: Style, text: &str) -> String {
    format!("{style}{text}{style:#}")
}

/// One grade with all that there is to say of it.
pub(crate) fn report(graded: &Graded) -> String {
    let grade = styled(grade_style(graded.score), graded.grade);
    let mut text =
        format!("{}  {grade}  score {}\n\n", styled(BOLD, &visible(graded.name())), graded.score);
    let penalties: i32 = graded.tests.iter().map(|tested| tested.modifier.min(0)).sum();
    let bonuses_count = penalties >= -10;
    let mut tests: Vec<&Tested> = graded.tests.iter().collect();
    // What costs points first, then what gains some, the most of each first.
    tests.sort_by_key(|tested| (tested.modifier == 0, tested.modifier > 0, -tested.modifier.abs()));
    tests.iter().for_each(|tested| text.push_str(&row(tested, bonuses_count)));
    if !bonuses_count && tests.iter().any(|tested| tested.modifier > 0) {
        text.push_str(&styled(
            DIM,
            "   bonuses in brackets count only where no more than 10 points are lost\n",
        ));
    }
    push_readings(&mut text, "Where this score is blind", "blind", graded);
    push_readings(&mut text, "Where it is unfair", "unfair", graded);
    push_way(&mut text, graded);
    text.push('\n');
    text
}

fn row(tested: &Tested, bonuses_count: bool) -> String {
    let points = match tested.modifier {
        0 => "·".to_owned(),
        bonus if bonus > 0 && !bonuses_count => format!("({bonus:+})"),
        points => format!("{points:+}"),
    };
    let style = match tested.modifier {
        ..0 => colour(AnsiColor::Red),
        0 if tested.pass => DIM,
        0 => Style::new(),
        _ if bonuses_count => colour(AnsiColor::Green),
        _ => DIM,
    };
    let line = format!("{points:>6}  {:<30} {}", tested.title(), tested.why);
    styled(style, &line) + "\n"
}

fn push_readings(text: &mut String, title: &str, slant: &str, graded: &Graded) {
    let mut readings = graded.readings.iter().filter(|reading| reading.slant == slant).peekable();
    if readings.peek().is_some() {
        let _ = write!(text, "\n{}\n", styled(BOLD, title));
        readings.for_each(|Remark { message, .. }| {
            let _ = writeln!(text, "  - {}", visible(message));
        });
    }
}

fn push_way(text: &mut String, graded: &Graded) {
    if graded.to_top.is_empty() {
        return;
    }
    let gained: i32 = graded.to_top.iter().map(|to_do| to_do.gain).sum();
    let title = format!("The shortest way up, to a score of {}", graded.score + gained);
    let _ = write!(text, "\n{}\n", styled(BOLD, &title));
    for (number, to_do) in graded.to_top.iter().enumerate() {
        let gain = styled(colour(AnsiColor::Green), &format!("{:+}", to_do.gain));
        let _ = writeln!(text, "  {}. {}  {gain}", number + 1, visible(&to_do.change));
        for line in &to_do.lines {
            let _ = writeln!(text, "       {}", visible(line));
        }
    }
}

/// Many grades, the worst first; those that have none at the end.
pub(crate) fn table(all: &[Site]) -> String {
    let mut graded: Vec<&Graded> = all.iter().filter_map(|(_, it)| it.as_ref().ok()).collect();
    graded.sort_by_key(|graded| graded.score);
    let mut text = String::new();
    for graded in graded {
        let grade = styled(grade_style(graded.score), &format!("{:<2}", graded.grade));
        let lost = styled(DIM, &estate::lost(graded).join(", "));
        let _ = writeln!(text, "{grade}  {:>3}  {}  {lost}", graded.score, visible(graded.name()));
    }
    for (url, error) in all.iter().filter_map(|(url, it)| Some((url, it.as_ref().err()?))) {
        let _ = writeln!(text, "–     –  {}  {}", visible(url), styled(DIM, &visible(error)));
    }
    text
}
