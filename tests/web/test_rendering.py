"""The words, the templates and the files of pages fit together."""

import re
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from aisi_kg.web.assets import assets
from aisi_kg.web.messages import message, messages
from aisi_kg.web.rendering import Addresses

Ask = Callable[..., httpx.Response]

WEB = Path(__file__).resolve().parents[2] / "server" / "aisi_kg" / "web"
TEMPLATES = "".join(path.read_text("utf-8") for path in sorted((WEB / "templates").rglob("*.html")))
SCRIPTS = [path for path in (WEB / "static").rglob("*.js") if "vendor" not in path.parts]
SOURCE = TEMPLATES + "".join(
    path.read_text("utf-8") for path in sorted([*WEB.parent.rglob("*.py"), *SCRIPTS])
)


@pytest.mark.parametrize("key", messages())
def test_a_message_is_there_in_both_languages_and_used(key: str) -> None:
    texts = messages()[key]
    assert set(texts) == {"en", "zh"}
    assert all(text.strip() == text != "" for text in texts.values())
    places = [sorted(re.findall(r"\{(\w+)\}", text)) for text in texts.values()]
    assert places[0] == places[1]
    if key.startswith("columns."):
        # Names of what the project's queries give; test_query_pages.py holds them against those.
        return
    # Some are put together: the area, and the key that a variable holds.
    name = re.sub(r"\d+$", "", key.partition(".")[2])
    stems = [name[: match.end()] for match in re.finditer("_", name)]
    put_together = [rf"{re.escape(stem)}(?:\{{|\$\{{|[\"'] ?[+~])" for stem in stems]
    used = "|".join([re.escape(name), *put_together])
    assert re.search(rf"(?<![A-Za-z])(?:{used})", SOURCE), f"{key} is not used"


def test_a_message_is_filled_in() -> None:
    assert message("site.dataset", "en", version="1+a", program="1") == "Dataset 1+a, program 1"


@pytest.mark.parametrize("name", sorted(set(re.findall(r"""asset\(["']([^"']+)["']\)""", TEMPLATES))))
def test_a_file_that_a_template_loads_is_served(ask: Ask, name: str) -> None:
    address = assets().address(name)
    response = ask("GET", address, headers={"accept-encoding": "gzip"})
    assert response.status_code == 200
    assert "immutable" in response.headers["cache-control"]
    again = ask(
        "GET", address, headers={"if-none-match": response.headers["etag"], "accept-encoding": "gzip"}
    )
    assert again.status_code == 304
    plain = ask("GET", address, headers={"accept-encoding": "identity"})
    assert plain.content == response.content
    assert "content-encoding" not in plain.headers


def test_another_versions_file_is_not_kept(ask: Ask) -> None:
    response = ask("GET", "/static/000000000000/site.css")
    assert response.status_code == 200
    assert response.headers["cache-control"] == "no-cache"


@pytest.mark.parametrize(
    "name", ["../app.py", "%2e%2e/app.py", "none.css", ".npmrc", "", "site.css/", "//etc/passwd"]
)
def test_nothing_else_is_served(ask: Ask, name: str) -> None:
    assert ask("GET", f"/static/{assets().digest}/{name}").status_code == 404


def test_addresses_keep_the_language_and_the_prefix() -> None:
    addresses = Addresses("zh", "/kg")
    assert addresses.page("/search", q="a&b", kind="") == "/kg/search?q=a%26b&lang=zh"
    assert addresses.resource("https://w3id.org/aisi-kg/entity/x") == "/kg/entity/x?lang=zh"
    assert addresses.resource("https://w3id.org/aisi-kg/ontology#Claim") == "/kg/ontology?lang=zh#Claim"
    assert addresses.resource("https://example.org/x") == "https://example.org/x"
    assert addresses.resource("javascript:alert(1)") == "#"


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_problem_is_told_in_the_readers_language(ask: Ask, language: str) -> None:
    response = ask("GET", "/nothing", "text/html", headers={"accept-language": language})
    assert response.status_code == 404
    assert response.headers["content-language"] == language
    assert f"<h1>{message('problem.status_404', language)}</h1>" in response.text
    wrong = ask("GET", "/queries?lang=fr", "text/html", headers={"accept-language": language})
    assert wrong.status_code == 422
    assert f"<h1>{message('problem.status_422', language)}</h1>" in wrong.text


@pytest.mark.parametrize("path", ["/queries", "/sparql", "/explain", "/ontology"])
def test_a_page_that_is_kept_keeps_its_policy(ask: Ask, path: str) -> None:
    first = ask("GET", path, "text/html")
    assert "script-src 'self'" in first.headers["content-security-policy"]
    headers = {"if-none-match": first.headers["etag"]}
    again = ask("GET", path, "text/html", headers=headers)
    assert again.status_code == 304
    # What it said would take the place of the page's own.
    assert "content-security-policy" not in again.headers
