// Typed text, which is drawn together with what the engine says of it.

import { EditorView, ViewPlugin } from "@codemirror/view";

/** Asks about a text that is typed; `draw` is to be called before its answer is shown, or when there will be none soon. */
export type Ask = (text: string, draw: () => void) => void;

/** So many milliseconds the text waits for the answer: half a frame, which no eye sees. */
const PATIENCE = 8;

/**
 * Left to itself, a browser puts typed text into the coloured line and the editor reads it back from there, which for a long
 * line takes longer than all else until the findings; and Chromium carries the colours of what it replaces over into a `style`
 * attribute, which the page's policy does not allow. Drawn before the answer, the line would be laid out twice, and the answer
 * would come after the frame of the first time.
 */
class Typing {
  private held: string | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly view: EditorView, private readonly ask: Ask) {
    view.dom.addEventListener("keydown", keepFromEditor, { capture: true });
  }

  hold(text: string): void {
    this.held = text;
    this.timer = setTimeout(() => this.draw(), PATIENCE);
    this.ask(this.insert(text).newDoc.toString(), () => this.draw());
  }

  /** Puts what is held into the text. */
  draw(): void {
    clearTimeout(this.timer);
    const { view, held: text } = this;
    if (text === undefined) return;
    this.held = undefined;
    const { from, to, empty } = view.state.selection.main;
    // A selection is typed over: a quote is the beginning of another keyword, and is not put around this one.
    const handlers = empty ? view.state.facet(EditorView.inputHandler) : [];
    if (!handlers.some((handle) => handle(view, from, to, text, () => this.insert(text)))) view.dispatch(this.insert(text));
  }

  destroy(): void {
    clearTimeout(this.timer);
  }

  private insert(text: string) {
    const { state } = this.view;
    return state.update(state.replaceSelection(text), { userEvent: "input.type", scrollIntoView: true });
  }
}

/**
 * At any key the editor asks for a frame, in which it would measure itself, and until that frame Chromium lets answers wait. A
 * key that types is no command of the editor, and needs none.
 */
function keepFromEditor(event: KeyboardEvent): void {
  const { key, altKey, ctrlKey, metaKey, isComposing } = event;
  if (key.length === 1 && !altKey && !ctrlKey && !metaKey && !isComposing) event.stopPropagation();
}

/** What else is done to the text finds it as it was typed. */
const others = ["beforeinput", "blur", "compositionstart", "copy", "cut", "drop", "keydown", "mousedown", "paste"] as const;
const draw = function (this: Typing): void {
  this.draw();
};

export const typing = (ask: Ask) =>
  ViewPlugin.define((view) => new Typing(view, ask), {
    eventObservers: Object.fromEntries(others.map((name) => [name, draw])),
    eventHandlers: {
      beforeinput(event, view) {
        const text = event.data;
        if (event.inputType !== "insertText" || !text || !event.cancelable || view.composing) return false;
        event.preventDefault();
        this.hold(text);
        return true;
      },
    },
  });
