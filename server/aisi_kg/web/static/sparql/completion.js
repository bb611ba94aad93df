// Complete what is written: our classes, properties, codes and entities, by name or by label in either language;
// prefixes; the query's variables.

import { make, page, say } from "./page.js";
import { allTerms } from "./terms.js";

const MOST = 14;
const WORD = /[^\s{}()<>[\]"';,|^*+!=&/]*$/u;
const KINDS = { class: "js_class", property: "js_property", thing: "js_thing" };

// Show suggestions at the cursor.
export function complete(editor) {
  editor.showHint({
    hint: () => suggestions(editor),
    completeSingle: false,
    closeCharacters: /[\s(){}[\];,>"']/,
    container: editor.rootEl,
  });
}

// Show them by themselves where somebody has begun to write a name.
export function completeWhileWriting(editor) {
  const word = wordBefore(editor);
  const beganName = word.includes(":") || /^[?$]/.test(word) || /[\p{Script=Han}]/u.test(word) || word.length > 2;
  if (beganName && !["string", "comment"].includes(editor.getTokenAt(editor.getDoc().getCursor()).type)) {
    complete(editor);
  }
}

function wordBefore(editor) {
  const cursor = editor.getDoc().getCursor();
  return WORD.exec(editor.getDoc().getLine(cursor.line).slice(0, cursor.ch))[0];
}

async function suggestions(editor) {
  const word = wordBefore(editor);
  const cursor = editor.getDoc().getCursor();
  const found = /^[?$]/.test(word) ? variables(editor, word) : [...prefixes(word), ...await terms(editor, word)];
  return {
    list: found.slice(0, MOST),
    from: { line: cursor.line, ch: cursor.ch - word.length },
    to: { line: cursor.line, ch: cursor.ch },
  };
}

// The list is one for people who hear it, too.
export function nameList(editor) {
  for (const list of editor.rootEl.querySelectorAll(".CodeMirror-hints")) {
    list.setAttribute("aria-label", say("js_suggestions"));
  }
}

function variables(editor, word) {
  const names = new Set(editor.getValue().match(/[?$][\p{L}\p{N}_]+/gu) ?? []);
  names.delete(word);
  return [...names]
    .filter((name) => name.startsWith(word))
    .sort()
    .map((name) => suggestion(name, say("js_variable"), ""));
}

function prefixes(word) {
  if (word.includes(":")) return [];
  return Object.entries(page.prefixes)
    .filter(([prefix]) => word && prefix.startsWith(word))
    .map(([prefix, space]) => suggestion(`${prefix}:`, say("js_prefix"), space, { [prefix]: space }));
}

async function terms(editor, word) {
  const wanted = word.toLowerCase();
  const local = wanted.includes(":") ? wanted.slice(wanted.indexOf(":") + 1) : wanted;
  const space = wanted.includes(":") ? wanted.slice(0, wanted.indexOf(":") + 1) : "";
  const kind = expectedKind(editor);
  const ranked = [];
  for (const term of await allTerms()) {
    if (space && !term.short.toLowerCase().startsWith(space)) continue;
    const rank = rankOf(term, local);
    if (rank !== null) ranked.push([rank - (term.kind === kind ? 10 : 0), term]);
  }
  ranked.sort(([one, { short: a }], [other, { short: b }]) => one - other || a.length - b.length || (a < b ? -1 : 1));
  return ranked.slice(0, MOST).map(([, term]) => {
    const labels = term.en === term.zh ? term.en : `${term.en} · ${term.zh}`;
    const prefix = term.short.startsWith("<") ? null : term.short.slice(0, term.short.indexOf(":"));
    const needed = prefix === null ? {} : { [prefix]: page.prefixes[prefix] };
    return suggestion(term.short, `${labels} (${say(KINDS[term.kind])})`, term.iri, needed);
  });
}

// How well a term fits what is written: the less the better; null where it does not.
function rankOf(term, written) {
  if (!written) return 3;
  const name = term.short.toLowerCase();
  const labels = [term.en.toLowerCase(), term.zh.toLowerCase()];
  if (name.endsWith(`:${written}`) || labels.includes(written)) return 0;
  if (name.slice(name.indexOf(":") + 1).startsWith(written) || labels.some((label) => label.startsWith(written))) return 1;
  if (name.includes(written) || labels.some((label) => label.includes(written))) return 2;
  return null;
}

function expectedKind(editor) {
  const { line, ch } = editor.getDoc().getCursor();
  const before = editor.getDoc().getLine(line).slice(0, ch).replace(WORD, "").trim();
  if (/(^|[\s;])(a|rdf:type)$/.test(before)) return "class";
  const { state } = editor.getTokenAt({ line, ch: before.length }, true);
  return state?.possibleCurrent?.includes("a") || state?.possibleNext?.includes("a") ? "property" : "thing";
}

function suggestion(text, about, title, needed = {}) {
  return {
    text,
    hint: (editor, data) => {
      editor.getDoc().replaceRange(text, data.from, data.to, "complete");
      declare(editor, needed);
    },
    render: (item) => item.append(make("span", { class: "hint-name", title }, text), make("span", { class: "hint-about" }, about)),
  };
}

function declare(editor, needed) {
  const text = editor.getValue();
  for (const [prefix, space] of Object.entries(needed)) {
    if (!new RegExp(`prefix\\s+${prefix}:`, "i").test(text)) {
      editor.getDoc().replaceRange(`PREFIX ${prefix}: <${space}>\n`, { line: 0, ch: 0 }, undefined, "complete");
    }
  }
}
