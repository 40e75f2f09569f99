import { useEffect, useState } from "preact/hooks";
import { useLatest } from "../document";
import type { Read } from "../document";
import { ask } from "../engine/client";
import type { Graded } from "../engine/types";
import { Marked } from "./findings";

interface Question {
  url: string;
  headers: [string, string][];
}

type Outcome = Graded | { error: string } | undefined;

async function grade(question: Question): Promise<Outcome> {
  if (question.headers.length === 0) return undefined;
  try {
    return await ask("grade", question);
  } catch (error) {
    return { error: (error as Error).message };
  }
}

export function GradePanel({ read, self }: { read: Read; self: string }) {
  const [question, setQuestion] = useState<Question>({ url: self, headers: [] });
  useEffect(() => {
    const fields = read.responses.responses[0]?.fields ?? [];
    const sent = fields.filter((field) => field.delivery !== "meta");
    setQuestion({ url: self, headers: sent.map(({ name, value }) => [name, value]) });
  }, [read, self]);
  const outcome = useLatest<Question, Outcome>(question, grade, undefined);
  if (!outcome) return <p class="muted">Write or paste response headers in the editor to have them graded.</p>;
  if ("error" in outcome) return <p class="notice high" role="alert">{outcome.error}</p>;
  return (
    <>
      <p class="grade" role="status" data-testid="grade"><strong>{outcome.grade}</strong> {outcome.score} points, as the MDN HTTP Observatory would count them for these headers</p>
      <table>
        <thead><tr><th>Test</th><th>Points</th><th>Why</th></tr></thead>
        <tbody>
          {outcome.tests.map((test) => (
            <tr class={test.pass ? "" : "failed"}>
              <td class="code">{test.name}</td><td>{test.modifier > 0 ? `+${test.modifier}` : test.modifier}</td><td><Marked text={test.why} /></td>
            </tr>
          ))}
        </tbody>
      </table>
      {outcome.to_top.length > 0 && (
        <>
          <h3>The shortest way to the top</h3>
          <ol>{outcome.to_top.map((step) => <li><Marked text={step.change} /> <span class="muted">+{step.gain}</span></li>)}</ol>
        </>
      )}
      {outcome.readings.length > 0 && (
        <>
          <h3>Where this score misleads</h3>
          <ul>{outcome.readings.map((reading) => <li><span class="badge medium">{reading.slant}</span> <Marked text={reading.message} /></li>)}</ul>
        </>
      )}
    </>
  );
}
