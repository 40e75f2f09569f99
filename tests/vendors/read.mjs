// Reads what is written for hosts of files with the vendors' own parsers: `node read.mjs netlify|vercel FILE PATH…` prints the
// headers of each path as JSON, names in lower case. Of blocks that match, the later one wins.
import { readFileSync } from "node:fs";
import { parseAllHeaders } from "netlify-headers-parser";
import routing from "@vercel/routing-utils";

async function netlify(file) {
  const read = await parseAllHeaders({ headersFiles: [file], minimal: true, configHeaders: [], featureFlags: {} });
  if (read.errors.length) throw new Error(read.errors.map(String).join("\n"));
  const expression = (path) => new RegExp(`^${path.split("*").map((part) => RegExp.escape?.(part) ?? part.replace(/[^\w/]/g, "\\$&")).join(".*")}$`);
  return read.headers.map(({ for: path, values }) => ({ expression: expression(path), values: Object.entries(values) }));
}

function vercel(file) {
  const { headers } = JSON.parse(readFileSync(file, "utf8"));
  const { routes, error } = routing.getTransformedRoutes({ headers });
  if (error) throw new Error(error.message);
  return routes.filter(({ src }) => src).map(({ src, headers }) => ({ expression: new RegExp(src), values: Object.entries(headers) }));
}

const [format, file, ...paths] = process.argv.slice(2);
const blocks = await { netlify, vercel }[format](file);
const answer = (path) => {
  const sent = {};
  for (const { expression, values } of blocks.filter(({ expression }) => expression.test(path))) {
    for (const [name, value] of values) sent[name.toLowerCase()] = value;
  }
  return sent;
};
console.log(JSON.stringify(Object.fromEntries(paths.map((path) => [path, answer(path)]))));
