//! `cspc build`: a site in, configuration out.

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use clap::{Args, ValueEnum};
use cspc_core::compile::{self, Compiled, Options, Proof, Sharing};
use cspc_core::diagnostic::{Finding, Location, Severity};
use cspc_core::emit::{Target, TargetError, capability::Feature};
use cspc_core::plan::Plan;
use cspc_core::site::{self as declared, SiteFile, UsedService};
use cspc_core::text::Span;

use crate::exit::{Exit, Failure, is_verbose, visible};
use crate::output;
use crate::source::site::{self, Site};
use crate::source::site_file::Config;

/// Arguments of `cspc build`.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    site: site::Arguments,
    /// The server to write for, with its version after an `@` where that matters; may be repeated
    /// [default: the site file's `targets`]
    #[arg(long, value_name = "TARGET")]
    emit: Vec<Target>,
    /// The folder to write to; with several targets, each gets a folder in it [default: standard output]
    #[arg(short, long, value_name = "DIR")]
    output: Option<PathBuf>,
    /// A third-party service that the pages use, such as `stripe`, or `chargebee:site=NAME` with parameters; may be repeated
    #[arg(long = "use", value_name = "SERVICE")]
    services: Vec<String>,
    /// How inline code and files of code are allowed [default: the site file's `strategy`, or auto]
    #[arg(long, value_enum)]
    strategy: Option<Strategy>,
    /// Report what the policies would block, and block nothing
    #[arg(long)]
    report_only: bool,
    /// Spell policies shorter where they would be longer than this, and fail if that is not enough [default: what the targets
    /// take]
    #[arg(long, value_name = "N")]
    max_header_bytes: Option<usize>,
    /// Let pages share policies so that there are at most this many, that of everything else included, with the least
    /// that each page may do beyond its need
    #[arg(long, value_name = "N")]
    max_policies: Option<NonZeroUsize>,
    /// Write a copy of the site in which scripts and style sheets have `integrity` to DIR, and build for that
    /// [default DIR: beside SITE, with `-integrity` after its name]
    #[arg(long, value_name = "DIR", num_args = 0..=1, require_equals = true)]
    write_integrity: Option<Option<PathBuf>>,
}

/// How inline code and files of code are allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Strategy {
    /// The strictest one that is enough for each page
    Auto,
    /// Inline code by its hash, files of other sites by their addresses
    Hash,
    /// Scripts and styles by a nonce that the server makes for each response, where the page has a place for one
    Nonce,
    /// Inline code by its hash, files of other sites by their origins
    Allowlist,
}

impl From<Strategy> for declared::Strategy {
    fn from(strategy: Strategy) -> Self {
        match strategy {
            Strategy::Auto => Self::Auto,
            Strategy::Hash => Self::Hash,
            Strategy::Nonce => Self::Nonce,
            Strategy::Allowlist => Self::Allowlist,
        }
    }
}

impl Arguments {
    /// The targets, by argument or else by the site file.
    fn targets(&self, file: &SiteFile) -> Result<Vec<Target>, Failure> {
        if !self.emit.is_empty() {
            return Ok(self.emit.clone());
        }
        if file.targets.is_empty() {
            return Err(Failure::new(
                "no target to write for: name one with --emit, such as `--emit nginx`, or under `targets` in cspc.toml"
                    .to_owned(),
            ));
        }
        let read = |(name, at): &(String, Location)| {
            name.parse()
                .map_err(|error: TargetError| Failure::new(format!("{}: {error}", place(at))))
        };
        file.targets.iter().map(read).collect()
    }

    /// Whether each of the targets makes nonces.
    ///
    /// # Errors
    /// If one does not and the strategy needs them, with the place where that is said.
    fn nonces(&self, targets: &[Target], file: &SiteFile) -> Result<bool, Failure> {
        let without = targets.iter().find(|target| !has(target, Feature::Nonces));
        let Some(target) = without else { return Ok(true) };
        let everywhere = match (self.strategy, &file.strategy) {
            (Some(Strategy::Nonce), _) => Some("--strategy nonce".to_owned()),
            (None, Some((declared::Strategy::Nonce, at))) => Some(place(at)),
            _ => None,
        };
        let mut routes = file.routes.iter();
        let route = routes.find(|route| route.strategy == Some(declared::Strategy::Nonce));
        let Some(at) = everywhere.or_else(|| route.map(|route| place(&route.location))) else {
            return Ok(false);
        };
        let why = target.server.capability().no_nonce;
        Err(Failure::new(format!("{at}: {target} cannot make nonces: {why}")))
    }

    /// The longest policy that is wanted and that each of the targets takes.
    fn longest(&self, targets: &[Target], by_file: Option<usize>) -> Option<usize> {
        let longest = |target: &Target| target.server.longest_value(POLICY);
        let wanted = self.max_header_bytes.or(by_file);
        targets.iter().filter_map(longest).chain(wanted).min()
    }

    /// The services that arguments name, where they are named.
    fn services(&self) -> impl Iterator<Item = UsedService> {
        self.services.iter().map(|service| UsedService {
            service: service.clone(),
            location: Location {
                path: format!("--use {service}"),
                line: 1,
                column: 1,
                span: Span::default(),
            },
        })
    }
}

fn place(at: &Location) -> String {
    format!("{}:{}:{}", at.path, at.line, at.column)
}

fn has(target: &Target, feature: Feature) -> bool {
    target.server.capability().has(feature)
}

/// The longer name of the header for a policy, so that a site that starts with it fits without it.
const POLICY: &str = "Content-Security-Policy-Report-Only";

/// Compiles the site and writes the configuration.
pub(crate) fn run(arguments: &Arguments, config: &Config) -> Result<Exit, Failure> {
    let start = Instant::now();
    let file = config.read()?;
    let targets = arguments.targets(&file)?;
    let site = match &arguments.write_integrity {
        Some(copy) => arguments.site.read_with_integrity(file, copy.as_deref())?,
        None => arguments.site.read_site(file)?,
    };
    site.warn();
    let Site { inventory, mut file, .. } = site;
    file.services.extend(arguments.services());
    let limits = file.limits;
    let options = Options {
        report_only: arguments.report_only,
        strategy: arguments.strategy.map(Into::into),
        nonces: arguments.nonces(&targets, &file)?,
        without_statuses: targets.iter().any(|target| !has(target, Feature::Statuses)),
        max_header_bytes: arguments.longest(&targets, limits.max_header_bytes),
        max_policies: arguments.max_policies.or(limits.max_policies).map(NonZeroUsize::get),
        site: file,
    };
    let Compiled { mut plan, proof, sharing } =
        compile::compile(&inventory, &options).map_err(|error| Failure::new(error.to_string()))?;
    let left_out = output::write(&plan, &targets, arguments.output.as_deref())?;
    plan.findings.extend(left_out);
    crate::exit::say!("{}", statement(&proof));
    summarize(&plan, start.elapsed());
    if let Some(sharing) = sharing {
        crate::exit::say!("{}", cost(&sharing));
    }
    advise(&plan.findings, is_verbose());
    Ok(Exit::Success)
}

/// What it costs that pages share policies, in one line.
fn cost(sharing: &Sharing) -> String {
    let Sharing { least, policies, pages, beyond } = *sharing;
    format!(
        "{} instead of {}: {} allowed more than {}, {} in all, {} a page",
        counted(policies, "policy", "policies"),
        grouped(least),
        plural(pages, "page"),
        if pages == 1 { "it needs" } else { "they need" },
        plural(beyond, "source expression"),
        beyond.div_ceil(pages.max(1)),
    )
}

/// What was proven, in one line.
fn statement(proof: &Proof) -> String {
    let spare = match proof.spare {
        0 => String::new(),
        spare => format!(", {spare} more by declaration or default"),
    };
    let blocked = match proof.blocked_by_pages {
        0 => String::new(),
        blocked => format!(", {} more blocked by pages themselves", grouped(blocked)),
    };
    format!(
        "{}, {}, all allowed{blocked}; {}, each needed{spare}",
        plural(proof.pages, "page"),
        plural(proof.assets, "asset"),
        plural(proof.needed, "expression"),
    )
}

fn summarize(plan: &Plan, time: Duration) {
    let headers = || plan.rules.iter().flat_map(|rule| &rule.headers);
    let is_policy = |name: &str| name.to_ascii_lowercase().starts_with("content-security-policy");
    let mut policies: Vec<&str> = headers()
        .filter(|header| is_policy(header.name.as_str()))
        .map(|header| header.value.as_str())
        .collect();
    policies.sort_unstable();
    policies.dedup();
    let largest = headers().map(|header| header.value.as_str().len()).max().unwrap_or_default();
    crate::exit::say!(
        "{}, the largest header has {largest} bytes, in {:.2} s",
        counted(policies.len(), "policy", "policies"),
        time.as_secs_f64(),
    );
}

/// A number and what is counted.
pub(super) fn plural(count: usize, noun: &str) -> String {
    counted(count, noun, &format!("{noun}s"))
}

fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{} {}", grouped(count), if count == 1 { one } else { many })
}

/// A number with a comma between its thousands.
fn grouped(number: usize) -> String {
    match number {
        0..1000 => number.to_string(),
        _ => format!("{},{:03}", grouped(number / 1000), number % 1000),
    }
}

/// Says what stays unsafe and what could not be seen.
pub(super) fn advise(findings: &[Finding], verbose: bool) {
    let (shown, held_back): (Vec<&Finding>, Vec<&Finding>) =
        findings.iter().partition(|finding| verbose || finding.severity > Severity::Info);
    for (index, finding) in shown.iter().enumerate() {
        let place =
            finding.location.as_ref().map_or_else(String::new, |at| format!("{}: ", place(at)));
        crate::exit::say!(
            "{}{}",
            visible(&place),
            visible(&format!("{} [{}]", finding.message, finding.rule))
        );
        // Once for all in a row that it is the same for.
        if shown.get(index + 1).is_none_or(|next| next.help != finding.help) {
            crate::exit::say!("  help: {}", visible(&finding.help));
        }
    }
    if !held_back.is_empty() {
        let mut kinds: Vec<&str> =
            held_back.iter().map(|finding| finding.rule.trim_start_matches("build/")).collect();
        kinds.dedup();
        crate::exit::say!(
            "{} more to know ({}): --verbose shows them",
            held_back.len(),
            kinds.join(", ")
        );
    }
}
