// Let an operation be tried in Swagger UI, which is loaded when somebody wants that: it weighs more than all pages
// together. It is given one operation at a time: to read all of them takes it ten seconds, in which nothing moves.

const place = document.getElementById("console");
const note = document.getElementById("note");
const addresses = JSON.parse(document.getElementById("for-scripts").textContent);
let ready = null;

function loaded(tag, attributes) {
  return new Promise((resolve, reject) => {
    const element = Object.assign(document.createElement(tag), attributes);
    element.addEventListener("load", resolve);
    element.addEventListener("error", reject);
    document.head.append(element);
  });
}

async function load() {
  const [document_] = await Promise.all([
    fetch(addresses.document).then((response) => response.json()),
    loaded("link", { rel: "stylesheet", href: addresses.style }),
    loaded("script", { src: addresses.script }),
  ]);
  return document_;
}

async function show({ target }) {
  const { try: path, method } = target.dataset;
  try {
    ready ??= load();
    const whole = await ready;
    place.replaceChildren(document.createElement("div"));
    place.hidden = false;
    globalThis.SwaggerUIBundle({
      domNode: place.firstChild,
      // Without its topics, under each of which it would stand again.
      spec: { ...whole, tags: [], paths: { [path]: { [method]: { ...whole.paths[path][method], tags: [] } } } },
      // Nothing is asked of other hosts, which would check the document.
      validatorUrl: null,
      docExpansion: "full",
      defaultModelsExpandDepth: -1,
      tryItOutEnabled: true,
    });
    place.scrollIntoView({ block: "start", behavior: "instant" });
    place.focus({ preventScroll: true });
  } catch {
    ready = null;
    note.textContent = note.dataset.failed;
  }
}

// What Swagger UI leaves out for those who do not see it: names of fields, a way into what scrolls by keyboard.
function complete() {
  for (const field of place.querySelectorAll("select:not([aria-label]), textarea:not([aria-label])")) {
    field.setAttribute("aria-label", field.closest("tr")?.dataset.paramName ?? field.title ?? "Media type");
    if (!field.getAttribute("aria-label")) field.setAttribute("aria-label", "Media type");
  }
  for (const block of place.querySelectorAll("pre:not([tabindex])")) block.setAttribute("tabindex", "0");
  for (const part of place.querySelectorAll("table[role=region]")) part.setAttribute("role", "table");
}

new MutationObserver(complete).observe(place, { childList: true, subtree: true });
for (const element of document.querySelectorAll(".with-script")) element.hidden = false;
for (const button of document.querySelectorAll("[data-try]")) button.addEventListener("click", show);
