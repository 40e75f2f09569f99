//! `cspc inventory --approve` and `--check`: the scripts against those that were reviewed, in `cspc.lock`.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use clap::Args;
use cspc_core::inventory::{Approval, Change, Inventory, Review, Reviewed};
use cspc_core::services;
use time::OffsetDateTime;
use url::Url;

use crate::exit::{Exit, Failure, visible};
use crate::output;

/// How many pages a line names.
const MANY: usize = 3;

/// Arguments about the review of scripts.
#[derive(Debug, Args)]
#[group(id = "review")]
pub(super) struct Arguments {
    /// Write every script of the site to the lock file, as approved today unless it was before and has not changed
    #[arg(long, conflicts_with = "check")]
    approve: bool,
    /// Fail if a script is new, changed, on other pages than approved, or without owner or purpose, and say which
    #[arg(long)]
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
    crate::exit::say!("{} scripts in {}", review.scripts.len(), arguments.lock.display());
    if unsaid > 0 {
        crate::exit::say!(
            "{unsaid} of them have no owner or no purpose yet: write them there, or give --owner and --purpose"
        );
    }
    let unassured = review.scripts.iter().filter(|script| !script.is_assured()).count();
    if unassured > 0 {
        crate::exit::say!(
            "nothing assures that {unassured} of them stay what they are: give them an integrity attribute, or a copy on the site"
        );
    }
    Ok(Exit::Success)
}

const HEAD: &str = "# The scripts of the site that were reviewed. `cspc inventory --approve` adds to it, `--check` holds the site against it.\n\
                    # Owner and purpose are written by hand.\n";

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
    let breaks = changes.iter().any(Change::breaks_review);
    Ok(if breaks { Exit::Findings } else { Exit::Success })
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
    let mut text = String::new();
    let _ = match change {
        Change::New(script) => writeln!(
            text,
            "new          {}\n  + on {}, assured by {}",
            name(script),
            some(&script.pages),
            script.assured_by
        ),
        Change::Changed(old, new) => {
            writeln!(text, "changed      {}\n  - {}\n  + {}", name(new), content(old), content(new))
        }
        Change::Spread(script, pages) => {
            writeln!(text, "on new pages {}\n  + on {}", name(script), some(pages))
        }
        Change::Unjustified(script) => {
            let said = [
                ("owner", &script.owner),
                ("purpose", &script.purpose),
                ("approved", &script.approved),
            ];
            let missing = said.iter().filter(|(_, said)| said.trim().is_empty());
            let missing: Vec<&str> = missing.map(|(name, _)| *name).collect();
            writeln!(text, "unjustified  {}\n  - no {}", name(script), missing.join(", no "))
        }
        Change::Gone(script) => writeln!(text, "gone         {}", name(script)),
    };
    text
}

fn name(script: &Reviewed) -> String {
    let which = script.url.as_deref().or(script.hash.as_deref()).unwrap_or_default();
    format!("{} {}", script.kind.as_str(), visible(which))
}

fn content(script: &Reviewed) -> String {
    let hash = script.hash.as_deref().map(|hash| format!("content {hash}"));
    let integrity = script.integrity.as_deref().map(|value| format!("integrity=\"{value}\""));
    let parts: Vec<String> = hash.into_iter().chain(integrity).collect();
    if parts.is_empty() { "assured by nothing".to_owned() } else { visible(&parts.join(", ")) }
}

fn some(pages: &BTreeSet<String>) -> String {
    let shown: Vec<String> = pages.iter().take(MANY).map(|page| visible(page)).collect();
    let more = pages.len().saturating_sub(MANY);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    shown.join(", ") + &more
}
