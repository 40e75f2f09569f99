//! A file server that sends one of several policies, as the request asks: `?policy=3` is the fourth.

use std::fs;
use std::io::{BufRead, BufReader, Result, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread;

/// A server that runs until the test ends.
#[derive(Debug)]
pub struct FixedPolicy {
    /// Its port on the loopback address.
    pub port: u16,
}

impl FixedPolicy {
    /// Serves a folder under these policies.
    ///
    /// # Errors
    /// Those of opening a port.
    pub fn start(root: PathBuf, policies: Vec<String>) -> Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0))?;
        let port = listener.local_addr()?.port();
        let shared = Arc::new((root, policies));
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let shared = Arc::clone(&shared);
                thread::spawn(move || answer(stream, &shared.0, &shared.1));
            }
        });
        Ok(Self { port })
    }
}

fn answer(mut stream: TcpStream, root: &Path, policies: &[String]) -> Result<()> {
    let mut lines = BufReader::new(stream.try_clone()?).lines();
    let first = lines.next().transpose()?.unwrap_or_default();
    while lines.next().transpose()?.is_some_and(|line| !line.is_empty()) {}
    let target = first.split(' ').nth(1).unwrap_or("/");
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let number = query.strip_prefix("policy=").and_then(|number| number.parse().ok()).unwrap_or(0);
    let policy: &str = policies.get(number).map_or("", |policy| policy);
    let file = root.join(path.trim_start_matches('/'));
    let (status, body) = fs::read(&file).map_or((404, Vec::new()), |body| (200, body));
    let media_type = media_type(&file);
    write!(
        stream,
        "HTTP/1.1 {status} X\r\nContent-Type: {media_type}\r\nContent-Length: {}\r\nCache-Control: no-store\r\nContent-Security-Policy: {policy}\r\nConnection: close\r\n\r\n",
        body.len()
    )?;
    stream.write_all(&body)
}

fn media_type(file: &Path) -> &'static str {
    match file.extension().and_then(|extension| extension.to_str()) {
        Some("html") => "text/html",
        Some("css") => "text/css",
        Some("js") => "text/javascript",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("ttf") => "font/ttf",
        _ => "application/octet-stream",
    }
}
