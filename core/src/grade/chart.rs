//! The table of the Observatory's tests, results and points, and its grades.

/// The enumerations of tests and results and their table, from one row a result.
macro_rules! outcomes {
    ($($(#[$doc:meta])* $test:ident = $name:literal, $title:literal {
        $($outcome:ident = $result:literal, $modifier:literal, $pass:literal, $why:literal;)+
    })+) => {
        /// One of the Observatory's tests.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Test { $($(#[$doc])* $test,)+ }

        /// What a test found.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Outcome { $($(#[doc = concat!("`", $result, "`.")] $outcome,)+)+ }

        impl Test {
            /// Every test, in the Observatory's order.
            pub const ALL: [Self; 12] = [$(Self::$test,)+];

            /// Its name, such as `content-security-policy`.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$test => $name,)+ }
            }

            /// Its name for people.
            pub const fn title(self) -> &'static str {
                match self { $(Self::$test => $title,)+ }
            }

            /// What it can find.
            pub const fn outcomes(self) -> &'static [Outcome] {
                match self { $(Self::$test => &[$(Outcome::$outcome,)+],)+ }
            }
        }

        impl Outcome {
            /// The test that finds it.
            pub const fn test(self) -> Test {
                match self { $($(Self::$outcome => Test::$test,)+)+ }
            }

            /// Its name, such as `csp-not-implemented`.
            pub const fn name(self) -> &'static str {
                match self { $($(Self::$outcome => $result,)+)+ }
            }

            /// The points that it gives or takes.
            pub const fn modifier(self) -> i32 {
                match self { $($(Self::$outcome => $modifier,)+)+ }
            }

            /// Whether the test counts as passed.
            pub const fn passes(self) -> bool {
                match self { $($(Self::$outcome => $pass,)+)+ }
            }

            /// What was found, in a few words.
            pub const fn why(self) -> &'static str {
                match self { $($(Self::$outcome => $why,)+)+ }
            }
        }
    };
}

#[rustfmt::skip]
outcomes! {
    /// `Content-Security-Policy`.
    ContentSecurityPolicy = "content-security-policy", "Content-Security-Policy" {
        CspNoUnsafeDefaultNone = "csp-implemented-with-no-unsafe-default-src-none", 10, true, "a policy that starts from `default-src 'none'` and lets nothing unsafe through";
        CspNoUnsafe = "csp-implemented-with-no-unsafe", 5, true, "a policy that lets nothing unsafe through";
        CspUnsafeStyle = "csp-implemented-with-unsafe-inline-in-style-src-only", 0, true, "a policy that is lax for styles only";
        CspInsecurePassive = "csp-implemented-with-insecure-scheme-in-passive-content-only", -10, true, "the policy lets images or media through over plain HTTP";
        CspUnsafeEval = "csp-implemented-with-unsafe-eval", -10, false, "the policy lets strings become code";
        CspUnsafeInline = "csp-implemented-with-unsafe-inline", -20, false, "the policy lets any script through, or any plugin";
        CspInsecureScheme = "csp-implemented-with-insecure-scheme", -20, false, "the policy lets code through over plain HTTP";
        CspDuplicateReporting = "csp-implemented-but-duplicate-directives", 0, true, "a policy that names its report endpoint twice";
        CspInvalid = "csp-header-invalid", -25, false, "the Observatory cannot read the policy";
        CspAbsent = "csp-not-implemented", -25, false, "there is no policy";
        CspReportOnly = "csp-not-implemented-but-reporting-enabled", -25, false, "the policy only reports";
    }
    /// `Set-Cookie`.
    Cookies = "cookies", "Cookies" {
        CookiesAllSameSite = "cookies-secure-with-httponly-sessions-and-samesite", 5, true, "every cookie is Secure and SameSite, and sessions are HttpOnly";
        CookiesSecure = "cookies-secure-with-httponly-sessions", 0, true, "every cookie is Secure, and sessions are HttpOnly";
        CookiesAbsent = "cookies-not-found", 0, true, "there are no cookies";
        CookiesNotSecureUnderHsts = "cookies-without-secure-flag-but-protected-by-hsts", -5, false, "a cookie lacks Secure; HSTS makes up for it in part";
        CookiesSessionNotSecureUnderHsts = "cookies-session-without-secure-flag-but-protected-by-hsts", -10, false, "a session cookie lacks Secure; HSTS makes up for it in part";
        CookiesNotSecure = "cookies-without-secure-flag", -20, false, "a cookie lacks Secure";
        CookiesSameSiteInvalid = "cookies-samesite-flag-invalid", -20, false, "a cookie's SameSite says nothing, or None without Secure";
        CookiesAntiCsrfNotSameSite = "cookies-anticsrf-without-samesite-flag", -20, false, "a cookie against request forgery lacks SameSite";
        CookiesSessionNotHttpOnly = "cookies-session-without-httponly-flag", -30, false, "a session cookie lacks HttpOnly";
        CookiesSessionNotSecure = "cookies-session-without-secure-flag", -40, false, "a session cookie lacks Secure";
    }
    /// `Cross-Origin-Embedder-Policy`.
    EmbedderPolicy = "cross-origin-embedder-policy", "Cross-Origin-Embedder-Policy" {
        CoepAbsent = "coep-not-implemented", 0, true, "there is none";
        CoepRequireCorp = "coep-implemented-with-require-corp", 10, true, "what the page loads has to agree";
        CoepCredentialless = "coep-implemented-with-credentialless", 10, true, "what does not agree is loaded without cookies";
        CoepUnsafeNone = "coep-implemented-with-unsafe-none", 0, true, "it allows everything";
        CoepInvalid = "coep-header-invalid", -5, false, "browsers cannot read it";
    }
    /// `Cross-Origin-Opener-Policy`.
    OpenerPolicy = "cross-origin-opener-policy", "Cross-Origin-Opener-Policy" {
        CoopAbsent = "coop-not-implemented", 0, true, "there is none";
        CoopSameOrigin = "coop-implemented-with-same-origin", 10, true, "the page shares its windows with its own origin only";
        CoopAllowPopups = "coop-implemented-with-same-origin-allow-popups", 10, true, "the page keeps its own popups, and no opener";
        CoopNoopener = "coop-implemented-with-noopener-allow-popups", 10, true, "the page always loses its opener";
        CoopUnsafeNone = "coop-implemented-with-unsafe-none", 0, true, "it allows everything";
        CoopInvalid = "coop-header-invalid", -5, false, "browsers cannot read it";
    }
    /// `Access-Control-Allow-Origin` and its like.
    Cors = "cross-origin-resource-sharing", "Cross-origin resource sharing" {
        CorsAbsent = "cross-origin-resource-sharing-not-implemented", 0, true, "other origins cannot read the page";
        CorsPublic = "cross-origin-resource-sharing-implemented-with-public-access", 0, true, "anyone can read the page, without cookies";
        CorsRestricted = "cross-origin-resource-sharing-implemented-with-restricted-access", 0, true, "a given origin can read the page";
        CorsUniversal = "cross-origin-resource-sharing-implemented-with-universal-access", -50, false, "anyone can read the page as its visitors see it";
    }
    /// From HTTP to HTTPS.
    Redirection = "redirection", "Redirection" {
        RedirectionPreloaded = "redirection-all-redirects-preloaded", 0, true, "browsers know from their own list to ask over HTTPS";
        RedirectionToHttps = "redirection-to-https", 0, true, "HTTP leads to HTTPS on the same host";
        RedirectionNoHttp = "redirection-not-needed-no-http", 0, true, "nothing answers over HTTP";
        RedirectionOffHost = "redirection-off-host-from-http", -5, false, "HTTP leads to another host, so that HSTS of this one is never seen";
        RedirectionHttpFirst = "redirection-not-to-https-on-initial-redirection", -10, false, "HTTP leads to HTTP first";
        RedirectionNotToHttps = "redirection-not-to-https", -20, false, "HTTP leads to no HTTPS";
        RedirectionMissing = "redirection-missing", -20, false, "HTTP is answered, and not redirected";
        RedirectionInvalidCertificate = "redirection-invalid-cert", -20, false, "HTTP leads to a certificate that cannot be verified";
    }
    /// `Referrer-Policy`.
    ReferrerPolicy = "referrer-policy", "Referrer-Policy" {
        ReferrerPrivate = "referrer-policy-private", 5, true, "other sites learn no more than the origin";
        ReferrerAbsent = "referrer-policy-not-implemented", 0, true, "there is none; browsers then tell other sites the origin only";
        ReferrerUnsafe = "referrer-policy-unsafe", -5, false, "URLs or origins go to other sites, or over plain HTTP";
        ReferrerInvalid = "referrer-policy-header-invalid", -5, false, "it holds no policy that browsers know";
    }
    /// `Strict-Transport-Security`.
    StrictTransportSecurity = "strict-transport-security", "Strict-Transport-Security" {
        HstsPreloaded = "hsts-preloaded", 5, true, "browsers know the host from their own list";
        HstsLong = "hsts-implemented-max-age-at-least-six-months", 0, true, "browsers come back over HTTPS for at least six months";
        HstsShort = "hsts-implemented-max-age-less-than-six-months", -10, false, "browsers forget it in less than six months";
        HstsAbsent = "hsts-not-implemented", -20, false, "there is none";
        HstsInvalid = "hsts-header-invalid", -20, false, "the Observatory cannot read it";
        HstsNoHttps = "hsts-not-implemented-no-https", -20, false, "there is no HTTPS";
        HstsInvalidCertificate = "hsts-invalid-cert", -20, false, "the certificate cannot be verified, and browsers then ignore the header";
    }
    /// The `integrity` attributes of scripts.
    SubresourceIntegrity = "subresource-integrity", "Subresource integrity" {
        SriAll = "sri-implemented-and-all-scripts-loaded-securely", 5, true, "even scripts of the site itself have integrity";
        SriExternal = "sri-implemented-and-external-scripts-loaded-securely", 5, true, "scripts of other sites have integrity";
        SriNotHtml = "sri-not-implemented-response-not-html", 0, true, "it is no page";
        SriNoScripts = "sri-not-implemented-but-no-scripts-loaded", 0, true, "there are no scripts";
        SriOwnOrigin = "sri-not-implemented-but-all-scripts-loaded-from-secure-origin", 0, true, "all scripts come from the site itself";
        SriMissing = "sri-not-implemented-but-external-scripts-loaded-securely", -5, false, "a script of another site has no integrity";
        SriInsecure = "sri-implemented-but-external-scripts-not-loaded-securely", -20, false, "a script with integrity comes over HTTP or `//`";
        SriMissingInsecure = "sri-not-implemented-and-external-scripts-not-loaded-securely", -50, false, "a script without integrity comes over HTTP or `//`";
    }
    /// `X-Content-Type-Options`.
    ContentTypeOptions = "x-content-type-options", "X-Content-Type-Options" {
        NoSniff = "x-content-type-options-nosniff", 0, true, "browsers do not guess types";
        NoSniffAbsent = "x-content-type-options-not-implemented", -5, false, "there is none";
        NoSniffInvalid = "x-content-type-options-header-invalid", -5, false, "it is not `nosniff` alone";
    }
    /// `X-Frame-Options`, or `frame-ancestors`.
    FrameOptions = "x-frame-options", "X-Frame-Options" {
        FrameAncestors = "x-frame-options-implemented-via-csp", 5, true, "`frame-ancestors` says who may embed the page";
        FrameDenied = "x-frame-options-sameorigin-or-deny", 5, true, "no other site may embed the page";
        FrameAllowFrom = "x-frame-options-allow-from-origin", 0, true, "ALLOW-FROM, which browsers ignore";
        FrameAbsent = "x-frame-options-not-implemented", -20, false, "any site may embed the page";
        FrameInvalid = "x-frame-options-header-invalid", -20, false, "it is neither DENY nor SAMEORIGIN";
    }
    /// `Cross-Origin-Resource-Policy`.
    ResourcePolicy = "cross-origin-resource-policy", "Cross-Origin-Resource-Policy" {
        CorpAbsent = "corp-not-implemented", 0, true, "there is none";
        CorpSameOrigin = "corp-implemented-with-same-origin", 10, true, "no other origin may load it";
        CorpSameSite = "corp-implemented-with-same-site", 10, true, "no other site may load it";
        CorpCrossOrigin = "corp-implemented-with-cross-origin", 0, true, "anyone may load it";
        CorpInvalid = "corp-header-invalid", -5, false, "it is none of the three values";
    }
}

/// Where everyone starts.
const BASE: i32 = 100;
/// The score after penalties from which bonuses count.
const BONUSES_FROM: i32 = 90;

/// The score of these results: penalties off 100; bonuses where little was taken off; never below 0.
///
/// ```
/// use cspc_core::grade::{Outcome, score};
/// assert_eq!(score(&[Outcome::CspAbsent, Outcome::CoopSameOrigin]), 75);
/// assert_eq!(score(&[Outcome::CspNoUnsafe, Outcome::CoopSameOrigin]), 115);
/// ```
pub fn score(outcomes: &[Outcome]) -> i32 {
    total(outcomes.iter().map(|outcome| outcome.modifier()))
}

/// The score of these modifiers.
pub(super) fn total(modifiers: impl Iterator<Item = i32>) -> i32 {
    let (mut penalties, mut bonuses) = (0, 0);
    for modifier in modifiers {
        *(if modifier < 0 { &mut penalties } else { &mut bonuses }) += modifier;
    }
    let base = BASE + penalties;
    let score = if base >= BONUSES_FROM { base + bonuses } else { base };
    score.max(0)
}

/// A grade for a score; the better, the less.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Letter(usize);

/// Grades and the scores from which they are given, the best first.
const LETTERS: [(&str, i32); 13] = [
    ("A+", 100),
    ("A", 90),
    ("A-", 85),
    ("B+", 80),
    ("B", 70),
    ("B-", 65),
    ("C+", 60),
    ("C", 50),
    ("C-", 45),
    ("D+", 40),
    ("D", 30),
    ("D-", 25),
    ("F", i32::MIN),
];

impl Letter {
    /// The best there is.
    pub const BEST: Self = Self(0);

    /// The grade for a score.
    pub fn of(score: i32) -> Self {
        Self(LETTERS.iter().take_while(|(_, from)| score < *from).count())
    }

    /// The grade of this name.
    ///
    /// ```
    /// use cspc_core::grade::Letter;
    /// assert!(Letter::named("a-").is_some_and(|a| a < Letter::of(80)));
    /// assert!(Letter::named("E").is_none());
    /// ```
    pub fn named(name: &str) -> Option<Self> {
        LETTERS.iter().position(|(letter, _)| letter.eq_ignore_ascii_case(name)).map(Self)
    }

    /// Its name, such as `A+`.
    pub fn as_str(self) -> &'static str {
        LETTERS.get(self.0).map_or("F", |(letter, _)| letter)
    }

    /// Every grade, the best first.
    pub fn all() -> impl Iterator<Item = Self> {
        (0..LETTERS.len()).map(Self)
    }
}
