//! URLs: where the pages and what they load are.

use fastrand::Rng;
use url::Url;

const HOSTS: [&str; 8] = [
    "one.test",
    "one.test",
    "sub.one.test",
    "deep.sub.one.test",
    "two.test",
    "notone.test",
    "127.0.0.1",
    "localhost",
];
const PATHS: [&str; 12] = [
    "/", "/a", "/a/", "/a/b", "/a/b/", "/a/b/c", "/A/b", "/%61/b", "/a%2Fb", "/a%2fb/c", "/a=1",
    "/a%20b/c",
];

/// Of several, one.
pub(super) fn pick<T: Copy>(rng: &mut Rng, from: &[T]) -> T {
    from[rng.usize(..from.len())]
}

/// Whether something of this probability, in percent, happens.
pub(super) fn chance(rng: &mut Rng, percent: u32) -> bool {
    rng.u32(..100) < percent
}

/// Where a page is: `https` is rare, as there nothing else can be loaded.
pub(super) fn page_origin(rng: &mut Rng) -> Url {
    let secure = chance(rng, 30);
    let host = pick(rng, &["one.test", "one.test", "sub.one.test", "two.test", "127.0.0.1"]);
    let port = pick(rng, if secure { &["", "", ":8443"] } else { &["", "", ":8080"] });
    let scheme = if secure { "https" } else { "http" };
    url(&format!("{scheme}://{host}{port}/"))
}

/// Somewhere with a path, on the page's own origin in a third of the cases. An `https` page loads nothing over plain
/// HTTP, whatever its policy: that would be mixed content.
pub(super) fn target(rng: &mut Rng, page: &Url) -> Url {
    let mut target = if chance(rng, 33) { page.clone() } else { other_origin(rng, page) };
    target.set_path(pick(rng, &PATHS));
    target
}

fn other_origin(rng: &mut Rng, page: &Url) -> Url {
    let secure = page.scheme() == "https" || chance(rng, 40);
    let port = if secure {
        pick(rng, &["", "", "", ":8443", ":80"])
    } else {
        pick(rng, &["", "", "", ":8080", ":443"])
    };
    let scheme = if secure { "https" } else { "http" };
    url(&format!("{scheme}://{}{port}/", pick(rng, &HOSTS)))
}

/// The same place, for a WebSocket.
pub(super) fn as_socket(target: &Url) -> Url {
    url(&target.as_str().replacen("http", "ws", 1))
}

/// With a query that the server understands.
pub(super) fn with_query(mut target: Url, pairs: &[(&str, &str)]) -> Url {
    target.query_pairs_mut().clear().extend_pairs(pairs);
    target
}

pub(super) fn url(text: &str) -> Url {
    Url::parse(text).expect("the generator makes URLs")
}
