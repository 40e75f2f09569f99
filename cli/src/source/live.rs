//! Live sites, asked what the Observatory asks them.

use cspc_core::wire::Captured;
use url::Url;

use super::fetch::{Arguments, Client, Fetched, Trouble, shown};
use crate::exit::{Failure, visible};

/// What another origin is told of whether it may read the page.
const CORS: [&str; 2] = ["access-control-allow-origin", "access-control-allow-credentials"];

/// Asks for a site over HTTPS and over plain HTTP, and whether another origin may read it. Where the URL names a port,
/// only that is asked.
pub(crate) fn capture(url: &Url, arguments: &Arguments) -> Result<Captured, Failure> {
    if url.port().is_some() {
        let answer = Answer::of(url, arguments)?;
        let captured = answer.captured(url);
        return Ok(if url.scheme() == "http" {
            with_hops(captured, Some(&answer))
        } else {
            captured
        });
    }
    let (secure, plain) = (with_scheme(url, "https"), with_scheme(url, "http"));
    let over_http = Answer::of(&plain, arguments);
    match (Answer::of(&secure, arguments), over_http) {
        (Ok(answer), over_http) => Ok(with_hops(answer.captured(&secure), over_http.ok().as_ref())),
        (Err(_), Ok(answer)) => Ok(with_hops(answer.captured(&plain), Some(&answer))),
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
fn with_hops(mut captured: Captured, over_http: Option<&Answer>) -> Captured {
    let route = over_http.map_or(&[][..], |answer| &answer.fetched.route);
    captured.set_hops(route.iter().map(Url::to_string));
    captured
}

/// What came, and from whom.
struct Answer {
    fetched: Fetched,
    client: Client,
    /// Whether all certificates on the way were verified.
    is_verified: bool,
}

impl Answer {
    /// Fetches a URL. A certificate that cannot be verified is told of, and the response taken all the same: it is graded
    /// as what it is.
    fn of(url: &Url, arguments: &Arguments) -> Result<Self, Failure> {
        let client = Client::new(arguments)?;
        let answer = match client.fetch(url) {
            Ok(fetched) => Self { fetched, client, is_verified: true },
            Err(Trouble::Certificate(message)) => {
                anstream::eprintln!("{}", visible(&message));
                let client = Client::unverified(arguments)?;
                Self { fetched: client.fetch(url)?, client, is_verified: false }
            }
            Err(trouble) => return Err(trouble.into()),
        };
        if answer.fetched.route.len() > 1 {
            anstream::eprintln!("{}", shown(answer.fetched.route.iter()));
        }
        Ok(answer)
    }

    fn captured(&self, url: &Url) -> Captured {
        let Fetched { route, status, headers, body } = &self.fetched;
        let page = route.last().unwrap_or(url);
        if !(200..300).contains(status) {
            let page = visible(page.as_str());
            anstream::eprintln!(
                "`{page}` answers with status {status}: the Observatory grades 2xx only"
            );
        }
        // What another origin may do, a request of another origin is told.
        let asked = self.client.preflight(page).unwrap_or_default();
        let is_cors = |(name, _): &&(String, String)| CORS.contains(&name.as_str());
        let own = headers.iter().filter(|header| !is_cors(header));
        let headers = own.chain(asked.iter().filter(is_cors)).cloned().collect();
        let mut captured = Captured::new(url.to_string(), headers);
        captured.html = Some(body.clone());
        captured.verified = Some(self.is_verified);
        captured
    }
}
