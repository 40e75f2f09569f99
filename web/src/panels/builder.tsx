import { useEffect, useRef, useState } from "preact/hooks";
import type { Read } from "../document";
import { ask } from "../engine/client";
import { Field } from "../parts";
import { type Policy, toggled } from "../policy";
import { Services } from "./services";

/** What a person without knowledge of policies thinks of, and the directive that it is. */
const rows: [directive: string, label: string, hint: string][] = [
  ["script-src", "Scripts", "https://www.googletagmanager.com"],
  ["style-src", "Style sheets", "https://fonts.googleapis.com"],
  ["img-src", "Images", "https://images.example"],
  ["font-src", "Fonts", "https://fonts.gstatic.com"],
  ["connect-src", "Requests by scripts", "https://api.example"],
  ["frame-src", "Frames shown in the page", "https://www.youtube-nocookie.com"],
  ["media-src", "Audio and video", "https://media.example"],
  ["form-action", "Where forms are sent", "https://pay.example"],
  ["frame-ancestors", "Who may show the page in a frame", "https://partner.example"],
];

const known = new Set(rows.map(([directive]) => directive));

const fresh: Policy = new Map([
  ["default-src", ["'none'"]], ["script-src", ["'self'"]], ["style-src", ["'self'"]], ["img-src", ["'self'"]], ["font-src", ["'self'"]],
  ["connect-src", ["'self'"]], ["base-uri", ["'none'"]], ["form-action", ["'self'"]], ["frame-ancestors", ["'none'"]],
]);

const write = (policy: Policy) => [...policy].map(([name, values]) => [name, ...values].join(" ")).join("; ");

async function hashOf(code: string): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(code.replace(/\r\n?/g, "\n"))));
  return `'sha256-${btoa(String.fromCharCode(...digest))}'`;
}

interface Properties {
  read: Read;
  onPolicy(policy: string): void;
}

export function BuilderPanel({ read, onPolicy }: Properties) {
  const field = read.responses.responses[0]?.fields.find((candidate) => candidate.delivery);
  const [policy, setPolicy] = useState<Policy>();
  // The newest one, which a change builds on though the engine has not read it yet.
  const latest = useRef<Policy>(new Map());
  const show = (next: Policy | undefined) => {
    latest.current = next ?? new Map();
    setPolicy(next);
  };
  useEffect(() => {
    if (!field?.value) return show(undefined);
    if (field.value === write(latest.current)) return;
    void ask("parse", { input: field.value, delivery: field.delivery ?? "header" }).then((tree) => {
      const first = tree.directives.filter((directive) => directive.policy === 0);
      show(new Map(first.reverse().map((directive) => [directive.name, directive.values] as const).reverse()));
    });
  }, [field?.value]);
  const [inline, setInline] = useState("");
  const [kind, setKind] = useState("script-src");

  if (!policy) {
    return (
      <div class="empty">
        <h2>Begin with a strict policy</h2>
        <p>It lets the page load its own scripts, styles, images and fonts, and nothing from anywhere else. Then allow what the page needs beyond that.</p>
        <p><button onClick={() => { show(fresh); onPolicy(write(fresh)); }}>Write a strict policy</button></p>
      </div>
    );
  }

  const hasNoFallback = (directive: string) => directive === "form-action" || directive === "frame-ancestors";
  const values = (directive: string) =>
    latest.current.get(directive) ?? (hasNoFallback(directive) ? ["*"] : (latest.current.get("default-src") ?? []));
  const become = (next: Policy) => {
    show(next);
    onPolicy(write(next));
  };
  const change = (changes: Record<string, string[]>) => become(new Map([...latest.current, ...Object.entries(changes)]));
  const without = (directive: string) => become(new Map([...latest.current].filter(([name]) => name !== directive)));
  const others = [...policy].filter(([name]) => !known.has(name) && name !== "default-src");

  const addInline = async () => {
    const hash = await hashOf(inline);
    change({ [kind]: toggled(values(kind), hash, true) });
    setInline("");
  };

  return (
    <>
      <p class="muted">What may the page load, and from where? Each change is written into the policy in the editor.</p>
      <Services policy={policy} values={values} onChange={change} />
      {rows.map(([directive, label, hint]) => (
        <Row key={directive} label={label} hint={hint} directive={directive} values={values(directive)} onValues={(next) => change({ [directive]: next })} />
      ))}
      <fieldset>
        <legend>Code that stands in the page itself</legend>
        <p class="muted">Paste what is between &lt;script&gt; and &lt;/script&gt;, to the letter: exactly this code is allowed, by its hash.</p>
        <Field label="Inline code" multiline value={inline} onValue={setInline} />
        <p class="actions">
          <label class="check"><input type="radio" name="inline" checked={kind === "script-src"} onChange={() => setKind("script-src")} /> script</label>
          <label class="check"><input type="radio" name="inline" checked={kind === "style-src"} onChange={() => setKind("style-src")} /> style</label>
          <button disabled={inline === ""} onClick={addInline}>Allow this code</button>
        </p>
      </fieldset>
      <fieldset>
        <legend>Reports and upgrades</legend>
        <label class="check">
          <input type="checkbox" checked={policy.has("upgrade-insecure-requests")} onChange={(event) => (event.currentTarget.checked ? change({ "upgrade-insecure-requests": [] }) : without("upgrade-insecure-requests"))} />
          {" "}Load http: addresses by https:
        </label>
        <label class="check">
          <input type="checkbox" checked={policy.has("require-trusted-types-for")} onChange={(event) => (event.currentTarget.checked ? change({ "require-trusted-types-for": ["'script'"] }) : without("require-trusted-types-for"))} />
          {" "}Let no text become markup or code unchecked (Trusted Types)
        </label>
      </fieldset>
      {others.length > 0 && <p class="muted">Also in the policy: {others.map(([name]) => <code>{name} </code>)}</p>}
    </>
  );
}

interface RowProperties {
  label: string;
  directive: string;
  hint: string;
  values: string[];
  onValues(values: string[]): void;
}

function Row({ label, directive, hint, values, onValues }: RowProperties) {
  const [text, setText] = useState("");
  const sources = values.filter((value) => value !== "'none'" && value !== "'self'");
  const add = () => {
    const added = text.split(/[\s,;]+/).filter(Boolean);
    onValues(added.reduce((list, source) => toggled(list, source, true), values));
    setText("");
  };
  return (
    <fieldset class="row">
      <legend>{label} <code class="muted">{directive}</code></legend>
      <label class="check"><input type="checkbox" checked={values.includes("'self'")} onChange={(event) => onValues(toggled(values, "'self'", event.currentTarget.checked))} /> this site</label>
      {sources.map((source) => (
        <span class={`chip${source.startsWith("'unsafe-") || source === "*" ? " unsafe" : ""}`}>
          <code>{source.length > 44 ? `${source.slice(0, 40)}…` : source}</code>
          <button class="quiet" aria-label={`Take ${source} away from ${label}`} onClick={() => onValues(toggled(values, source, false))}>×</button>
        </span>
      ))}
      <form onSubmit={(event) => { event.preventDefault(); add(); }}>
        <input aria-label={`Another source of ${label}`} value={text} placeholder={hint} spellcheck={false} onInput={(event) => setText(event.currentTarget.value)} />
        <button disabled={text.trim() === ""}>Allow</button>
      </form>
    </fieldset>
  );
}
