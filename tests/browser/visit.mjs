// Opens pages in one real browser and prints what its Content-Security-Policy blocked.
//
// Standard input:  {"browser": "chromium" | "firefox", "pages": [url, …], "settle_ms": 300, "tabs": 4}
// Standard output: [{"url", "status", "violations": [{"effectiveDirective", "blockedURI", …}], "console": [text, …]}, …]
import { launch } from "puppeteer-core";

const PROGRAMS = {
  chromium: process.env.CHROMIUM ?? "/usr/bin/chromium",
  firefox: process.env.FIREFOX ?? "/usr/bin/firefox-esr",
};
const CHROMIUM_ARGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--no-first-run",
  "--disable-quic",
];
const PAGE_TIMEOUT_MS = 30_000;

/** Runs in the page before any script of its own: keeps each violation event, those of parsing included. */
function record() {
  const seen = [];
  Object.defineProperty(globalThis, "__cspcViolations", { value: seen });
  const names = ["effectiveDirective", "blockedURI", "sample", "sourceFile", "lineNumber", "disposition"];
  const keep = (event) => seen.push(Object.fromEntries(names.map((name) => [name, event[name]])));
  addEventListener("securitypolicyviolation", keep, true);
}

async function violationsOf(frame) {
  try {
    return await frame.evaluate(() => globalThis.__cspcViolations ?? []);
  } catch {
    return []; // a frame of another origin that failed to load has no document to ask
  }
}

/**
 * Loads a page and gives its status. Firefox rejects the navigation of a page when a frame in it cannot be
 * resolved, though the page itself loads: the page is asked then, and its own response gives the status.
 */
async function open(page, url) {
  let status = 0;
  page.on("response", (response) => {
    if (response.url() === url) status = response.status();
  });
  try {
    await page.goto(url, { waitUntil: "load", timeout: PAGE_TIMEOUT_MS });
  } catch (error) {
    if (!String(error).includes("Address rejected")) throw error;
    await page.waitForFunction(() => document.readyState === "complete", { timeout: PAGE_TIMEOUT_MS });
  }
  if (page.url() !== url) throw new Error(`${url} did not load: the browser shows ${page.url()}`);
  return status;
}

async function visit(browser, url, settleMs) {
  const page = await browser.newPage();
  const messages = [];
  page.on("console", (message) => {
    if (/content.security.policy/i.test(message.text())) messages.push(message.text());
  });
  try {
    await page.evaluateOnNewDocument(record);
    const status = await open(page, url);
    await new Promise((done) => setTimeout(done, settleMs));
    const found = await Promise.all(page.frames().map(violationsOf));
    return { url, status, violations: found.flat(), console: messages };
  } finally {
    await page.close();
  }
}

async function visitAll(browser, { pages, settle_ms = 300, tabs = 4 }) {
  const results = new Array(pages.length);
  let next = 0;
  const worker = async () => {
    while (next < pages.length) {
      const index = next++;
      results[index] = await visit(browser, pages[index], settle_ms);
    }
  };
  await Promise.all(Array.from({ length: Math.min(tabs, pages.length) }, worker));
  return results;
}

async function readInput() {
  const chunks = [];
  for await (const chunk of process.stdin) chunks.push(chunk);
  return JSON.parse(Buffer.concat(chunks).toString("utf8"));
}

const job = await readInput();
const browser = await launch({
  browser: job.browser === "firefox" ? "firefox" : "chrome",
  executablePath: PROGRAMS[job.browser],
  headless: true,
  args: job.browser === "chromium" ? CHROMIUM_ARGS : [],
});
try {
  process.stdout.write(JSON.stringify(await visitAll(browser, job)));
} finally {
  await browser.close();
}
