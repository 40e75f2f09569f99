//! Which attributes are event handlers.

/// Names of event-handler content attributes without their `on`: HTML (global, window and body ones), SVG animation,
/// touch, pointer, full screen, clipboard, device and media events that engines know. Sorted.
const NAMES: &[&str] = &[
    "abort",
    "activate",
    "afterprint",
    "animationcancel",
    "animationend",
    "animationiteration",
    "animationstart",
    "auxclick",
    "beforecopy",
    "beforecut",
    "beforeinput",
    "beforematch",
    "beforepaste",
    "beforeprint",
    "beforetoggle",
    "beforeunload",
    "beforexrselect",
    "begin",
    "blur",
    "cancel",
    "canplay",
    "canplaythrough",
    "change",
    "click",
    "close",
    "command",
    "contentvisibilityautostatechange",
    "contextlost",
    "contextmenu",
    "contextrestored",
    "copy",
    "cuechange",
    "cut",
    "dblclick",
    "devicemotion",
    "deviceorientation",
    "deviceorientationabsolute",
    "drag",
    "dragend",
    "dragenter",
    "dragexit",
    "dragleave",
    "dragover",
    "dragstart",
    "drop",
    "durationchange",
    "emptied",
    "encrypted",
    "end",
    "ended",
    "error",
    "focus",
    "focusin",
    "focusout",
    "formdata",
    "freeze",
    "fullscreenchange",
    "fullscreenerror",
    "gamepadconnected",
    "gamepaddisconnected",
    "gesturechange",
    "gestureend",
    "gesturestart",
    "gotpointercapture",
    "hashchange",
    "input",
    "invalid",
    "keydown",
    "keypress",
    "keyup",
    "languagechange",
    "load",
    "loadeddata",
    "loadedmetadata",
    "loadend",
    "loadstart",
    "lostpointercapture",
    "message",
    "messageerror",
    "mousedown",
    "mouseenter",
    "mouseleave",
    "mousemove",
    "mouseout",
    "mouseover",
    "mouseup",
    "mousewheel",
    "move",
    "mozfullscreenchange",
    "mozfullscreenerror",
    "offline",
    "online",
    "orientationchange",
    "overscroll",
    "pagehide",
    "pagereveal",
    "pageshow",
    "pageswap",
    "paste",
    "pause",
    "play",
    "playing",
    "pointercancel",
    "pointerdown",
    "pointerenter",
    "pointerleave",
    "pointermove",
    "pointerout",
    "pointerover",
    "pointerrawupdate",
    "pointerup",
    "popstate",
    "progress",
    "promptaction",
    "promptdismiss",
    "ratechange",
    "readystatechange",
    "rejectionhandled",
    "repeat",
    "reset",
    "resize",
    "resume",
    "scroll",
    "scrollend",
    "scrollsnapchange",
    "scrollsnapchanging",
    "search",
    "securitypolicyviolation",
    "seeked",
    "seeking",
    "select",
    "selectionchange",
    "selectstart",
    "slotchange",
    "stalled",
    "storage",
    "submit",
    "suspend",
    "timeupdate",
    "timezonechange",
    "toggle",
    "touchcancel",
    "touchend",
    "touchmove",
    "touchstart",
    "transitioncancel",
    "transitionend",
    "transitionrun",
    "transitionstart",
    "unhandledrejection",
    "unload",
    "validationstatuschange",
    "volumechange",
    "waiting",
    "waitingforkey",
    "webkitanimationend",
    "webkitanimationiteration",
    "webkitanimationstart",
    "webkitbeginfullscreen",
    "webkitendfullscreen",
    "webkitfullscreenchange",
    "webkitfullscreenerror",
    "webkitmouseforcechanged",
    "webkitmouseforcedown",
    "webkitmouseforceup",
    "webkitmouseforcewillbegin",
    "webkittransitionend",
    "webkitwillrevealbottom",
    "wheel",
    "zoom",
];

/// Whether an attribute of this name is an event handler: one whose value browsers run.
///
/// ```
/// use cspc_core::inventory::is_event_handler;
/// assert!(is_event_handler("onClick") && !is_event_handler("once"));
/// ```
pub fn is_event_handler(name: &str) -> bool {
    let Some((on, event)) = name.split_at_checked(2) else { return false };
    on.eq_ignore_ascii_case("on")
        && NAMES.binary_search(&event.to_ascii_lowercase().as_str()).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted() {
        assert!(NAMES.is_sorted());
    }

    #[test]
    fn only_known_names_are_handlers() {
        assert!(
            is_event_handler("onclick")
                && is_event_handler("ONLOAD")
                && is_event_handler("onbegin")
        );
        assert!(
            !is_event_handler("on")
                && !is_event_handler("onclic")
                && !is_event_handler("one")
                && !is_event_handler("ön")
        );
    }
}
