// How the tests start a browser.
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

/** Starts `chromium` or `firefox`, without a window. */
export function start(name, { args = [], ...more } = {}) {
  return launch({
    browser: name === "firefox" ? "firefox" : "chrome",
    executablePath: PROGRAMS[name],
    headless: true,
    args: name === "chromium" ? [...CHROMIUM_ARGS, ...args] : args,
    ...more,
  });
}

/** The job on standard input. */
export async function readJob() {
  const chunks = [];
  for await (const chunk of process.stdin) chunks.push(chunk);
  return JSON.parse(Buffer.concat(chunks).toString("utf8"));
}
