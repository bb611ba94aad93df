// The graph as a file: what was laid out, drawn as SVG, with what it is above and where it comes from below.

import { wrap } from "../wrapping.js";
import { draw } from "./page.js";

const MARGIN = 24;
const LINE = 20;
const NARROWEST = 560;
const RADIUS = 8;
const FONT = 16;
const SMALL = 12;
const LABEL = 170;

export function graphPicture(graph, look, { title, notes, query, language }) {
  const colour = (name) => look.getPropertyValue(name).trim();
  const [ink, ground, dot, quiet] = ["--ink", "--raised", "--accent", "--quiet"].map(colour);
  const measure = document.createElement("canvas").getContext("2d");
  const box = graph.elements().boundingBox();
  const width = Math.max(NARROWEST, box.w + 2 * MARGIN);
  measure.font = `600 ${FONT}px ${look.fontFamily}`;
  const heading = wrap(measure, title, width - 2 * MARGIN);
  measure.font = `${SMALL}px ${look.fontFamily}`;
  const foot = notes.flatMap((note) => wrap(measure, note, width - 2 * MARGIN));
  const top = MARGIN + heading.length * LINE;
  const height = top + box.h + 2 * MARGIN + foot.length * LINE;
  measure.font = `${FONT}px ${look.fontFamily}`;
  const named = (text, attributes) => draw("text", {
    fill: ink, stroke: ground, "stroke-width": 4, "stroke-linejoin": "round", "paint-order": "stroke", ...attributes,
  }, text);
  const lines = (texts, from, attributes) => texts.map((text, at) => draw("text", {
    x: MARGIN, y: tenth(from + (at + 0.75) * LINE), ...attributes,
  }, text));
  const shift = [(width - box.w) / 2 - box.x1, top + MARGIN / 2 - box.y1].map(tenth);
  const picture = draw("svg", {
    width: Math.ceil(width), height: Math.ceil(height), viewBox: `0 0 ${Math.ceil(width)} ${Math.ceil(height)}`,
    "font-family": look.fontFamily, lang: language, role: "img",
  },
  draw("title", {}, title),
  draw("desc", {}, query),
  draw("defs", {}, draw("marker", {
    id: "arrow", viewBox: "0 0 8 8", refX: 7, refY: 4, markerWidth: 6, markerHeight: 6, orient: "auto",
  }, draw("path", { d: "M 0 0 L 8 4 L 0 8 z", fill: quiet }))),
  draw("rect", { width: "100%", height: "100%", fill: ground }),
  lines(heading, MARGIN / 2, { "font-size": FONT, "font-weight": 600, fill: ink }),
  draw("g", { transform: `translate(${shift.join(" ")})`, "text-anchor": "middle" },
    graph.edges().map((edge) => draw("path", {
      d: pathOf(edge), fill: "none", stroke: quiet, "stroke-width": 1.5, "marker-end": "url(#arrow)",
    })),
    graph.nodes().map((node) => {
      const { x, y } = node.position();
      return draw("circle", { cx: tenth(x), cy: tenth(y), r: RADIUS, fill: dot });
    }),
    graph.edges().map((edge) => {
      const { x, y } = edge.midpoint();
      const place = `translate(${tenth(x)} ${tenth(y)}) rotate(${tenth(angleOf(edge))})`;
      return named(edge.data("label"), { transform: place, y: SMALL / 3, "font-size": SMALL });
    }),
    graph.nodes().map((node) => {
      const { x, y } = node.position();
      return wrap(measure, node.data("label"), LABEL).map((text, at) => named(text, {
        x: tenth(x), y: tenth(y + RADIUS + 4 + (at + 0.85) * FONT), "font-size": FONT,
      }));
    }).flat()),
  lines(foot, height - MARGIN / 2 - foot.length * LINE, { "font-size": SMALL, fill: quiet }));
  return new XMLSerializer().serializeToString(picture);
}

const tenth = (length) => Math.round(length * 10) / 10;
const spot = ({ x, y }) => `${tenth(x)} ${tenth(y)}`;

// A line; where several join the same things, or one leads back, a curve through what bends it.
function pathOf(edge) {
  const bends = edge.controlPoints() ?? [];
  const end = spot(edge.targetEndpoint());
  const curves = bends.map((bend, at) => {
    const next = bends[at + 1];
    return `Q ${spot(bend)} ${next ? spot({ x: (bend.x + next.x) / 2, y: (bend.y + next.y) / 2 }) : end}`;
  });
  return [`M ${spot(edge.sourceEndpoint())}`, ...(curves.length ? curves : [`L ${end}`])].join(" ");
}

// No text stands on its head.
function angleOf(edge) {
  const [from, to] = [edge.sourceEndpoint(), edge.targetEndpoint()];
  const angle = (Math.atan2(to.y - from.y, to.x - from.x) * 180) / Math.PI;
  return angle > 90 ? angle - 180 : angle < -90 ? angle + 180 : angle;
}
