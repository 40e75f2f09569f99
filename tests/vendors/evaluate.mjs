// Judges the policies on standard input, a JSON array, by csp_evaluator: prints for each the findings above its lowest
// severity, `"SEVERITY TYPE directive value"`.
import { readFileSync } from "node:fs";
import evaluator from "csp_evaluator";
import finding from "csp_evaluator/dist/finding.js";
import parser from "csp_evaluator/dist/parser.js";

const { Severity, Type } = finding;
const told = (policy) => {
  const found = new evaluator.CspEvaluator(new parser.CspParser(policy).csp).evaluate();
  const grave = found.filter(({ severity }) => severity < Severity.INFO);
  return grave.map(({ severity, type, directive, value }) => `${Severity[severity]} ${Type[type]} ${directive} ${value ?? ""}`);
};
process.stdout.write(JSON.stringify(JSON.parse(readFileSync(0, "utf8")).map(told)));
