// Sends forms from pages to other pages, as a visitor's browser does, and prints the status of each answer.
//
// Standard input:  {"browser": "chromium" | "firefox", "forms": [{"from": url, "to": url}, …]}
// Standard output: [status, …]
import { readJob, start } from "./launch.mjs";

/** Runs in the page. */
function send(to) {
  const form = Object.assign(document.createElement("form"), { method: "post", action: to });
  document.body.append(form);
  form.submit();
}

const job = await readJob();
const browser = await start(job.browser);
try {
  const page = await browser.newPage();
  const statuses = [];
  for (const { from, to } of job.forms) {
    await page.goto(from);
    const [response] = await Promise.all([page.waitForNavigation(), page.evaluate(send, to)]);
    statuses.push(response.status());
  }
  process.stdout.write(JSON.stringify(statuses));
} finally {
  await browser.close();
}
