// Texts to start from.

export const examples: { name: string; text: string }[] = [
  {
    name: "A strict policy for a static site",
    text: `Content-Security-Policy: default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'
Strict-Transport-Security: max-age=63072000; includeSubDomains
X-Content-Type-Options: nosniff
Referrer-Policy: strict-origin-when-cross-origin`,
  },
  {
    name: "Nonces and 'strict-dynamic'",
    text: "Content-Security-Policy: script-src 'nonce-CSPC_NONCE' 'strict-dynamic' https: 'unsafe-inline'; object-src 'none'; base-uri 'none'; frame-ancestors 'self'",
  },
  {
    name: "An allow-list that lets too much through",
    text: "default-src *; script-src 'self' 'unsafe-inline' https://cdn.jsdelivr.net *.googleapis.com; img-src *; object-src 'self'",
  },
  {
    name: "Spelled wrong",
    text: "defualt-src none; script-src self; img-src “self” data: style-src 'self'",
  },
  {
    name: "Two policies at once",
    text: `Content-Security-Policy: default-src 'self'; script-src 'self' https://js.example
Content-Security-Policy: script-src https://js.example; frame-ancestors 'none'
Content-Security-Policy-Report-Only: require-trusted-types-for 'script'; report-to csp
Reporting-Endpoints: csp="https://shop.example/reports"`,
  },
];
