//! Responses fetched from live hosts, redirect by redirect.
//!
//! Nothing is asked but the host that was named and those that it redirects to. Time, headers, body and redirects are all
//! bounded, whatever the host sends.

use std::collections::BTreeMap;
use std::fs;
use std::io::Read as _;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::str::FromStr;
use std::time::{Duration, Instant};

use clap::Args;
use cspc_core::grade::OBSERVATORY_ORIGIN;
use ureq::http::{Response, Uri};
use ureq::tls::{PemItem, RootCerts, TlsConfig, parse_pem};
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{DefaultConnector, NextTimeout};
use ureq::{Agent, Body, Error};
use url::Url;

use crate::exit::Failure;

/// The most redirects that are followed, as many as the Observatory follows.
const MAX_REDIRECTS: usize = 10;
/// The most bytes of a page that are read, counted after decompression.
const MAX_BODY: u64 = 4 << 20;
/// The most bytes of a response's head.
const MAX_HEAD: usize = 256 << 10;

/// Arguments about live hosts.
#[derive(Clone, Debug, Args)]
#[group(id = "fetch")]
pub(crate) struct Arguments {
    /// Connect to an address in place of a URL's host and port; may be repeated
    #[arg(long, value_name = "HOST:PORT:ADDRESS[:PORT]")]
    resolve: Vec<Resolution>,
    /// Take any certificate
    #[arg(long)]
    insecure: bool,
    /// Trust the certificates in this PEM file, and no others
    #[arg(long, value_name = "FILE")]
    cacert: Option<PathBuf>,
    /// How many seconds a host may take for all that is asked of it; `grade` gives it as many again over plain HTTP
    #[arg(long, value_name = "SECONDS", default_value_t = 20)]
    timeout: u64,
}

impl Default for Arguments {
    fn default() -> Self {
        Self { resolve: Vec::new(), insecure: false, cacert: None, timeout: 20 }
    }
}

/// Where to connect to for a host and port.
#[derive(Clone, Debug)]
struct Resolution {
    host: String,
    port: u16,
    address: SocketAddr,
}

impl FromStr for Resolution {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let expected = || "expected HOST:PORT:ADDRESS or HOST:PORT:ADDRESS:PORT".to_owned();
        let mut parts = text.splitn(3, ':');
        let (Some(host), Some(port), Some(address)) = (parts.next(), parts.next(), parts.next())
        else {
            return Err(expected());
        };
        let port: u16 = port.parse().map_err(|_error| expected())?;
        let alone = address.trim_matches(['[', ']']).parse::<IpAddr>();
        let address = match alone {
            Ok(ip) => SocketAddr::new(ip, port),
            Err(_) => address.parse().map_err(|_error| expected())?,
        };
        Ok(Self { host: host.to_ascii_lowercase(), port, address })
    }
}

/// Whether an input is a URL to fetch.
pub(crate) fn is_url(input: &str) -> bool {
    let has = |scheme: &str| {
        input.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme))
    };
    has("https://") || has("http://")
}

/// What came at the end of all redirects.
#[derive(Debug)]
pub(crate) struct Fetched {
    /// The URLs that were asked, in order.
    pub(crate) route: Vec<Url>,
    /// The last response's status.
    pub(crate) status: u16,
    /// The last response's headers.
    pub(crate) headers: Vec<(String, String)>,
    /// What was read of the last response's body.
    pub(crate) body: String,
    /// Whether that is not all of it.
    pub(crate) is_cut: bool,
}

impl Fetched {
    /// The response as a text that can be read like a captured one.
    pub(crate) fn to_text(&self) -> String {
        let mut text = format!("HTTP/1.1 {}\n", self.status);
        for (name, value) in &self.headers {
            text.extend([name, ": ", value, "\n"]);
        }
        text + "\n" + &self.body
    }
}

/// Why nothing came.
#[derive(Debug)]
pub(crate) enum Trouble {
    /// The certificate cannot be verified.
    Certificate(String),
    /// Anything else.
    Other(String),
}

impl From<Trouble> for Failure {
    fn from(trouble: Trouble) -> Self {
        match trouble {
            Trouble::Certificate(message) => {
                Self::new(format!("{message} (--insecure takes any certificate)"))
            }
            Trouble::Other(message) => Self::new(message),
        }
    }
}

/// A client that keeps to its limits.
pub(crate) struct Client {
    agent: Agent,
    deadline: Instant,
    seconds: u64,
}

impl Client {
    /// A client for one site.
    pub(crate) fn new(arguments: &Arguments) -> Result<Self, Failure> {
        Self::with_verification(arguments, !arguments.insecure)
    }

    /// A client that takes any certificate, for the time that is left to this one.
    pub(crate) fn unverified(&self, arguments: &Arguments) -> Result<Self, Failure> {
        let client = Self::with_verification(arguments, false)?;
        Ok(Self { deadline: self.deadline, ..client })
    }

    fn with_verification(arguments: &Arguments, verifies: bool) -> Result<Self, Failure> {
        let mut tls = TlsConfig::builder().disable_verification(!verifies);
        if let Some(path) = &arguments.cacert {
            tls = tls.root_certs(root_certificates(path)?);
        }
        let config = Agent::config_builder()
            .max_redirects(0)
            .max_redirects_will_error(false)
            .http_status_as_error(false)
            .max_response_header_size(MAX_HEAD)
            .accept("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8")
            .user_agent(concat!("cspc/", env!("CARGO_PKG_VERSION")))
            .tls_config(tls.build())
            .build();
        let resolver = Fixed(
            arguments.resolve.iter().map(|it| ((it.host.clone(), it.port), it.address)).collect(),
        );
        let agent = Agent::with_parts(config, DefaultConnector::default(), resolver);
        let seconds = arguments.timeout;
        Ok(Self { agent, deadline: Instant::now() + Duration::from_secs(seconds), seconds })
    }

    /// Asks for a URL, and for those that it is redirected to.
    pub(crate) fn fetch(&self, url: &Url) -> Result<Fetched, Trouble> {
        let mut route = vec![url.clone()];
        let mut cookies = Vec::new();
        while let Some(url) = route.last() {
            let mut response = self.get(url)?;
            let headers = headers(&response);
            let Some(next) = target(url, response.status().as_u16(), &headers)? else {
                let (body, is_cut) = self.body(url, &mut response)?;
                let headers = cookies.into_iter().chain(headers).collect();
                let status = response.status().as_u16();
                return Ok(Fetched { route, status, headers, body, is_cut });
            };
            if route.len() > MAX_REDIRECTS || route.contains(&next) {
                return Err(Trouble::Other(format!(
                    "`{}` redirects in a circle or without end: {}",
                    route.first().map_or("", Url::as_str),
                    shown(route.iter().chain([&next]))
                )));
            }
            // The client would keep what its own host sets on the way.
            let is_own = next.host() == url.host();
            let set = headers.into_iter().filter(|(name, _)| name == "set-cookie" && is_own);
            cookies.extend(set);
            route.push(next);
        }
        Err(Trouble::Other(format!("`{url}` was not asked")))
    }

    /// The headers with which a URL answers whether another origin may read it.
    pub(crate) fn preflight(&self, url: &Url) -> Result<Vec<(String, String)>, Trouble> {
        let request = self
            .agent
            .options(url.as_str())
            .header("Origin", OBSERVATORY_ORIGIN)
            .header("Access-Control-Request-Method", "GET")
            .config()
            .timeout_global(Some(self.left()))
            .build();
        request.call().map(|response| headers(&response)).map_err(|error| self.trouble(url, &error))
    }

    fn get(&self, url: &Url) -> Result<Response<Body>, Trouble> {
        let request =
            self.agent.get(url.as_str()).config().timeout_global(Some(self.left())).build();
        request.call().map_err(|error| self.trouble(url, &error))
    }

    /// The body as far as it is read, and whether it goes on.
    fn body(&self, url: &Url, response: &mut Response<Body>) -> Result<(String, bool), Trouble> {
        let mut bytes = Vec::new();
        let reader = response.body_mut().as_reader();
        reader.take(MAX_BODY).read_to_end(&mut bytes).map_err(|error| {
            let late = Instant::now() >= self.deadline;
            let why = if late { self.late() } else { error.to_string() };
            Trouble::Other(format!("cannot read the body of `{url}`: {why}"))
        })?;
        let is_cut = bytes.len() as u64 == MAX_BODY;
        Ok((String::from_utf8_lossy(&bytes).into_owned(), is_cut))
    }

    fn left(&self) -> Duration {
        self.deadline.saturating_duration_since(Instant::now()).max(Duration::from_millis(1))
    }

    fn late(&self) -> String {
        format!("it took longer than {} s (--timeout)", self.seconds)
    }

    fn trouble(&self, url: &Url, error: &Error) -> Trouble {
        let said = error.to_string();
        if said.contains("invalid peer certificate") {
            return Trouble::Certificate(format!("cannot fetch `{url}`: {said}"));
        }
        let why = match error {
            Error::Timeout(_) => self.late(),
            Error::HostNotFound => "there is no such host".to_owned(),
            _ => said,
        };
        Trouble::Other(format!("cannot fetch `{url}`: {why}"))
    }
}

/// Where a response redirects to.
fn target(url: &Url, status: u16, headers: &[(String, String)]) -> Result<Option<Url>, Trouble> {
    if !matches!(status, 301 | 302 | 303 | 307 | 308) {
        return Ok(None);
    }
    let Some((_, location)) = headers.iter().find(|(name, _)| name == "location") else {
        return Ok(None);
    };
    let next = url.join(location).ok().filter(|next| is_url(next.as_str()));
    let refused =
        || Trouble::Other(format!("`{url}` redirects to `{location}`, which is no URL of the web"));
    next.map(Some).ok_or_else(refused)
}

/// Names in lower case, in order.
fn headers(response: &Response<Body>) -> Vec<(String, String)> {
    let all = response.headers().iter();
    all.map(|(name, value)| {
        (name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned())
    })
    .collect()
}

/// What to tell of a page that was not read to its end.
pub(crate) fn cut(url: &Url) -> String {
    format!("`{url}` is longer than {} MiB: the rest is not read", MAX_BODY >> 20)
}

/// URLs with arrows between them, those in the middle of a long way left out.
pub(crate) fn shown<'u>(route: impl Iterator<Item = &'u Url>) -> String {
    route.map(Url::as_str).collect::<Vec<_>>().join(" → ")
}

fn root_certificates(path: &PathBuf) -> Result<RootCerts, Failure> {
    let name = path.display();
    let bytes =
        fs::read(path).map_err(|error| Failure::new(format!("cannot read `{name}`: {error}")))?;
    let certificates: Vec<_> = parse_pem(&bytes)
        .filter_map(|item| match item {
            Ok(PemItem::Certificate(certificate)) => Some(certificate),
            _ => None,
        })
        .collect();
    match certificates.is_empty() {
        true => Err(Failure::new(format!("there is no certificate in `{name}`"))),
        false => Ok(RootCerts::from(certificates)),
    }
}

/// Addresses that were given, and the system's for the rest.
#[derive(Debug)]
struct Fixed(BTreeMap<(String, u16), SocketAddr>);

impl Resolver for Fixed {
    fn resolve(
        &self,
        uri: &Uri,
        config: &ureq::config::Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, Error> {
        let default = if uri.scheme_str() == Some("http") { 80 } else { 443 };
        let host = uri.host().unwrap_or_default().to_ascii_lowercase();
        match self.0.get(&(host, uri.port_u16().unwrap_or(default))) {
            Some(address) => {
                let mut addresses = self.empty();
                addresses.push(*address);
                Ok(addresses)
            }
            None => DefaultResolver::default().resolve(uri, config, timeout),
        }
    }
}
