// Several queries, each in a tab; they are kept in the browser until they are closed.

import { byId, make, say } from "./page.js";

const KEY = "aisi-kg.sparql";
const MOST = 30;

export class Tabs {
  // `shown` is called with a tab when it is chosen: its name, text, and what belongs to it while the page is open.
  constructor(first, shown) {
    this.shown = shown;
    this.list = document.querySelector("#tabs [role=tablist]");
    const kept = read();
    this.all = kept.tabs.length ? kept.tabs : [{ name: say("js_query_name", { n: 1 }), text: first }];
    this.at = Math.min(kept.at, this.all.length - 1);
    byId("new-tab").addEventListener("click", () => this.open({ text: first }));
    byId("close-tab").addEventListener("click", () => this.close());
    byId("rename-tab").addEventListener("click", () => this.name(byId("naming").hidden));
    byId("naming").addEventListener("submit", (event) => {
      event.preventDefault();
      this.current.name = byId("tab-name").value.trim() || this.current.name;
      this.name(false);
      this.draw();
      byId("rename-tab").focus();
    });
    byId("naming").addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      this.name(false);
      byId("rename-tab").focus();
    });
    this.list.addEventListener("keydown", (event) => this.key(event));
    byId("tabs").hidden = false;
  }

  get current() {
    return this.all[this.at];
  }

  start() {
    this.draw();
    this.shown(this.current);
  }

  // Open a query in a tab of its own, or in the one that has it already.
  open({ text, name }) {
    const same = this.all.findIndex((tab) => tab.text.trim() === text.trim() && name !== undefined);
    if (same >= 0) {
      this.choose(same);
      return;
    }
    const numbers = this.all.map((tab) => Number(/\d+$/.exec(tab.name)?.[0] ?? 0));
    this.all.push({ text, name: name ?? say("js_query_name", { n: Math.max(0, ...numbers) + 1 }) });
    if (this.all.length > MOST) this.all.shift();
    this.choose(this.all.length - 1);
  }

  close() {
    this.all.splice(this.at, 1);
    if (!this.all.length) this.all.push({ name: say("js_query_name", { n: 1 }), text: "" });
    this.choose(Math.max(0, this.at - 1));
    this.list.children[this.at].focus();
  }

  choose(at) {
    this.at = at;
    this.name(false);
    this.draw();
    this.shown(this.current);
  }

  save() {
    try {
      localStorage.setItem(KEY, JSON.stringify({ at: this.at, tabs: this.all.map(({ name, text }) => ({ name, text })) }));
    } catch {
      // Storage is full or not allowed: the queries stay while the page is open.
    }
  }

  name(isOpen) {
    byId("naming").hidden = !isOpen;
    byId("rename-tab").setAttribute("aria-expanded", isOpen);
    if (!isOpen) return;
    byId("tab-name").value = this.current.name;
    byId("tab-name").select();
  }

  draw() {
    this.save();
    this.list.replaceChildren(...this.all.map((tab, at) => make("button", {
      type: "button",
      role: "tab",
      id: `tab-${at}`,
      "aria-selected": at === this.at ? "true" : "false",
      "aria-controls": "panel",
      tabindex: at === this.at ? "0" : "-1",
      click: () => {
        this.choose(at);
        this.list.children[at].focus();
      },
    }, tab.name)));
    const panel = byId("panel");
    panel.setAttribute("role", "tabpanel");
    panel.setAttribute("aria-labelledby", `tab-${this.at}`);
    this.list.children[this.at].scrollIntoView?.({ block: "nearest", inline: "nearest" });
  }

  key(event) {
    const last = this.all.length - 1;
    const targets = {
      ArrowRight: this.at === last ? 0 : this.at + 1,
      ArrowLeft: this.at === 0 ? last : this.at - 1,
      Home: 0,
      End: last,
    };
    if (event.key === "Delete") this.close();
    else if (event.key in targets) {
      this.choose(targets[event.key]);
      this.list.children[this.at].focus();
    } else return;
    event.preventDefault();
  }
}

function read() {
  try {
    const { at, tabs } = JSON.parse(localStorage.getItem(KEY)) ?? {};
    const whole = (tabs ?? []).filter((tab) => typeof tab?.name === "string" && typeof tab?.text === "string");
    return { tabs: whole.slice(0, MOST), at: Number.isInteger(at) && at >= 0 ? at : 0 };
  } catch {
    return { tabs: [], at: 0 };
  }
}
