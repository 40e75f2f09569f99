//! Pages as browsers read them.

use crate::inventory::{Asset, Content, Kind, Reader, SiteOrigin, sha256};

fn assets(html: &str) -> Vec<Asset> {
    let page = Reader::new(SiteOrigin::unknown()).page("/shop/index.html", html.as_bytes());
    page.assets.into_iter().filter(|asset| !asset.implicit).collect()
}

/// Kind and URL or hashed text, a line each.
fn listing(html: &str) -> String {
    let line = |asset: Asset| match asset.content {
        Content::Url(url) => {
            format!("{}:{} {} {url}\n", asset.line, asset.column, asset.kind.as_str())
        }
        other @ (Content::Relative { .. }
        | Content::Module { .. }
        | Content::Code { .. }
        | Content::Feature { .. }
        | Content::Policy { .. }) => panic!("{other:?}"),
        Content::Inline { bytes, .. } => {
            format!("{}:{} {} ({bytes})\n", asset.line, asset.column, asset.kind.as_str())
        }
    };
    assets(html).into_iter().map(line).collect()
}

fn hashes(html: &str) -> Vec<String> {
    let hash = |asset: Asset| match asset.content {
        Content::Inline { hash, .. } => Some(hash),
        _ => None,
    };
    assets(html).into_iter().filter_map(hash).collect()
}

#[test]
fn every_way_to_load_something() {
    insta::assert_snapshot!(listing(
        "<base href=/b/>\n<link rel='shortcut icon' href=i.ico><link rel=STYLESHEET href=s.css>\n\
         <script src=a.js async></script><script type=module src='https://cdn.example/m.js?x=1#y'></script>\n\
         <script nomodule src=old.js></script><script type=text/template src=no.js></script>\n\
         <img src=a.png srcset='b.png 2x'><picture><source srcset=c.png></picture><video poster=p.png src=v.mp4>\n\
         <source src=w.mp4><track src=t.vtt></video><iframe src=f.html></iframe><object data=o.swf></object>\n\
         <embed src=e.swf><form action=//pay.example/x?y></form><form></form><button formaction=z>\n\
         <input type=image src=n.png><body background=bg.png><svg><use href=u.svg#a /><image xlink:href=x.png /></svg>\n\
         <link rel=preload as=font href=f.woff2><link rel=modulepreload href=mp.js><link rel=prefetch href=next.html>\n\
         <link rel=manifest href=m.json><a ping='p1 p2' href=x>x</a><meta http-equiv=refresh content='3; url=r.html'>\n\
         <a href='javascript:void(0)'>j</a><iframe src='data:text/html,x'></iframe>"
    ), @r"
    1:1 base /b/
    2:1 image /b/i.ico
    2:38 style /b/s.css
    3:1 script /b/a.js
    3:33 script https://cdn.example/m.js?x=1
    5:1 image /b/a.png
    5:1 image /b/b.png
    5:43 image /b/c.png
    5:74 media /b/v.mp4
    5:74 image /b/p.png
    6:1 media /b/w.mp4
    6:19 media /b/t.vtt
    6:44 frame /b/f.html
    6:72 object /b/o.swf
    6:72 frame /b/o.swf
    7:1 object /b/e.swf
    7:1 frame /b/e.swf
    7:18 form-action https://pay.example/x?y
    7:56 form-action /shop/index.html
    7:69 form-action /b/z
    8:1 image /b/n.png
    8:29 image /b/bg.png
    8:58 image /b/u.svg
    8:78 image /b/x.png
    9:1 font /b/f.woff2
    9:40 script /b/mp.js
    9:75 prefetch /b/next.html
    10:1 manifest /b/m.json
    10:32 connect /b/p1
    10:32 connect /b/p2
    10:60 navigation /b/r.html
    11:1 javascript-url (18)
    11:35 frame data:text/html
    ");
}

#[test]
fn inline_code_is_hashed_as_a_browser_reads_it() {
    assert_eq!(hashes("<script>a\r\nb\rc\0</script>"), [sha256("a\nb\nc\u{FFFD}")]);
    assert_eq!(hashes("<p onclick='a &amp;&amp; b&#13;&lt'>"), [sha256("a && b\r<")]);
    assert_eq!(hashes("<p style=''>"), [sha256("")]);
    assert_eq!(hashes("<style></style>"), [sha256("")]);
    assert_eq!(hashes("<script></script><script>cut off"), [""; 0]);
    assert_eq!(
        hashes("<script><!--<script></script>--></script>"),
        [sha256("<!--<script></script>-->")]
    );
    assert_eq!(
        hashes("<svg><script>a &amp;&amp; b<![CDATA[ && c]]></script></svg>"),
        [sha256("a && b && c")]
    );
    assert_eq!(hashes("<p onclick=a onclick=b>"), [sha256("a")]);
}

#[test]
fn text_that_is_no_markup_is_not_read_as_such() {
    let html = "<title><script>1</script></title><textarea><img src=a></textarea><!--<img src=b>-->\
                <style>/*<script>2</script>*/</style><iframe><img src=c></iframe><xmp><img src=d></xmp>";
    assert_eq!(listing(html), "1:84 inline-style (22)\n");
}

#[test]
fn markup_inside_markup_is_read() {
    let html = "<p>\n<iframe srcdoc=\"<script>f(&quot;&amp;amp;&quot;)</script>\"></iframe>\n<noscript>\n <img src=a></noscript>";
    assert_eq!(listing(html), "2:1 inline-script (10)\n4:2 image /shop/a\n");
    assert_eq!(hashes(html), [sha256("f(\"&amp;\")")]);
}

#[test]
fn markup_inside_markup_has_a_base_and_scripts_of_its_own() {
    let html = "<base href=/b/><noscript><base href=/n/><script>1</script><img src=a></noscript>\
                <iframe srcdoc='<base href=s/><img src=b><script>2</script>'></iframe><iframe srcdoc='<img src=c>'></iframe>";
    assert_eq!(
        listing(html),
        "1:1 base /b/\n1:26 base /n/\n1:59 image /n/a\n1:81 base /b/s/\n1:81 image /b/s/b\n\
         1:81 inline-script (1)\n1:151 image /b/c\n"
    );
}

#[test]
fn data_blocks_are_told_from_code() {
    let html = "<script type='application/ld+json'>{}</script><script type=' TEXT/JavaScript '>1</script>\
                <script type=importmap>{}</script><script type=speculationrules>{}</script><script language=vbscript>2</script>";
    let kinds: Vec<Kind> = assets(html).into_iter().map(|asset| asset.kind).collect();
    assert_eq!(
        kinds,
        [
            Kind::DataBlock,
            Kind::InlineScript,
            Kind::ImportMap,
            Kind::SpeculationRules,
            Kind::DataBlock
        ]
    );
}

#[test]
fn data_blocks_name_what_modules_import_and_what_is_shown_next() {
    let html = "<script type=importmap>{\"imports\":{\"a\":\"./a.js\",\"b/\":\"https://cdn.example/b/\",\"no\":\"bare\"},\
                \"scopes\":{\"/s/\":{\"a\":\"/c.js\"}},\"integrity\":{\"./a.js\":\"sha384-x\"}}</script>\n\
                <script type=module>import \"a\"</script>\n\
                <script type=speculationrules>{\"prefetch\":[{\"urls\":[\"n.html\"]}],\"prerender\":[{\"where\":{}},{\"urls\":[\"/o\"]}]}</script>";
    assert_eq!(
        listing(html),
        "1:1 import-map (133)\n1:1 script /shop/a.js\n1:1 script https://cdn.example/b/\n1:1 script /c.js\n\
         2:1 inline-script (10)\n2:28 script /shop/a.js\n3:1 speculation-rules (77)\n\
         3:1 navigation /shop/n.html\n3:1 navigation /o\n"
    );
    let integrity = assets(html).remove(1).script.and_then(|script| script.integrity);
    assert_eq!(integrity.as_deref(), Some("sha384-x"));
}

#[test]
fn a_data_block_that_browsers_refuse_is_told_with_the_place() {
    let found = assets("<p>\n<script type=importmap>{\n \"imports\":{a}}</script>");
    let unread = found[0].unread.as_deref().unwrap();
    assert_eq!((unread.line, unread.column), (3, 13));
    assert!(assets("<script type=speculationrules>[]</script>")[0].unread.is_some());
}

#[test]
fn an_icon_is_asked_for_where_no_page_names_one() {
    let page =
        |html: &str| Reader::new(SiteOrigin::unknown()).page("/a.html", html.as_bytes()).assets;
    assert!(page("<p>").iter().any(|asset| asset.implicit));
    assert!(!page("<link rel=icon href=data:,>").iter().any(|asset| asset.implicit));
    let dark = "<link rel=icon href=data:, media='(prefers-color-scheme: dark)'>";
    assert!(page(dark).iter().any(|asset| asset.implicit));
}

#[test]
fn features_are_told_with_whom_they_are_for() {
    let html = "<base href=/b/><video autoplay controls></video><body onunload=f()>\
                <iframe src=https://maps.example/x allow='geolocation; camera *' allowfullscreen></iframe>\
                <iframe src=own.html allow=usb></iframe><iframe src='data:,x' allow=midi></iframe>";
    let features: Vec<String> = assets(html)
        .into_iter()
        .filter_map(|asset| match asset.content {
            Content::Feature { feature, delegated_to } => {
                Some(format!("{feature} {}", delegated_to.as_deref().unwrap_or("-")))
            }
            _ => None,
        })
        .collect();
    let expected = [
        "autoplay -",
        "fullscreen -",
        "picture-in-picture -",
        "unload -",
        "geolocation https://maps.example",
        "camera *",
        "fullscreen *",
        "usb -",
    ];
    assert_eq!(features, expected);
}

#[test]
fn a_policy_after_text_that_ends_the_head_is_none() {
    let policies = |before: &str| {
        let html = format!("{before}<meta http-equiv=Content-Security-Policy content=x>");
        let page = Reader::new(SiteOrigin::unknown()).page("/", html.as_bytes());
        page.meta_policies.len()
    };
    let head = "<!doctype html>\n<head> <!-- x --><title>a &amp; b</title><style>a{}</style><script>1</script>";
    assert_eq!(policies(head), 1);
    assert_eq!(policies(&format!("{head}</head>\n")), 1);
    assert_eq!(policies(&format!("{head}text")), 0);
    assert_eq!(policies(&format!("{head}&nbsp;")), 0);
    let first = "<meta http-equiv=Content-Security-Policy content=x>";
    assert_eq!([policies(first), policies(&format!("{first}text"))], [2, 1]);
}

/// As Chromium and Firefox read them; html5ever reads some of them otherwise.
#[test]
fn foreign_content_ends_with_the_elements_around_it_that_are_in_scope() {
    let style = "<style><img src=a></style>";
    for html in [
        "<label><svg><g></label>",
        "<div><svg></x></div>",
        "<a><p><math></a>",
        "<p><b></p><svg></b>",
        "<b><i></b><object><svg></object><svg></i>",
    ] {
        assert_eq!(listing(&format!("{html}{style}")).lines().count(), 1, "{html}");
    }
    for html in [
        "<svg></div>",
        "<label><svg><title><svg></label>",
        "<a><math><annotation-xml><svg></a>",
        "<label><math><mi><svg></label>",
        "<div><b></div></b><svg></b>",
        "<div><b></div><object><svg></b>",
        "<b><span><div></b></div><svg></span>",
    ] {
        assert!(listing(&format!("{html}{style}")).ends_with(" image /shop/a\n"), "{html}");
    }
    assert_eq!(listing("<svg><title><![CDATA[<img src=a>]]></title></svg>"), "");
}

#[test]
fn what_stands_in_a_template_declares_nothing() {
    let html = "<template><p><base href=/t/><meta http-equiv=refresh content='0;url=r'><img src=a></template>\
                <img src=b><base href=/b/><img src=c>";
    assert_eq!(
        listing(html),
        "1:72 image /shop/a\n1:94 image /shop/b\n1:105 base /b/\n1:120 image /b/c\n"
    );
}

#[test]
fn of_mathml_only_links_load() {
    let html = "<math><form><video src=a></video><mrow href=javascript:b() onclick=c>";
    assert_eq!(listing(html), "1:34 javascript-url (14)\n1:60 event-handler (1)\n");
}

/// Chromium asks `frame-src`, too, where it makes a frame.
#[test]
fn what_an_object_holds_is_a_frame_unless_it_is_an_image() {
    let kinds = |html: &str| -> Vec<&str> {
        assets(html).iter().map(|asset| asset.kind.as_str()).collect()
    };
    for html in ["<object data=a.html>", "<embed src=a.svg>", "<embed src=a.png type=text/html>"] {
        assert_eq!(kinds(html), ["object", "frame"], "{html}");
    }
    for html in ["<object data='a.PNG?b.html'>", "<embed src=a type=image/png>"] {
        assert_eq!(kinds(html), ["object"], "{html}");
    }
}

#[test]
fn an_animation_leads_to_other_images() {
    let html = "<svg><image><set attributeName=href to=a /><animate attributeName=xlink:href values='b; c;#d'/>\
                <animate attributeName=x from=no to=no /></image>";
    assert_eq!(listing(html), "1:13 image /shop/a\n1:44 image /shop/b\n1:44 image /shop/c\n");
}

#[test]
fn a_style_sheet_may_have_a_type_with_a_parameter() {
    let link = |kind: &str| listing(&format!("<link rel=stylesheet href=a type='{kind}'>"));
    for css in ["", "TEXT/css", " text/css ; charset=utf-8"] {
        assert_eq!(link(css), "1:1 style /shop/a\n", "{css}");
    }
    assert_eq!(link("text/less"), "");
}

/// Two that come due at once: browsers follow the last, and of others that which comes due first.
#[test]
fn a_page_may_reload_in_several_ways() {
    let refresh = |url: &str| format!("<meta http-equiv=refresh content='0;{url}'>");
    let html =
        [refresh("a"), refresh("b"), refresh("c").replace("refresh ", "' refresh' ")].concat();
    assert_eq!(listing(&html), "1:1 navigation /shop/a\n1:40 navigation /shop/b\n");
}

#[test]
fn hostile_markup_is_read_to_its_end() {
    let deep = format!("{}<img src=a>", "<div>".repeat(100_000));
    assert_eq!(assets(&deep).len(), 1);
    assert_eq!(assets(&format!("<svg>{}", "<g><style>a".repeat(10_000))).len(), 10_000);
}

#[test]
fn a_page_that_reloads_leads_where_the_standard_says() {
    let leads = [
        ("9;http://a.example/", Some("http://a.example/")),
        (" 0 , URL = 'b?c' d", Some("/shop/b?c")),
        ("1.5 url=\"b", Some("/shop/b")),
        (".5;'b'", Some("/shop/b")),
        ("5; ur=b", Some("/shop/ur=b")),
        ("5;;b", Some("/shop/;b")),
        ("5 b", Some("/shop/b")),
        ("5", None),
        ("5;", None),
        ("5; url=", None),
        ("5url=b", None),
        ("url=b", None),
        (";url=b", None),
        ("-5;url=b", None),
        ("5;javascript:b", None),
    ];
    for (content, expected) in leads {
        let page =
            format!("<meta http-equiv=refresh content=\"{}\">", content.replace('"', "&quot;"));
        let found = assets(&page);
        let leads: Vec<&str> = found
            .iter()
            .filter(|asset| asset.kind == Kind::Navigation)
            .filter_map(Asset::url)
            .collect();
        assert_eq!(leads, Vec::from_iter(expected), "{content}");
    }
}
