import { useEffect, useState } from "preact/hooks";
import { policies, placed, useLatest } from "../document";
import type { Read } from "../document";
import { ask } from "../engine/client";
import type { Asked, EngineName, Explained, Objection, Responses, Span } from "../engine/types";
import { Choice, Field } from "../parts";

const kinds: [name: string, label: string][] = [
  ["script", "a script"], ["style", "a style sheet"], ["image", "an image"], ["font", "a font"],
  ["", "fetch, XHR, WebSocket or beacon"], ["iframe", "a frame"], ["worker", "a worker"], ["audio", "audio or video"],
  ["object", "an object"], ["manifest", "a web manifest"],
  ["inline:script", "inline script"], ["inline:event-handler", "an event handler"], ["inline:javascript-url", "a javascript: URL"],
  ["inline:style", "inline style"], ["inline:style-attribute", "a style attribute"],
  ["eval", "eval and Function"], ["wasm", "WebAssembly"],
  ["form_action", "sending a form to"], ["base", "<base> set to"], ["ancestors", "being framed by"],
];

function asked(kind: string, value: string, nonce: string): Asked {
  if (kind.startsWith("inline:")) return { inline: { kind: kind.slice(7), content: value, nonce } };
  if (kind === "eval" || kind === "wasm") return { [kind]: true };
  if (kind === "form_action" || kind === "base") return { [kind]: value };
  if (kind === "ancestors") return { ancestors: [value] };
  return { request: { url: value, destination: kind, nonce, parser_inserted: true } };
}

interface Question {
  responses: Responses;
  self: string;
  engine: EngineName;
  asked: Asked;
}

type Outcome = { explained: Explained; question: Question } | { error: string } | undefined;

async function decide(question: Question): Promise<Outcome> {
  const { responses, self, engine, asked } = question;
  try {
    const { texts } = policies(responses);
    const explained = await ask("explain", { self, policies: texts, engine, units: "utf-16", ...asked });
    return { explained, question };
  } catch (error) {
    return { error: (error as Error).message };
  }
}

interface Properties {
  read: Read;
  self: string;
  engine: EngineName;
  onDecided(spans: Span[]): void;
}

export function TryPanel({ read, self, engine, onDecided }: Properties) {
  const [kind, setKind] = useState("script");
  const [url, setUrl] = useState("https://cdn.example/a.js");
  const [code, setCode] = useState("alert(1)");
  const [nonce, setNonce] = useState("");
  const isInline = kind.startsWith("inline:");
  const hasValue = kind !== "eval" && kind !== "wasm";
  const value = isInline ? code : url;
  const [question, setQuestion] = useState<Question>({ responses: read.responses, self, engine, asked: {} });
  useEffect(() => setQuestion({ responses: read.responses, self, engine, asked: asked(kind, value, nonce) }), [read, self, engine, kind, value, nonce]);
  const outcome = useLatest<Question, Outcome>(question, decide, undefined);
  const explained = outcome && "explained" in outcome ? outcome : undefined;

  useEffect(() => {
    if (!explained) return onDecided([]);
    const { offsets } = policies(explained.question.responses);
    const { violations, matches } = explained.explained;
    onDecided([...violations, ...matches].flatMap((said) => placed(said.expression ?? said.span, offsets[said.policy])));
  }, [outcome]);
  useEffect(() => () => onDecided([]), []);

  return (
    <>
      <p class="muted">Would a browser let this through? The clause that decides is marked in the editor.</p>
      <div class="form">
        <Choice label="What" value={kind} options={kinds} onValue={setKind} />
        {hasValue && !isInline && <Field label="Address" value={url} onValue={setUrl} address />}
        {isInline && <Field label="Code" value={code} onValue={setCode} multiline />}
        {(isInline || kind === "script" || kind === "style") && <Field label="Nonce (if it has one)" value={nonce} onValue={setNonce} />}
      </div>
      {outcome && "error" in outcome && <p class="notice high" role="alert">{outcome.error}</p>}
      {explained && <Verdict explained={explained.explained} texts={policies(explained.question.responses).texts.map((policy) => policy.value)} />}
    </>
  );
}

function Verdict({ explained, texts }: { explained: Explained; texts: string[] }) {
  const { allowed, violations, matches } = explained;
  const quote = (policy: number, [from, to]: Span) => texts[policy]?.slice(from, to).trim() ?? "";
  return (
    <section class={`verdict ${allowed ? "allowed" : "blocked"}`} role="status" data-testid="verdict">
      <h2>{allowed ? "Allowed" : "Blocked"}</h2>
      <ul>
        {violations.map((said) => <li><Objected said={said} clause={quote(said.policy, said.span)} /></li>)}
        {matches.map((said) => (
          <li>
            Policy {said.policy + 1} allows it{said.expression ? <> by <code>{quote(said.policy, said.expression)}</code></> : ""}: <code class="clause">{quote(said.policy, said.span)}</code>
          </li>
        ))}
        {violations.length + matches.length === 0 && <li>No policy has a directive for it.</li>}
      </ul>
    </section>
  );
}

function Objected({ said, clause }: { said: Objection; clause: string }) {
  return (
    <>
      Policy {said.policy + 1} {said.disposition === "report" ? "reports" : "blocks"} it: <code class="clause">{clause}</code>
      {said.effective !== said.directive && <>, which stands in for <code>{said.effective}</code></>}
      <br />
      <span class="muted">Why: {said.reason.replaceAll("-", " ")}.</span>
      {said.would_allow && <> To allow it, add <code>{said.would_allow}</code> to <code>{said.directive}</code>.</>}
    </>
  );
}
