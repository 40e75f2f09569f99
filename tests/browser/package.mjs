// Asks the engine as an npm package in Node, as its README has it.
//
// Standard input:  {"function": ["question", …], …}
// Standard output: {"function": ["answer", …], …}
import { readFileSync } from "node:fs";
import * as engine from "../../wasm/pkg/cspc_wasm.js";

engine.initSync({ module: readFileSync(new URL("../../wasm/pkg/cspc_wasm_bg.wasm", import.meta.url)) });

const questions = JSON.parse(readFileSync(0, "utf8"));
const answers = Object.entries(questions).map(([name, asked]) => [name, asked.map((question) => engine[name](question))]);
process.stdout.write(JSON.stringify(Object.fromEntries(answers)));
