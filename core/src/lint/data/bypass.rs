//! Endpoints that run what they are told.
//!
//! The addresses are those of google/csp-evaluator 1.1.8 (commit d5cddb9, Apache-2.0), where they were found and checked
//! in 2016; many may be gone. Exact parameters are left out there on purpose.

use std::sync::LazyLock;

use super::host_index::HostIndex;
use crate::csp::{Keyword, SourceExpression};
use crate::lint::subject::List;

/// Whether the path of a source is compared: not after a redirect (CSP Level 3, section 7.6).
#[derive(Clone, Copy, PartialEq, Eq)]
pub(in crate::lint) enum PathPart {
    /// It is.
    Counts,
    /// It is not.
    Ignored,
}

/// An address without its scheme.
#[derive(Clone, Copy)]
struct Endpoint {
    address: &'static str,
    path: &'static str,
    needs_eval: bool,
}

static ENDPOINTS: LazyLock<HostIndex<Endpoint>> =
    LazyLock::new(|| HostIndex::new(JSONP.iter().chain(ANGULAR).filter_map(|it| endpoint(it))));

fn endpoint(address: &'static str) -> Option<(&'static str, Endpoint)> {
    let (host, _) = address.split_once('/')?;
    let path = address.get(host.len()..).unwrap_or_default();
    let needs_eval = NEED_EVAL.contains(&host) && JSONP.contains(&address);
    Some((host, Endpoint { address, path, needs_eval }))
}

/// The first endpoint that the expression lets through.
pub(in crate::lint) fn reached_by(
    list: &List<'_, '_>,
    expression: SourceExpression<'_>,
    path_part: PathPart,
) -> Option<&'static str> {
    let SourceExpression::Host(source) = expression else { return None };
    let evaluates = list.has(Keyword::UnsafeEval);
    let is_reached = |endpoint: &&Endpoint| {
        (evaluates || !endpoint.needs_eval)
            && (path_part == PathPart::Ignored || is_path(source.path, endpoint.path))
    };
    let endpoint = ENDPOINTS.on(source.host).iter().find(is_reached)?;
    (is_web(source.scheme) && is_default(source.port)).then_some(endpoint.address)
}

fn is_web(scheme: Option<&str>) -> bool {
    scheme.is_none_or(|scheme| ["http", "https"].iter().any(|web| web.eq_ignore_ascii_case(scheme)))
}

/// The addresses are on the ordinary ports.
fn is_default(port: Option<&str>) -> bool {
    matches!(port, None | Some("*" | "80" | "443"))
}

/// "path-part match" (CSP Level 3, section 6.7.2.12), for paths without escapes.
fn is_path(source: Option<&str>, path: &str) -> bool {
    match source {
        None | Some("/") => true,
        Some(folder) if folder.ends_with('/') => path.starts_with(folder),
        Some(file) => file == path,
    }
}

/// Hosts whose endpoints need `'unsafe-eval'`.
static NEED_EVAL: &[&str] = &[
    "googletagmanager.com",
    "www.googletagmanager.com",
    "www.googleadservices.com",
    "google-analytics.com",
    "ssl.google-analytics.com",
    "www.google-analytics.com",
];

/// JSONP endpoints.
static JSONP: &[&str] = &[
    "bebezoo.1688.com/fragment/index.htm",
    "www.google-analytics.com/gtm/js",
    "googleads.g.doubleclick.net/pagead/conversion/1036918760/wcm",
    "www.googleadservices.com/pagead/conversion/1070110417/wcm",
    "www.google.com/tools/feedback/escalation-options",
    "pin.aliyun.com/check_audio",
    "offer.alibaba.com/market/CID100002954/5/fetchKeyword.do",
    "ccrprod.alipay.com/ccr/arriveTime.json",
    "group.aliexpress.com/ajaxAcquireGroupbuyProduct.do",
    "detector.alicdn.com/2.7.3/index.php",
    "suggest.taobao.com/sug",
    "translate.google.com/translate_a/l",
    "count.tbcdn.cn//counter3",
    "wb.amap.com/channel.php",
    "translate.googleapis.com/translate_a/l",
    "afpeng.alimama.com/ex",
    "accounts.google.com/o/oauth2/revoke",
    "pagead2.googlesyndication.com/relatedsearch",
    "yandex.ru/soft/browsers/check",
    "api.facebook.com/restserver.php",
    "mts0.googleapis.com/maps/vt",
    "syndication.twitter.com/widgets/timelines/765840589183213568",
    "www.youtube.com/profile_style",
    "googletagmanager.com/gtm/js",
    "mc.yandex.ru/watch/24306916/1",
    "share.yandex.net/counter/gpp/",
    "ok.go.mail.ru/lady_on_lady_recipes_r.json",
    "d1f69o4buvlrj5.cloudfront.net/__efa_15_1_ornpba.xekq.arg/optout_check",
    "www.googletagmanager.com/gtm/js",
    "api.vk.com/method/wall.get",
    "www.sharethis.com/get-publisher-info.php",
    "google.ru/maps/vt",
    "pro.netrox.sc/oapi/h_checksite.ashx",
    "vimeo.com/api/oembed.json/",
    "de.blog.newrelic.com/wp-admin/admin-ajax.php",
    "ajax.googleapis.com/ajax/services/search/news",
    "ssl.google-analytics.com/gtm/js",
    "pubsub.pubnub.com/subscribe/demo/hello_world/",
    "pass.yandex.ua/services",
    "id.rambler.ru/script/topline_info.js",
    "m.addthis.com/live/red_lojson/100eng.json",
    "passport.ngs.ru/ajax/check",
    "catalog.api.2gis.ru/ads/search",
    "gum.criteo.com/sync",
    "maps.google.com/maps/vt",
    "ynuf.alipay.com/service/um.json",
    "securepubads.g.doubleclick.net/gampad/ads",
    "c.tiles.mapbox.com/v3/texastribune.tx-congress-cvap/6/15/26.grid.json",
    "rexchange.begun.ru/banners",
    "an.yandex.ru/page/147484",
    "links.services.disqus.com/api/ping",
    "api.map.baidu.com/",
    "tj.gongchang.com/api/keywordrecomm/",
    "data.gongchang.com/livegrail/",
    "ulogin.ru/token.php",
    "beta.gismeteo.ru/api/informer/layout.js/120x240-3/ru/",
    "maps.googleapis.com/maps/api/js/GeoPhotoService.GetMetadata",
    "a.config.skype.com/config/v1/Skype/908_1.33.0.111/SkypePersonalization",
    "maps.beeline.ru/w",
    "target.ukr.net/",
    "www.meteoprog.ua/data/weather/informer/Poltava.js",
    "cdn.syndication.twimg.com/widgets/timelines/599200054310604802",
    "wslocker.ru/client/user.chk.php",
    "community.adobe.com/CommunityPod/getJSON",
    "maps.google.lv/maps/vt",
    "dev.virtualearth.net/REST/V1/Imagery/Metadata/AerialWithLabels/26.318581",
    "awaps.yandex.ru/10/8938/02400400.",
    "a248.e.akamai.net/h5.hulu.com/h5.mp4",
    "nominatim.openstreetmap.org/",
    "plugins.mozilla.org/en-us/plugins_list.json",
    "h.cackle.me/widget/32153/bootstrap",
    "graph.facebook.com/1/",
    "fellowes.ugc.bazaarvoice.com/data/reviews.json",
    "widgets.pinterest.com/v3/pidgets/boards/ciciwin/hedgehog-squirrel-crafts/pins/",
    "se.wikipedia.org/w/api.php",
    "cse.google.com/api/007627024705277327428/cse/r3vs7b0fcli/queries/js",
    "relap.io/api/v2/similar_pages_jsonp.js",
    "c1n3.hypercomments.com/stream/subscribe",
    "maps.google.de/maps/vt",
    "books.google.com/books",
    "connect.mail.ru/share_count",
    "tr.indeed.com/m/newjobs",
    "www-onepick-opensocial.googleusercontent.com/gadgets/proxy",
    "www.panoramio.com/map/get_panoramas.php",
    "client.siteheart.com/streamcli/client",
    "www.facebook.com/restserver.php",
    "autocomplete.travelpayouts.com/avia",
    "www.googleapis.com/freebase/v1/topic/m/0344_",
    "mts1.googleapis.com/mapslt/ft",
    "publish.twitter.com/oembed",
    "fast.wistia.com/embed/medias/o75jtw7654.json",
    "partner.googleadservices.com/gampad/ads",
    "pass.yandex.ru/services",
    "gupiao.baidu.com/stocks/stockbets",
    "widget.admitad.com/widget/init",
    "api.instagram.com/v1/tags/partykungen23328/media/recent",
    "video.media.yql.yahoo.com/v1/video/sapi/streams/063fb76c-6c70-38c5-9bbc-04b7c384de2b",
    "ib.adnxs.com/jpt",
    "pass.yandex.com/services",
    "www.google.de/maps/vt",
    "clients1.google.com/complete/search",
    "api.userlike.com/api/chat/slot/proactive/",
    "www.youku.com/index_cookielist/s/jsonp",
    "mt1.googleapis.com/mapslt/ft",
    "api.mixpanel.com/track/",
    "wpd.b.qq.com/cgi/get_sign.php",
    "pipes.yahooapis.com/pipes/pipe.run",
    "gdata.youtube.com/feeds/api/videos/WsJIHN1kNWc",
    "9.chart.apis.google.com/chart",
    "cdn.syndication.twitter.com/moments/709229296800440320",
    "api.flickr.com/services/feeds/photos_friends.gne",
    "cbks0.googleapis.com/cbk",
    "www.blogger.com/feeds/5578653387562324002/posts/summary/4427562025302749269",
    "query.yahooapis.com/v1/public/yql",
    "kecngantang.blogspot.com/feeds/posts/default/-/Komik",
    "www.travelpayouts.com/widgets/50f53ce9ada1b54bcc000031.json",
    "i.cackle.me/widget/32586/bootstrap",
    "translate.yandex.net/api/v1.5/tr.json/detect",
    "a.tiles.mapbox.com/v3/zentralmedia.map-n2raeauc.jsonp",
    "maps.google.ru/maps/vt",
    "c1n2.hypercomments.com/stream/subscribe",
    "rec.ydf.yandex.ru/cookie",
];

/// AngularJS, in versions that evaluate markup.
static ANGULAR: &[&str] = &[
    "gstatic.com/fsn/angular_js-bundle1.js",
    "www.gstatic.com/fsn/angular_js-bundle1.js",
    "www.googleadservices.com/pageadimg/imgad",
    "yandex.st/angularjs/1.2.16/angular-cookies.min.js",
    "yastatic.net/angularjs/1.2.23/angular.min.js",
    "yuedust.yuedu.126.net/js/components/angular/angular.js",
    "art.jobs.netease.com/script/angular.js",
    "csu-c45.kxcdn.com/angular/angular.js",
    "elysiumwebsite.s3.amazonaws.com/uploads/blog-media/rockstar/angular.min.js",
    "inno.blob.core.windows.net/new/libs/AngularJS/1.2.1/angular.min.js",
    "gift-talk.kakao.com/public/javascripts/angular.min.js",
    "ajax.googleapis.com/ajax/libs/angularjs/1.2.0rc1/angular-route.min.js",
    "master-sumok.ru/vendors/angular/angular-cookies.js",
    "ayicommon-a.akamaihd.net/static/vendor/angular-1.4.2.min.js",
    "pangxiehaitao.com/framework/angular-1.3.9/angular-animate.min.js",
    "cdnjs.cloudflare.com/ajax/libs/angular.js/1.2.16/angular.min.js",
    "96fe3ee995e96e922b6b-d10c35bd0a0de2c718b252bc575fdb73.ssl.cf1.rackcdn.com/angular.js",
    "oss.maxcdn.com/angularjs/1.2.20/angular.min.js",
    "reports.zemanta.com/smedia/common/angularjs/1.2.11/angular.js",
    "cdn.shopify.com/s/files/1/0225/6463/t/1/assets/angular-animate.min.js",
    "parademanagement.com.s3-website-ap-southeast-1.amazonaws.com/js/angular.min.js",
    "cdn.jsdelivr.net/angularjs/1.1.2/angular.min.js",
    "eb2883ede55c53e09fd5-9c145fb03d93709ea57875d307e2d82e.ssl.cf3.rackcdn.com/components/angular-resource.min.js",
    "andors-trail.googlecode.com/git/AndorsTrailEdit/lib/angular.min.js",
    "cdn.walkme.com/General/EnvironmentTests/angular/angular.min.js",
    "laundrymail.com/angular/angular.js",
    "s3-eu-west-1.amazonaws.com/staticancpa/js/angular-cookies.min.js",
    "collade.demo.stswp.com/js/vendor/angular.min.js",
    "mrfishie.github.io/sailor/bower_components/angular/angular.min.js",
    "askgithub.com/static/js/angular.min.js",
    "services.amazon.com/solution-providers/assets/vendor/angular-cookies.min.js",
    "raw.githubusercontent.com/angular/code.angularjs.org/master/1.0.7/angular-resource.js",
    "prb-resume.appspot.com/bower_components/angular-animate/angular-animate.js",
    "dl.dropboxusercontent.com/u/30877786/angular.min.js",
    "static.tumblr.com/x5qdx0r/nPOnngtff/angular-resource.min_1_.js",
    "storage.googleapis.com/assets-prod.urbansitter.net/us-sym/assets/vendor/angular-sanitize/angular-sanitize.min.js",
    "twitter.github.io/labella.js/bower_components/angular/angular.min.js",
    "cdn2-casinoroom.global.ssl.fastly.net/js/lib/angular-animate.min.js",
    "www.adobe.com/devnet-apps/flashshowcase/lib/angular/angular.1.1.5.min.js",
    "eternal-sunset.herokuapp.com/bower_components/angular/angular.js",
    "cdn.bootcss.com/angular.js/1.2.0/angular.min.js",
];
