import { useEffect, useRef, useState } from "preact/hooks";
import { Editor, type Handle } from "../editor/editor";
import { policies, useDocument, useLatest } from "../document";
import type { Read } from "../document";
import { ask } from "../engine/client";
import type { Asked, Change, Compared, EngineName, PolicyText } from "../engine/types";

interface Question {
  old: PolicyText[];
  new: PolicyText[];
  self: string;
  engine: EngineName;
}

type Outcome = Compared | { error: string } | undefined;

async function compare(question: Question): Promise<Outcome> {
  if (question.old.length === 0 || question.new.length === 0) return undefined;
  try {
    return await ask("diff", question);
  } catch (error) {
    return { error: (error as Error).message };
  }
}

interface Properties {
  read: Read;
  other: string;
  self: string;
  engine: EngineName;
  onOther(text: string): void;
}

const relations: Record<Compared["relation"], string> = {
  equal: "Both let the same through.",
  narrower: "The policy in the editor is stricter.",
  wider: "The policy in the editor lets more through.",
  incomparable: "The policy in the editor lets some more through, and blocks some more.",
};

export function ComparePanel({ read, other, self, engine, onOther }: Properties) {
  const handle = useRef<Handle | undefined>(undefined);
  const [before, askAbout] = useDocument(other);
  const [question, setQuestion] = useState<Question>({ old: [], new: [], self, engine });
  useEffect(
    () => setQuestion({ old: policies(before.responses).texts, new: policies(read.responses).texts, self, engine }),
    [read, before, self, engine],
  );
  const outcome = useLatest<Question, Outcome>(question, compare, undefined);
  return (
    <>
      <p class="muted">The older policy; the one in the editor is the newer.</p>
      <div class="small-editor"><Editor label="The older policy" initial={other} hint="Paste the policy to compare with" onText={onOther} onTyping={askAbout} onHandle={(made) => (handle.current = made)} /></div>
      <p class="actions"><button class="quiet" onClick={() => handle.current?.replace(read.text)}>Take what is in the editor as the older one</button></p>
      {before.error && <p class="notice high" role="alert">{before.error}</p>}
      {outcome && "error" in outcome && <p class="notice high" role="alert">{outcome.error}</p>}
      {outcome && "relation" in outcome && (
        <section role="status" data-testid="relation">
          <h2>{relations[outcome.relation]}</h2>
          <ol class="findings">{outcome.changes.map((change) => <Difference change={change} />)}</ol>
          {outcome.not_shown?.map((directive) => <p class="muted">{directive.directive} is written differently, and was not shown to differ.</p>)}
        </section>
      )}
    </>
  );
}

function Difference({ change }: { change: Change }) {
  const widened = change.change === "widened";
  return (
    <li class={`finding ${widened ? "medium" : "good"}`}>
      <p class="message"><span class={`badge ${widened ? "medium" : "good"}`}>{change.change}</span> <code>{change.directive}</code></p>
      {change.expressions.length > 0 && <p>by {change.expressions.map((expression) => <code class="clause">{expression} </code>)}</p>}
      <p class="help">{widened ? "It now allows" : "It now blocks"}, for example, {witness(change.witness)}.</p>
    </li>
  );
}

/** A question in words. */
function witness(asked: Asked) {
  const request = asked.request as { url: string; destination: string } | undefined;
  if (request) return <>{request.destination || "a connection"} from <code>{request.url}</code></>;
  const inline = asked.inline as { kind: string; content?: string } | undefined;
  if (inline) return <>an inline {inline.kind}{inline.content ? <>: <code>{inline.content}</code></> : ""}</>;
  const [name, value] = Object.entries(asked)[0] ?? ["", ""];
  return <>{name.replaceAll("_", " ")} <code>{typeof value === "string" ? value : Array.isArray(value) ? value.join(", ") : ""}</code></>;
}
