//! A file server whose Content-Security-Policy can change from one request to the next.

use std::fs;
use std::io::{BufRead, BufReader, Result, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

/// A server that runs until the test ends.
#[derive(Debug)]
pub struct FixedPolicy {
    /// Its port on the loopback address.
    pub port: u16,
    policy: Arc<Mutex<String>>,
}

impl FixedPolicy {
    /// Serves a folder.
    ///
    /// # Errors
    /// Those of opening a port.
    pub fn start(root: PathBuf) -> Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0))?;
        let port = listener.local_addr()?.port();
        let policy = Arc::new(Mutex::new(String::new()));
        let shared = Arc::clone(&policy);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (root, shared) = (root.clone(), Arc::clone(&shared));
                thread::spawn(move || {
                    let policy = shared.lock().unwrap_or_else(PoisonError::into_inner).clone();
                    answer(stream, &root, &policy)
                });
            }
        });
        Ok(Self { port, policy })
    }

    /// Sends this policy from now on.
    pub fn set(&self, policy: &str) {
        policy.clone_into(&mut self.policy.lock().unwrap_or_else(PoisonError::into_inner));
    }
}

fn answer(mut stream: TcpStream, root: &Path, policy: &str) -> Result<()> {
    let mut lines = BufReader::new(stream.try_clone()?).lines();
    let first = lines.next().transpose()?.unwrap_or_default();
    while lines.next().transpose()?.is_some_and(|line| !line.is_empty()) {}
    let path = first.split(' ').nth(1).unwrap_or("/").split('?').next().unwrap_or("/");
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
