// Ask the endpoint and read what it sends, as long as that is not too long to show.

import { page } from "./page.js";
import { termsOf } from "./triples.js";

// First what shows best; where there is none of it, the endpoint sends the other.
const ACCEPT = "application/sparql-results+json, application/n-triples;q=0.9";
const endpoint = `${page.root}/sparql`;

// Fails to be shown: `code` names why, as in the endpoint's problems.
export class Refused extends Error {
  constructor(problem) {
    super(problem.detail ?? "");
    this.problem = problem;
  }
}

// Give an answer: its kind (rows, triples, truth), columns and rows of terms, text, milliseconds.
export async function ask(query, signal) {
  const started = performance.now();
  let text;
  let response;
  try {
    response = await fetch(endpoint, {
      method: "POST",
      headers: { Accept: ACCEPT },
      body: new URLSearchParams({ query }),
      signal,
    });
    if (!response.ok) throw new Refused(await problemOf(response));
    text = await bounded(response);
  } catch (error) {
    if (error instanceof Refused || error.name === "AbortError") throw error;
    throw new Refused({ code: response ? "cut" : "unreachable" });
  }
  const type = response.headers.get("content-type") ?? "";
  const answer = type.startsWith("application/n-triples") ? triples(text) : solutions(text);
  return { ...answer, query, text, type, milliseconds: Math.round(performance.now() - started) };
}

async function problemOf(response) {
  try {
    return await response.json();
  } catch {
    return { code: "other", detail: response.statusText };
  }
}

async function bounded(response) {
  const reader = response.body.getReader();
  const decoder = new TextDecoder();
  const parts = [];
  for (let size = 0; ;) {
    const { done, value } = await reader.read();
    if (done) break;
    size += value.length;
    if (size > page.shownBytes) {
      // The server then stops, too.
      await reader.cancel();
      throw new Refused({ code: "too-long" });
    }
    parts.push(decoder.decode(value, { stream: true }));
  }
  parts.push(decoder.decode());
  return parts.join("");
}

function solutions(text) {
  const value = JSON.parse(text);
  if ("boolean" in value) return { kind: "truth", truth: value.boolean, columns: [], rows: [] };
  const columns = value.head.vars;
  return { kind: "rows", columns, rows: value.results.bindings.map((row) => columns.map((name) => termOf(row[name]))) };
}

function termOf(term) {
  if (!term) return null;
  return { type: term.type, value: term.value, language: term["xml:lang"] ?? "", datatype: term.datatype ?? "" };
}

function triples(text) {
  return { kind: "triples", columns: ["subject", "predicate", "object"], rows: termsOf(text) };
}
