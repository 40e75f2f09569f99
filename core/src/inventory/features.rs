//! Features of the browser that `Permissions-Policy` governs: which markup and which interfaces of scripts use them.
//!
//! Names are those of the header ([`crate::header::PermissionsPolicy`]); a test holds this table against that one.

/// Whom an `allow` attribute names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Grantee<'a> {
    /// Frames of any origin.
    Everyone,
    /// Frames of the page's own origin.
    Own,
    /// Whatever origin the frame's `src` is of.
    Source,
    /// This origin.
    Origin(&'a str),
}

/// The features that the attributes of a frame let it use (Permissions Policy, "process permissions policy attributes").
pub(super) fn of_frame<'a>(
    allow: &'a str,
    allow_fullscreen: bool,
) -> impl Iterator<Item = (&'a str, Grantee<'a>)> {
    let fullscreen = allow_fullscreen.then_some(("fullscreen", Grantee::Everyone));
    allow.split(';').flat_map(directive).chain(fullscreen)
}

/// One directive of an `allow` attribute: `camera`, `camera *` or `camera 'src' https://a.example`.
fn directive(text: &str) -> impl Iterator<Item = (&str, Grantee<'_>)> {
    let mut words = text.split_ascii_whitespace();
    let feature = words.next();
    let mut grantees: Vec<_> = words.filter_map(grantee).collect();
    if text.split_ascii_whitespace().count() == 1 {
        grantees.push(Grantee::Source);
    }
    feature.into_iter().flat_map(move |feature| {
        grantees.clone().into_iter().map(move |grantee| (feature, grantee))
    })
}

fn grantee(word: &str) -> Option<Grantee<'_>> {
    match word.to_ascii_lowercase().as_str() {
        "*" => Some(Grantee::Everyone),
        "'self'" => Some(Grantee::Own),
        "'src'" => Some(Grantee::Source),
        "'none'" => None,
        _ => Some(Grantee::Origin(word)),
    }
}

/// The features that `<audio>` and `<video>` use with the attributes that they have.
pub(super) fn of_media(element: &str, has: impl Fn(&str) -> bool) -> &'static [&'static str] {
    match (element, has("autoplay"), has("controls")) {
        ("audio" | "video", true, false) | ("audio", true, _) => &["autoplay"],
        // The controls have buttons for both.
        ("video", false, true) => &["fullscreen", "picture-in-picture"],
        ("video", true, true) => &["autoplay", "fullscreen", "picture-in-picture"],
        _ => &[],
    }
}

/// The features that whoever listens to an event uses.
pub(super) fn of_event(name: &str) -> &'static [&'static str] {
    let found = EVENTS.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
    found.map_or(&[], |(_, features)| features)
}

/// Events that come only where a feature is allowed.
const EVENTS: [(&str, &[&str]); 6] = [
    ("devicemotion", &["accelerometer", "gyroscope"]),
    ("deviceorientation", &["accelerometer", "gyroscope"]),
    ("deviceorientationabsolute", &["accelerometer", "gyroscope", "magnetometer"]),
    ("gamepadconnected", &["gamepad"]),
    ("gamepaddisconnected", &["gamepad"]),
    ("unload", &["unload"]),
];

/// Global functions, constructors and methods of globals.
pub(super) const GLOBALS: [(&str, &[&str]); 30] = [
    ("AbsoluteOrientationSensor", &["accelerometer", "gyroscope", "magnetometer"]),
    ("Accelerometer", &["accelerometer"]),
    ("AmbientLightSensor", &["ambient-light-sensor"]),
    ("GravitySensor", &["accelerometer"]),
    ("Gyroscope", &["gyroscope"]),
    ("IdleDetector", &["idle-detection"]),
    ("LanguageDetector.create", &["language-detector"]),
    ("LanguageModel.create", &["language-model"]),
    ("LinearAccelerationSensor", &["accelerometer"]),
    ("Magnetometer", &["magnetometer"]),
    ("PaymentRequest", &["payment"]),
    ("PressureObserver", &["compute-pressure"]),
    ("Proofreader.create", &["proofreader"]),
    ("RelativeOrientationSensor", &["accelerometer", "gyroscope"]),
    ("Rewriter.create", &["rewriter"]),
    ("SpeechRecognition", &["microphone"]),
    ("Summarizer.create", &["summarizer"]),
    ("TCPSocket", &["direct-sockets"]),
    ("Translator.create", &["translator"]),
    ("UDPSocket", &["direct-sockets"]),
    ("Writer.create", &["writer"]),
    ("fetchLater", &["deferred-fetch"]),
    ("getScreenDetails", &["window-management"]),
    ("navigator.canShare", &["web-share"]),
    ("navigator.joinAdInterestGroup", &["join-ad-interest-group"]),
    ("navigator.runAdAuction", &["run-ad-auction"]),
    ("navigator.share", &["web-share"]),
    ("navigator.xr.isSessionSupported", &["xr-spatial-tracking"]),
    ("queryLocalFonts", &["local-fonts"]),
    ("webkitSpeechRecognition", &["microphone"]),
];

/// Methods, by name, and the property by which their object is reached where the name alone says too little.
pub(super) const METHODS: [(&str, Option<&str>, &[&str]); 33] = [
    ("getBattery", None, &["battery"]),
    ("getCurrentPosition", None, &["geolocation"]),
    ("getDevices", Some("bluetooth"), &["bluetooth"]),
    ("getDevices", Some("hid"), &["hid"]),
    ("getDevices", Some("usb"), &["usb"]),
    ("getDisplayMedia", None, &["display-capture"]),
    ("getGamepads", None, &["gamepad"]),
    ("getLayoutMap", None, &["keyboard-map"]),
    ("getPorts", Some("serial"), &["serial"]),
    ("mozRequestFullScreen", None, &["fullscreen"]),
    ("msRequestFullscreen", None, &["fullscreen"]),
    ("read", Some("clipboard"), &["clipboard-read"]),
    ("readText", Some("clipboard"), &["clipboard-read"]),
    ("request", Some("wakeLock"), &["screen-wake-lock"]),
    ("requestDevice", Some("bluetooth"), &["bluetooth"]),
    ("requestDevice", Some("hid"), &["hid"]),
    ("requestDevice", Some("usb"), &["usb"]),
    ("requestFullscreen", None, &["fullscreen"]),
    ("requestMIDIAccess", None, &["midi"]),
    ("requestMediaKeySystemAccess", None, &["encrypted-media"]),
    ("requestPictureInPicture", None, &["picture-in-picture"]),
    ("requestPort", Some("serial"), &["serial"]),
    ("requestSession", Some("xr"), &["xr-spatial-tracking"]),
    ("requestStorageAccess", None, &["storage-access"]),
    ("requestStorageAccessFor", None, &["storage-access"]),
    ("selectAudioOutput", None, &["speaker-selection"]),
    ("setFocusBehavior", None, &["captured-surface-control"]),
    ("watchPosition", None, &["geolocation"]),
    ("webkitEnterFullscreen", None, &["fullscreen"]),
    ("webkitRequestFullScreen", None, &["fullscreen"]),
    ("webkitRequestFullscreen", None, &["fullscreen"]),
    ("write", Some("clipboard"), &["clipboard-write"]),
    ("writeText", Some("clipboard"), &["clipboard-write"]),
];

/// What `getUserMedia` opens, by the properties of its argument.
pub(super) const USER_MEDIA: [(&str, &str); 2] = [("audio", "microphone"), ("video", "camera")];

/// What `navigator.credentials` asks for, by its method and the properties of its argument.
pub(super) const CREDENTIALS: [(&str, &str, &str); 6] = [
    ("create", "digital", "digital-credentials-create"),
    ("create", "publicKey", "publickey-credentials-create"),
    ("get", "digital", "digital-credentials-get"),
    ("get", "identity", "identity-credentials-get"),
    ("get", "otp", "otp-credentials"),
    ("get", "publicKey", "publickey-credentials-get"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::header::{FeatureStatus, feature_status};

    #[test]
    fn the_header_knows_every_feature() {
        let many = EVENTS.iter().chain(&GLOBALS).flat_map(|(_, features)| *features);
        let many = many.chain(METHODS.iter().flat_map(|(_, _, features)| *features));
        let one = USER_MEDIA.iter().map(|(_, feature)| feature);
        let one = one.chain(CREDENTIALS.iter().map(|(_, _, feature)| feature));
        for feature in many.chain(one) {
            assert_eq!(feature_status(feature), Some(FeatureStatus::Known), "{feature}");
        }
    }

    #[test]
    fn an_allow_attribute_says_whom() {
        let read = |allow| of_frame(allow, false).collect::<Vec<_>>();
        assert_eq!(
            read("camera; midi *"),
            [("camera", Grantee::Source), ("midi", Grantee::Everyone)]
        );
        assert_eq!(
            read(" usb 'self'  https://a.example;; hid 'none' ;"),
            [("usb", Grantee::Own), ("usb", Grantee::Origin("https://a.example")),]
        );
    }
}
