// The answer as a table: names beside IRIs, which lead to our pages; a page of rows at a time.

import { make, number, page, say } from "./page.js";
import { addressOf, isClaim, learn, nameOf, shorten } from "./terms.js";

const ROWS = 100;
const NUMBER = /^http:\/\/www\.w3\.org\/2001\/XMLSchema#(?:integer|decimal|double|float|int|long|nonNegativeInteger)$/;

export function isNumber(term) {
  return term?.type === "literal" && NUMBER.test(term.datatype);
}

// Give the name of a term as people read it.
export function textOf(term) {
  if (!term) return "";
  if (term.type !== "uri") return term.value;
  return nameOf(term.value)?.text ?? shorten(term.value);
}

export function tableView(answer) {
  const place = make("div");
  const state = { first: 0, by: -1, order: 1, rows: answer.rows };
  const show = async () => {
    const rows = state.rows.slice(state.first, state.first + ROWS);
    await learn(rows.flat().filter((term) => term?.type === "uri" && !isClaim(term.value)).map(({ value }) => value));
    place.replaceChildren(table(answer, rows, state, show), ...pager(state, show));
  };
  return { element: place, ready: show() };
}

function table(answer, rows, state, show) {
  const heads = answer.columns.map((name, column) => make(
    "th",
    { scope: "col", "aria-sort": state.by === column ? (state.order > 0 ? "ascending" : "descending") : undefined },
    make("button", {
      type: "button",
      class: "sort",
      title: say("js_sort", { name: headOf(answer, name) }),
      click: () => sortBy(state, column, show),
    }, headOf(answer, name)),
  ));
  const body = rows.map((row) => make("tr", {}, row.map(cell)));
  return make(
    "div",
    { class: "scroll answer", tabindex: "0", role: "region", "aria-label": say("js_table_label") },
    make("table", {}, make("thead", {}, make("tr", {}, heads)), make("tbody", {}, body)),
  );
}

function headOf(answer, name) {
  return answer.kind === "triples" ? say(`js_${name}`) : name;
}

function sortBy(state, column, show) {
  state.order = state.by === column ? -state.order : 1;
  state.by = column;
  state.first = 0;
  const collator = new Intl.Collator(page.language === "zh" ? "zh-CN" : "en", { numeric: true });
  const compare = (one, other) => {
    if (!one || !other) return Number(!one) - Number(!other);
    if (isNumber(one) && isNumber(other)) return Number(one.value) - Number(other.value);
    return collator.compare(textOf(one), textOf(other));
  };
  state.rows = [...state.rows].sort((one, other) => state.order * compare(one[column], other[column]));
  show();
}

function cell(term) {
  if (!term) return make("td");
  if (isNumber(term)) return make("td", { class: "number" }, term.value);
  if (term.type === "literal") return make("td", {}, literal(term));
  if (term.type !== "uri") return make("td", {}, make("code", {}, `_:${term.value}`));
  return make("td", {}, resource(term.value));
}

function literal(term) {
  const text = make("span", { lang: term.language || undefined }, term.value);
  if (term.language) return [text, " ", make("small", { class: "quiet" }, `@${term.language}`)];
  if (!term.datatype) return text;
  return [text, " ", make("small", { class: "quiet" }, shorten(term.datatype))];
}

function resource(iri) {
  const address = addressOf(iri);
  const name = nameOf(iri);
  const short = shorten(iri);
  const link = (text, attributes = {}) => (address
    ? make("a", { href: address, ...(iri.startsWith(page.base) ? {} : { rel: "noreferrer" }), ...attributes }, text)
    : make("span", attributes, text));
  if (isClaim(iri)) return [link("§", { class: "claim", "aria-label": `${say("js_claim")} ${short}` }), " ", make("code", {}, short)];
  if (!name) return link(make("code", {}, short));
  return [link(name.text, { lang: name.language || undefined }), " ", make("code", { class: "beside" }, short)];
}

function pager(state, show) {
  const all = state.rows.length;
  if (all <= ROWS) return [];
  const last = Math.min(state.first + ROWS, all);
  const step = (by) => () => {
    state.first += by;
    show();
  };
  return [make(
    "p",
    { class: "toolbar" },
    make("button", { type: "button", class: "plain", disabled: state.first === 0, click: step(-ROWS) }, say("js_previous")),
    make("span", { role: "status" }, say("js_shown", { from: number(state.first + 1), to: number(last), n: number(all) })),
    make("button", { type: "button", class: "plain", disabled: last === all, click: step(ROWS) }, say("js_next")),
  )];
}
