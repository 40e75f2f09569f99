import { useEffect, useState } from "preact/hooks";
import { useLatest } from "../document";
import type { Read } from "../document";
import { ask } from "../engine/client";
import type { Configuration } from "../engine/types";
import { Marked } from "./findings";
import { Choice, CopyButton, DownloadButton } from "../parts";
import { NONCE } from "../policy";

interface Question {
  headers: { name: string; value: string }[];
  target: string;
}

type Outcome = Configuration | { error: string };

const nothing: Configuration = { files: [], findings: [] };

/** The headers as a file of their own, or as a server's configuration. */
async function write({ headers, target }: Question): Promise<Outcome> {
  if (headers.length === 0) return nothing;
  if (target === "header") return { files: [{ name: "headers.txt", content: headers.map(({ name, value }) => `${name}: ${value}`).join("\n") + "\n" }], findings: [] };
  const nonce = headers.some(({ value }) => value.includes(`'nonce-${NONCE}'`)) ? { nonce: NONCE } : {};
  const plan = { schema: "cspc.plan/1", ...nonce, rules: [{ match: {}, headers: merged(headers) }] };
  try {
    return await ask("emit", { plan, target });
  } catch (error) {
    return { error: (error as Error).message };
  }
}

/** A second header of a name is one more line; the first takes the place of what an application sends. */
function merged(headers: Question["headers"]) {
  const seen = new Set<string>();
  return headers.map(({ name, value }) => {
    const key = name.toLowerCase();
    const op = seen.has(key) ? { op: "add" } : {};
    seen.add(key);
    return { name, value: value.replace(/\s+/g, " ").trim(), ...op, ...(key === "strict-transport-security" ? { scheme: "https" } : {}) };
  });
}

export function OutputPanel({ read }: { read: Read }) {
  const [target, setTarget] = useState("nginx");
  const [targets, setTargets] = useState<string[]>([]);
  const [question, setQuestion] = useState<Question>({ headers: [], target });
  useEffect(() => void ask("targets", null).then(setTargets), []);
  useEffect(() => {
    const fields = read.responses.responses[0]?.fields ?? [];
    setQuestion({ headers: fields.map(({ name, value }) => ({ name, value })), target });
  }, [read, target]);
  const outcome = useLatest<Question, Outcome>(question, write, nothing);
  const options = ["header", ...targets.filter((name) => name !== "json")].map((name) => [name, label(name)] as const);
  return (
    <>
      <Choice label="For" value={target} options={options} onValue={setTarget} />
      {"error" in outcome && <p class="notice high" role="alert">{outcome.error}</p>}
      {"error" in outcome || outcome.files.length > 0 || <p class="muted">There is nothing to write yet.</p>}
      {!("error" in outcome) && outcome.findings.map((finding) => <p class={`notice ${finding.severity}`}><Marked text={finding.message} />: <Marked text={finding.help} /></p>)}
      {!("error" in outcome) && outcome.files.map((file) => (
        <section class="file">
          <header><h3>{file.name}</h3><CopyButton text={file.content} /><DownloadButton name={file.name} text={file.content} /></header>
          <pre tabIndex={0} data-testid="file">{file.content}</pre>
        </section>
      ))}
    </>
  );
}

const names: Record<string, string> = { header: "plain headers", nginx: "nginx", apache: "Apache", htaccess: "Apache, .htaccess", haproxy: "HAProxy", iis: "IIS", meta: "a <meta> in the page" };
const label = (name: string) => names[name] ?? name.charAt(0).toUpperCase() + name.slice(1);
