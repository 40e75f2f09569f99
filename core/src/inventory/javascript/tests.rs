//! Snippets, and what is read from them.

use super::{Base, Goal, What, read};
use crate::inventory::address::unread_code;
use crate::inventory::model::Kind;

/// What a script does, a line each: `?` before the code of what is not told, `~` for what is relative to the script.
fn listing(source: &str) -> String {
    let shown = |text: &str| match unread_code(text) {
        Some(code) => format!("? {code}"),
        None => text.to_owned(),
    };
    let line = |what: What| match what {
        What::Url(kind, url, base) => {
            let mark = if base == Base::Script { "~" } else { "" };
            format!("{} {mark}{}", kind.as_str(), shown(&url))
        }
        What::Import(Kind::Script, specifier) => format!("import {}", shown(&specifier)),
        What::Import(kind, specifier) => format!("import {} {}", kind.as_str(), shown(&specifier)),
        What::Element { name, attributes, text } => {
            let attributes: Vec<String> = attributes
                .iter()
                .map(|(name, value)| format!(" {name}={}", shown(value)))
                .collect();
            let text = text.map_or_else(String::new, |text| format!(": {}", shown(&text)));
            format!("<{name}{}>{text}", attributes.concat())
        }
        What::Markup { text, .. } => format!("markup {text}"),
        What::Css(css) => format!("css {css}"),
        What::Policy(name) => format!("policy {}", shown(&name)),
        What::Feature(feature) => format!("feature {feature}"),
        What::Code(kind, code) => format!("{} {code}", kind.as_str()),
    };
    match read(source, Goal::File, "https://shop.example") {
        Ok(uses) => uses.into_iter().map(|found| line(found.what) + "\n").collect(),
        Err(unread) => unread.message,
    }
}

#[test]
fn requests() {
    insta::assert_snapshot!(listing(r#"
        fetch("/a"); window.fetch(`b/${id}/c`); fetch(new Request("c")); self["fetch"];
        const base = "https://api.example/v1"; fetch(base + "/users/" + id); fetch(base);
        const f = globalThis.fetch; f("d"); (0, fetch)("e"); fetch.call(window, "f"); const w = this.window; w.fetch("f2");
        let request = new XMLHttpRequest(); request.open(method, "g"); other.open("post", "h"); dialog.open("x", "y");
        new WebSocket((location.protocol === "https:" ? "wss:" : "ws:") + "//" + location.host + "/ws");
        new EventSource("i"); navigator.sendBeacon("j", data); new WebTransport("https://k.example:4433/k");
        fetch(url); fetch("https://" + host + "/x"); fetch("".concat(base, "/l")); fetch(new URL("m", location.href));
        $.ajax({ url: "n" }); jQuery.getJSON("o"); SwaggerUIBundle({ url: "https://api.example/openapi.json" });
        build.query({ query: () => "p" }); build.mutation({ query: (id) => ({ url: `q/${id}`, method: "POST" }) }); other.query({ query: x });
        function fetch2() {} { let fetch = fetch2; fetch("no"); }
    "#), @r##"
    connect /a
    connect b/
    connect c
    connect https://api.example/v1/users/
    connect https://api.example/v1
    connect d
    connect e
    connect f
    connect f2
    connect g
    connect h
    connect wss://shop.example/ws
    connect ws://shop.example/ws
    connect i
    connect j
    connect https://k.example:4433/k
    connect ? url
    connect ? "https://" + host + "/x"
    connect https://api.example/v1/l
    connect https://shop.example/m
    connect n
    connect o
    connect https://api.example/openapi.json
    connect p
    connect q/
    "##);
}

#[test]
fn modules_and_workers() {
    insta::assert_snapshot!(listing(r#"
        import a from "./a.js"; import "bare"; export * from "/b.js"; export { c } from "https://cdn.example/c.js";
        import("./d.js"); import(`./e/${name}.js`); import(unknown);
        new Worker("f.js"); new Worker(new URL("g.js", import.meta.url), { type: "module" });
        new SharedWorker(new URL("/h.js", location)); navigator.serviceWorker.register("/sw.js");
        new Worker(URL.createObjectURL(new Blob([code]))); new Worker("data:text/javascript,1");
        context.audioWorklet.addModule("i.js"); importScripts("j.js", "k.js");
    "#), @r##"
    import ./a.js
    import bare
    import /b.js
    import https://cdn.example/c.js
    import ./d.js
    import ./e/
    import ? unknown
    trusted-types-sink "f.js"
    worker f.js
    trusted-types-sink new URL("g.js", import.meta.url)
    worker ~g.js
    trusted-types-sink new URL("/h.js", location)
    worker https://shop.example/h.js
    trusted-types-sink "/sw.js"
    worker /sw.js
    trusted-types-sink URL.createObjectURL(new Blob([code]))
    worker blob:
    trusted-types-sink "data:text/javascript,1"
    worker data:text/javascript,1
    script i.js
    trusted-types-sink "j.js"
    script j.js
    trusted-types-sink "k.js"
    script k.js
    "##);
}

#[test]
fn code_and_markup() {
    insta::assert_snapshot!(listing(r#"
        eval(text); new Function("a", body); Function("return this")(); setTimeout("run()", 1); setTimeout(run, 1);
        const code = "x"; setInterval(code); WebAssembly.instantiateStreaming(fetch("m.wasm"), {});
        document.write("<script src=a.js><\/script>"); element.innerHTML = "<img src=b.png>"; element.innerHTML = html;
        element.insertAdjacentHTML("beforeend", "<p style='color:red'>"); trustedTypes.createPolicy("p", {});
        const policy = w.trustedTypes?.createPolicy(name, {}); element.innerHTML = policy.createHTML(html);
    "#), @r##"
    eval eval(text)
    eval new Function("a", body)
    eval setTimeout("run()", 1)
    eval setInterval(code)
    wasm WebAssembly.instantiateStreaming(fetch("m.wasm"), {})
    connect m.wasm
    trusted-types-sink document.write("<script src=a.js><\/script>")
    markup <script src=a.js></script>
    trusted-types-sink element.innerHTML = "<img src=b.png>"
    markup <img src=b.png>
    trusted-types-sink element.innerHTML = html
    trusted-types-sink element.insertAdjacentHTML("beforeend", "<p style='color:red'>")
    markup <p style='color:red'>
    policy p
    policy ? name
    "##);
}

#[test]
fn elements() {
    insta::assert_snapshot!(listing(r#"
        const s = document.createElement("script"); s.src = "https://cdn.example/a.js"; s.async = true;
        s.integrity = "sha384-x"; document.head.appendChild(s);
        let l = document.createElement("link"); l.rel = "stylesheet"; l.setAttribute("href", "b.css");
        new Image().src = "c.png"; var i = new Image(); i.src = cond ? "d.png" : "e.png"; i.src = unknown;
        Object.assign(document.createElement("iframe"), { src: "f.html" });
        const style = document.createElement("style"); style.appendChild(document.createTextNode("a{}"));
        const empty = document.createElement("style"); document.head.append(empty);
        function give() { const style = document.createElement("style"); return style; }
        element.setAttribute("style", "color:red"); element.setAttribute("onclick", "go()"); element.style.color = "red";
        jsx("img", { src: logo, alt: "x" }); h("video", { attrs: { src: "g.mp4" } }); new Audio("h.mp3");
        React.createElement("style", null, "b{}"); jsx("style", { children: `c{}` });
        new FontFace("F", "url(i.woff2)"); const css = `a{background:url(j.png)}`; const icon = "data:image/png;base64,AA";
        var logo = "k.svg";
    "#), @r##"
    <script src=https://cdn.example/a.js integrity=sha384-x>
    trusted-types-sink "https://cdn.example/a.js"
    <link rel=stylesheet href=b.css>
    <img src=c.png>
    <img src=d.png>
    <img src=e.png>
    <img src=? unknown>
    <iframe src=f.html>
    <style>: a{}
    <style>
    <style>: 
    <style>: ? document.createElement("style")
    <div style=color:red>
    trusted-types-sink "go()"
    <div onclick=go()>
    <img src=k.svg>
    <video src=g.mp4>
    <audio src=h.mp3>
    <style>: b{}
    <style>: c{}
    css @font-face{src:url(i.woff2)}
    css a{background:url(j.png)}
    image data:image/png;base64,AA
    "##);
}

#[test]
fn values_are_followed() {
    insta::assert_snapshot!(listing(r#"
        function load(url, options) { return fetch(url, options) } load("/a"); load(`/b`, {});
        const get = (path) => fetch("/api/" + path); get("c");
        const API = { base: "https://api.example" }; fetch(API.base + "/d");
        const url = (path) => "https://e.example/" + path; fetch(url("e"));
        (function (w, d, s, l, i) { const j = d.createElement(s); j.src = "https://tag.example/f.js?id=" + i; })(window, document, "script", "l", "G-1");
        let changing = "/g"; changing = "/h"; fetch(changing);
    "#), @r##"
    connect /a
    connect /b
    connect /api/c
    connect https://api.example/d
    connect https://e.example/e
    <script src=https://tag.example/f.js?id=G-1>
    trusted-types-sink "https://tag.example/f.js?id=" + i
    connect /g
    connect /h
    "##);
}

#[test]
fn broken_and_hostile_scripts_are_refused() {
    let message = |source: &str| read(source, Goal::File, "https://shop.example").unwrap_err();
    assert_eq!(message("let a = ;").offset, 8);
    for nesting in ["(", "[", "{a:", "!", "a=>", "a?b:", "`${", "if(a)", "function f(){", "(a="] {
        assert_eq!(
            message(&nesting.repeat(101_000)).message,
            "it is nested too deeply",
            "{nesting}"
        );
    }
    assert!(message(&" ".repeat((64 << 20) + 1)).message.contains("longer"));
}

#[test]
fn what_is_let_through_fits_the_stack() {
    for (open, close) in
        [("(", ")"), ("[", "]"), ("(a=>(", "))"), ("(a=", ")"), ("!", ""), ("a=>", ""), ("a+", "")]
    {
        let depth = 100_000 / (9 * open.len());
        let source = format!("{}1{}", open.repeat(depth), close.repeat(depth));
        assert!(read(&source, Goal::Classic, "").is_ok_and(|found| found.is_empty()), "{open}");
    }
    let unread = "a".repeat(1000) + &".b".repeat(30_000) + "+1";
    assert_eq!(read(&unread, Goal::Classic, ""), Ok(Vec::new()));
}

#[test]
fn features() {
    insta::assert_snapshot!(listing(r#"
        navigator.geolocation.getCurrentPosition(f); const media = navigator.mediaDevices; media.getUserMedia({ video: true, audio: !1 });
        media.getUserMedia(constraints); new PaymentRequest([], {}); element.requestFullscreen(); navigator.usb.requestDevice({});
        addEventListener("unload", f); window.onunload = f; video.autoplay = true; video.autoplay = false; video.play();
        navigator.credentials.get({ publicKey: {} }); request.open("GET", "/a", false); navigator.clipboard.writeText("");
        cache.read(); stream.write(1); this.credentials.get("x"); unrelated.request("wakeLock");
    "#), @r##"
    feature geolocation
    feature camera
    feature microphone
    feature camera
    feature payment
    feature fullscreen
    feature usb
    feature unload
    feature unload
    feature autoplay
    feature autoplay
    feature publickey-credentials-get
    feature sync-xhr
    connect /a
    feature clipboard-write
    "##);
}

#[test]
fn functions_and_values_are_followed_through_what_has_them() {
    insta::assert_snapshot!(listing(r#"
        class Host {
            load(file) { return this.request(`${this.url(file)}?v=1`); }
            async request(url) { const request = new XMLHttpRequest(); request.open("GET", url); }
            url(file) { return `${location.protocol}//${location.host}/data/${file}`; }
            #ask(url) { fetch(url); }
            all() { this.#ask("/private"); }
        }
        class Other { load() { this.request("/no"); } }
        const api = { get(url) { fetch(url); }, users() { this.get("/users"); } };
        function Old() {}
        Old.prototype.load = function (url) { fetch(url); };
        Old.prototype.go = function () { this.load("/old"); };
        function pack() {}
        pack.p = "/static/"; pack.u = (id) => "chunk-" + id + ".js"; pack.l = (url) => importScripts(url); pack.l(pack.p + pack.u(3));
        fetch(["/x", "/y"][i]);
        let again = "/z"; again = again + "?" + Date.now(); fetch(again);
        fetch({ a: "/1", b: "/2", c: "/3", d: "/4", e: "/5", f: "/6", g: "/7", h: "/8", i: "/9" }[name]);
    "#), @r##"
    connect https://shop.example/data/
    connect ? url
    connect /private
    connect ? url
    connect /users
    connect ? url
    connect /old
    connect ? url
    trusted-types-sink url
    script /static/chunk-3.js
    script /static/
    script ? url
    connect /x
    connect /y
    connect /z
    connect /z?
    connect /1
    connect /2
    connect /3
    connect /4
    connect /5
    connect /6
    connect /7
    connect ? { a: "/1", b: "/2", c: "/3", d: "/4", e: "/5", f: "/6", g: "/7", h: "/8", i: "/9…
    "##);
}

/// A style that stands in the page before it has a text is an empty one then, which a policy has to allow, too.
#[test]
fn styles_that_are_empty_at_first() {
    insta::assert_snapshot!(listing(r#"
        document.head.appendChild(document.createElement("style"));
        const late = document.createElement("style"); document.head.append(late); late.textContent = "a{}";
        const early = document.createElement("style"); early.textContent = "b{}"; document.head.append(early);
        const given = document.head.appendChild(document.createElement("style")); given.textContent = "c{}";
        const set = Object.assign(document.createElement("style"), { textContent: css }); document.head.append(set);
    "#), @r##"
    <style>
    <style>: 
    <style>: a{}
    <style>: b{}
    <style>: 
    <style>: c{}
    <style>: 
    <style>: ? css
    "##);
}

/// To a policy, data is connected to, and a style sheet is a style: so Chromium and Firefox have it.
#[test]
fn modules_that_are_no_scripts() {
    insta::assert_snapshot!(listing(r#"
        import a from "./a.json" with { type: "json" }; export { default } from "./b.css" with { "type": "css" };
        import("./c.json", { with: { type: "json" } }); import("./d.js", options);
    "#), @r##"
    import connect ./a.json
    import style ./b.css
    import connect ./c.json
    import ./d.js
    "##);
}

#[test]
fn code_of_workers_in_texts() {
    insta::assert_snapshot!(listing(r#"
        const code = "importScripts('https://cdn.example/w.js');fetch('relative');";
        new Blob([code, `fetch("${location.origin}/api")`], { type: "text/javascript" });
        new Blob([code], { type: "text/plain" }); new Blob([bytes]);
    "#), @r##"
    trusted-types-sink 'https://cdn.example/w.js'
    script https://cdn.example/w.js
    connect https://shop.example/api
    "##);
}

#[test]
fn attributes_of_a_namespace() {
    insta::assert_snapshot!(listing(r#"
        const i = document.createElementNS("http://www.w3.org/2000/svg", "image");
        i.setAttributeNS("http://www.w3.org/1999/xlink", "xlink:href", "a.png"); i.setAttributeNS(null, "onload", "go()");
    "#), @r##"
    <image xlink:href=a.png>
    trusted-types-sink "go()"
    <div onload=go()>
    "##);
}

#[test]
fn members_of_what_is_frozen_or_assigned_later() {
    insta::assert_snapshot!(listing(r#"
        var frozen; fetch((frozen = Object.freeze({ default: "/a" })) && frozen.default || frozen);
    "#), @r##"
    connect /a
    connect ? (frozen = Object.freeze({ default: "/a" })) && frozen.default || frozen
    "##);
}
