// Read N-Triples as the endpoint writes them: a triple a line.

const TERM = /<([^>]*)>|_:([^\s]+)|"((?:[^"\\]|\\.)*)"(?:@([A-Za-z0-9-]+)|\^\^<([^>]*)>)?/y;
const NAMED = { t: "\t", b: "\b", n: "\n", r: "\r", f: "\f", '"': '"', "'": "'", "\\": "\\" };

export function termsOf(text) {
  const rows = [];
  for (const line of text.split("\n")) {
    if (!line.trim()) continue;
    const row = [];
    TERM.lastIndex = 0;
    for (let match; row.length < 3 && (match = TERM.exec(line)); TERM.lastIndex += 1) {
      const end = TERM.lastIndex;
      row.push(termOf(match));
      TERM.lastIndex = end;
    }
    if (row.length === 3) rows.push(row);
  }
  return rows;
}

function termOf([, iri, blank, literal, language = "", datatype = ""]) {
  if (iri !== undefined) return { type: "uri", value: unescaped(iri), language: "", datatype: "" };
  if (blank !== undefined) return { type: "bnode", value: blank, language: "", datatype: "" };
  return { type: "literal", value: unescaped(literal), language, datatype };
}

function unescaped(text) {
  return text.replace(/\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))/gs, (whole, four, eight, one) =>
    one === undefined ? String.fromCodePoint(parseInt(four ?? eight, 16)) : NAMED[one] ?? whole);
}
