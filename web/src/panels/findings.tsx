import { useState } from "preact/hooks";
import type { Handle } from "../editor/editor";
import type { Finding, Rule } from "../engine/types";
import type { Read } from "../document";
import { count } from "../words";

/** As many as a person reads. */
const MOST = 100;

interface Properties {
  read: Read;
  rules: Rule[];
  handle: Handle | undefined;
}

export function FindingsPanel({ read, rules, handle }: Properties) {
  const { findings, summary } = read.findings;
  if (read.error) return <p class="notice high" role="alert">{read.error}</p>;
  if (read.text.trim() === "") {
    return (
      <div class="empty">
        <h2>Nothing to check yet</h2>
        <p>Write or paste a policy or response headers in the editor, choose an example above, or let the <b>Builder</b> write one.</p>
      </div>
    );
  }
  const ordered = [...findings].sort((a, b) => order.indexOf(a.severity) - order.indexOf(b.severity));
  const safe = findings.filter((finding) => finding.fix?.safe);
  return (
    <>
      <p class="summary" role="status" data-testid="summary">
        {findings.length === 0
          ? "Nothing found."
          : order.filter((severity) => summary[severity] > 0).map((severity) => <span class={`badge ${severity}`}>{summary[severity]} {severity}</span>)}
        {safe.length > 1 && <button class="quiet" onClick={() => mend(safe, handle)}>Fix {count(safe.length, "mistake")}</button>}
      </p>
      <ol class="findings">
        {ordered.slice(0, MOST).map((finding) => <Item finding={finding} rule={rules.find((rule) => rule.rule === finding.rule)} handle={handle} />)}
      </ol>
      {ordered.length > MOST && <p class="muted">{count(ordered.length - MOST, "more finding")}: the command line lists them all.</p>}
    </>
  );
}

const order = ["high", "medium", "low", "info"] as const;

/** From the end of the text to its beginning, so that no edit moves the place of another; overlapping ones wait for the next round. */
function mend(findings: Finding[], handle: Handle | undefined) {
  const fixes = findings.map((finding) => finding.fix!).sort((a, b) => b.span[0] - a.span[0]);
  let before = Infinity;
  for (const fix of fixes) {
    if (fix.span[1] > before) continue;
    handle?.edit(fix.span, fix.replacement);
    before = fix.span[0];
  }
}

function Item({ finding, rule, handle }: { finding: Finding; rule: Rule | undefined; handle: Handle | undefined }) {
  const [open, setOpen] = useState(false);
  const { location, fix } = finding;
  return (
    <li class={`finding ${finding.severity}`}>
      <p class="message">
        <span class={`badge ${finding.severity}`}>{finding.severity}</span> <Marked text={finding.message} />
      </p>
      <p class="help"><Marked text={finding.help} /></p>
      <p class="actions">
        {location && <button class="quiet" onClick={() => handle?.select(location.span)}>Show{location.line > 1 ? ` line ${location.line}` : ""}</button>}
        {fix && <button onClick={() => handle?.edit(fix.span, fix.replacement)}>{fix.safe ? "Fix" : "Change it"}</button>}
        {rule && <button class="quiet" aria-expanded={open} onClick={() => setOpen(!open)}>Why?</button>}
        <code class="muted">{finding.rule}</code>
      </p>
      {open && rule && (
        <div class="why">
          <p><Marked text={rule.rationale} /></p>
          <p>Instead of</p><pre>{rule.example}</pre><p>write</p><pre>{rule.good}</pre>
          <ul>{rule.references.map((reference) => <li><a href={reference} rel="noreferrer">{reference}</a></li>)}</ul>
        </div>
      )}
    </li>
  );
}

/** Text in which backticks mark code. */
export function Marked({ text }: { text: string }) {
  return <>{text.split("`").map((part, index) => (index % 2 ? <code>{part}</code> : part))}</>;
}
