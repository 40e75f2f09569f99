// Reads what is written for hosts and routers by the vendors' own parsers and schemas: `node read.mjs FORMAT FILE PATH…` prints
// the headers of each path as JSON, names in lower case. What a parser or schema refuses is an error.
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { parse as parseHcl } from "@cdktf/hcl2json";
import { HTTPRoute } from "@kubernetes-models/gateway-api/gateway.networking.k8s.io/v1";
import { parseAllHeaders } from "netlify-headers-parser";
import protobuf from "protobufjs";
import firebaseHeaders from "superstatic/lib/middleware/headers.js";
import routing from "@vercel/routing-utils";
import { parse as parseYaml, parseAllDocuments } from "yaml";

const require = createRequire(import.meta.url);
const escaped = (text) => text.replace(/[^\w/]/gu, "\\$&");
const merged = (lists) => Object.fromEntries(lists.flat().map(([name, value]) => [name.toLowerCase(), value]));

/** Of blocks that match, the later one wins. */
const overriding = (blocks) => (path) =>
  merged(blocks.filter(({ expression }) => expression.test(path)).map(({ values }) => values));

/** Of routes that match, the first one counts. */
const first = (routes) => (path) => merged([routes.find(({ expression }) => expression.test(path))?.values ?? []]);

async function netlify(file) {
  const read = await parseAllHeaders({ headersFiles: [file], minimal: true, configHeaders: [], featureFlags: {} });
  if (read.errors.length) throw new Error(read.errors.map(String).join("\n"));
  const expression = (path) => new RegExp(`^${path.split("*").map(escaped).join(".*")}$`);
  return overriding(read.headers.map(({ for: path, values }) => ({ expression: expression(path), values: Object.entries(values) })));
}

function vercel(file) {
  const { headers } = JSON.parse(readFileSync(file, "utf8"));
  const { routes, error } = routing.getTransformedRoutes({ headers });
  if (error) throw new Error(error.message);
  const own = routes.filter(({ src }) => src);
  return overriding(own.map(({ src, headers }) => ({ expression: new RegExp(src), values: Object.entries(headers) })));
}

/** The part of Firebase's own server that sets headers, with a response that only collects them. */
function firebase(file) {
  const { hosting } = JSON.parse(readFileSync(file, "utf8"));
  return (path) => {
    const sent = [];
    const response = { setHeader: (name, value) => sent.push([name, value]), writeHead() {} };
    firebaseHeaders({})({ url: path, superstatic: { headers: hosting.headers } }, response, () => response.writeHead(200));
    return merged([sent]);
  };
}

/** Envoy's own definition of a route configuration, in protocol buffers. */
async function envoy(file) {
  const folder = (name) => dirname(require.resolve(`${name}/package.json`));
  const definitions = join(folder("@grpc/grpc-js-xds"), "deps");
  const places = ["envoy-api", "xds", "googleapis", "protoc-gen-validate"].map((place) => join(definitions, place));
  const found = (name) => [...places, folder("protobufjs")].map((place) => join(place, name)).find(existsSync);
  const root = new protobuf.Root();
  const own = root.resolvePath.bind(root);
  root.resolvePath = (origin, name) => found(name) ?? own(origin, name);
  await root.load("envoy/config/route/v3/route.proto", { keepCase: true });
  const configuration = parseYaml(readFileSync(file, "utf8"));
  check(root.lookupType("envoy.config.route.v3.RouteConfiguration").resolveAll(), configuration, "");
  const expression = ({ path, prefix, path_separated_prefix: segments, safe_regex: regex }) =>
    new RegExp(`^(?:${path ? escaped(path) : segments ? `${escaped(segments)}(?:/.*)?` : regex ? regex.regex : `${escaped(prefix)}.*`})$`);
  return first(configuration.virtual_hosts[0].routes.map(({ match, response_headers_to_add: added = [] }) => ({
    expression: expression(match),
    values: added.map(({ header }) => [header.key, header.value.replaceAll("%%", "%")]),
  })));
}

/** Throws where a message has a field or value that its definition does not have. */
function check(type, message, place) {
  for (const [name, value] of Object.entries(message)) {
    const field = type.fields[name];
    if (!field) throw new Error(`${place}: ${type.fullName} has no field ${name}`);
    if (field.repeated !== Array.isArray(value)) throw new Error(`${place}.${name}: one, or a list?`);
    for (const item of [value].flat()) {
      const { resolvedType: inner } = field;
      if (inner instanceof protobuf.Enum ? !(item in inner.values) : !inner && field.type !== typeof item) {
        throw new Error(`${place}.${name}: ${item} is no ${field.type}`);
      }
      if (inner instanceof protobuf.Type) check(inner, item, `${place}.${name}`);
    }
  }
}

/** The Gateway API's own schema; the longest path counts. */
function kubernetes(file) {
  const documents = parseAllDocuments(readFileSync(file, "utf8")).map((document) => document.toJS()).filter(Boolean);
  documents.forEach((document) => new HTTPRoute(document).validate());
  const routes = documents.flatMap(({ spec }) => spec.rules).map(({ matches: [{ path }], filters }) => ({
    length: path.value.length,
    expression: new RegExp(path.type === "Exact" ? `^${escaped(path.value)}$` : `^${escaped(path.value.replace(/\/$/u, ""))}(?:/.*)?$`),
    values: filters.flatMap(({ responseHeaderModifier: { set = [], add = [] } }) => [...set, ...add].map(({ name, value }) => [name, value])),
  }));
  return first(routes.sort((a, b) => b.length - a.length));
}

/** HashiCorp's own parser. Which behaviour a policy is for stands in the comment before it. */
async function cloudfront(file) {
  const text = readFileSync(file, "utf8");
  const { resource } = await parseHcl(file, text);
  const policies = resource.aws_cloudfront_response_headers_policy;
  const places = [...text.matchAll(/^# (.*)\nresource "\w+" "(\w+)"/gmu)];
  return first(places.map(([, place, name]) => {
    const [, folder] = place.match(/^(.*)\/ and what lies under it$/u) ?? [];
    const source = place === "everything" ? ".*" : folder !== undefined ? `${escaped(folder)}(?:/.*)?` : escaped(place);
    const [policy] = policies[name];
    const items = policy.custom_headers_config.flatMap(({ items }) => items);
    // What the parser leaves to Terraform: a doubled sign stands for one.
    const value = (item) => item.value.replaceAll("$${", "${").replaceAll("%%{", "%{");
    return { expression: { test: (path) => new RegExp(`^${source}$`).test(decodeURI(path)) }, values: items.map((item) => [item.header, value(item)]) };
  }));
}

const [format, file, ...paths] = process.argv.slice(2);
const answer = await { netlify, vercel, firebase, envoy, kubernetes, cloudfront }[format](file);
console.log(JSON.stringify(Object.fromEntries(paths.map((path) => [path, answer(path)]))));
