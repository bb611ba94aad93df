// The editor: YASQE without its buttons, its completers, its storage and its words, of which none is ours.

import { complete, completeWhileWriting, nameList } from "./completion.js";
import { make, say } from "./page.js";

const GUTTER = "gutterErrorBar";
const EXPECTED = 12;

// Make an editor. `changed` is called when the text is another one, `run` when somebody wants it asked.
export function makeEditor(place, text, { changed, run, wrong }) {
  const { Yasqe } = globalThis;
  // Its own shows errors in English, in markup with styles of its own, which the policy of our pages forbids.
  Yasqe.prototype.checkSyntax = function () {
    checkSyntax(this, wrong);
  };
  // Its own completers ask other hosts; an option of ours would be merged with this list, not put in its place.
  Yasqe.defaults.autocompleters = [];
  const off = () => undefined;
  const editor = new Yasqe(place, {
    value: text,
    persistenceId: null,
    consumeShareLink: null,
    createShareableLink: null,
    showQueryButton: false,
    resizeable: false,
    editorHeight: null,
    viewportMargin: Infinity,
    screenReaderLabel: say("js_editor_label"),
    extraKeys: {
      // The browser's: Tab moves to what comes next, so that nobody is caught in the editor.
      Tab: false,
      "Shift-Tab": false,
      "Ctrl-S": off,
      "Ctrl-Space": () => complete(editor),
      "Ctrl-Enter": run,
      "Cmd-Enter": run,
    },
  });
  editor.on("change", () => changed(editor.getValue()));
  editor.on("inputRead", () => completeWhileWriting(editor));
  const lists = new MutationObserver(() => nameList(editor));
  lists.observe(editor.rootEl, { childList: true });
  return editor;
}

function checkSyntax(editor, wrong) {
  const lines = editor.getDoc();
  editor.queryValid = true;
  editor.clearGutter(GUTTER);
  for (let line = 0; line < lines.lineCount(); line += 1) {
    const { state } = editor.getTokenAt({ line, ch: lines.getLine(line).length }, true);
    editor.setOption("queryType", state.queryType);
    if (state.OK === false) {
      editor.queryValid = false;
      const place = { line, ch: wrongAt(editor, line) };
      const expected = (state.possibleCurrent ?? []).slice(0, EXPECTED).join(" ");
      const message = say("js_unexpected", { line: line + 1, column: place.ch + 1, expected: expected || "…" });
      editor.setGutterMarker(line, GUTTER, marker(message));
      wrong(message);
      return;
    }
  }
  wrong("");
}

function wrongAt(editor, line) {
  const token = editor.getLineTokens(line).find(({ state, type }) => state.OK === false && type !== "ws");
  return token ? token.start : 0;
}

function marker(message) {
  return make("span", { class: "wrong-line", title: message, role: "img", "aria-label": message }, "!");
}

let marks = [];

// Mark a place that the server has named; lines and columns count from 1, columns in code points.
export function markPlace(editor, line, column) {
  clearMarks();
  const document_ = editor.getDoc();
  const at = Math.min(line - 1, document_.lastLine());
  const text = document_.getLine(at);
  const start = [...text].slice(0, column - 1).join("").length;
  const token = editor.getTokenAt({ line: at, ch: start + 1 });
  const end = Math.max(token.end, start + 1);
  marks.push(document_.markText({ line: at, ch: start }, { line: at, ch: end }, { className: "wrong-place" }));
  editor.setGutterMarker(at, GUTTER, marker(say("js_place", { line, column })));
  return () => {
    document_.setCursor({ line: at, ch: start });
    editor.focus();
  };
}

export function clearMarks() {
  for (const mark of marks) mark.clear();
  marks = [];
}

