/**
 * Runs in each document before any script of its own, outside its policy: keeps what its policy reports, starts what
 * only a script can start once all else has loaded, and knows when everything is decided.
 *
 * The document holds the list of what to start in `<script type="application/json" id="cspc-operations">`.
 */
export function harness() {
  const state = { ran: {}, threw: {}, unsettled: [], events: [], loaded: false };
  const names = ["effectiveDirective", "blockedURI", "sample", "originalPolicy", "disposition"];
  const targetOf = (event) => String(event.composedPath()[0]?.id ?? "");
  const keep = (event) =>
    state.events.push({ target: targetOf(event), ...Object.fromEntries(names.map((name) => [name, event[name]])) });

  if (globalThis.top !== globalThis) {
    // A frame without a response of its own has its embedder's policies; others' events are their own affair.
    if (!location.href.startsWith("about:")) return;
    try {
      if (!parent.cspcState) return;
      globalThis.cspcRan = (id) => parent.cspcRan(id);
      addEventListener("securitypolicyviolation", (event) => parent.cspcKeep(event), true);
    } catch {}
    return;
  }
  globalThis.cspcState = state;
  globalThis.cspcKeep = keep;
  globalThis.cspcRan = (id) => { state.ran[id] = true; };
  addEventListener("securitypolicyviolation", keep, true);

  const PATIENCE_MS = 10_000;
  /** One of the events happens to the target. */
  const oneOf = (target, ...events) =>
    new Promise((settle) => events.forEach((name) => target.addEventListener(name, settle, { once: true })));
  /** A violation with this in its address, or this keyword in place of it, is seen, or the code ran. */
  const ranOrReported = (id, keyword) =>
    new Promise((settle) => {
      const look = () =>
        state.ran[id] || state.events.some((event) => event.disposition === "enforce" && event.blockedURI === keyword && (event.target === id || event.target === ""))
          ? settle()
          : setTimeout(look, 5);
      look();
    });
  const append = (element) => (document.body ?? document.documentElement).append(element);

  function build({ tag, attributes = {}, text, id }) {
    const element = document.createElement(tag);
    element.id = id;
    for (const [name, value] of Object.entries(attributes)) {
      if (name === "nonce") element.nonce = value;
      else element.setAttribute(name, value);
    }
    if (text !== undefined) element.textContent = text;
    return element;
  }
  /** A named frame for a form or link to open in. */
  function frameNamed(name) {
    const frame = document.createElement("iframe");
    frame.name = name;
    append(frame);
    return frame;
  }
  const evaluators = {
    eval: (code) => (0, eval)(code),
    function: (code) => new Function(code)(),
    timeout: (code) => void setTimeout(code, 0),
  };
  const passed = (id) => { state.ran[`${id}.passed`] = true; };

  /** Each starts one item and promises when its fate is known. */
  const operations = {
    element({ waits, clicks, ...item }) {
      const element = build(item);
      const settled = waits ? oneOf(element, ...waits) : undefined;
      element.addEventListener("load", () => cspcRan(`${item.id}.loaded`));
      append(element);
      if (clicks) element.click();
      return settled;
    },
    track(item) {
      const video = document.createElement("video");
      const track = build({ tag: "track", ...item });
      const settled = oneOf(track, "load", "error");
      video.crossOrigin = "anonymous";
      video.append(track);
      append(video);
      track.track.mode = "showing";
      return settled;
    },
    fetch: ({ url, mode }) => fetch(url, { mode }).catch(() => {}),
    xhr({ url }) {
      const request = new XMLHttpRequest();
      const settled = oneOf(request, "loadend");
      request.open("GET", url);
      request.send();
      return settled;
    },
    beacon: ({ url }) => void navigator.sendBeacon(url),
    events({ url }) {
      const source = new EventSource(url);
      return oneOf(source, "open", "error").then(() => source.close());
    },
    socket({ url }) {
      const socket = new WebSocket(url);
      return oneOf(socket, "open", "error", "close");
    },
    font: ({ url }) => new FontFace("x", `url("${url}")`).load().catch(() => {}),
    worker({ url, code, type, id }) {
      const address = code === undefined ? url : URL.createObjectURL(new Blob([code], { type: "text/javascript" }));
      const worker = new Worker(address, { type });
      passed(id);
      worker.addEventListener("message", () => cspcRan(id));
      return oneOf(worker, "message", "error").then(() => worker.terminate());
    },
    shared({ url, id }) {
      const worker = new SharedWorker(url);
      passed(id);
      worker.port.start();
      return Promise.race([oneOf(worker, "error"), oneOf(worker.port, "message")]);
    },
    import: ({ url }) => import(url).catch(() => {}),
    code({ by, code, id }) {
      try {
        evaluators[by](code);
        passed(id);
      } catch (error) {
        state.threw[id] = String(error);
      }
      // A string that a timer may not compile is looked at when it is set; one that it may runs in its turn.
      return new Promise((settle) => setTimeout(settle, 0));
    },
    wasm({ id }) {
      try {
        new WebAssembly.Module(new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]));
        cspcRan(id);
      } catch (error) {
        state.threw[id] = String(error);
      }
    },
    form({ url, method, id }) {
      const frame = frameNamed(`frame-${id}`);
      const form = build({ tag: "form", id, attributes: { action: url, method, target: frame.name } });
      const query = new URL(url).searchParams;
      for (const [name, value] of method === "get" ? query : []) {
        const field = document.createElement("input");
        Object.assign(field, { type: "hidden", name, value });
        form.append(field);
      }
      append(form);
      const settled = oneOf(frame, "load");
      form.submit();
      const reported = new Promise((settle) => {
        const look = () => (state.events.some((event) => event.disposition === "enforce" && event.blockedURI.includes(id)) ? settle() : setTimeout(look, 5));
        look();
      });
      return Promise.race([settled, reported]);
    },
    click({ id }) {
      document.getElementById(id)?.click();
    },
    follow({ id }) {
      document.getElementById(id)?.click();
      return ranOrReported(id, "inline");
    },
    policy({ name, id }) {
      try {
        trustedTypes.createPolicy(name, {});
        passed(id);
      } catch (error) {
        state.threw[id] = String(error);
      }
    },
    sink({ id }) {
      try {
        document.createElement("div").innerHTML = "x";
        passed(id);
      } catch (error) {
        state.threw[id] = String(error);
      }
    },
  };

  async function start(item) {
    const late = new Promise((settle) => setTimeout(() => settle("late"), PATIENCE_MS));
    try {
      if ((await Promise.race([operations[item.operation](item), late])) === "late") state.unsettled.push(item.id);
    } catch (error) {
      state.threw[item.id] = String(error);
    }
  }
  /** What is applied by style sheets and attributes shows in the computed style of the element of the same id. */
  function readStyles() {
    for (const element of document.querySelectorAll("[data-styled]")) {
      const id = element.dataset.styled;
      if (getComputedStyle(element).getPropertyValue("--ran").trim() === id) state.ran[id] = true;
    }
    state.base = document.baseURI;
  }
  async function finish(done) {
    const list = document.getElementById("cspc-operations");
    await Promise.all(JSON.parse(list.textContent).map(start));
    readStyles();
    // Events are tasks of their own: a few turns let those of the last item arrive.
    for (let turn = 0; turn < 5; turn++) await new Promise((next) => setTimeout(next, 4));
    done();
  }
  globalThis.cspcDone = new Promise((done) => {
    // A frame that is blocked can keep a page of Firefox's from ever being loaded.
    document.addEventListener("DOMContentLoaded", async () => {
      const late = new Promise((settle) => setTimeout(() => settle("late"), PATIENCE_MS));
      state.loaded = (await Promise.race([oneOf(globalThis, "load"), late])) !== "late";
      finish(done);
    });
  });
}
