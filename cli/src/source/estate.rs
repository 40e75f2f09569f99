//! Many live hosts, asked politely: several at once, and each of them one thing after the other.

use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::thread;
use std::time::{Duration, Instant};

use clap::Args;
use rayon::ThreadPoolBuilder;
use rayon::iter::{IntoParallelRefIterator as _, ParallelIterator as _};
use url::Url;

use super::{fetch, text};
use crate::exit::Failure;
use crate::render::progress;

/// Arguments about many live hosts.
#[derive(Debug, Args)]
#[group(id = "estate")]
pub(crate) struct Arguments {
    /// Take URLs or host names from a file, one a line, besides the inputs; `-` is standard input, `#` begins a comment
    #[arg(long, value_name = "FILE")]
    hosts: Option<PathBuf>,
    /// How many hosts are asked at the same time
    #[arg(long, value_name = "NUMBER", default_value = "8")]
    jobs: NonZeroUsize,
    /// How many seconds are left between two pages of one host
    #[arg(long, value_name = "SECONDS", default_value = "1", value_parser = seconds)]
    wait: Duration,
}

fn seconds(text: &str) -> Result<Duration, String> {
    let number = text.parse().ok().and_then(|number| Duration::try_from_secs_f64(number).ok());
    number.ok_or_else(|| "expected a number of seconds, such as 1 or 0.5".to_owned())
}

impl Arguments {
    /// The URLs in the file of hosts.
    pub(crate) fn urls(&self) -> Result<Vec<Url>, Failure> {
        let Some(path) = &self.hosts else { return Ok(Vec::new()) };
        let name = path.display().to_string();
        let text = text::read(path, &name)?;
        let lines = text.lines().enumerate().map(|(index, line)| {
            (index + 1, line.split_once('#').map_or(line, |(before, _)| before).trim())
        });
        let url = |(number, line): (usize, &str)| {
            let whole =
                if fetch::is_url(line) { line.to_owned() } else { format!("https://{line}") };
            let found = Url::parse(&whole).ok().filter(|url| url.has_host() && !line.contains(' '));
            found.ok_or_else(|| {
                Failure::new(format!(
                    "{name}:{number}:1: `{line}` is neither a URL nor a host, such as `shop.example`"
                ))
            })
        };
        lines.filter(|(_, line)| !line.is_empty()).map(url).collect()
    }

    /// What `ask` gets from each URL, in their order. One host is asked for one page at a time, and several hosts at once.
    pub(crate) fn ask<T: Send>(
        &self,
        urls: &[Url],
        ask: impl Fn(&Url) -> Result<T, Failure> + Sync,
    ) -> Result<Vec<Result<T, Failure>>, Failure> {
        let bar = progress::bar(Some(urls.len()), urls.len() < 2);
        let ask = |url: &Url| {
            bar.set_message(crate::exit::visible(url.host_str().unwrap_or_default()));
            let answer = ask(url);
            bar.inc(1);
            answer
        };
        let mut hosts: BTreeMap<&str, Vec<(usize, &Url)>> = BTreeMap::new();
        for (index, url) in urls.iter().enumerate() {
            hosts.entry(url.host_str().unwrap_or_default()).or_default().push((index, url));
        }
        let hosts: Vec<Vec<(usize, &Url)>> = hosts.into_values().collect();
        let pool = ThreadPoolBuilder::new().num_threads(self.jobs.get()).build();
        let pool = pool.map_err(|error| Failure::new(format!("cannot start threads: {error}")))?;
        let one_by_one = |urls: &Vec<(usize, &Url)>| self.one_by_one(urls, ask);
        let mut answers: Vec<_> =
            pool.install(|| hosts.par_iter().flat_map_iter(one_by_one).collect());
        bar.finish_and_clear();
        answers.sort_by_key(|(index, _)| *index);
        Ok(answers.into_iter().map(|(_, answer)| answer).collect())
    }

    /// The answers of one host.
    fn one_by_one<T>(
        &self,
        urls: &[(usize, &Url)],
        ask: impl Fn(&Url) -> Result<T, Failure>,
    ) -> Vec<(usize, Result<T, Failure>)> {
        let mut free: Option<Instant> = None;
        let mut answers = Vec::with_capacity(urls.len());
        for (index, url) in urls {
            let rest = free.map(|free| free.saturating_duration_since(Instant::now()));
            thread::sleep(rest.unwrap_or_default());
            answers.push((*index, ask(url)));
            free = Some(Instant::now() + self.wait);
        }
        answers
    }
}
