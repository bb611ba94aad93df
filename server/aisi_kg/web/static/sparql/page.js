// What the page says to its scripts, and elements made without markup.

export const page = JSON.parse(document.getElementById("for-scripts").textContent);

export function say(key, values = {}) {
  return page.words[key].replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

export function number(value) {
  return new Intl.NumberFormat(page.language === "zh" ? "zh-CN" : "en-GB").format(value);
}

export function byId(id) {
  return document.getElementById(id);
}

// Give an element. Attributes that are undefined or false are left out; a function listens to the event of its name.
export function make(tag, attributes = {}, ...children) {
  return filled(document.createElement(tag), attributes, children);
}

export function draw(tag, attributes = {}, ...children) {
  return filled(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children);
}

function filled(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name, value);
    else if (value !== undefined && value !== false) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat());
  return element;
}

const scripts = new Map();

// Load a library that is no module, once; it is looked for from here, so that it has the version of this page.
export function library(path) {
  if (!scripts.has(path)) {
    scripts.set(path, new Promise((resolve, reject) => {
      const address = new URL(`../vendor/${path}`, import.meta.url).href;
      document.head.append(make("script", { src: address, load: resolve, error: () => reject(new Error(path)) }));
    }));
  }
  return scripts.get(path);
}
