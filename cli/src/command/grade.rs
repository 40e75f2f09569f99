//! `cspc grade`: the MDN HTTP Observatory's grade, and the shortest way to the best one.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use cspc_core::deployment::{Document, Form, parse_plan};
use cspc_core::emit::{self, Target};
use cspc_core::grade::{Change, Letter, PreloadList};
use cspc_core::wire::{Captured, Graded};
use serde::Serialize;
use url::Url;

use super::batch::{answer_lines, each_line};
use crate::exit::{Exit, Failure, is_verbose, visible};
use crate::render;
use crate::render::estate::{Grades, Site};
use crate::source::{estate, live, policies};

/// Arguments of `cspc grade`.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    inputs: policies::Arguments,
    #[command(flatten)]
    estate: estate::Arguments,
    /// What to print [default: text, and json with --batch]
    #[arg(long, value_enum)]
    format: Option<Format>,
    /// Print how many sites there are of each grade and what costs them points, in place of the sites
    #[arg(long)]
    summary: bool,
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
    /// Read one captured response a line from standard input, as JSON
    #[arg(long, conflicts_with_all = ["policy", "header", "inputs", "hosts"])]
    batch: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Format {
    /// For people
    Text,
    /// The format cspc.grade/1; one line a response where there are several
    Json,
    /// A table with the points of each test, for spreadsheets
    Csv,
    /// A table, for a comment
    Markdown,
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
        let mut sites = Vec::new();
        for document in self.arguments.inputs.read_responses()? {
            for mut captured in captured(&document)? {
                if self.arguments.inputs.file(&document).is_some() {
                    captured.read_from(&document.name);
                }
                sites.push(self.site(&captured));
            }
        }
        let urls = [self.arguments.inputs.urls()?, self.arguments.estate.urls()?].concat();
        if sites.is_empty() && urls.is_empty() {
            return Err(Failure::new(policies::NO_INPUT));
        }
        sites.extend(self.live(&urls)?);
        self.print(&sites)
    }

    /// What live sites send, graded.
    fn live(&self, urls: &[Url]) -> Result<Vec<Site>, Failure> {
        let Arguments { estate, inputs, .. } = self.arguments;
        let answers = estate.ask(urls, |url| live::capture(url, &inputs.fetch))?;
        let site = |(url, answer): (&Url, Result<live::Seen, Failure>)| match answer {
            Ok(live::Seen { captured, notes }) => {
                notes.iter().for_each(|note| {
                    crate::exit::say!("{}", visible(note));
                });
                self.site(&captured)
            }
            Err(failure) => (url.to_string(), Err(failure.to_string())),
        };
        Ok(urls.iter().zip(answers).map(site).collect())
    }

    fn site(&self, captured: &Captured) -> Site {
        (captured.name().to_owned(), self.graded(captured))
    }

    fn print(&self, sites: &[Site]) -> Result<Exit, Failure> {
        // What is asked of one site alone, fails as a whole.
        if let [(_, Err(error))] = sites {
            return Err(Failure::new(error));
        }
        let Arguments { format, summary, .. } = self.arguments;
        let grades = Grades::of(sites);
        let text = match (format.unwrap_or(Format::Text), summary) {
            (format, false) => self.text(sites, format)?,
            (Format::Text, true) => grades.text(),
            (Format::Json, true) => serde_json::to_string(&grades).map_err(io::Error::from)? + "\n",
            (Format::Markdown, true) => grades.markdown(),
            (Format::Csv, true) => {
                return Err(Failure::new("--summary has the formats text, json and markdown"));
            }
        };
        anstream::stdout().write_all(text.as_bytes())?;
        if sites.len() > 1 && !summary {
            crate::exit::say!("{}", grades.text().trim_end());
        }
        self.end(sites)
    }

    fn text(&self, sites: &[Site], format: Format) -> Result<String, Failure> {
        let several = sites.len() > 1;
        Ok(match format {
            Format::Json => {
                let line = |site: &Site| serde_json::to_string(&Line::of(site));
                let lines = sites.iter().map(line).collect::<Result<Vec<_>, _>>();
                lines.map_err(io::Error::from)?.join("\n") + "\n"
            }
            Format::Csv => render::estate::csv(sites),
            Format::Markdown => render::estate::markdown(sites),
            Format::Text if several && !is_verbose() => render::grade::table(sites),
            Format::Text => {
                let graded = sites.iter().filter_map(|(_, graded)| graded.as_ref().ok());
                graded.map(render::grade::report).collect()
            }
        })
    }

    fn batch(&self) -> Result<Exit, Failure> {
        let Arguments { format, summary, .. } = self.arguments;
        if matches!(format, None | Some(Format::Json)) && !summary {
            return self.stream();
        }
        let (mut sites, mut number) = (Vec::new(), 0_usize);
        each_line(false, |line| {
            number += 1;
            let captured = line.and_then(parse);
            sites.push(match captured {
                Ok(captured) => self.site(&captured),
                Err(error) => (format!("line {number}"), Err(error)),
            });
            Ok(())
        })?;
        self.print(&sites)
    }

    /// Grades line by line, as they come.
    fn stream(&self) -> Result<Exit, Failure> {
        let mut exit = Exit::Success;
        answer_lines("response", |line| {
            let graded = self.graded(&parse(line)?)?;
            exit = exit.max(self.exit(&graded));
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

    /// How a run over many sites ends: those without a grade are told, and fail it.
    fn end(&self, sites: &[Site]) -> Result<Exit, Failure> {
        let failed = sites.iter().filter_map(|(url, graded)| Some((url, graded.as_ref().err()?)));
        let told = |(url, error): (&String, &String)| match error.contains(url.as_str()) {
            true => error.clone(),
            false => format!("{url}: {error}"),
        };
        let failed: Vec<String> = failed.map(told).collect();
        if !failed.is_empty() {
            return Err(Failure::new(failed.join("\n")));
        }
        let graded = sites.iter().filter_map(|(_, graded)| graded.as_ref().ok());
        Ok(graded.map(|graded| self.exit(graded)).max().unwrap_or(Exit::Success))
    }

    fn exit(&self, graded: &Graded) -> Exit {
        let Arguments { min_grade, min_score, .. } = self.arguments;
        let fails = min_grade.is_some_and(|least| Letter::of(graded.score) > least)
            || min_score.is_some_and(|least| graded.score < least);
        if fails { Exit::Findings } else { Exit::Success }
    }
}

/// A line of JSON: a grade, or why there is none.
#[derive(Serialize)]
#[serde(untagged)]
enum Line<'a> {
    Graded(&'a Graded),
    Failed { url: &'a str, error: &'a str },
}

impl<'a> Line<'a> {
    const fn of((url, graded): &'a Site) -> Self {
        match graded {
            Ok(graded) => Self::Graded(graded),
            Err(error) => Self::Failed { url: url.as_str(), error: error.as_str() },
        }
    }
}

fn parse(line: &str) -> Result<Captured, String> {
    serde_json::from_str(line).map_err(|error| error.to_string())
}

/// The responses of a document as they are graded.
fn captured(document: &Document) -> Result<Vec<Captured>, Failure> {
    if document.form == Form::Plan {
        return Ok(Captured::of_plan(&parse_plan(&document.name, &document.text)?));
    }
    if let Some(configuration) = &document.configuration {
        return Ok(Captured::of_configuration(configuration));
    }
    Ok(Captured::of_answers(&document.answers))
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
