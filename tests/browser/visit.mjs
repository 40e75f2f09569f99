// Opens pages in one real browser and prints what its Content-Security-Policy blocked.
//
// Standard input:  {"browser": "chromium" | "firefox", "pages": [url, …], "settle_ms": 300, "tabs": 4}
// Standard output: [{"url", "status", "violations": [{"effectiveDirective", "blockedURI", …}], "console": [text, …]}, …]
import { readJob, start } from "./launch.mjs";

const PAGE_TIMEOUT_MS = 30_000;

/** Runs in the page before any script of its own: keeps each violation event, those of parsing included, and prints nothing. */
function record() {
  const seen = [];
  Object.defineProperty(globalThis, "__cspcViolations", { value: seen });
  const names = ["effectiveDirective", "blockedURI", "sample", "sourceFile", "lineNumber", "columnNumber", "disposition", "documentURI", "originalPolicy"];
  const keep = (event) => seen.push(Object.fromEntries(names.map((name) => [name, event[name]])));
  addEventListener("securitypolicyviolation", keep, true);
  globalThis.print = () => {}; // its dialog would hold the tab
}

async function violationsOf(frame) {
  try {
    return await frame.evaluate(() => globalThis.__cspcViolations ?? []);
  } catch {
    return []; // a frame of another origin that failed to load has no document to ask
  }
}

/** A tab, or a new one in its place, that visits one page after another: one for each is slow, and in Firefox can fail. */
async function openTab(browser, tab = {}) {
  const page = await browser.newPage();
  await page.evaluateOnNewDocument(record);
  Object.assign(tab, { page, status: 0, console: [], unanswered: new Set() });
  page.on("console", (message) => {
    if (/content.security.policy/i.test(message.text())) tab.console.push(message.text());
  });
  page.on("request", (request) => tab.unanswered.add(request.url()));
  for (const end of ["requestfinished", "requestfailed"]) {
    page.on(end, (request) => tab.unanswered.delete(request.url()));
  }
  page.on("response", (response) => {
    const request = response.request();
    if (request.isNavigationRequest() && request.frame() === page.mainFrame()) tab.status = response.status();
  });
  return tab;
}

/**
 * Loads a page. Firefox rejects the navigation of a page when a frame in it cannot be resolved, though the page itself
 * loads: the page is asked then, and its own response gives the status.
 */
async function load(tab, url) {
  Object.assign(tab, { status: 0, console: [] });
  tab.unanswered.clear();
  try {
    await tab.page.goto(url, { waitUntil: "load", timeout: PAGE_TIMEOUT_MS });
  } catch (error) {
    if (!String(error).includes("Address rejected")) throw error;
    await tab.page.waitForFunction(() => document.readyState === "complete", { timeout: PAGE_TIMEOUT_MS });
  }
  // A page may lead on to another one of its site, as some of the Rust documentation do.
  const shown = new URL(tab.page.url());
  if (shown.origin !== new URL(url).origin) throw new Error(`${url} did not load: the browser shows ${shown}`);
}

async function visit(tab, url, settleMs) {
  await load(tab, url);
  await new Promise((done) => setTimeout(done, settleMs));
  const found = await Promise.all(tab.page.frames().map(violationsOf));
  return { url, status: tab.status, violations: found.flat(), console: tab.console };
}

/**
 * Visits a page, in a new tab once more if the browser has not loaded it in time: seldom, and at a high load, one of the
 * many pages does not end. What was awaited is told, and a page that takes too long twice is an error.
 */
async function visitPatiently(browser, tab, url, settleMs) {
  try {
    return await visit(tab, url, settleMs);
  } catch (error) {
    if (error.name !== "TimeoutError") throw error;
    console.error(`${url}: ${error.message}, awaiting ${[...tab.unanswered].join(", ") || "nothing"}; opened again`);
    await tab.page.close();
    return visit(await openTab(browser, tab), url, settleMs);
  }
}

async function visitAll(browser, { pages, settle_ms = 300, tabs = 4 }) {
  const results = new Array(pages.length);
  let next = 0;
  const work = async (tab) => {
    while (next < pages.length) {
      const index = next++;
      results[index] = await visitPatiently(browser, tab, pages[index], settle_ms);
    }
  };
  const open = [];
  while (open.length < Math.min(tabs, pages.length)) open.push(await openTab(browser));
  await Promise.all(open.map(work));
  return results;
}

const job = await readJob();
const browser = await start(job.browser);
try {
  process.stdout.write(JSON.stringify(await visitAll(browser, job)));
} finally {
  await browser.close();
}
