// Rows as pictures where their columns allow it: bars of a number, and a time line of dates.

import { draw, make, number, say } from "./page.js";
import { isNumber, textOf } from "./table.js";
import { addressOf, learn } from "./terms.js";

const MOST = 60;
const ROW = 26;
const DATE = /^(-?\d{4})(?:-(\d\d)(?:-(\d\d))?)?/;
const DATES = /^http:\/\/www\.w3\.org\/2001\/XMLSchema#(?:date|dateTime|gYear|gYearMonth)$/;
const DAY = 86_400_000;

const isDate = (term) => term?.type === "literal" && DATES.test(term.datatype) && DATE.test(term.value);

function columnsWhere(answer, fits) {
  return answer.columns
    .map((name, at) => ({ name, at }))
    .filter(({ at }) => answer.rows.some((row) => fits(row[at])));
}

export const numberColumns = (answer) => columnsWhere(answer, isNumber);
export const dateColumns = (answer) => columnsWhere(answer, isDate);

export function chartView(answer) {
  return chosenColumns(answer, numberColumns(answer), "js_bars_of", bars);
}

export function timelineView(answer) {
  return chosenColumns(answer, dateColumns(answer), "js_dates_of", timeline);
}

// Let somebody choose which column is drawn and which names it; draw again when another is chosen.
function chosenColumns(answer, drawable, said, drawing) {
  const named = answer.columns.map((name, at) => ({ name, at }));
  const value = select(drawable, drawable.at(-1).at);
  const first = named.find(({ at }) => !drawable.some((each) => each.at === at)) ?? named[0];
  const name = select(named, first.at);
  const picture = make("div", { class: "scroll picture", tabindex: "0", role: "region" });
  const show = async () => {
    const at = { value: Number(value.value), name: Number(name.value) };
    const rows = answer.rows.filter((row) => drawable.length && row[at.value]).slice(0, MOST);
    await learn(rows.map((row) => row[at.name]).filter((term) => term?.type === "uri").map((term) => term.value));
    drawing(picture, answer, rows, at);
    if (answer.rows.length > MOST) {
      picture.prepend(make("p", { class: "small" }, say("js_chart_cut", { n: number(rows.length), all: number(answer.rows.length) })));
    }
  };
  value.addEventListener("change", show);
  name.addEventListener("change", show);
  const tools = make("div", { class: "toolbar" }, make("label", {}, say(said), value), make("label", {}, say("js_named_by"), name));
  return { element: make("div", {}, tools, picture), ready: show() };
}

function select(columns, chosen) {
  return make("select", {}, columns.map(({ name, at }) => make("option", { value: at, selected: at === chosen }, name)));
}

function bars(picture, answer, rows, at) {
  const numbers = rows.map((row) => (isNumber(row[at.value]) ? Number(row[at.value].value) : NaN));
  const finite = numbers.filter(Number.isFinite);
  const low = Math.min(0, ...finite);
  const span = Math.max(0, ...finite) - low || 1;
  const label = say("js_chart_label", { value: answer.columns[at.value], name: answer.columns[at.name] });
  const box = frame(label, rows.length, 0);
  const scale = (value) => box.start + ((value - low) / span) * (box.width - 90);
  rows.forEach((row, line) => {
    const y = box.top + line * ROW;
    title(box.svg, row[at.name], y);
    if (!Number.isFinite(numbers[line])) return;
    const [from, to] = [scale(0), scale(numbers[line])].sort((one, other) => one - other);
    box.svg.append(
      draw("rect", { class: "bar", x: from, y: y + 4, width: Math.max(to - from, 1), height: ROW - 8, rx: 2 }),
      draw("text", { x: to + 6, y: y + ROW - 8 }, number(numbers[line])),
    );
  });
  finish(picture, box.svg, label);
}

// Give the first and the day after the last day that a date can be: a year or a month is as long as it is.
function bounds(text) {
  const [, year, month, day] = DATE.exec(text);
  const start = Date.UTC(Number(year), month ? Number(month) - 1 : 0, day ? Number(day) : 1);
  const end = day ? start + DAY : month ? Date.UTC(Number(year), Number(month), 1) : Date.UTC(Number(year) + 1, 0, 1);
  return [start, end];
}

function timeline(picture, answer, all, at) {
  const rows = all.filter((row) => isDate(row[at.value]));
  const spans = rows.map((row) => bounds(row[at.value].value));
  const first = new Date(Math.min(...spans.map(([start]) => start))).getUTCFullYear();
  const last = new Date(Math.max(...spans.map(([, end]) => end)) - 1).getUTCFullYear();
  const [from, to] = [Date.UTC(first, 0, 1), Date.UTC(last + 1, 0, 1)];
  const label = say("js_timeline_label", { value: answer.columns[at.value] });
  const box = frame(label, rows.length, 24);
  const scale = (time) => box.start + ((time - from) / (to - from)) * (box.width - 90);
  const step = Math.max(1, Math.ceil((last - first + 1) / 12));
  for (let year = first; year <= last + 1; year += step) {
    const x = scale(Date.UTC(year, 0, 1));
    box.svg.append(
      draw("line", { class: "rule", x1: x, x2: x, y1: 18, y2: box.height }),
      draw("text", { class: "axis", x: x + 3, y: 14 }, String(year)),
    );
  }
  rows.forEach((row, line) => {
    const y = box.top + line * ROW;
    const [start, end] = spans[line].map(scale);
    title(box.svg, row[at.name], y);
    box.svg.append(
      draw("rect", { class: "bar", x: start, y: y + 6, width: Math.max(end - start, 4), height: ROW - 12, rx: 3 }),
      draw("text", { x: Math.max(end, start + 4) + 6, y: y + ROW - 8 }, row[at.value].value.slice(0, 10)),
    );
  });
  finish(picture, box.svg, label);
}

function frame(label, lines, top) {
  const start = 240;
  const width = 480;
  const height = top + lines * ROW + 8;
  const svg = draw("svg", { viewBox: `0 0 ${start + width} ${height}`, width: start + width, height, class: "drawn" });
  svg.append(draw("title", {}, label));
  return { svg, start, width, height, top };
}

function title(svg, term, y) {
  const text = textOf(term);
  const shown = [...text].length > 32 ? `${[...text].slice(0, 31).join("")}…` : text;
  const said = draw("text", { x: 0, y: y + ROW - 8, class: "name" }, shown);
  said.append(draw("title", {}, text));
  const address = term?.type === "uri" ? addressOf(term.value) : null;
  svg.append(address ? draw("a", { href: address }, said) : said);
}

function finish(picture, svg, label) {
  picture.setAttribute("aria-label", label);
  picture.replaceChildren(svg);
}
