// Asks the engine as an npm package in Node, as its README has it.
//
// Standard input:  {"function": ["question", …], …}
// Standard output: {"function": ["answer", …], …}
import { readFileSync } from "node:fs";
import * as engine from "../../wasm/pkg/cspc_wasm.js";

engine.initSync({ module: readFileSync(new URL("../../wasm/pkg/cspc_wasm_bg.wasm", import.meta.url)) });

/** The inventory of files: {"/path": "bytes in base64", …}. */
function inventory(files) {
  const site = new engine.Site("");
  for (const [path, bytes] of Object.entries(JSON.parse(files))) site.add(path, Buffer.from(bytes, "base64"));
  return site.inventory();
}

const functions = { ...engine, inventory };
const questions = JSON.parse(readFileSync(0, "utf8"));
const answers = Object.entries(questions).map(([name, asked]) => [name, asked.map((question) => functions[name](question))]);
process.stdout.write(JSON.stringify(Object.fromEntries(answers)));
