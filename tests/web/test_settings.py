"""The settings: what is read, what is refused, and that each is documented."""

import re
from pathlib import Path

import pytest

from aisi_kg.errors import InputError
from aisi_kg.graph.linking.services import ANSWER_BYTES, TIMEOUT, Services
from aisi_kg.web.settings import Settings


def test_what_is_not_set_has_its_default() -> None:
    assert Settings.from_environment({}) == Settings()
    assert Settings.from_environment(dict.fromkeys(Settings.names(), " ")) == Settings()


def test_what_is_set_is_read() -> None:
    settings = Settings.from_environment(
        {
            "AISI_KG_MAX_BODY_BYTES": "2048",
            "AISI_KG_MAX_URL_BYTES": " 1024 ",
            "AISI_KG_QUERY_SLOTS": "3",
            "AISI_KG_CLIENT_HEADER": "X-Real-IP",
            "AISI_KG_LOG": "json",
            "AISI_KG_PUBLIC_URL": "https://example.org/kg/",
            "AISI_KG_REPORT_ERRORS_TO": "https://example.org/new?title={claim}&body={version}",
        }
    )
    assert settings == Settings(
        max_body_bytes=2048,
        max_url_bytes=1024,
        query_slots=3,
        client_header="X-Real-IP",
        log="json",
        public_url="https://example.org/kg",
        report_errors_to="https://example.org/new?title={claim}&body={version}",
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("AISI_KG_MAX_BODY_BYTES", "many"),
        ("AISI_KG_MAX_BODY_BYTES", "-1"),
        ("AISI_KG_MAX_BODY_BYTES", "1e6"),
        ("AISI_KG_MAX_BODY_BYTES", "1023"),
        ("AISI_KG_MAX_BODY_BYTES", "99999999999"),
        ("AISI_KG_MAX_URL_BYTES", "٣٠٠٠"),
        ("AISI_KG_QUERY_SLOTS", "0"),
        ("AISI_KG_LOG", "loud"),
        ("AISI_KG_CLIENT_HEADER", "X: y"),
        ("AISI_KG_PUBLIC_URL", "example.org"),
        ("AISI_KG_PUBLIC_URL", "https://example.org/<x>"),
        ("AISI_KG_REPORT_ERRORS_TO", "nowhere"),
        ("AISI_KG_REPORT_ERRORS_TO", "javascript:alert(1)"),
        ("AISI_KG_REPORT_ERRORS_TO", "a@b.org?subject=x"),
    ],
)
def test_what_cannot_be_used_is_refused(name: str, value: str) -> None:
    with pytest.raises(InputError, match=f"{name} is {re.escape(value)}"):
        Settings.from_environment({name: value})


def test_every_variable_that_the_program_reads_is_documented(checkout: Path) -> None:
    documented = set(
        re.findall(r"`(AISI_KG_[A-Z_]+)`", (checkout / "docs" / "settings.md").read_text("utf-8"))
    )
    sources = sorted((checkout / "server").rglob("*.py"))
    named = {
        name for path in sources for name in re.findall(r'"(AISI_KG_[A-Z_]*[A-Z])"', path.read_text("utf-8"))
    }
    assert documented == named | set(Settings.names())


def test_the_documented_defaults_are_those_of_the_program(checkout: Path) -> None:
    text = (checkout / "docs" / "settings.md").read_text("utf-8")
    found = re.findall(r"\| `(AISI_KG_[A-Z_]+)` \| (\d+) \|", text)
    assert len(found) > 8
    linking = {TIMEOUT: Services().timeout_s, ANSWER_BYTES: Services().answer_bytes}
    for name, default in found:
        usual = linking.get(name) or getattr(Settings(), name.removeprefix("AISI_KG_").lower())
        assert usual == int(default)
    for address in (Services().reconciliation, Services().items):
        assert f"| `{address}` |" in text
