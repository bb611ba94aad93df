// Write programs that ask a query. Each quotes it so that it arrives as it is.

const LANGUAGES = {
  curl: (query, address, type) => `curl -H 'Accept: ${type}' --data-urlencode ${inShell(`query=${query}`)} ${inShell(address)}
`,

  python: (query, address, type, isRows) => `import json
from urllib.parse import urlencode
from urllib.request import Request, urlopen

query = ${inPython(query)}
data = urlencode({"query": query}).encode()
with urlopen(Request("${address}", data, {"Accept": "${type}"})) as response:
${isRows ? `    answer = json.load(response)
for row in answer["results"]["bindings"]:
    print({name: term["value"] for name, term in row.items()})
` : `    print(response.read().decode())
`}`,

  r: (query, address, type, isRows) => `# install.packages("httr2")
library(httr2)

query <- ${inR(query)}
answer <- request("${address}") |>
  req_headers(Accept = "${type}") |>
  req_body_form(query = query) |>
  req_perform() |>
  resp_body_string()
${isRows ? `read.csv(text = answer, encoding = "UTF-8")
` : `cat(answer)
`}`,

  javascript: (query, address, type, isRows) => `const query = ${inJavaScript(query)};
const response = await fetch("${address}", {
  method: "POST",
  headers: { Accept: "${type}" },
  body: new URLSearchParams({ query }),
});
if (!response.ok) throw new Error((await response.json()).detail);
${isRows ? `const answer = await response.json();
for (const row of answer.results.bindings) {
  console.log(Object.fromEntries(Object.entries(row).map(([name, term]) => [name, term.value])));
}
` : `console.log(await response.text());
`}`,
};

const TYPES = {
  SELECT: { curl: "text/csv", r: "text/csv", python: "application/sparql-results+json", javascript: "application/sparql-results+json" },
  ASK: { other: "application/sparql-results+json" },
};

// Give a program: in which language, for which query of which form, asking which address.
export function snippet(language, query, form, address) {
  const types = TYPES[form] ?? { other: "text/turtle" };
  return LANGUAGES[language](query, address, types[language] ?? types.other, form === "SELECT");
}

function inShell(text) {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

function inPython(text) {
  return `"""${text.replaceAll("\\", "\\\\").replace(/"(?=""|$)/g, '\\"').replaceAll("\r", "\\r")}"""`;
}

function inR(text) {
  return `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\r", "\\r")}"`;
}

function inJavaScript(text) {
  return `\`${text.replaceAll("\\", "\\\\").replaceAll("`", "\\`").replaceAll("${", "\\${").replaceAll("\r", "\\r")}\``;
}
