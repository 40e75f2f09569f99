//! An application behind the server, whose answer each request chooses.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE;
use serde_json::Value;

/// The request header by which a test says what the application is to answer.
pub const SPEC: &str = "X-Upstream-Spec";

/// The header line for an answer such as `{"status":200,"headers":[["Name","value"]]}`.
pub fn spec(answer: &Value) -> (String, String) {
    (SPEC.to_owned(), URL_SAFE.encode(answer.to_string()))
}

/// Starts the application on a free port; it ends with the test's process.
pub fn start() -> std::io::Result<u16> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let port = listener.local_addr()?.port();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            std::thread::spawn(move || answer(stream));
        }
    });
    Ok(port)
}

fn answer(mut stream: TcpStream) -> Option<()> {
    let mut spec = Value::Null;
    for line in BufReader::new(stream.try_clone().ok()?).lines() {
        let line = line.ok()?;
        if line.is_empty() {
            break;
        }
        if let Some((name, value)) = line.split_once(':')
            && name.eq_ignore_ascii_case(SPEC)
        {
            spec = serde_json::from_slice(&URL_SAFE.decode(value.trim()).ok()?).ok()?;
        }
    }
    stream.write_all(head(&spec).as_bytes()).ok()
}

fn head(spec: &Value) -> String {
    let status = spec["status"].as_u64().unwrap_or(200);
    let mut head =
        format!("HTTP/1.1 {status} Status\r\nServer: upstream/9.9\r\nConnection: close\r\n");
    let empty = Vec::new();
    let headers = spec["headers"].as_array().unwrap_or(&empty);
    for pair in headers {
        let text = |index: usize| pair[index].as_str().unwrap_or_default();
        head.push_str(&format!("{}: {}\r\n", text(0), text(1)));
    }
    let typed =
        |pair: &Value| pair[0].as_str().is_some_and(|n| n.eq_ignore_ascii_case("content-type"));
    if status == 204 || status == 304 {
        return head + "\r\n";
    }
    if !headers.iter().any(typed) {
        head.push_str("Content-Type: text/html; charset=utf-8\r\n");
    }
    head + "Content-Length: 2\r\n\r\nup"
}
