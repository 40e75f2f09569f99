//! An application behind the server, whose answer each request chooses.

use std::io::{BufRead, BufReader, Read, Write};
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

/// The same application as a program that is started for each request.
pub const CGI: &str = r#"#!/usr/bin/env python3
import base64, json, os
spec = json.loads(base64.urlsafe_b64decode(os.environ.get("HTTP_X_UPSTREAM_SPEC", "e30=")))
headers = spec.get("headers", [])
print("Status:", spec.get("status", 200), "Status")
if not any(name.lower() == "content-type" for name, _ in headers):
    print("Content-Type: text/html; charset=utf-8")
for name, value in headers:
    print(name + ": " + value)
print("\nup")
"#;

/// Starts the application on a free port, for FastCGI; it ends with the test's process.
pub fn start_fastcgi() -> std::io::Result<u16> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let port = listener.local_addr()?.port();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            std::thread::spawn(move || answer_fastcgi(stream));
        }
    });
    Ok(port)
}

/// One request on a connection, as the FastCGI specification has it (section 3.3: records).
fn answer_fastcgi(mut stream: TcpStream) -> Option<()> {
    const PARAMETERS: u8 = 4;
    const INPUT: u8 = 5;
    let mut parameters = Vec::new();
    loop {
        let mut head = [0; 8];
        stream.read_exact(&mut head).ok()?;
        let length = usize::from(u16::from_be_bytes([head[4], head[5]]));
        let mut content = vec![0; length + usize::from(head[6])];
        stream.read_exact(&mut content).ok()?;
        match head[1] {
            PARAMETERS => parameters.extend_from_slice(&content[..length]),
            INPUT if length == 0 => break,
            _ => {}
        }
    }
    let spec = parameter(&parameters, "HTTP_X_UPSTREAM_SPEC")
        .and_then(|text| serde_json::from_slice(&URL_SAFE.decode(text).ok()?).ok())
        .unwrap_or(Value::Null);
    // A CGI's head has a `Status` field in place of the status line.
    let head = head(&spec).replacen("HTTP/1.1", "Status:", 1);
    let mut answer = record(6, head.as_bytes());
    answer.extend(record(6, b""));
    answer.extend(record(3, &[0; 8]));
    stream.write_all(&answer).ok()
}

fn record(kind: u8, content: &[u8]) -> Vec<u8> {
    let length = u16::try_from(content.len()).unwrap_or(u16::MAX).to_be_bytes();
    [&[1, kind, 0, 1, length[0], length[1], 0, 0], content].concat()
}

/// The value of a parameter; lengths have one byte, or four if the highest bit is set.
fn parameter(mut pairs: &[u8], name: &str) -> Option<Vec<u8>> {
    fn length(pairs: &mut &[u8]) -> Option<usize> {
        let (first, rest) = pairs.split_first()?;
        *pairs = rest;
        if *first < 128 {
            return Some(usize::from(*first));
        }
        let (more, rest) = pairs.split_at_checked(3)?;
        *pairs = rest;
        usize::try_from(u32::from_be_bytes([*first & 127, more[0], more[1], more[2]])).ok()
    }
    while !pairs.is_empty() {
        let (key, value) = (length(&mut pairs)?, length(&mut pairs)?);
        let (found, rest) = pairs.split_at_checked(key)?;
        let (text, rest) = rest.split_at_checked(value)?;
        if found == name.as_bytes() {
            return Some(text.to_vec());
        }
        pairs = rest;
    }
    None
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
