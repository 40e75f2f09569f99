//! `cspc playground`: the page, from the binary.

use std::io::Cursor;
use std::net::{Ipv4Addr, SocketAddr};

use clap::Args;
use cspc_core::compile::{Options, compile};
use cspc_core::inventory::{Inventory, Reader, SiteOrigin};
use cspc_core::plan::{Answered, Plan, Scheme};
use cspc_core::site::SiteFile;
use tiny_http::{Header, Method, Request, Response, Server};

use crate::exit::{Exit, Failure};

/// Arguments of `cspc playground`.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The port on this machine; any free one by default
    #[arg(long, default_value_t = 0)]
    port: u16,
}

/// The files of the page: path and content.
static FILES: &[(&str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/playground.rs"));

/// What the page's scripts do that reading them does not tell.
static SITE_FILE: &str = include_str!("../../../web/cspc.toml");

/// Serves the page until it is interrupted.
pub(crate) fn run(arguments: &Arguments) -> Result<Exit, Failure> {
    if FILES.is_empty() {
        return Err(Failure::new(
            "this cspc was built without the playground: run `web/build` (it needs Node), then build cspc again",
        ));
    }
    let playground = Playground::new()?;
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, arguments.port));
    let server = Server::http(address)
        .map_err(|error| Failure::new(format!("cannot listen on {address}: {error}")))?;
    let Some(address) = server.server_addr().to_ip() else {
        return Err(Failure::new(format!("cannot listen on {address}")));
    };
    anstream::println!("http://{address}/");
    for request in server.incoming_requests() {
        let answer = playground.answer(&request, address.port());
        // A client that is gone wants no answer.
        drop(request.respond(answer));
    }
    Ok(Exit::Success)
}

/// The page, with the headers that cspc builds for it.
struct Playground {
    plan: Plan,
}

type Answer = Response<Cursor<Vec<u8>>>;

impl Playground {
    fn new() -> Result<Self, Failure> {
        let reader = Reader::new(SiteOrigin::unknown());
        let sources = FILES.iter().filter_map(|(path, bytes)| reader.read(path, bytes));
        let site = SiteFile::parse("web/cspc.toml", SITE_FILE)
            .map_err(|error| Failure::new(error.to_string()))?;
        let inventory = Inventory::of(None, sources);
        let compiled = compile(&inventory, &Options { site, ..Options::default() })
            .map_err(|error| Failure::new(error.to_string()))?;
        Ok(Self { plan: compiled.plan })
    }

    fn answer(&self, request: &Request, port: u16) -> Answer {
        if !is_for_us(request, port) {
            return self.refusal(421, "this is not the host that you asked for");
        }
        if !matches!(request.method(), Method::Get | Method::Head) {
            return self.refusal(405, "only GET and HEAD");
        }
        let path = request.url().split(['?', '#']).next().unwrap_or_default();
        let path = if path == "/" { "/index.html" } else { path };
        // Only what was put into the table is there: no path leads anywhere else.
        match FILES.iter().find(|(known, _)| *known == path) {
            Some((path, bytes)) => self.with_headers(path, Response::from_data(*bytes), 200),
            None => self.refusal(404, "there is no such file"),
        }
    }

    fn refusal(&self, status: u16, why: &str) -> Answer {
        self.with_headers("/refusal.txt", Response::from_data(format!("{why}\n")), status)
    }

    fn with_headers(&self, path: &str, answer: Answer, status: u16) -> Answer {
        let answered = Answered {
            media_type: media_type(path),
            status,
            scheme: Scheme::Http,
            ..Answered::page(path)
        };
        let planned = self.plan.headers_of(answered).into_iter();
        let planned = planned.map(|header| (header.name.as_str(), header.value.as_str()));
        let own = [("Content-Type", media_type(path)), ("Cache-Control", "no-cache")];
        let headers = planned.chain(own);
        let headers = headers.filter_map(|(name, value)| Header::from_bytes(name, value).ok());
        headers.fold(answer.with_status_code(status), Response::with_header)
    }
}

/// Whether the request names this machine: a page elsewhere whose name was made to lead here does not (DNS rebinding).
fn is_for_us(request: &Request, port: u16) -> bool {
    let host = request.headers().iter().find(|header| header.field.equiv("Host"));
    let ours = [format!("127.0.0.1:{port}"), format!("localhost:{port}")];
    host.is_some_and(|host| ours.iter().any(|name| host.value.as_str().eq_ignore_ascii_case(name)))
}

fn media_type(path: &str) -> &'static str {
    match path.rsplit_once('.').map_or("", |(_, extension)| extension) {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "svg" => "image/svg+xml",
        "wasm" => "application/wasm",
        _ => "text/plain; charset=utf-8",
    }
}
