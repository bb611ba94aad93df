// The time line and the network: filters that act in place, a picture that can be enlarged and moved, a card that shows what a mark
// stands for, and what is taken away: link, code for a frame, PNG. Without script the filters are a form, a mark leads to its row.

import { asPng, save } from "./saving.js";

const STEP = 1.25;
const LARGEST = 4;
const MOVED = 4;

let size = 1;

// Filters in place

function takeOver(fresh) {
  const focused = document.activeElement?.closest("[data-filters]") ? document.activeElement.name : "";
  for (const part of ["[data-view]", "[data-filters]", "a.language", "footer .formats"]) {
    const [old, changed] = [document.querySelector(part), fresh.querySelector(part)];
    if (old && changed) old.replaceWith(document.adoptNode(changed));
  }
  document.title = fresh.title;
  if (focused) document.querySelector(`[data-filters] [name="${focused}"]`)?.focus();
}

let asked = null;

async function show(address, { keep = true } = {}) {
  closeCard();
  asked?.abort();
  asked = new AbortController();
  document.querySelector("[data-view]").setAttribute("aria-busy", "true");
  try {
    const response = await fetch(address, { headers: { Accept: "text/html" }, signal: asked.signal });
    // What the server has to say about a value that is not possible is a page of its own.
    if (!response.ok) throw new Error(response.statusText);
    takeOver(new DOMParser().parseFromString(await response.text(), "text/html"));
  } catch (error) {
    if (error.name !== "AbortError") location.assign(address);
    return;
  }
  if (keep) history.pushState(null, "", address);
  prepare();
}

function addressOf(form) {
  const address = new URL(form.action, location.href);
  for (const [name, value] of new FormData(form)) if (value) address.searchParams.set(name, value);
  return address.href;
}

document.addEventListener("submit", (event) => {
  if (!event.target.matches("[data-filters]")) return;
  event.preventDefault();
  show(addressOf(event.target));
});

document.addEventListener("change", (event) => {
  const form = event.target.closest("[data-filters]");
  if (form?.checkValidity()) show(addressOf(form));
});

window.addEventListener("popstate", () => {
  // A fragment alone changes nothing of the view.
  if (shown !== location.pathname + location.search) show(location.href, { keep: false });
});

// The picture

function resize(canvas, factor) {
  const before = canvas.scrollWidth;
  const [x, y] = [canvas.scrollLeft + canvas.clientWidth / 2, canvas.scrollTop + canvas.clientHeight / 2];
  size = factor === 0 ? 1 : Math.min(LARGEST, Math.max(1 / LARGEST, size * factor));
  apply(canvas);
  const grown = canvas.scrollWidth / before;
  canvas.scrollLeft = x * grown - canvas.clientWidth / 2;
  canvas.scrollTop = y * grown - canvas.clientHeight / 2;
}

function apply(canvas) {
  const picture = canvas.querySelector("svg");
  canvas.classList.toggle("enlarged", size > 1);
  picture.style.width = size === 1 ? "" : `calc(max(100%, 60rem) * ${size})`;
}

function move(canvas) {
  let from = null;
  canvas.addEventListener("pointerdown", (event) => {
    if (event.pointerType !== "mouse" || event.button !== 0) return;
    from = { x: event.clientX, y: event.clientY, left: canvas.scrollLeft, top: canvas.scrollTop };
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!from) return;
    const [x, y] = [event.clientX - from.x, event.clientY - from.y];
    if (!canvas.classList.contains("grabbed") && Math.hypot(x, y) > MOVED) {
      canvas.classList.add("grabbed");
      canvas.setPointerCapture(event.pointerId);
    }
    if (canvas.classList.contains("grabbed")) canvas.scrollTo(from.left - x, from.top - y);
  });
  for (const end of ["pointerup", "pointercancel"]) {
    canvas.addEventListener(end, () => {
      from = null;
      // The click that follows is the end of the movement.
      setTimeout(() => canvas.classList.remove("grabbed"));
    });
  }
  canvas.addEventListener("click", (event) => {
    if (canvas.classList.contains("grabbed")) {
      event.preventDefault();
      event.stopPropagation();
    }
  }, true);
  canvas.addEventListener("dragstart", (event) => event.preventDefault());
  canvas.addEventListener("keydown", (event) => {
    const factor = { "+": STEP, "=": STEP, "-": 1 / STEP, "−": 1 / STEP, 0: 0 }[event.key];
    if (factor === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    resize(canvas, factor);
  });
  canvas.addEventListener("wheel", (event) => {
    if (!event.ctrlKey) return;
    event.preventDefault();
    resize(canvas, event.deltaY < 0 ? STEP : 1 / STEP);
  }, { passive: false });
}

// The card

const card = document.querySelector("[data-card]");
let opener = null;

function closeCard() {
  if (!card?.open) return;
  card.close();
  document.querySelector(".picture a.picked-mark")?.classList.remove("picked-mark");
}

function claimsOf(cell) {
  const list = document.createElement("ul");
  for (const mark of cell.querySelectorAll("a.claim")) {
    const item = document.createElement("li");
    item.append(mark.title, " ", mark.cloneNode(true));
    list.append(item);
  }
  return list;
}

function openCard(row, link) {
  closeCard();
  opener = link;
  link.classList.add("picked-mark");
  card.querySelector("h2").replaceChildren(...row.querySelector("[data-title]").cloneNode(true).childNodes);
  const facts = document.createElement("dl");
  const heads = [...row.closest("table").tHead.rows[0].cells];
  const claims = document.createElement("ul");
  for (const [number, cell] of [...row.cells].entries()) {
    claims.append(...claimsOf(cell).children);
    const copy = cell.cloneNode(true);
    for (const mark of copy.querySelectorAll("a.claim, details")) mark.remove();
    if (cell.hasAttribute("data-title") || !copy.textContent.trim()) continue;
    const [name, value] = [document.createElement("dt"), document.createElement("dd")];
    name.textContent = heads[number].textContent;
    value.append(...copy.childNodes);
    facts.append(name, value);
  }
  card.querySelector("[data-card-content]").replaceChildren(facts, claims);
  card.show();
  card.querySelector("h2").focus();
}

document.addEventListener("click", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  if (event.target.closest("[data-close]")) {
    closeCard();
    opener?.focus();
    return;
  }
  const link = event.target.closest("a");
  if (!link) return;
  const address = link.getAttribute("href") ?? "";
  const row = link.closest(".picture") && address.startsWith("#") ? document.getElementById(address.slice(1)) : null;
  if (row && card) {
    event.preventDefault();
    openCard(row, link);
  } else if (link.matches("[data-in-place], .picture .party")) {
    if (document.body.classList.contains("embedded")) return;
    event.preventDefault();
    show(new URL(address, location.href).href);
  }
});

card?.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  closeCard();
  opener?.focus();
});

// What is taken away

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // Not offered over plain HTTP: the older way needs a selection.
    const area = document.createElement("textarea");
    area.value = text;
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }
}

function wire(root) {
  for (const button of root.querySelectorAll("[data-copy]")) {
    button.hidden = false;
    button.addEventListener("click", async () => {
      await copy(button.dataset.copy);
      button.parentElement.querySelector("[data-said]").textContent = button.dataset.done;
    });
  }
  for (const button of root.querySelectorAll("[data-png]")) {
    button.hidden = false;
    button.addEventListener("click", async () => {
      const said = button.parentElement.querySelector("[data-said]");
      said.textContent = "";
      try {
        const response = await fetch(button.dataset.png, { headers: { Accept: "image/svg+xml" } });
        save(await asPng(await response.text()), button.dataset.name);
      } catch {
        said.textContent = button.dataset.failed;
      }
    });
  }
}

let shown = "";

function prepare() {
  shown = location.pathname + location.search;
  const view = document.querySelector("[data-view]");
  wire(view);
  const canvas = view.querySelector("[data-canvas]");
  if (!canvas) return;
  apply(canvas);
  move(canvas);
  view.querySelector("[data-hint]").hidden = false;
  const zoom = view.querySelector("[data-zoom]");
  if (!zoom) return;
  zoom.hidden = false;
  zoom.addEventListener("click", (event) => {
    const by = event.target.closest("[data-by]")?.dataset.by;
    if (by !== undefined) resize(canvas, { "-1": 1 / STEP, 0: 0, 1: STEP }[by]);
  });
}

prepare();
