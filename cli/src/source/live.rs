//! Live sites, asked what the Observatory asks them.

use cspc_core::wire::Captured;
use url::Url;

use super::fetch::{self, Arguments, Client, Fetched, Trouble, shown};
use crate::exit::Failure;

/// What another origin is told of whether it may read the page.
const CORS: [&str; 2] = ["access-control-allow-origin", "access-control-allow-credentials"];

/// A site as it was captured, and what is to be told of how it went.
pub(crate) struct Seen {
    pub(crate) captured: Captured,
    pub(crate) notes: Vec<String>,
}

/// Asks for a site over HTTPS and over plain HTTP, and whether another origin may read it. Where the URL names a port,
/// only that is asked. Each of the two has its own time, so that a firewall in front of one does not hide the other.
pub(crate) fn capture(url: &Url, arguments: &Arguments) -> Result<Seen, Failure> {
    if url.port().is_some() {
        let answer = Answer::of(url, arguments)?;
        let seen = answer.seen(url);
        return Ok(if url.scheme() == "http" { with_hops(seen, Some(&answer)) } else { seen });
    }
    let (secure, plain) = (with_scheme(url, "https"), with_scheme(url, "http"));
    let over_http = Answer::of(&plain, arguments);
    match (Answer::of(&secure, arguments), over_http) {
        (Ok(answer), over_http) => Ok(with_hops(answer.seen(&secure), over_http.ok().as_ref())),
        (Err(failure), Ok(answer)) => {
            let mut seen = with_hops(answer.seen(&plain), Some(&answer));
            seen.notes.push(failure.to_string());
            Ok(seen)
        }
        (Err(failure), Err(_)) => Err(failure),
    }
}

fn with_scheme(url: &Url, scheme: &str) -> Url {
    let mut url = url.clone();
    // It does not fail from one scheme of the web to the other.
    let _ = url.set_scheme(scheme);
    url
}

/// The capture with the way from plain HTTP; `None` if nothing answers there.
fn with_hops(mut seen: Seen, over_http: Option<&Answer>) -> Seen {
    let route = over_http.map_or(&[][..], |answer| &answer.fetched.route);
    seen.captured.set_hops(route.iter().map(Url::to_string));
    if let Some(answer) = over_http.filter(|_| route.len() > 1) {
        let way = shown(answer.fetched.route.iter());
        if !seen.notes.contains(&way) {
            seen.notes.insert(0, way);
        }
    }
    seen
}

/// What came, and from whom.
struct Answer {
    fetched: Fetched,
    client: Client,
    /// What is wrong with a certificate on the way, if one could not be verified.
    unverified: Option<String>,
}

impl Answer {
    /// Fetches a URL. A certificate that cannot be verified is told of, and the response taken all the same: it is graded
    /// as what it is.
    fn of(url: &Url, arguments: &Arguments) -> Result<Self, Failure> {
        let client = Client::new(arguments)?;
        match client.fetch(url) {
            Ok(fetched) => Ok(Self { fetched, client, unverified: None }),
            Err(Trouble::Certificate(message)) => {
                let client = client.unverified(arguments)?;
                Ok(Self { fetched: client.fetch(url)?, client, unverified: Some(message) })
            }
            Err(trouble) => Err(trouble.into()),
        }
    }

    /// What came of a URL, with what is to be told of it.
    fn seen(&self, url: &Url) -> Seen {
        let Fetched { route, status, headers, body, is_cut } = &self.fetched;
        let page = route.last().unwrap_or(url);
        let mut notes: Vec<String> = self.unverified.iter().cloned().collect();
        if route.len() > 1 {
            notes.push(shown(route.iter()));
        }
        notes.extend(is_cut.then(|| fetch::cut(page)));
        if !matches!(status, 200..=399 | 401 | 403) {
            notes.push(format!(
                "`{page}` answers with status {status}: the Observatory grades 2xx, 3xx, 401 and 403"
            ));
        }
        // What another origin may do, a request of another origin is told.
        let asked = self.client.preflight(page).unwrap_or_default();
        let is_cors = |(name, _): &&(String, String)| CORS.contains(&name.as_str());
        let own = headers.iter().filter(|header| !is_cors(header));
        let headers = own.chain(asked.iter().filter(is_cors)).cloned().collect();
        let mut captured = Captured::new(url.to_string(), headers);
        captured.html = Some(body.clone());
        captured.verified = Some(self.unverified.is_none());
        Seen { captured, notes }
    }
}
