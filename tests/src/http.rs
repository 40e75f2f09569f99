//! A client that sees each header line as it was sent.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::process::{Command, Stdio};
use std::time::Duration;

/// An answer.
#[derive(Clone, Debug, Default)]
pub struct Response {
    /// 0 if there was no status line.
    pub status: u16,
    /// Each line, in order.
    pub headers: Vec<(String, String)>,
    /// Whether a line of the head ended without a carriage return.
    pub bare_line_feed: bool,
    /// What follows the head, as it was sent.
    pub body: String,
}

impl Response {
    fn parse(bytes: &[u8]) -> Self {
        let text = String::from_utf8_lossy(bytes);
        let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
        let mut lines = head.split("\r\n");
        let status = lines.next().and_then(|line| line.split(' ').nth(1)?.parse().ok());
        let pair = |line: &str| {
            let (name, value) = line.split_once(':').unwrap_or((line, ""));
            (name.to_owned(), value.trim_matches([' ', '\t']).to_owned())
        };
        Self {
            status: status.unwrap_or(0),
            headers: lines.map(pair).collect(),
            bare_line_feed: head.replace("\r\n", "").contains('\n'),
            body: body.to_owned(),
        }
    }

    /// The values of all lines of this name.
    pub fn get(&self, name: &str) -> Vec<&str> {
        let named = self.headers.iter().filter(|(n, _)| n.eq_ignore_ascii_case(name));
        named.map(|(_, value)| value.as_str()).collect()
    }
}

/// Asks a server on this machine, with a path that is sent as it is.
pub fn request(
    port: u16,
    tls: bool,
    method: &str,
    path: &str,
    headers: &[(String, String)],
) -> Response {
    let mut text = format!("{method} {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n");
    for (name, value) in headers {
        text.push_str(&format!("{name}: {value}\r\n"));
    }
    text.push_str("\r\n");
    exchange(port, tls, &text)
}

/// Sends a request as it is written.
pub fn exchange(port: u16, tls: bool, text: &str) -> Response {
    let answer = if tls { over_tls(port, text) } else { plain(port, text) };
    Response::parse(&answer.unwrap_or_default())
}

fn plain(port: u16, text: &str) -> std::io::Result<Vec<u8>> {
    let mut stream = TcpStream::connect(("127.0.0.1", port))?;
    stream.set_read_timeout(Some(Duration::from_secs(10)))?;
    stream.write_all(text.as_bytes())?;
    let mut answer = Vec::new();
    // A server may reset the connection after an error; what came before is the answer.
    let _ = stream.read_to_end(&mut answer);
    Ok(answer)
}

fn over_tls(port: u16, text: &str) -> std::io::Result<Vec<u8>> {
    let mut child = Command::new("openssl")
        .args(["s_client", "-quiet", "-ign_eof", "-connect", &format!("127.0.0.1:{port}")])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()?;
    if let Some(stdin) = child.stdin.as_mut() {
        stdin.write_all(text.as_bytes())?;
    }
    Ok(child.wait_with_output()?.stdout)
}
