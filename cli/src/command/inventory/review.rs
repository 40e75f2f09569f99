//! `cspc inventory --approve` and `--check`: the scripts against those that were reviewed, in `cspc.lock`.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use clap::Args;
use cspc_core::inventory::{Approval, Change, Inventory, Review, Reviewed};
use cspc_core::services;
use time::OffsetDateTime;
use url::Url;

use super::text::some;
use crate::command::build::plural;
use crate::exit::{Exit, Failure, visible};
use crate::output;

/// Arguments about the review of scripts.
#[derive(Debug, Args)]
#[group(id = "review")]
pub(super) struct Arguments {
    /// Write every script of the site to the lock file, as approved today unless it was before and has not changed
    #[arg(long, conflicts_with_all = ["check", "format", "by", "output"])]
    approve: bool,
    /// Fail if a script is new, changed, on other pages than approved, or without owner or purpose, and say which
    #[arg(long, conflicts_with_all = ["format", "by", "output"])]
    check: bool,
    /// The lock file
    #[arg(long, value_name = "FILE", default_value = "cspc.lock")]
    lock: PathBuf,
    /// Who answers for the scripts of which the lock file does not say it [default: for a known third party, its name]
    #[arg(long, requires = "approve")]
    owner: Option<String>,
    /// What they are for
    #[arg(long, requires = "approve")]
    purpose: Option<String>,
}

/// Reviews, if that is asked for.
pub(super) fn run(arguments: &Arguments, inventory: &Inventory) -> Result<Option<Exit>, Failure> {
    if arguments.approve {
        approve(arguments, inventory).map(Some)
    } else if arguments.check {
        check(&arguments.lock, inventory).map(Some)
    } else {
        Ok(None)
    }
}

fn approve(arguments: &Arguments, inventory: &Inventory) -> Result<Exit, Failure> {
    let old = read(&arguments.lock)?;
    let approval = Approval {
        owner: arguments.owner.clone().unwrap_or_default(),
        purpose: arguments.purpose.clone().unwrap_or_default(),
        date: OffsetDateTime::now_utc().date().to_string(),
    };
    let mut review = old.unwrap_or_else(nothing).approve(inventory, &approval);
    for script in review.scripts.iter_mut().filter(|script| script.owner.is_empty()) {
        script.owner = third_party(script).unwrap_or_default();
    }
    let text = toml::to_string(&review).map_err(|error| Failure::new(error.to_string()))?;
    output::write_file(&arguments.lock, &format!("{HEAD}{text}"))?;
    let unsaid = review.changes(inventory).len();
    let scripts = plural(review.scripts.len(), "script");
    crate::exit::say!("{scripts} in {}", arguments.lock.display());
    if unsaid > 0 {
        crate::exit::say!(
            "nobody says of {unsaid} of them yet who owns it or what it is for: write that there, or give --owner and --purpose"
        );
    }
    warn(&review);
    Ok(Exit::Success)
}

const HEAD: &str = "# The scripts of the site that were reviewed. `cspc inventory --approve` adds to it, `--check` holds the site against it.\n\
                    # Owner and purpose are written by hand, and so is what assures a script of which it says `nothing`.\n";

/// Says what the list cannot answer for.
fn warn(review: &Review) {
    let unassured = review.scripts.iter().filter(|script| !script.is_assured()).count();
    if unassured > 0 {
        crate::exit::say!(
            "nothing assures of {unassured} of them that it stays what it is: give it an integrity attribute or a copy on the site, or write into the lock file what else does"
        );
    }
    let unknown = review.scripts.iter().filter(|script| script.code.is_some()).count();
    if unknown > 0 {
        let load = if unknown == 1 { "loads or makes" } else { "load or make" };
        crate::exit::say!(
            "reading does not tell which script {} {load}: such a place is listed by its code",
            plural(unknown, "place")
        );
    }
}

/// The service that a script belongs to, if it is one that is known.
fn third_party(script: &Reviewed) -> Option<String> {
    let url = Url::parse(script.url.as_deref()?).ok()?;
    services::behind(&url).into_iter().next().map(|service| service.name.clone())
}

fn check(lock: &Path, inventory: &Inventory) -> Result<Exit, Failure> {
    let review = read(lock)?.ok_or_else(|| {
        let lock = lock.display();
        Failure::new(format!("there is no `{lock}`: write it with `cspc inventory --approve`"))
    })?;
    let changes = review.changes(inventory);
    let text: String = changes.iter().map(describe).collect();
    anstream::stdout().write_all(text.as_bytes())?;
    let broken = changes.iter().filter(|change| change.breaks_review()).count();
    if broken == 0 {
        crate::exit::say!("{}, all as approved", plural(review.scripts.len(), "script"));
        return Ok(Exit::Success);
    }
    crate::exit::say!("{}", summary(&changes));
    let lock = lock.display();
    crate::exit::say!(
        "look at each; when all are right, `cspc inventory --approve` takes them into `{lock}`, where owner and purpose are written"
    );
    Ok(Exit::Findings)
}

/// How many changes there are of each kind, in one line.
fn summary(changes: &[Change]) -> String {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for change in changes {
        *counts.entry(label(change)).or_default() += 1;
    }
    let counts: Vec<String> =
        counts.iter().map(|(label, count)| format!("{count} {label}")).collect();
    counts.join(", ")
}

const fn label(change: &Change) -> &'static str {
    match change {
        Change::New(_) => "new",
        Change::Changed(..) => "changed",
        Change::Spread(..) => "on new pages",
        Change::Unjustified(_) => "unjustified",
        Change::Gone(_) => "gone",
    }
}

fn nothing() -> Review {
    Review::of(&Inventory::new(None, Vec::new(), Vec::new()))
}

fn read(lock: &Path) -> Result<Option<Review>, Failure> {
    let shown = lock.display();
    let text = match fs::read_to_string(lock) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(Failure::new(format!("cannot read `{shown}`: {error}"))),
    };
    let review: Review =
        toml::from_str(&text).map_err(|error| Failure::new(format!("{shown}: {error}")))?;
    if !review.is_known() {
        let schema = &review.schema;
        return Err(Failure::new(format!(
            "`{shown}` has the format `{schema}`: expected cspc.lock/1"
        )));
    }
    Ok(Some(review))
}

/// A change in a few lines, what was with a minus and what is with a plus.
fn describe(change: &Change) -> String {
    let (script, details) = match change {
        Change::New(script) => {
            let pages = some(&script.pages);
            (script, format!("  + on {pages}, assured by {}\n", script.assured_by))
        }
        Change::Changed(old, new) => (new, format!("  - {}\n  + {}\n", content(old), content(new))),
        Change::Spread(script, pages) => (script, format!("  + on {}\n", some(pages))),
        Change::Unjustified(script) => (script, format!("  - no {}\n", unsaid(script))),
        Change::Gone(script) => (script, String::new()),
    };
    format!("{:<12} {}\n{details}", label(change), name(script))
}

/// What the lock file does not say of a script.
fn unsaid(script: &Reviewed) -> String {
    let said =
        [("owner", &script.owner), ("purpose", &script.purpose), ("approved", &script.approved)];
    let missing = said.iter().filter(|(_, said)| said.trim().is_empty());
    let missing: Vec<&str> = missing.map(|(name, _)| *name).collect();
    missing.join(", no ")
}

/// The kind, and the address, or else the place and the hash or the code.
fn name(script: &Reviewed) -> String {
    let without_url = [&script.place, &script.hash, &script.code];
    let which = match &script.url {
        Some(url) => url.clone(),
        None => without_url.into_iter().flatten().cloned().collect::<Vec<_>>().join(" "),
    };
    format!("{} {}", script.kind.as_str(), visible(&which))
}

fn content(script: &Reviewed) -> String {
    let hash = script.hash.as_deref().map(|hash| format!("content {hash}"));
    let integrity = script.integrity.as_deref().map(|value| format!("integrity=\"{value}\""));
    let parts: Vec<String> = hash.into_iter().chain(integrity).collect();
    if parts.is_empty() { "assured by nothing".to_owned() } else { visible(&parts.join(", ")) }
}
