//! How quick reading a page is, beside the bare tokenizer it stands on and beside hashing all of its bytes.
//!
//! `CSPC_BENCH_PAGES` names a folder whose pages are read; without it, a page made here is.
#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a benchmark reads files, and may stop"
)]

use std::path::Path;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use cspc_core::inventory::{SiteOrigin, read_page, sha256};
use lol_html::{HtmlRewriter, Settings, doc_comments, element};

/// As much of the folder as is read: enough to be of all kinds, little enough to be quick.
const MAX_BYTES: usize = 32 << 20;

fn pages() -> Vec<Vec<u8>> {
    let mut pages = Vec::new();
    match std::env::var("CSPC_BENCH_PAGES") {
        Ok(folder) => collect(Path::new(&folder), &mut pages),
        Err(_) => pages.push(made_page().into_bytes()),
    }
    pages
}

fn made_page() -> String {
    let item = "<li class=item id=x><a href='/products/a.html?from=list' title='A &amp; B'>Some words about a product \
                that are neither few nor many</a> <img src=/a.png alt='' width=10></li>\n";
    format!(
        "<!doctype html><title>t</title><script>let a = 1;</script><ul>{}</ul>",
        item.repeat(20_000)
    )
}

fn collect(folder: &Path, pages: &mut Vec<Vec<u8>>) {
    let mut entries: Vec<_> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        if pages.iter().map(Vec::len).sum::<usize>() > MAX_BYTES {
            return;
        }
        if path.is_dir() {
            collect(&path, pages);
        } else if path.extension().is_some_and(|extension| extension == "html") {
            pages.push(std::fs::read(path).unwrap());
        }
    }
}

fn rewrite(page: &[u8], settings: Settings<'_, '_>) {
    let mut rewriter = HtmlRewriter::new(settings.with_strict(false), |_: &[u8]| {});
    rewriter.write(page).and_then(|()| rewriter.end()).unwrap();
}

/// The tokenizer as it is when every start tag is wanted, which is what finding attributes takes.
fn every_tag(page: &[u8]) {
    rewrite(page, Settings::new().append_element_content_handler(element!("*", |_| Ok(()))));
}

/// The tokenizer at its quickest: asked for comments only, it skips over tags.
fn comments_only(page: &[u8]) {
    rewrite(page, Settings::new().append_document_content_handler(doc_comments!(|_| Ok(()))));
}

fn benchmark(criterion: &mut Criterion) {
    let pages = pages();
    let origin = SiteOrigin::unknown();
    let mut group = criterion.benchmark_group("pages");
    group.throughput(Throughput::Bytes(pages.iter().map(Vec::len).sum::<usize>() as u64));
    group.sample_size(10);
    group.bench_function("read_page", |bencher| {
        bencher.iter(|| {
            pages
                .iter()
                .map(|page| read_page("/a/b.html", page, &origin).assets.len())
                .sum::<usize>()
        });
    });
    group.bench_function("lol_html, every tag", |bencher| {
        bencher.iter(|| pages.iter().for_each(|page| every_tag(page)));
    });
    group.bench_function("lol_html, comments only", |bencher| {
        bencher.iter(|| pages.iter().for_each(|page| comments_only(page)));
    });
    group.bench_function("sha256 alone", |bencher| {
        bencher.iter(|| pages.iter().map(|page| sha256(page).len()).sum::<usize>());
    });
    group.finish();
}

criterion_group!(benches, benchmark);
criterion_main!(benches);
