//! `cspc grade`: the MDN HTTP Observatory's grade, and the shortest way to the best one.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use cspc_core::deployment::{Document, Form, parse_plan};
use cspc_core::emit::{self, Target};
use cspc_core::grade::{Change, Letter, PreloadList};
use cspc_core::wire::{Captured, Graded};

use super::batch::answer_lines;
use crate::exit::{Exit, Failure};
use crate::render;
use crate::source::{live, policies};

/// Arguments of `cspc grade`.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    inputs: policies::Arguments,
    /// What to print
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// End with exit code 1 if the grade is worse than this one
    #[arg(long, value_name = "GRADE", value_parser = letter)]
    min_grade: Option<Letter>,
    /// End with exit code 1 if the score is less than this one
    #[arg(long, value_name = "SCORE")]
    min_score: Option<i32>,
    /// Show for this server or host how to make each change, such as `nginx`
    #[arg(long, value_name = "SERVER")]
    server: Option<Target>,
    /// Hosts that browsers ask over HTTPS only: Chromium's transport_security_state_static.json, or one host a line
    #[arg(long, value_name = "FILE")]
    hsts_preload: Option<PathBuf>,
    /// Read one captured response a line from standard input, as JSON, and print one grade a line
    #[arg(long, conflicts_with_all = ["policy", "header", "inputs", "format"])]
    batch: bool,
    /// Print each response of many in full
    #[arg(short, long)]
    verbose: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Format {
    /// For people
    Text,
    /// The format cspc.grade/1; one line a response where there are several
    Json,
}

fn letter(name: &str) -> Result<Letter, String> {
    let names = || Letter::all().map(Letter::as_str).collect::<Vec<_>>().join(", ");
    Letter::named(name).ok_or_else(|| format!("expected one of {}", names()))
}

/// Grades the inputs.
pub(crate) fn run(arguments: &Arguments) -> Result<Exit, Failure> {
    let preloaded =
        arguments.hsts_preload.as_deref().map_or(Ok(PreloadList::default()), preload)?;
    let run = Run { arguments, preloaded };
    if arguments.batch { run.batch() } else { run.inputs() }
}

fn preload(path: &Path) -> Result<PreloadList, Failure> {
    let name = path.display();
    let text = fs::read_to_string(path)
        .map_err(|error| Failure::new(format!("cannot read `{name}`: {error}")))?;
    PreloadList::parse(&text).map_err(|error| Failure::new(format!("{name}: {error}")))
}

/// A run, with the list of preloaded hosts.
struct Run<'a> {
    arguments: &'a Arguments,
    preloaded: PreloadList,
}

impl Run<'_> {
    fn inputs(&self) -> Result<Exit, Failure> {
        let mut all = Vec::new();
        let (documents, urls) = self.arguments.inputs.read_responses()?;
        for document in documents {
            for captured in captured(&document)? {
                all.push(self.graded(&captured).map_err(Failure::new)?);
            }
        }
        for url in urls {
            let captured = live::capture(&url, &self.arguments.inputs.fetch)?;
            all.push(self.graded(&captured).map_err(Failure::new)?);
        }
        let mut output = anstream::stdout();
        match (self.arguments.format, all.as_slice()) {
            (Format::Json, _) => {
                for graded in &all {
                    let json = serde_json::to_string(graded).map_err(io::Error::from)?;
                    writeln!(output, "{json}")?;
                }
            }
            (Format::Text, several) if several.len() > 1 && !self.arguments.verbose => {
                output.write_all(render::grade::table(several).as_bytes())?;
            }
            (Format::Text, _) => {
                for graded in &all {
                    output.write_all(render::grade::report(graded).as_bytes())?;
                }
            }
        }
        Ok(self.exit(&all))
    }

    fn batch(&self) -> Result<Exit, Failure> {
        let mut exit = Exit::Success;
        answer_lines("response", |line| {
            let captured: Captured =
                serde_json::from_str(line).map_err(|error| error.to_string())?;
            let graded = self.graded(&captured)?;
            exit = exit.max(self.exit(std::slice::from_ref(&graded)));
            Ok(graded)
        })?;
        Ok(exit)
    }

    fn graded(&self, captured: &Captured) -> Result<Graded, String> {
        let mut graded = captured.graded(&self.preloaded).map_err(|error| error.to_string())?;
        if let Some(server) = self.arguments.server {
            graded.to_top.iter_mut().for_each(|to_do| to_do.lines = lines(to_do.what(), server));
        }
        Ok(graded)
    }

    fn exit(&self, all: &[Graded]) -> Exit {
        let Arguments { min_grade, min_score, .. } = self.arguments;
        let fails = |graded: &Graded| {
            min_grade.is_some_and(|least| Letter::of(graded.score) > least)
                || min_score.is_some_and(|least| graded.score < least)
        };
        if all.iter().any(fails) { Exit::Findings } else { Exit::Success }
    }
}

/// The responses of a document as they are graded.
fn captured(document: &Document) -> Result<Vec<Captured>, Failure> {
    if document.form == Form::Plan {
        return Ok(Captured::of_plan(&parse_plan(&document.name, &document.text)?));
    }
    Ok(document.answers.iter().map(Captured::from).collect())
}

/// The lines of a server's configuration that make a change; none if none can.
fn lines(change: &Change, server: Target) -> Vec<String> {
    let Some(emitted) = change.plan().and_then(|plan| emit::emit(&plan, server).ok()) else {
        return Vec::new();
    };
    // The last file of nginx repeats the lines of the one before for locations of their own.
    let mut files = emitted.files.iter();
    let file = files.find(|file| file.name != "http.conf" && file.name != "main.conf");
    let content = file.map_or("", |file| file.content.as_str());
    let lines = content.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    // Where a header is set, that is the line to show; what an application sent under its name is hidden besides.
    let (hiding, setting): (Vec<&str>, Vec<&str>) = lines.partition(|line| {
        line.contains("_hide_header ") || line.starts_with("Header onsuccess unset")
    });
    let shown = if setting.is_empty() { hiding } else { setting };
    shown.into_iter().map(str::to_owned).collect()
}
