"""The page of the interface for programs says, without script, what the description says."""

import json
import re
from collections.abc import Callable
from html import unescape

import httpx
import pytest

from aisi_kg.web.assets import assets

Ask = Callable[..., httpx.Response]

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


@pytest.mark.parametrize("language", ["en", "zh"])
def test_each_operation_is_listed_with_its_parameters(library_ask: Ask, language: str) -> None:
    document = library_ask("GET", "/openapi.json").json()
    titles = {each["id"]: each["title"] for each in library_ask("GET", "/queries.json").json()["queries"]}
    page = unescape(library_ask("GET", "/api", BROWSER, params={"lang": language}).text)
    rows = [row for row in re.findall("<tr>(.*?)</tr>", page, re.DOTALL) if "data-try" in row]

    def value(row: str, name: str) -> str:
        return row.split(f'{name}="')[1].split('"', maxsplit=1)[0]

    listed = {(value(row, "data-method"), value(row, "data-try")) for row in rows}
    assert listed == {(method, path) for path, methods in document["paths"].items() for method in methods}
    for row in rows:
        operation = document["paths"][value(row, "data-try")][value(row, "data-method")]
        for parameter in operation["parameters"]:
            assert f"<code>{parameter['name']}</code>" in row
        if operation["operationId"] in titles:
            assert titles[operation["operationId"]][language] in row


def test_what_is_loaded_on_demand_is_of_this_server(library_ask: Ask) -> None:
    page = library_ask("GET", "/api", BROWSER).text
    match = re.search(r'<script type="application/json" id="for-scripts">(.*?)</script>', page)
    assert match is not None
    for address in json.loads(match[1]).values():
        assert address == "/openapi.json" or address.startswith(f"/static/{assets().digest}/vendor/")
        assert library_ask("GET", address).status_code == 200
    # It is not loaded before.
    assert "swagger" not in "".join(re.findall(r"<(?:script|link)[^>]*>", page))


def test_links_lead_somewhere(library_ask: Ask) -> None:
    page = library_ask("GET", "/api", BROWSER).text
    main = page[page.index("<main") : page.index("</main>")]
    for link in re.findall(r'<a href="(/queries[^"]*|/openapi.json|/sparql\?format=turtle)"', main):
        if "/queries/elsewhere" not in link:
            assert library_ask("GET", unescape(link), BROWSER).status_code == 200, link


def test_there_is_no_other_parameter(library_ask: Ask) -> None:
    assert library_ask("GET", "/api", params={"x": "<b>"}).status_code == 422
