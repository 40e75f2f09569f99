// Uses the playground in one real browser as a person would, and prints what came of each step.
//
// Standard input:  {"browser": "chromium" | "firefox", "url": "http://…", "shots": folder or null}
// Standard output: {"steps": {name: outcome}, "violations": […], "errors": […], "keystroke_ms": {"median", "p95"}, "ready_ms"}
import { writeFile } from "node:fs/promises";
import path from "node:path";
import axe from "axe-core";
import { readJob, start } from "./launch.mjs";

const PATIENCE = { timeout: 60_000 };
const POLICY = "Content-Security-Policy: script-src 'self' 'unsafe-inline' https://cdn.example; object-src 'none'";

const job = await readJob();
const browser = await start(job.browser);
const page = await browser.newPage();
const errors = [];
page.on("pageerror", (error) => errors.push(String(error)));
page.on("console", (message) => {
  const { url = "", lineNumber = 0 } = message.location();
  if (message.type() === "error") errors.push(`${url}:${lineNumber}: ${message.text()}`);
});
await page.evaluateOnNewDocument(() => {
  globalThis.violations = [];
  addEventListener("securitypolicyviolation", (event) => violations.push(`${event.effectiveDirective} ${event.blockedURI}`));
});

const steps = {};
const text = (selector) => page.$eval(selector, (element) => element.textContent);
const panel = () => text("#panel");
const until = (condition, ...parameters) => page.waitForFunction(condition, PATIENCE, ...parameters);
const panelSays = (wanted) => until((wanted) => document.querySelector("#panel")?.textContent.includes(wanted), wanted);
const shot = async (name) => {
  if (job.shots) await writeFile(path.join(job.shots, `${name}.png`), await page.screenshot());
};

/**
 * Puts the caret into the editor, in its shadow root, and takes what is there for selected. For 200 ms after it got the focus,
 * the editor takes a selection from the start for the browser's own doing; no person selects and types as quickly.
 */
async function intoEditor() {
  await page.evaluate(() => document.querySelector(".left .editor").shadowRoot.querySelector(".cm-content").focus());
  await new Promise((done) => setTimeout(done, 250));
  await page.keyboard.down("Control");
  await page.keyboard.press("a");
  await page.keyboard.up("Control");
}
const editorText = () =>
  page.evaluate(() => [...document.querySelector(".left .editor").shadowRoot.querySelectorAll(".cm-line")].map((line) => line.textContent).join("\n"));

/** Waits until the editor has this text. */
const inEditor = (wanted) => until((wanted) => document.querySelector(".left .editor").shadowRoot.textContent.includes(wanted), wanted);
/** Clicks what has this label on the panel. */
const label = (wanted) => page.evaluate((wanted) => [...document.querySelectorAll("#panel label")].find((label) => label.textContent.includes(wanted)).querySelector("input").click(), wanted);

async function tab(name) {
  await page.click(`#tab-${name}`);
  await until((name) => document.querySelector(`#tab-${name}`).getAttribute("aria-selected") === "true", name);
}

async function open(address = job.url) {
  await page.goto("about:blank");
  await page.goto(address, { waitUntil: "load" });
  await page.waitForFunction(() => document.querySelector(".left .editor")?.shadowRoot?.querySelector(".cm-content"), PATIENCE);
}

/** How long it takes from a key to the findings for what it made, in milliseconds, while a key is held down and repeats. */
async function keystrokes() {
  await intoEditor();
  const directive = "img-src " + Array.from({ length: 128 }, (_, index) => `https://h${index}.images.example`).join(" ");
  await page.evaluate((text) => document.execCommand("insertText", false, text), directive);
  await page.waitForSelector("[data-testid=summary]", PATIENCE);
  const times = [];
  for (let index = 0; index < 40; index++) {
    await page.evaluate(() => {
      let began;
      addEventListener("keydown", (event) => (began = event.timeStamp), { capture: true, once: true });
      globalThis.answered = new Promise((done) => {
        const observer = new PerformanceObserver((list) => {
          observer.disconnect();
          const [{ startTime, duration }] = list.getEntries();
          done(startTime + duration - began);
        });
        observer.observe({ type: "measure" });
      });
    });
    await page.keyboard.press("x");
    times.push(await page.evaluate(() => answered));
    await new Promise((done) => setTimeout(done, 33));
  }
  times.sort((a, b) => a - b);
  return { median: times[20], p95: times[38] };
}

/** For how long the page stood still at most, in milliseconds, while something was waited for. */
async function longestBlock(wait) {
  await page.evaluate(() => {
    globalThis.longest = 0;
    let last = performance.now();
    globalThis.ticking = setInterval(() => {
      const now = performance.now();
      longest = Math.max(longest, now - last);
      last = now;
    }, 1);
  });
  await wait();
  return page.evaluate(() => (clearInterval(ticking), Math.round(longest)));
}

/** What axe-core finds serious. It is not to load style sheets anew: the page's policy would be asked of those. */
async function accessibility(name) {
  await page.evaluate(axe.source).catch(() => undefined);
  const found = await page.evaluate(async () => {
    const { violations } = await globalThis.axe.run(document, { resultTypes: ["violations"], preload: false });
    return violations.filter(({ impact }) => impact === "serious" || impact === "critical").map(({ id, nodes }) => `${id}: ${nodes[0].html.slice(0, 120)}`);
  });
  steps[`axe ${name}`] = found;
}

try {
  const began = Date.now();
  await open();
  steps.ready_ms = Date.now() - began;
  await page.setViewport({ width: 1280, height: 860 });
  await shot("empty");

  await intoEditor();
  await page.keyboard.type(POLICY);
  await panelSays("csp/unsafe-inline");
  steps.findings = await panel();
  await shot("findings");
  await accessibility("findings");

  await tab("grade");
  await panelSays("points");
  steps.grade = await panel();
  await shot("grade");
  await accessibility("grade");

  await tab("try");
  await panelSays("Allowed");
  steps.try = await text("[data-testid=verdict]");
  await until(() => document.querySelector(".left .editor").shadowRoot.querySelector(".cm-clause"));
  steps.marked = await page.evaluate(() => [...document.querySelector(".left .editor").shadowRoot.querySelectorAll(".cm-clause")].map((mark) => mark.textContent).join(""));
  await shot("try");
  await accessibility("try");

  await tab("compare");
  await until(() => document.querySelector(".small-editor .editor")?.shadowRoot?.querySelector(".cm-content"));
  await page.evaluate(() => [...document.querySelectorAll("#panel button")].find((button) => button.textContent.startsWith("Take what")).click());
  await panelSays("Both let the same through");
  await intoEditor();
  await page.keyboard.type("Content-Security-Policy: script-src 'self' https:; object-src 'none'");
  await panelSays("widened");
  steps.compare = await text("[data-testid=relation]");
  await shot("compare");

  await tab("output");
  await panelSays("add_header");
  steps.output = await text("[data-testid=file]");
  await shot("output");
  await accessibility("output");

  await tab("site");
  const chooser = await page.$("#panel input[type=file]");
  await chooser.uploadFile(job.page);
  await panelSays("1 page,");
  steps.site = await text("[data-testid=site]");
  await shot("site");
  await accessibility("site");

  // A recording beside the page, and then what is neither.
  await (await page.$("#panel input[type=file]")).uploadFile(job.page, job.recording);
  await panelSays("recorded.example");
  steps.recording = await text("[data-testid=site]");
  await (await page.$("#panel input[type=file]")).uploadFile(job.large);
  const blocked = await longestBlock(() => panelSays("large.example"));
  steps.large_recording = await text("[data-testid=site]");
  steps.large_recording_blocked_ms = blocked;
  await (await page.$("#panel input[type=file]")).uploadFile(job.nested);
  await panelSays("nested too deeply");
  steps.nested = await text("[data-testid=site]");
  await (await page.$("#panel input[type=file]")).uploadFile(job.binary);
  await page.waitForSelector("#panel [role=alert]", PATIENCE);
  steps.binary = await text("#panel [role=alert]");
  if (job.browser === "chromium") {
    // Dropped beside the place that asks for it, on another panel.
    await tab("findings");
    const devtools = await page.createCDPSession();
    const data = { items: [], files: [job.page], dragOperationsMask: 1 };
    for (const type of ["dragEnter", "dragOver", "drop"]) await devtools.send("Input.dispatchDragEvent", { type, x: 700, y: 500, data });
    await panelSays("1 page,");
  }

  // As one who has never written a policy: from nothing to a block for nginx, with Google Analytics and an inline script.
  await open();
  await tab("builder");
  await panelSays("Write a strict policy");
  await page.evaluate(() => [...document.querySelectorAll("#panel button")].find((button) => button.textContent === "Write a strict policy").click());
  await panelSays("Google Analytics");
  steps.ticked = await page.$eval("#panel fieldset", (services) => services.querySelectorAll(":checked:not(option)").length);
  await label("Google Analytics");
  await inEditor("googletagmanager");
  // One that has to be told the customer's own name.
  await page.select("#panel select", "chargebee");
  await panelSays("Your site at Chargebee");
  await page.type("#panel fieldset .field input", "acme");
  await page.evaluate(() => [...document.querySelectorAll("#panel button")].find((button) => button.textContent === "Allow Chargebee").click());
  await inEditor("https://acme.chargebee.com");
  await page.type("#panel textarea", "alert(1)");
  await page.evaluate(() => [...document.querySelectorAll("#panel button")].find((button) => button.textContent === "Allow this code").click());
  await inEditor("sha256-");
  // Scripts by a nonce, tried at first, with reports.
  await label("with a nonce");
  await inEditor("'nonce-CSPC_NONCE'");
  await page.type("#panel input[aria-label='Where reports are sent']", "https://reports.example/csp");
  await page.keyboard.press("Enter");
  await inEditor('Reporting-Endpoints: csp="https://reports.example/csp"');
  await label("Only report");
  await inEditor("Content-Security-Policy-Report-Only: ");
  steps.builder = await editorText();
  await shot("builder");
  await accessibility("builder");
  await tab("output");
  await panelSays("sub_filter");
  steps.nonce = await panel();

  // The keyboard alone: the tabs are one stop, arrows move between them.
  await page.focus("#tab-output");
  await page.keyboard.press("Home");
  steps.keyboard = await page.evaluate(() => document.activeElement.id);

  // A link brings back what was shared.
  const share = await page.evaluateHandle(() => [...document.querySelectorAll("header button")].find((button) => button.textContent === "Share"));
  await share.click();
  await until((share) => share.textContent !== "Share", share);
  const shared = await page.evaluate(() => location.href);
  await open(shared);
  await inEditor("sha256-");
  steps.shared = (await editorText()) === steps.builder;

  // Hostile addresses and texts: a message, and the page lives on.
  await open(`${job.url}#1////`);
  await page.waitForSelector("[role=alert]", PATIENCE);
  await open(`${job.url}#<img src=x onerror=alert(1)>`);
  await page.waitForSelector("[role=alert]", PATIENCE);
  await intoEditor();
  await page.keyboard.type("script-src <img/src=x/onerror=alert(1)>");
  await page.waitForSelector(".finding", PATIENCE);
  steps.injected = await page.$$eval("#panel img", (images) => images.length);
  // Firefox gives an event made by a script no clipboard.
  if (job.browser === "chromium") await page.evaluate(() => {
    const data = new DataTransfer();
    data.setData("text/plain", "x ".repeat(3_000_000));
    const paste = new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true });
    document.querySelector(".left .editor").shadowRoot.querySelector(".cm-content").dispatchEvent(paste);
  });
  if (job.browser === "chromium") {
    await until(() => document.querySelector("[role=alert]")?.textContent.includes("longer than"));
    steps.large = await text("[role=alert]");
  }

  // A service by its name, in the editor.
  await intoEditor();
  await page.keyboard.type("script-src https://cdn.example/strip.js Strip");
  const offered = () => document.querySelector(".left .editor").shadowRoot.querySelector(".cm-tooltip-autocomplete")?.textContent.includes("Stripe");
  await until(offered);
  await shot("completion");
  // For a moment after they appear, completions are not taken: whoever pressed Enter meant something else.
  await new Promise((done) => setTimeout(done, 250));
  await page.keyboard.press("Enter");
  steps.completed = await editorText();

  await open();
  steps.keystroke_ms = await keystrokes();

  await page.setViewport({ width: 390, height: 780 });
  await open();
  const example = async () => {
    await page.select("header select", "An allow-list that lets too much through");
    await page.waitForSelector(".finding", PATIENCE);
    await until(() => document.querySelector(".left .editor").shadowRoot.querySelector(".cm-lintRange-error"));
  };
  await example();
  await shot("narrow");
  steps.too_wide = [];
  for (const name of await page.$$eval("[role=tab]", (tabs) => tabs.map(({ id }) => id.slice("tab-".length)))) {
    await tab(name);
    if (await page.evaluate(() => document.documentElement.scrollWidth > innerWidth)) steps.too_wide.push(name);
  }
  await tab("findings");
  if (job.browser === "chromium") {
    await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: "dark" }]);
    await page.setViewport({ width: 1280, height: 860 });
    await example();
    await shot("dark");
    await accessibility("dark");
  }
  const violations = await page.evaluate(() => violations);
  process.stdout.write(JSON.stringify({ steps, violations, errors }));
} catch (error) {
  await shot("failed").catch(() => undefined);
  process.stderr.write(`${error.stack}\n${JSON.stringify({ steps, errors })}\n`);
  process.exitCode = 1;
} finally {
  await browser.close();
}
