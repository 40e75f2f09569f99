// The whole web that the differential test sees: one HTTP proxy that answers for every host and port itself, so that
// names, default ports and https need neither a resolver nor privileges.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { createServer as createSecureServer } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";

const TLS_HANDSHAKE = 0x16;
const PIXEL = Buffer.from("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7", "base64");
const text = (type, body) => ({ type: `${type}; charset=utf-8`, body });
const run = (id) => `cspcRan(${JSON.stringify(id)})`;

/** What is served for `?as=`, given the query's `id` and `inner`. */
const BODIES = {
  script: (id) => text("text/javascript", run(id)),
  style: () => text("text/css", ""),
  image: () => ({ type: "image/gif", body: PIXEL }),
  frame: () => text("text/html", "<!DOCTYPE html>"),
  // Holds another frame.
  outer: (_, inner) => text("text/html", `<!DOCTYPE html><iframe src="${inner.replaceAll("&", "&amp;")}"></iframe>`),
  // Tells by a request whether it is shown: the frame's load event waits for it.
  shown: (_, inner) => text("text/html", `<!DOCTYPE html><img src="${inner.replaceAll("&", "&amp;")}">`),
  // Tells whether its script runs, and whether it keeps its origin.
  sandboxed: (_, inner) =>
    text(
      "text/html",
      `<!DOCTYPE html><script>
        document.write('<img src="${inner}.allow-scripts">');
        if (self.origin !== "null") document.write('<img src="${inner}.allow-same-origin">');
      </script>`,
    ),
  worker: () => text("text/javascript", "self.postMessage?.(1); self.onconnect = ({ ports: [port] }) => port.postMessage(1);"),
  events: () => text("text/event-stream", "data: 1\n\n"),
  manifest: () => text("application/manifest+json", "{}"),
  other: () => text("text/plain", "x"),
};

function certificate() {
  const folder = mkdtempSync(join(tmpdir(), "cspc-"));
  try {
    const [key, cert] = [join(folder, "key.pem"), join(folder, "cert.pem")];
    const args = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"];
    execFileSync("openssl", [...args, "-subj", "/CN=test", "-keyout", key, "-out", cert], { stdio: "ignore" });
    return { key: readFileSync(key), cert: readFileSync(cert) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Serves pages by number at `/page/<number>`, and everything else as its query says. */
export async function serve(pages) {
  const byNumber = new Map(pages.map((page) => [String(page.number), page]));
  const seen = new Set();

  const note = (request) => {
    const url = new URL(request.url, "http://unknown.invalid");
    const id = url.searchParams.get("id");
    if (id) seen.add(id);
    return url;
  };
  const answer = (request, response) => {
    const url = note(request);
    response.setHeader("Cache-Control", "no-store");
    response.setHeader("Access-Control-Allow-Origin", "*");
    response.setHeader("Service-Worker-Allowed", "/");
    const query = url.searchParams;
    const page = byNumber.get(url.pathname.match(/^\/page\/(\d+)$/)?.[1]);
    if (page) {
      for (const [name, value] of page.headers) response.appendHeader(name, value);
      response.setHeader("Content-Type", "text/html; charset=utf-8");
      return response.end(page.html);
    }
    if (query.has("to")) return response.writeHead(302, { Location: query.get("to") }).end();
    for (const policy of query.getAll("csp")) response.appendHeader("Content-Security-Policy", policy);
    const make = BODIES[query.get("as")];
    if (!make) return response.writeHead(404).end();
    const { type, body } = make(query.get("id"), query.get("inner"));
    response.writeHead(200, { "Content-Type": type }).end(body);
  };
  const refuse = (request, socket) => {
    note(request);
    socket.on("error", () => {});
    socket.end("HTTP/1.1 400 No WebSocket\r\nConnection: close\r\n\r\n");
  };

  const plain = createServer(answer);
  const secure = createSecureServer(certificate(), answer);
  for (const server of [plain, secure]) server.on("upgrade", refuse).on("clientError", (_, socket) => socket.destroy());
  plain.on("connect", (_, socket) => {
    socket.on("error", () => {});
    socket.write("HTTP/1.1 200 Connected\r\n\r\n");
    socket.once("data", (first) => {
      socket.pause();
      socket.unshift(first);
      (first[0] === TLS_HANDSHAKE ? secure : plain).emit("connection", socket);
      process.nextTick(() => socket.resume());
    });
  });
  await new Promise((ready) => plain.listen(0, "127.0.0.1", ready));
  return { port: plain.address().port, seen, close: () => plain.closeAllConnections() || plain.close() };
}
