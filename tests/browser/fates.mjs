// Opens pages in one real browser and tells the fate of each item in them, from what the browser did: which requests
// the server saw, which code ran, which styles were applied, and which violations were reported.
//
// Standard input:  {"browser": "chromium" | "firefox", "pages": [{"number", "url", "headers": [[name, value], …], "html"}], "tabs": 6}
// Standard output: {"version", "pages": [{"number", "error", "ran": [id, …], "unsettled": [id, …], "threw": {id: text}, "base", "loaded", "events": […]}], "seen": [id, …]}
import { harness } from "./fates_page.mjs";
import { serve } from "./fates_server.mjs";
import { readJob, start } from "./launch.mjs";

const PAGE_TIMEOUT_MS = 30_000;
// Firefox answers nothing any more after about a hundred of these pages.
const PAGES_PER_BROWSER = 50;
// Nothing but the policy may decide: no upgrades to https, no local network access checks.
const FEATURES_OFF = [
  "HttpsUpgrades",
  "HttpsFirstBalancedModeAutoEnable",
  "LocalNetworkAccessChecks",
  // A process for each site of each frame would take most of the time.
  "IsolateOrigins",
  "site-per-process",
  "BackForwardCache",
  "ProactivelySwapBrowsingInstance",
  "SpareRendererForSitePerProcess",
];

function options(port) {
  return {
    acceptInsecureCerts: true,
    protocolTimeout: 180_000,
    args: [
      `--proxy-server=127.0.0.1:${port}`,
      "--proxy-bypass-list=<-loopback>",
      "--ignore-certificate-errors",
      "--disable-site-isolation-trials",
      "--renderer-process-limit=4",
      `--disable-features=${FEATURES_OFF.join(",")}`,
    ],
    extraPrefsFirefox: {
      "network.proxy.type": 1,
      "network.proxy.http": "127.0.0.1",
      "network.proxy.http_port": port,
      "network.proxy.ssl": "127.0.0.1",
      "network.proxy.ssl_port": port,
      "network.proxy.allow_hijacking_localhost": true,
      "dom.security.https_first": false,
      "security.mixed_content.upgrade_display_content": false,
      // Nobody answers the question whether a form of 127.0.0.1 may be sent over plain HTTP, and its tab waits.
      "security.warn_submit_secure_to_insecure": false,
    },
  };
}

/** Chromium loads no media in a tab that nobody sees: each has a window of its own there. */
async function newPage(browser) {
  if (job.browser !== "chromium") return browser.newPage();
  const session = await browser.target().createCDPSession();
  const { targetId } = await session.send("Target.createTarget", { url: "about:blank", newWindow: true });
  const target = await browser.waitForTarget((target) => target._targetId === targetId);
  return target.page();
}

async function openTab(browser) {
  const page = await newPage(browser);
  await page.evaluateOnNewDocument(harness);
  return page;
}

/** One that lost a race does not keep the process from ending. */
const pause = (ms) => new Promise((done) => setTimeout(done, ms).unref());

/** Runs in the tab: what the page says once all is decided, if it is this page. As text, for the protocols part in how
 * they pass on objects. */
const stateOf = (url) =>
  location.href === url && globalThis.cspcDone?.then(() => JSON.stringify(globalThis.cspcState));

/**
 * Loads a page and asks it. The driver's own word on a navigation does not count: Firefox fails those of pages in which
 * a frame is blocked, or says nothing.
 */
async function ask(tab, url) {
  tab.goto(url, { waitUntil: "domcontentloaded", timeout: PAGE_TIMEOUT_MS }).catch(() => {});
  const end = Date.now() + PAGE_TIMEOUT_MS;
  while (Date.now() < end) {
    // Until the page is there, the one before it answers, or nothing, or the question fails with it.
    const asked = tab.evaluate(stateOf, url).catch(() => false);
    const told = await Promise.race([asked, pause(end - Date.now())]);
    if (told) return JSON.parse(told);
    await pause(20);
  }
  throw new Error("not decided in time");
}

async function visit(tab, { number, url }) {
  try {
    const state = await ask(tab, url);
    return { number, error: null, ...state, ran: Object.keys(state.ran) };
  } catch (error) {
    return { number, error: String(error), ran: [], unsettled: [], threw: {}, base: "", events: [], loaded: false };
  }
}

/** Visits the pages in a browser that is started for them. */
async function visitIn(browser, pages, tabs) {
  const results = [];
  let next = 0;
  const work = async (tab) => {
    while (next < pages.length) results.push(await visit(tab, pages[next++]));
  };
  // One after another: Firefox can fail to open several at once.
  const open = [];
  while (open.length < Math.min(tabs, pages.length)) open.push(await openTab(browser));
  await Promise.all(open.map(work));
  return results;
}

async function visitAll({ pages, tabs = 6 }, port) {
  const results = [];
  let version;
  while (results.length < pages.length) {
    const browser = await start(job.browser, options(port));
    try {
      version = await browser.version();
      results.push(...(await visitIn(browser, pages.slice(results.length, results.length + PAGES_PER_BROWSER), tabs)));
    } finally {
      await browser.close();
    }
    console.error(`${job.browser}: ${results.length} of ${pages.length} pages`);
  }
  return { version, pages: results };
}

const job = await readJob();
const server = await serve(job.pages);
try {
  const told = await visitAll(job, server.port);
  process.stdout.write(JSON.stringify({ ...told, seen: [...server.seen] }));
} finally {
  server.close();
}
