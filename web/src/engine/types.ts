// The shapes that the engine is asked and answers in. Offsets count in UTF-16 code units, as strings do here.

import type { Compared, Explained, Findings, Inventory, Language, Responses, Rules, Services } from "./formats";

export type { Compared, Configuration, Explained, Findings, Graded, Inventory, Language, Plan, Responses, Rules, Services, Tree } from "./formats";

export type Finding = Findings["findings"][number];
export type Fix = NonNullable<Finding["fix"]>;
export type Severity = Finding["severity"];
export type Field = Responses["responses"][number]["fields"][number];
export type Delivery = NonNullable<Field["delivery"]>;
export type Objection = Explained["violations"][number];
export type Change = Compared["changes"][number];
/** One of the questions of `cspc explain`, such as `{ request: { url, destination } }`. */
export type Asked = Change["witness"];
export type Since = Language["keywords"][number]["since"];
export type Rule = Rules[number];
export type Service = Services[number];
export type Asset = Inventory["pages"][number]["assets"][number];


export type Span = [start: number, end: number];
export type EngineName = "spec" | "chromium" | "firefox" | "webkit";

/** What a service needs, by directive, and what it asks for beside that would let in more than the service. */
export type ServiceUse = Required<Pick<Service, "sources" | "refused">>;

export interface PolicyText {
  value: string;
  disposition: "enforce" | "report";
  meta: boolean;
}
