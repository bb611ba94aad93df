// The triples of a CONSTRUCT or DESCRIBE as a graph.

import { asPng, save } from "../saving.js";
import { graphPicture } from "./graph-picture.js";
import { library, make, number, page, say } from "./page.js";
import { textOf } from "./table.js";
import { addressOf, learn, nameOf, shorten } from "./terms.js";

const MOST = 400;
// Where an element has this name, cytoscape writes no style into the page, which the policy of our pages forbids;
// what it would say stands in sparql.css.
const STYLED = "__________cytoscape_stylesheet";

export function graphView(answer) {
  const related = answer.rows.filter(([, , object]) => object.type !== "literal");
  if (!related.length) return { element: make("p", {}, say("js_graph_none")), ready: Promise.resolve() };
  const drawn = related.slice(0, MOST);
  const canvas = make("div", { class: "graph", role: "img" });
  const chosen = make("p", { role: "status", class: "chosen" }, say("js_graph_hint"));
  const tools = make("div", { class: "toolbar" });
  const cut = drawn.length < related.length
    ? [say("js_graph_cut", { n: number(drawn.length), all: number(related.length) })]
    : [];
  return {
    element: make("div", {}, ...cut.map((said) => make("p", {}, said)), tools, canvas, chosen),
    ready: drawGraph(drawn, canvas, chosen, tools, [...cut, ...notes()], answer.query),
  };
}

// Where the picture comes from.
function notes() {
  const language = page.language === "zh" ? "zh-CN" : "en-GB";
  const today = new Intl.DateTimeFormat(language, { dateStyle: "long" }).format(new Date());
  const [dataset, ...others] = page.notes;
  return [`${dataset} · ${today}`, ...others];
}

async function drawGraph(rows, canvas, chosen, tools, notes, query) {
  await learn(rows.flat().filter(({ type }) => type === "uri").map(({ value }) => value));
  await library("cytoscape/dist/cytoscape.min.js");
  await library("layout-base/layout-base.js");
  await library("cose-base/cose-base.js");
  await library("cytoscape-fcose/cytoscape-fcose.js");
  if (!document.getElementById(STYLED)) document.head.append(make("meta", { id: STYLED }));
  const { elements, nodes } = elementsOf(rows);
  canvas.setAttribute("aria-label", say("js_graph_label", { nodes, edges: rows.length }));
  const graph = globalThis.cytoscape({
    container: canvas,
    elements,
    style: styleOf(getComputedStyle(canvas)),
    layout: {
      name: "fcose",
      animate: false,
      nodeDimensionsIncludeLabels: true,
      idealEdgeLength: () => 130,
      nodeRepulsion: () => 9000,
      randomize: true,
    },
    minZoom: 0.1,
    maxZoom: 4,
  });
  graph.on("tap", "node", ({ target }) => {
    const iri = target.data("iri");
    const address = iri && addressOf(iri);
    const name = nameOf(iri);
    chosen.replaceChildren(
      address ? make("a", { href: address, lang: name?.language || undefined }, target.data("label")) : target.data("label"),
      " ",
      make("code", {}, iri ? shorten(iri) : target.id()),
    );
  });
  const zoom = (by) => () => graph.zoom({
    level: graph.zoom() * by,
    renderedPosition: { x: canvas.clientWidth / 2, y: canvas.clientHeight / 2 },
  });
  const said = make("span", { role: "status" });
  // Drawn when it is wanted: somebody may have moved the things.
  const taking = (extension, written) => async () => {
    said.textContent = "";
    try {
      const title = say("js_graph_title", { nodes: number(nodes), edges: number(rows.length) });
      const svg = graphPicture(graph, getComputedStyle(canvas), { title, notes, query, language: page.language });
      save(await written(svg), `aisi-kg-graph.${extension}`);
    } catch {
      said.textContent = say("js_picture_failed");
    }
  };
  const asSvg = (svg) => new Blob([svg], { type: "image/svg+xml" });
  tools.append(
    make("button", { type: "button", class: "plain", click: zoom(1.3) }, say("js_zoom_in")),
    make("button", { type: "button", class: "plain", click: zoom(1 / 1.3) }, say("js_zoom_out")),
    make("button", { type: "button", class: "plain", click: () => graph.fit(undefined, 20) }, say("js_fit")),
    make("button", { type: "button", class: "plain", click: taking("svg", asSvg) }, say("js_as_svg")),
    make("button", { type: "button", class: "plain", click: taking("png", asPng) }, say("js_as_png")),
    said,
  );
}

function elementsOf(rows) {
  const nodes = new Map();
  const node = (term) => {
    const id = `${term.type}:${term.value}`;
    if (!nodes.has(id)) {
      nodes.set(id, { data: { id, label: textOf(term), iri: term.type === "uri" ? term.value : "" } });
    }
    return id;
  };
  const edges = rows.map(([subject, predicate, object], at) => ({
    data: { id: `edge-${at}`, source: node(subject), target: node(object), label: textOf(predicate) },
  }));
  return { elements: [...nodes.values(), ...edges], nodes: nodes.size };
}

function styleOf(look) {
  const colour = (name) => look.getPropertyValue(name).trim();
  const text = {
    label: "data(label)",
    color: colour("--ink"),
    "font-family": look.fontFamily,
    "text-wrap": "wrap",
    // Chinese has no spaces to break lines at.
    "text-overflow-wrap": "anywhere",
    "text-background-color": colour("--raised"),
    "text-background-opacity": 0.85,
    "text-background-padding": "2px",
  };
  return [
    {
      selector: "node",
      style: {
        ...text,
        "background-color": colour("--accent"),
        width: 16,
        height: 16,
        "font-size": 16,
        "text-max-width": "170px",
        "text-valign": "bottom",
        "text-margin-y": 4,
      },
    },
    {
      selector: "edge",
      style: {
        ...text,
        width: 1.5,
        "line-color": colour("--quiet"),
        "target-arrow-color": colour("--quiet"),
        "target-arrow-shape": "triangle",
        "curve-style": "bezier",
        "font-size": 12,
        "min-zoomed-font-size": 6,
        "text-rotation": "autorotate",
      },
    },
    { selector: ":selected", style: { "background-color": colour("--focus"), "line-color": colour("--focus") } },
  ];
}
