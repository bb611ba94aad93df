// The SPARQL page: tabs, editor, answer. Without this script it is a form.

import { ask, Refused } from "./asking.js";
import { chartView, dateColumns, numberColumns, timelineView } from "./charts.js";
import { clearMarks, makeEditor, markPlace } from "./editor.js";
import { graphView } from "./graph.js";
import { byId, make, number, page, say } from "./page.js";
import { snippet } from "./snippets.js";
import { tableView } from "./table.js";
import { Tabs } from "./tabs.js";

const endpoint = `${location.origin}${page.root}/sparql`;
const VIEWS = { table: tableView, graph: graphView, chart: chartView, timeline: timelineView, raw: rawView };
const SHOWN_CHARACTERS = 200_000;

let running = null;

const tabs = new Tabs(page.starter, show);
const editor = makeEditor(byId("editor"), tabs.current.text, {
  changed: (text) => {
    clearMarks();
    tabs.current.text = text;
    tabs.save();
    follow();
  },
  run: () => run(),
  wrong: (message) => {
    byId("syntax").textContent = message;
  },
});

for (const element of document.querySelectorAll(".without-script")) element.hidden = true;
for (const element of document.querySelectorAll(".with-script")) element.hidden = false;
byId("query").hidden = true;
byId("query-label").removeAttribute("for");
for (const id of ["editor", "taking", "linking"]) byId(id).hidden = false;

byId("asked").addEventListener("submit", (event) => {
  event.preventDefault();
  run();
});
byId("stop").addEventListener("click", () => running?.abort());
for (const button of document.querySelectorAll("[data-view]")) {
  button.addEventListener("click", () => view(button.dataset.view));
}
byId("code-language").addEventListener("change", follow);
byId("copy-code").addEventListener("click", () => copy(byId("code").textContent, "copied"));
byId("copy-link").addEventListener("click", () => copy(byId("link").value, "link-copied"));
byId("search-examples")?.addEventListener("input", searchExamples);
document.querySelector(".examples").addEventListener("click", openExample);
window.addEventListener("hashchange", openLinked);

if (linkedQuery() === null) tabs.start();
else openLinked();

function linkedQuery() {
  return new URLSearchParams(location.hash.slice(1)).get("query");
}

// Open what a link to this page says; it is not run before somebody wants it.
function openLinked() {
  const query = linkedQuery();
  if (query !== null) tabs.open({ text: query, name: say("js_query_name", { n: tabs.all.length + 1 }) });
}

function show(tab) {
  running?.abort();
  if (editor.getValue() !== tab.text) {
    editor.setValue(tab.text);
    editor.getDoc().clearHistory();
  }
  editor.refresh();
  byId("state").textContent = tab.state ?? "";
  showAnswer(tab);
  follow();
}

// Bring link and code up to what is written.
function follow() {
  const query = editor.getValue();
  const address = `${location.origin}${location.pathname}?lang=${page.language}#${new URLSearchParams({ query })}`;
  byId("link").value = address;
  byId("code").textContent = snippet(byId("code-language").value, query, editor.getQueryType() ?? "SELECT", endpoint);
}

async function run() {
  running?.abort();
  const tab = tabs.current;
  const query = editor.getValue();
  const control = new AbortController();
  running = control;
  clearMarks();
  const started = performance.now();
  const clock = setInterval(() => tell(tab, say("js_running", { seconds: seconds(started) })), 1000);
  byId("stop").hidden = false;
  tab.problem = null;
  try {
    tab.answer = await ask(query, control.signal);
    tab.view = fitting(tab.answer).includes(tab.view) ? tab.view : fitting(tab.answer)[0];
    tell(tab, summary(tab.answer));
  } catch (error) {
    tab.answer = null;
    if (error instanceof Refused) {
      tab.problem = error.problem;
      tell(tab, "");
    } else if (error.name === "AbortError") tell(tab, say("js_stopped", { seconds: seconds(started) }));
    else throw error;
  } finally {
    clearInterval(clock);
    if (running === control) {
      running = null;
      byId("stop").hidden = true;
    }
  }
  if (tabs.current === tab) showAnswer(tab);
}

function tell(tab, text) {
  tab.state = text;
  if (tabs.current === tab) byId("state").textContent = text;
}

function seconds(started) {
  return ((performance.now() - started) / 1000).toFixed(1);
}

function summary({ kind, rows, milliseconds }) {
  const values = { n: number(rows.length), ms: number(milliseconds) };
  if (kind === "truth") return say("js_truth", values);
  if (kind === "triples") return say("js_triples", values);
  return say(rows.length === 1 ? "js_one_row" : "js_rows", values);
}

// Name the views that an answer allows; the first is shown.
function fitting(answer) {
  if (answer.kind === "truth") return ["table", "raw"];
  if (answer.kind === "triples") return ["graph", "table", "raw"];
  return [
    "table",
    ...(answer.rows.length && numberColumns(answer).length ? ["chart"] : []),
    ...(answer.rows.length && dateColumns(answer).length ? ["timeline"] : []),
    "raw",
  ];
}

function showAnswer(tab) {
  byId("answer").hidden = !tab.answer && !tab.problem;
  byId("problem").hidden = !tab.problem;
  for (const id of ["views", "view", "files"]) byId(id).hidden = !tab.answer;
  if (tab.problem) showProblem(tab.problem);
  if (tab.answer) view(tab.view);
}

function showProblem({ code, detail, line, column }) {
  const known = page.words[`js_code_${code}`] ?? (code && page.words[`js_${code.replaceAll("-", "_")}`]);
  const said = (known ?? page.words.js_code_other).replace("{mib}", page.shownBytes / 1024 / 1024);
  const parts = [make("p", {}, make("strong", {}, said))];
  if (detail) {
    parts.push(make("p", {}, page.language === "en" ? "" : `${say("js_server_says")} `, make("span", { lang: "en" }, detail)));
  }
  if (line) {
    const go = markPlace(editor, line, column ?? 1);
    parts.push(make("button", { type: "button", class: "plain", click: go }, say("js_place", { line, column: column ?? 1 })));
  }
  byId("problem").replaceChildren(...parts);
}

async function view(name) {
  const tab = tabs.current;
  const { answer } = tab;
  if (!answer) return;
  tab.view = name;
  const possible = fitting(answer);
  for (const button of document.querySelectorAll("[data-view]")) {
    button.hidden = !possible.includes(button.dataset.view);
    button.setAttribute("aria-pressed", button.dataset.view === name);
  }
  showFiles(answer);
  if (answer.kind === "truth" && name === "table") {
    byId("view").replaceChildren(make("p", { class: "statement" }, say(answer.truth ? "js_yes" : "js_no")));
    return;
  }
  if (answer.kind !== "truth" && !answer.rows.length && name !== "raw") {
    byId("view").replaceChildren(make("p", {}, say("js_no_rows")));
    return;
  }
  const { element, ready } = VIEWS[name](answer);
  byId("view").replaceChildren(element);
  await ready;
}

function rawView({ text }) {
  const shown = text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}\n…` : text;
  const element = make("pre", { tabindex: "0", role: "region", "aria-label": byId("answer-title").textContent }, shown);
  return { element, ready: Promise.resolve() };
}

function showFiles({ kind, query }) {
  const names = page.files[kind === "triples" ? "triples" : "rows"];
  const links = names.flatMap((format) => {
    const address = `${page.root}/sparql?${new URLSearchParams({ query, format })}`;
    return [make("a", { href: address, download: `answer.${format}` }, format), " "];
  });
  const isLong = new URLSearchParams({ query }).toString().length > page.linkBytes - 100;
  byId("files").querySelector("span").replaceChildren(...(isLong ? [say("js_files_long")] : links));
}

async function copy(text, told) {
  try {
    await navigator.clipboard.writeText(text);
    byId(told).textContent = say("js_copied");
  } catch {
    byId(told).textContent = say("js_not_copied");
  }
}

function searchExamples({ target }) {
  const words = target.value.toLowerCase().split(/\s+/).filter(Boolean);
  let found = 0;
  for (const group of document.querySelectorAll(".library details")) {
    let shown = 0;
    for (const link of group.querySelectorAll("[data-words]")) {
      const fits = words.every((word) => link.dataset.words.toLowerCase().includes(word));
      link.parentElement.hidden = !fits;
      shown += fits;
    }
    group.hidden = !shown;
    if (words.length) group.open = true;
    found += shown;
  }
  byId("none-found").textContent = found ? "" : say("js_none_found");
}

async function openExample(event) {
  const link = event.target.closest("a[data-query], a[data-text]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  let { text } = link.dataset;
  if (text === undefined) {
    const response = await fetch(link.dataset.query, { headers: { Accept: "application/sparql-query" } });
    if (!response.ok) {
      location.assign(link.href);
      return;
    }
    text = await response.text();
  }
  tabs.open({ text, name: link.textContent });
  byId("state").textContent = say("js_opened", { name: link.textContent });
  byId("panel").scrollIntoView({ block: "nearest" });
}
