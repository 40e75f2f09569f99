//! A file server for the folder of a site, with whatever headers a test wants for each request.

use std::fs;
use std::io::{BufRead, BufReader, Result, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread;

use url::Url;

/// Gives the header lines, such as `("Content-Security-Policy", "…")`, for a path and a query.
type Headers = dyn Fn(&str, &str) -> Vec<(&'static str, String)> + Send + Sync;

/// A server that runs until the test ends.
#[derive(Debug)]
pub struct FolderServer {
    /// Its port on the loopback address.
    pub port: u16,
}

impl FolderServer {
    /// Serves a folder with these headers.
    ///
    /// # Errors
    /// Those of opening a port.
    pub fn start(
        root: PathBuf,
        headers: impl Fn(&str, &str) -> Vec<(&'static str, String)> + Send + Sync + 'static,
    ) -> Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0))?;
        let port = listener.local_addr()?.port();
        let headers: Arc<Headers> = Arc::new(headers);
        let root = Arc::new(root);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (root, headers) = (Arc::clone(&root), Arc::clone(&headers));
                thread::spawn(move || answer(stream, &root, &*headers));
            }
        });
        Ok(Self { port })
    }

    /// Serves a folder under one of several policies, as the request asks: `?policy=3` is the fourth.
    ///
    /// # Errors
    /// Those of opening a port.
    pub fn with_policies(root: PathBuf, policies: Vec<String>) -> Result<Self> {
        Self::start(root, move |_, query| {
            let number = query.strip_prefix("policy=").and_then(|number| number.parse().ok());
            let policy = policies.get(number.unwrap_or(0)).cloned();
            vec![("Content-Security-Policy", policy.unwrap_or_default())]
        })
    }

    /// The origin that it serves.
    pub fn origin(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }
}

/// The path on the site, decoded, of the file that answers for a URL: a folder's is its `index.html`.
pub fn file_path(url: &Url) -> String {
    let bytes = percent_decoded(url.path());
    let path = String::from_utf8_lossy(&bytes).into_owned();
    if path.ends_with('/') { path + "index.html" } else { path }
}

fn percent_decoded(text: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        let escaped = after.get(..2).and_then(|digits| std::str::from_utf8(digits).ok());
        let escaped = escaped.and_then(|digits| u8::from_str_radix(digits, 16).ok());
        match escaped.filter(|_| first == b'%') {
            Some(byte) => {
                bytes.push(byte);
                rest = after.get(2..).unwrap_or_default();
            }
            None => {
                bytes.push(first);
                rest = after;
            }
        }
    }
    bytes
}

fn answer(mut stream: TcpStream, root: &Path, headers: &Headers) -> Result<()> {
    let mut lines = BufReader::new(stream.try_clone()?).lines();
    let first = lines.next().transpose()?.unwrap_or_default();
    while lines.next().transpose()?.is_some_and(|line| !line.is_empty()) {}
    let target = first.split(' ').nth(1).unwrap_or("/");
    let Ok(url) = Url::parse(&format!("http://site.invalid{target}")) else { return Ok(()) };
    let path = file_path(&url);
    let file = root.join(path.trim_start_matches('/'));
    let (status, body) = fs::read(&file).map_or((404, Vec::new()), |body| (200, body));
    write!(
        stream,
        "HTTP/1.1 {status} X\r\nContent-Type: {}\r\nContent-Length: {}\r\nCache-Control: no-store\r\nConnection: close\r\n",
        media_type(&file),
        body.len()
    )?;
    for (name, value) in headers(&path, url.query().unwrap_or_default()) {
        write!(stream, "{name}: {value}\r\n")?;
    }
    write!(stream, "\r\n")?;
    stream.write_all(&body)
}

fn media_type(file: &Path) -> &'static str {
    match file.extension().and_then(|extension| extension.to_str()) {
        Some("html" | "htm") => "text/html",
        Some("css") => "text/css",
        Some("js" | "mjs") => "text/javascript",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("jpg" | "jpeg") => "image/jpeg",
        Some("gif") => "image/gif",
        Some("ttf") => "font/ttf",
        Some("woff2") => "font/woff2",
        Some("json" | "map") => "application/json",
        Some("webmanifest") => "application/manifest+json",
        Some("wasm") => "application/wasm",
        Some("mp4") => "video/mp4",
        Some("txt" | "md") => "text/plain",
        _ => "application/octet-stream",
    }
}
