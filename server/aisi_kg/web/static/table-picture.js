// Draw a table as a picture, with title, version and licence on it. The table of the page is read as it stands, and its colours are
// those of the page, so that the picture is light or dark with it.

import { LARGEST_AREA, LONGEST_SIDE, save } from "./saving.js";
import { wrap } from "./wrapping.js";

const FONT = 15;
const LINE = 22;
const PAD = 10;
const NARROWEST = 110;
const WIDEST = 300;

// What a cell says, without the marks that lead to claims.
function paragraphs(cell) {
  const items = cell.querySelectorAll("li");
  return [...(items.length ? items : [cell])].map((item) => {
    const copy = item.cloneNode(true);
    for (const mark of copy.querySelectorAll("a.claim, .unseen")) mark.remove();
    return { text: copy.textContent.replace(/\s+/gu, " ").trim(), quiet: copy.querySelector(".not-stated, .nothing") !== null };
  });
}

function columnsOf(context, rows) {
  return rows[0].map((_, column) => {
    const widths = rows.flatMap((row) => row[column].map((each) => context.measureText(each.text).width));
    return Math.min(WIDEST, Math.max(NARROWEST, ...widths)) + 2 * PAD;
  });
}

function draw(table, title, note) {
  const style = getComputedStyle(document.documentElement);
  const colour = (name) => style.getPropertyValue(`--${name}`).trim();
  const family = getComputedStyle(document.body).fontFamily;
  const canvas = document.createElement("canvas");
  const context = canvas.getContext("2d");
  const plain = `${FONT}px ${family}`;
  const bold = `600 ${FONT}px ${family}`;
  const heading = `600 22px ${family}`;
  context.font = bold;

  const rows = [...table.rows].map((row) => [...row.cells].map(paragraphs));
  const heads = [...table.rows].map((row) => [...row.cells].map((cell) => cell.tagName === "TH"));
  const columns = columnsOf(context, rows);
  const width = columns.reduce((sum, each) => sum + each, 0) + 2 * PAD;
  const laid = rows.map((row, r) => row.map((cell, c) => {
    context.font = heads[r][c] ? bold : plain;
    return cell.flatMap((each, n) => {
      const lines = wrap(context, each.text, columns[c] - 2 * PAD).map((text) => ({ text, quiet: each.quiet }));
      return n && lines.length ? [{ text: "", quiet: false, gap: true }, ...lines] : lines;
    });
  }));
  const tall = (line) => (line.gap ? LINE / 3 : LINE);
  const heights = laid.map((row) => 2 * PAD + Math.max(LINE, ...row.map((cell) => cell.reduce((sum, line) => sum + tall(line), 0))));
  context.font = heading;
  const titles = wrap(context, title, width - 4 * PAD);
  context.font = plain;
  const notes = wrap(context, note, width - 4 * PAD);
  const top = 2 * PAD + titles.length * 30;
  const height = top + heights.reduce((sum, each) => sum + each, 0) + notes.length * LINE + 3 * PAD;

  const scale = Math.min(2, LONGEST_SIDE / Math.max(width, height), Math.sqrt(LARGEST_AREA / (width * height)));
  canvas.width = Math.ceil(width * scale);
  canvas.height = Math.ceil(height * scale);
  context.scale(scale, scale);
  context.textBaseline = "middle";
  context.fillStyle = colour("raised");
  context.fillRect(0, 0, width, height);
  context.fillStyle = colour("ink");
  context.font = heading;
  titles.forEach((line, n) => context.fillText(line, 2 * PAD, PAD + 30 * n + 18));
  let y = top;
  laid.forEach((row, r) => {
    let x = PAD;
    row.forEach((cell, c) => {
      if (heads[r][c]) {
        context.fillStyle = colour("sunken");
        context.fillRect(x, y, columns[c], heights[r]);
      }
      context.strokeStyle = colour("line");
      context.strokeRect(x, y, columns[c], heights[r]);
      let place = y + PAD;
      for (const line of cell) {
        context.font = `${line.quiet ? "italic " : ""}${heads[r][c] ? bold : plain}`;
        context.fillStyle = colour(line.quiet ? "quiet" : "ink");
        context.fillText(line.text, x + PAD, place + LINE / 2);
        place += tall(line);
      }
      x += columns[c];
    });
    y += heights[r];
  });
  context.font = plain;
  context.fillStyle = colour("quiet");
  notes.forEach((line, n) => context.fillText(line, 2 * PAD, y + PAD + LINE * n + LINE / 2));
  return canvas;
}

for (const button of document.querySelectorAll("button[data-picture]")) {
  const table = document.querySelector("table[data-picture-source]");
  if (!table) continue;
  const status = button.parentElement.querySelector("[data-picture-status]");
  button.hidden = false;
  button.addEventListener("click", () => {
    status.textContent = "";
    const address = new URL(location.href);
    address.hash = "";
    draw(table, button.dataset.title, `${button.dataset.note} · ${address}`).toBlob((blob) => {
      if (blob) save(blob, button.dataset.name);
      else status.textContent = button.dataset.failed;
    }, "image/png");
  });
}
