//! How quick configurations of servers are written and read: 50,000 pages for each server, and 10 MB of nginx's and Apache's.

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use cspc_core::deployment::{Form, read_configuration};
use cspc_core::emit::{Server, emit};
use cspc_core::header::{HeaderName, HeaderValue};
use cspc_core::plan::{Header, Match, Plan, Rule};

const PAGES: usize = 50_000;
const BYTES: usize = 10 << 20;

/// Each page has a policy of its own.
fn plan() -> Plan {
    let rule = |number: usize| {
        let text =
            format!("default-src 'none'; img-src https://img{number}.example; script-src 'self'");
        let header = Header::set(
            HeaderName::new("Content-Security-Policy").ok()?,
            HeaderValue::new(text).ok()?,
        );
        let matches = Match { exact: vec![format!("/p/{number}.html")], ..Match::default() };
        Some(Rule::new(matches, vec![header]))
    };
    Plan { rules: (0..PAGES).filter_map(rule).collect(), ..Plan::new() }
}

fn written(criterion: &mut Criterion) {
    let plan = plan();
    for server in [Server::Nginx, Server::Apache, Server::Caddy, Server::Haproxy, Server::Lighttpd]
    {
        criterion.bench_function(&format!("emit {PAGES} pages for {server}"), |bencher| {
            bencher.iter(|| emit(black_box(&plan), server.into()).is_ok());
        });
    }
}

/// As many places as make 10 MB.
fn text(place: fn(usize) -> String) -> String {
    let mut text = String::new();
    for number in 0.. {
        if text.len() >= BYTES {
            break;
        }
        text.push_str(&place(number));
    }
    text
}

fn location(number: usize) -> String {
    format!(
        "location /p/{number} {{\n    add_header Content-Security-Policy \"default-src 'self'; img-src https://img{number}.example\" always;\n    add_header X-Frame-Options DENY always;\n}}\n"
    )
}

fn section(number: usize) -> String {
    format!(
        "<Location \"/p/{number}\">\n    Header always set Content-Security-Policy \"default-src 'self'; img-src https://img{number}.example\"\n    Header always set X-Frame-Options DENY\n</Location>\n"
    )
}

fn read(criterion: &mut Criterion) {
    let nginx = format!("server {{\n{}}}\n", text(location));
    for (name, form, text) in
        [("nginx", Form::Nginx, nginx), ("Apache", Form::Apache, text(section))]
    {
        criterion.bench_function(&format!("read 10 MB of {name}"), |bencher| {
            bencher.iter(|| read_configuration("a.conf", black_box(&text), form, None).is_ok());
        });
    }
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(10);
    targets = written, read
}
criterion_main!(benches);
