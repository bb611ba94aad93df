// Suggest what can be found as one types: a combobox with a list by kinds (WAI-ARIA Authoring Practices, "Combobox", with a list and
// manual selection). Without script the form leads to the page of hits.

const WAIT = 120;
const PER_KIND = 4;

function el(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

// The offsets are of code points, as Python counts them.
function marked(snippet) {
  const points = Array.from(snippet.text);
  const parts = [];
  let place = 0;
  for (const [low, high] of snippet.ranges) {
    parts.push(points.slice(place, low).join(""), el("mark", {}, points.slice(low, high).join("")));
    place = high;
  }
  parts.push(points.slice(place).join(""));
  return parts;
}

function addressOf(path, language) {
  const address = new URL(path, location.href);
  address.searchParams.set("lang", language);
  return address.href;
}

class Suggestions {
  constructor(input) {
    this.input = input;
    this.language = input.form.elements.lang.value;
    this.words = input.form.dataset;
    this.options = [];
    this.active = -1;
    this.asked = null;
    this.timer = 0;
    this.list = el("div", { id: `${input.id}-list`, role: "listbox", "aria-label": this.words.suggestions, class: "suggestions" });
    this.list.hidden = true;
    this.status = el("span", { class: "unseen", role: "status" });
    input.form.append(this.list, this.status);
    for (const [name, value] of Object.entries({
      role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": this.list.id, "aria-haspopup": "listbox",
    })) input.setAttribute(name, value);
    input.addEventListener("input", () => this.typed());
    input.addEventListener("keydown", (event) => this.pressed(event));
    input.addEventListener("blur", () => this.close());
    // The list is left by the pointer going up, so that the field keeps the focus until then.
    this.list.addEventListener("pointerdown", (event) => event.preventDefault());
  }

  typed() {
    clearTimeout(this.timer);
    this.asked?.abort();
    const text = this.input.value.trim();
    if (!text) return this.close();
    this.timer = setTimeout(() => this.ask(text), WAIT);
  }

  async ask(text) {
    this.asked = new AbortController();
    const address = new URL(this.input.dataset.suggest, location.href);
    address.search = new URLSearchParams({ q: text, limit: PER_KIND, lang: this.language });
    try {
      const response = await fetch(address, { signal: this.asked.signal, headers: { Accept: "application/json" } });
      if (response.ok && document.activeElement === this.input) this.show(await response.json());
    } catch (error) {
      // A later letter has stopped the question, or the server cannot be reached: the form still works.
      if (error.name !== "AbortError") this.close();
    }
  }

  show(found) {
    this.options = [];
    this.active = -1;
    this.input.removeAttribute("aria-activedescendant");
    const groups = found.groups.map((group, number) => {
      const heading = el("div", { id: `${this.list.id}-${number}`, class: "kind", role: "presentation" }, group.label);
      const hits = group.hits.map((hit) => this.option(hit));
      return el("div", { role: "group", "aria-labelledby": heading.id }, heading, ...hits);
    });
    this.list.replaceChildren(...groups);
    this.list.hidden = this.options.length === 0;
    this.input.setAttribute("aria-expanded", String(!this.list.hidden));
    this.status.textContent = this.options.length ? this.words.some.replace("0", this.options.length) : this.words.none;
  }

  option(hit) {
    const isName = hit.snippet.role === "label" && hit.snippet.text === hit.label;
    const name = el("span", {}, ...(isName ? marked(hit.snippet) : [hit.label]));
    const made = el("div", { role: "option", id: `${this.list.id}-option-${this.options.length}`, "aria-selected": "false" }, name);
    if (hit.note) made.append(" ", el("small", {}, hit.note));
    if (!isName) {
      const snippet = el("small", { class: "snippet" }, ...marked(hit.snippet));
      if (hit.snippet.language && hit.snippet.language !== this.language) snippet.lang = hit.snippet.language;
      made.append(snippet);
    }
    made.dataset.address = addressOf(hit.path, this.language);
    made.addEventListener("click", () => location.assign(made.dataset.address));
    this.options.push(made);
    return made;
  }

  move(step) {
    if (this.list.hidden) return;
    this.options[this.active]?.setAttribute("aria-selected", "false");
    const count = this.options.length + 1;
    // One place among them is that of the field itself.
    this.active = ((this.active + 1 + step + count) % count) - 1;
    const option = this.options[this.active];
    if (!option) return this.input.removeAttribute("aria-activedescendant");
    option.setAttribute("aria-selected", "true");
    option.scrollIntoView({ block: "nearest" });
    this.input.setAttribute("aria-activedescendant", option.id);
  }

  pressed(event) {
    if (event.isComposing) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (this.list.hidden && this.input.value.trim()) this.ask(this.input.value.trim());
      else this.move(event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Enter" && this.options[this.active] && !this.list.hidden) {
      event.preventDefault();
      location.assign(this.options[this.active].dataset.address);
    } else if (event.key === "Escape" && !this.list.hidden) {
      event.preventDefault();
      this.close();
    }
  }

  close() {
    clearTimeout(this.timer);
    this.asked?.abort();
    this.list.hidden = true;
    this.active = -1;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
    this.status.textContent = "";
  }
}

for (const input of document.querySelectorAll("input[data-suggest]")) new Suggestions(input);
