// The playground: an editor on the left, what the engine says of it on the right.

import { render } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { useDocument } from "./document";
import { type Dropped, useDrop } from "./drop";
import { Editor, type Handle } from "./editor/editor";
import type { Words } from "./editor/language";
import { ask, keepForOffline } from "./engine/client";
import type { EngineName, Rule, Span } from "./engine/types";
import { examples } from "./examples";
import { BuilderPanel } from "./panels/builder";
import { ComparePanel } from "./panels/compare";
import { FindingsPanel } from "./panels/findings";
import { GradePanel } from "./panels/grade";
import { OutputPanel } from "./panels/output";
import { SitePanel } from "./panels/site";
import { TryPanel } from "./panels/try";
import { Choice, Field } from "./parts";
import { type Reporting, reporting } from "./policy";
import { type Shared, fromFragment, start, toFragment } from "./state";
import { Tabs } from "./tabs";

const engines: [EngineName, string][] = [["chromium", "Chrome, Edge"], ["firefox", "Firefox"], ["webkit", "Safari"], ["spec", "the specification"]];
const panels = [["findings", "Findings"], ["grade", "Grade"], ["builder", "Builder"], ["try", "Try it"], ["site", "Your pages"], ["compare", "Compare"], ["output", "Output"]] as const;

const TOO_LONG = "This text is longer than the page takes: use `cspc check` on the command line.";

function App({ first, trouble }: { first: Shared; trouble: string }) {
  const [state, setState] = useState(first);
  const [notice, setNotice] = useState(trouble);
  const [decided, setDecided] = useState<Span[]>([]);
  const [rules, setRules] = useState<Rule[]>([]);
  const [words, setWords] = useState<Words>();
  const [given, setGiven] = useState<Promise<Dropped[]>>();
  const handle = useRef<Handle | undefined>(undefined);
  const set = (changes: Partial<Shared>) => setState((old) => ({ ...old, ...changes }));
  const [read, askAbout] = useDocument(state.text);

  useEffect(() => {
    Promise.all([ask("language", null), ask("services", null)])
      .then(([language, services]) => setWords({ language, services }))
      .catch((error: Error) => setNotice(error.message));
    ask("rules", null).then(setRules).catch(() => undefined);
  }, []);
  useEffect(() => {
    const timer = setTimeout(async () => history.replaceState(null, "", await toFragment(state)), 300);
    return () => clearTimeout(timer);
  }, [state]);
  useEffect(() => {
    const show = (next: Shared) => {
      setState(next);
      handle.current?.replace(next.text);
    };
    const followed = () => fromFragment(location.hash).then(show, (error: Error) => setNotice(`The address holds no policy: ${error.message}.`));
    addEventListener("hashchange", followed);
    return () => removeEventListener("hashchange", followed);
  }, []);

  useDrop((files) => {
    setGiven(files);
    set({ panel: "site" });
  });

  const edit = (text: string) => {
    void askAbout(text);
    setNotice("");
    set({ text });
  };
  const replace = (text: string) => handle.current?.replace(text);
  /** Puts another policy in place of the first one, in the text as it is by then; its other headers are kept, but for those about reports. */
  const setPolicy = async (policy: string, reports?: Reporting): Promise<void> => {
    const text = handle.current?.text() ?? "";
    const known = text === read.text || text.trim() === "";
    const { responses } = known ? read.responses : await ask("read", { text, units: "utf-16" });
    if (handle.current?.text() !== text) return setPolicy(policy, reports);
    const field = text.trim() === "" ? undefined : responses[0]?.fields.find((candidate) => candidate.delivery);
    if (field?.offset === undefined) return replace(`Content-Security-Policy: ${policy}`);
    const [start, end] = [field.offset, field.offset + field.value.length];
    if (reports) replace(reporting(text.slice(0, start), policy, text.slice(end), reports));
    else handle.current?.edit([start, end], policy);
  };
  const format = async (style: "lines" | "minified") => {
    const field = read.responses.responses[0]?.fields.find((candidate) => candidate.delivery);
    if (!field) return;
    const formatted = await ask("fmt", { policies: field.value, style });
    setPolicy(style === "lines" && read.responses.form !== "policy" ? formatted.replaceAll("\n", "\n  ") : formatted);
  };
  // Drawn anew when there is another answer, and not for each key already.
  const findings = useMemo(() => <FindingsPanel read={read} rules={rules} handle={handle.current} />, [read, rules]);
  const panel = panels.some(([name]) => name === state.panel) ? state.panel : "findings";

  return (
    <>
      <header class="top">
        <h1><img src="./icon.svg" alt="" width="28" height="28" /> cspc <span>playground</span></h1>
        <Choice label="Example" value="" options={[["", "Choose one…"], ...examples.map(({ name }) => [name, name] as const)]}
          onValue={(name) => replace(examples.find((example) => example.name === name)?.text ?? "")} />
        <Share state={state} />
      </header>
      {notice && <p class="notice medium" role="alert">{notice} <button class="quiet" onClick={() => setNotice("")}>Dismiss</button></p>}
      <main>
        <section class="left" aria-label="Policy">
          <div class="toolbar">
            <button class="quiet" onClick={() => handle.current?.undo()}>Undo</button>
            <button class="quiet" onClick={() => handle.current?.redo()}>Redo</button>
            <button class="quiet" onClick={() => format("lines")}>One directive a line</button>
            <button class="quiet" onClick={() => format("minified")}>Shorten</button>
          </div>
          <Editor label="Headers or a policy" initial={first.text} words={words} findings={read.findings.findings} decided={decided}
            hint="Content-Security-Policy: default-src 'self'" onText={edit} onTyping={askAbout} onTooLong={() => setNotice(TOO_LONG)} onHandle={(made) => (handle.current = made)} />
          <div class="settings">
            <Field label="The page's origin" value={state.self} onValue={(self) => set({ self })} address />
            <Choice label="As in" value={state.engine} options={engines} onValue={(engine) => set({ engine: engine as EngineName })} />
          </div>
        </section>
        <section class="right" aria-label="What the engine says">
          <Tabs tabs={panels} current={panel} onTab={(name) => set({ panel: name })}>
            {panel === "findings" && findings}
            {panel === "grade" && <GradePanel read={read} self={state.self} />}
            {panel === "builder" && <BuilderPanel read={read} current={() => handle.current?.text() ?? ""} onPolicy={setPolicy} />}
            {panel === "try" && <TryPanel read={read} self={state.self} engine={state.engine} onDecided={setDecided} />}
            {panel === "site" && <SitePanel self={state.self} given={given} onGiven={setGiven} onPolicy={(text) => { replace(text); set({ panel: "findings" }); }} />}
            {panel === "compare" && <ComparePanel read={read} other={state.other} self={state.self} engine={state.engine} onOther={(other) => set({ other })} />}
            {panel === "output" && <OutputPanel read={read} />}
          </Tabs>
        </section>
      </main>
      <footer>The engine of the command line, in this page: nothing that you type or drop leaves your machine.</footer>
    </>
  );
}

function Share({ state }: { state: Shared }) {
  const [said, setSaid] = useState("");
  const share = async () => {
    history.replaceState(null, "", await toFragment(state));
    try {
      await navigator.clipboard.writeText(location.href);
      setSaid("The link is copied");
    } catch {
      setSaid("Copy the address of this page");
    }
    setTimeout(() => setSaid(""), 2500);
  };
  return <button onClick={share} aria-live="polite">{said || "Share"}</button>;
}

async function begin() {
  const [first, trouble] = await fromFragment(location.hash).then(
    (state) => [state, ""] as const,
    (error: Error) => [undefined, `The address holds no policy: ${error.message}.`] as const,
  );
  render(<App first={first ?? start} trouble={trouble} />, document.getElementById("app")!);
}

void begin();
addEventListener("load", keepForOffline);
