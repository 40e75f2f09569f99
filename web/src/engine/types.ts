// The shapes that the engine answers in. Offsets count in UTF-16 code units, as strings do here.

export type Span = [start: number, end: number];
export type Severity = "high" | "medium" | "low" | "info";
export type EngineName = "spec" | "chromium" | "firefox" | "webkit";
export type Delivery = "header" | "meta" | "report-only";

export interface Fix {
  replacement: string;
  span: Span;
  safe: boolean;
}

export interface Finding {
  rule: string;
  severity: Severity;
  header?: string;
  directive?: string;
  value?: string;
  message: string;
  help: string;
  fix?: Fix;
  location?: { path: string; line: number; column: number; span: Span };
}

export interface Findings {
  findings: Finding[];
  summary: Record<Severity, number>;
}

export interface Field {
  name: string;
  value: string;
  delivery?: Delivery;
  offset?: number;
}

export interface Responses {
  form: string;
  responses: { name?: string; fields: Field[] }[];
}

export interface PolicyText {
  value: string;
  disposition: "enforce" | "report";
  meta: boolean;
}

export interface Objection {
  policy: number;
  disposition: "enforce" | "report";
  effective: string;
  directive: string;
  reason: string;
  span: Span;
  expression?: Span;
  would_allow?: string;
}

export interface Consent {
  policy: number;
  effective: string;
  directive: string;
  span: Span;
  expression?: Span;
}

export interface Explained {
  allowed: boolean;
  violations: Objection[];
  matches: Consent[];
}

/** One of the questions of `cspc explain`, such as `{ request: { url, destination } }`. */
export type Asked = Record<string, unknown>;

export interface Change {
  directive: string;
  change: "widened" | "narrowed";
  expressions: string[];
  witness: Asked;
}

export interface Compared {
  relation: "equal" | "narrower" | "wider" | "incomparable";
  changes: Change[];
  not_shown?: { directive: string; old: string[]; new: string[] }[];
}

export interface Tree {
  policies: number;
  directives: { policy: number; name: string; values: string[] }[];
  issues: string[];
}

export interface Rule {
  rule: string;
  severity: Severity;
  summary: string;
  rationale: string;
  example: string;
  good: string;
  fix: string;
  references: string[];
}

export interface Since {
  chrome: string;
  edge: string;
  firefox: string;
  safari: string;
}

export interface Language {
  directives: {
    name: string;
    status: string;
    governs: string;
    instead?: string;
    specification: string;
    takes_sources: boolean;
    since: Since;
  }[];
  keywords: { name: string; allows: string; counts_in: string[]; since: Since }[];
}

export interface ServiceUse {
  /** What to allow, by directive. */
  sources: Record<string, string[]>;
  /** What it asks for beside, which would let in more than the service. */
  refused: Record<string, string[]>;
}

export interface Service extends Partial<ServiceUse> {
  name: string;
  docs: string;
  date: string;
  caveat?: string;
  parameters: string[];
}

export interface Asset {
  kind: string;
  url?: string;
  hash?: string;
  bytes?: number;
  line: number;
  column: number;
  implicit?: boolean;
}

export interface Inventory {
  origin?: string;
  pages: { path: string; assets: Asset[] }[];
  style_sheets?: { path: string; assets: Asset[] }[];
}

export interface Plan {
  rules: {
    match: { exact?: string[] };
    headers: { name: string; value?: string }[];
  }[];
  sources?: {
    rule: number;
    directive: string;
    expression: string;
    assets: { page: string; line: number; column: number; kind: string }[];
    count?: number;
  }[];
  findings: Finding[];
}

export interface ConfigurationFile {
  name: string;
  content: string;
}

export interface Configuration {
  files: ConfigurationFile[];
  findings: Finding[];
}

export interface Graded {
  score: number;
  grade: string;
  tests: { name: string; result: string; pass: boolean; modifier: number; why: string }[];
  readings: { test: string; slant: "blind" | "unfair"; message: string }[];
  to_top: { change: string; gain: number }[];
}
