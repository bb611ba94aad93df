"""Real Chromium before a real server with the project's own dataset, and nothing else on the network.

Fixtures: ``site`` is the server; ``visit`` opens pages, with a language and a width, and fails the test when
a page has logged an error, asked for what is not there or for what is not of this server. Pictures of what
was seen are kept where the environment names a folder in SCREENSHOTS. Without Chromium all of it is skipped.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Response, sync_playwright

CHECKOUT = Path(__file__).resolve().parent.parent.parent
SCREENSHOTS = os.environ.get("SCREENSHOTS")
AXE = CHECKOUT / ".venv" / "front-end" / "axe.min.js"
READY = re.compile(r"Serving dataset \S+ at (http://127\.0\.0\.1:\d+);")
NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
#: Chromium would ask its maker for updates and lists, and Docker's root has no sandbox of its own.
ARGUMENTS = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
    "--no-sandbox",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]
WIDTHS = {"wide": (1440, 900), "narrow": (390, 844)}
HIGHEST = 16_000
#: WCAG 2.2 at the levels A and AA, in axe-core's names.
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


@pytest.fixture(scope="session")
def site(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve the project's dataset; give the server's address."""
    folder = tmp_path_factory.mktemp("site")
    environment = {**os.environ, "AISI_KG_DATASETS": str(built), "XDG_RUNTIME_DIR": str(folder)}
    log = folder / "log"
    with log.open("wb") as file:
        process = subprocess.Popen(
            [sys.executable, "-m", "aisi_kg", "serve", "--port", "0"],
            env=environment,
            cwd=CHECKOUT,
            stdout=subprocess.PIPE,
            stderr=file,
            text=True,
        )
    assert process.stdout is not None
    try:
        line = process.stdout.readline()
        match = READY.match(line)
        assert match is not None, line + log.read_text("utf-8")
        yield match[1]
    finally:
        process.terminate()
        process.wait(30)
        process.stdout.close()


# Not for the session: while Playwright runs, it has an event loop in this thread, and tests of other folders
# start their own.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Start Chromium."""
    program = next((found for name in NAMES if (found := shutil.which(name))), None)
    if program is None:
        pytest.skip("Chromium is not installed; on Debian and Ubuntu: apt install chromium fonts-noto-cjk.")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        yield started
        started.close()


@dataclass
class Visit:
    """Hold a window of the browser.

    :param page: the page that is open.
    :param site: the server's address.
    """

    page: Page
    site: str
    faults: list[str] = field(default_factory=list)
    #: Whether the next answers may be errors, as when a test asks for what is not there.
    expects_errors: bool = False

    def open(self, path: str, until: Literal["load", "networkidle"] = "networkidle") -> Response:
        """Open a page and wait until it is whole, or also until it asks for nothing more."""
        response = self.page.goto(self.site + path, wait_until=until)
        assert response is not None
        return response

    def resize(self, width: str) -> None:
        """Make the window as wide as one of WIDTHS."""
        size = WIDTHS[width]
        self.page.set_viewport_size({"width": size[0], "height": size[1]})

    def picture(self, name: str) -> None:
        """Keep what is seen, where somebody wants to look at it."""
        if not SCREENSHOTS:
            return
        folder = Path(SCREENSHOTS)
        folder.mkdir(parents=True, exist_ok=True)
        # Chromium draws no picture that is higher; of such a page, what is seen first is kept.
        is_drawn = self.page.evaluate("document.documentElement.scrollHeight") < HIGHEST
        self.page.screenshot(path=folder / f"{name}.png", full_page=is_drawn)

    def violations(self, rules: Sequence[str] = RULES) -> list[str]:
        """List what axe-core finds against WCAG, or against rules of it, in the page as it is."""
        self.page.evaluate(AXE.read_text("utf-8"))
        found: dict[str, Any] = self.page.evaluate(
            "rules => axe.run(document, {runOnly: rules, resultTypes: ['violations']})", list(rules)
        )
        return [
            f"{violation['id']}: {violation['help']}: {node['html'][:200]} {node['failureSummary'][:200]}"
            for violation in found["violations"]
            for node in violation["nodes"]
        ]

    def watch(self, context: BrowserContext) -> None:
        """Collect what goes wrong in any page of a context."""
        context.on("console", lambda m: self._log(m.text) if m.type in ("error", "warning") else None)
        context.on("weberror", lambda error: self.faults.append(f"script: {error.error}"))
        context.on("requestfailed", lambda r: self._failed(r.url, r.failure))
        context.on("response", self._answered)

    def _log(self, text: str) -> None:
        if not (self.expects_errors and text.startswith("Failed to load resource")):
            self.faults.append(f"console: {text}")

    def _failed(self, url: str, failure: str | None) -> None:
        # What a page itself stops, or leaves behind when it is left, is no fault.
        if failure != "net::ERR_ABORTED":
            self.faults.append(f"failed: {url} {failure}")

    def _answered(self, response: Response) -> None:
        parts = urlsplit(response.url)
        if parts.scheme not in ("data", "blob") and f"{parts.scheme}://{parts.netloc}" != self.site:
            self.faults.append(f"foreign: {response.url}")
        if response.status >= 400 and not self.expects_errors:
            self.faults.append(f"{response.status}: {response.url}")


#: Opens a window: language, width, and what Playwright's contexts take.
Open = Callable[..., Visit]


@pytest.fixture
def visit(browser: Browser, site: str) -> Iterator[Open]:
    """Give a function that opens a window; afterwards nothing may have gone wrong in any."""
    contexts: list[BrowserContext] = []
    visits: list[Visit] = []

    def make(language: str = "en", width: str = "wide", **options: Any) -> Visit:
        size = WIDTHS[width]
        context = browser.new_context(
            locale={"en": "en-GB", "zh": "zh-CN"}[language],
            viewport={"width": size[0], "height": size[1]},
            reduced_motion="reduce",
            **options,
        )
        context.set_default_timeout(10_000)
        contexts.append(context)
        made = Visit(context.new_page(), site)
        made.watch(context)
        visits.append(made)
        return made

    yield make
    for context in contexts:
        context.close()
    assert [fault for each in visits for fault in each.faults] == []
