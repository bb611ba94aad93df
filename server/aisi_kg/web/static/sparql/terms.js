// Names of things: asked of the endpoint, as any other client would.

import { page } from "./page.js";

const TERMS = `PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT ?term ?kind ?en ?zh WHERE {
  { ?term rdfs:label|skos:prefLabel ?en FILTER(LANG(?en) = "en") }
  OPTIONAL { ?term rdfs:label|skos:prefLabel ?zh FILTER(LANG(?zh) = "zh") }
  OPTIONAL {
    ?term a ?type
    VALUES (?type ?kind) {
      (owl:Class "class") (owl:ObjectProperty "property") (owl:DatatypeProperty "property")
      (owl:AnnotationProperty "property")
    }
  }
}
ORDER BY ?term`;

const endpoint = `${page.root}/sparql`;
const names = new Map();
let terms;

// Give what can be completed: short and full name, kind, label in both languages. Asked once for each page.
export function allTerms() {
  terms ??= solutions(`${endpoint}?${new URLSearchParams({ query: TERMS })}`).then((rows) => {
    const found = new Map();
    for (const row of rows) {
      const iri = row.term.value;
      if (iri.startsWith(`${page.base}queries/`)) continue;
      const labels = { en: row.en.value, zh: row.zh?.value ?? row.en.value };
      remember(iri, labels);
      found.set(iri, { iri, short: shorten(iri), kind: row.kind?.value ?? "thing", ...labels });
    }
    return [...found.values()];
  });
  return terms;
}

async function solutions(address, options) {
  const response = await fetch(address, { headers: { Accept: "application/sparql-results+json" }, ...options });
  if (!response.ok) return [];
  return (await response.json()).results.bindings;
}

function remember(iri, labels) {
  names.set(iri, { text: labels[page.language], language: page.language });
}

// Give the name of a resource, as far as it is known yet: its text and the language of that.
export function nameOf(iri) {
  return names.get(iri) ?? null;
}

// Ask for the names of resources that are not known yet.
export async function learn(iris) {
  const wanted = [...new Set(iris)].filter((iri) => !names.has(iri) && /^https?:[^\s<>"{}|\\^`]+$/.test(iri));
  if (!wanted.length) return;
  const query = `PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX aisi: <https://w3id.org/aisi-kg/ontology#>
SELECT ?resource ?label WHERE {
  VALUES ?resource { ${wanted.map((iri) => `<${iri}>`).join(" ")} }
  VALUES ?property { skos:prefLabel rdfs:label dcterms:title aisi:statement }
  ?resource ?property ?label
}`;
  const found = new Map();
  for (const row of await solutions(endpoint, { method: "POST", body: new URLSearchParams({ query }) })) {
    const language = row.label["xml:lang"] ?? "";
    const known = found.get(row.resource.value);
    if (!known || language === page.language) found.set(row.resource.value, { text: row.label.value, language });
  }
  for (const iri of wanted) names.set(iri, found.get(iri) ?? null);
}

const spaces = Object.entries(page.prefixes).sort((one, other) => other[1].length - one[1].length);

// Shorten an IRI with a prefix of the dataset where that gives a name that SPARQL can read.
export function shorten(iri) {
  for (const [prefix, space] of spaces) {
    if (iri.startsWith(space) && /^[\p{L}\p{N}_](?:[\p{L}\p{N}_.-]*[\p{L}\p{N}_-])?$/u.test(iri.slice(space.length))) {
      return `${prefix}:${iri.slice(space.length)}`;
    }
  }
  return `<${iri}>`;
}

// Give the address of the page about a resource: ours in this page's language; of others, their own.
export function addressOf(iri) {
  if (iri.startsWith(page.base)) {
    const [path, fragment] = iri.slice(page.base.length).split("#");
    return `${page.root}/${encodeURI(path)}?lang=${page.language}${fragment ? `#${encodeURIComponent(fragment)}` : ""}`;
  }
  return /^https?:\/\//.test(iri) ? iri : null;
}

export function isClaim(iri) {
  return iri.startsWith(`${page.base}claim/`);
}
