"""Measure pages: the time that the server takes, what is sent, and when something is seen in Chromium.

The dataset of the checkout has to be built. Each page is asked for in both languages, one after the other on
one connection, by addresses that were never asked for before; the median counts. What is sent at the first
load is the page with all that it loads, compressed; it is seen at the first paint of content, in a new window
with nothing kept. Nothing is asserted.

::

    .venv/bin/python benchmarks/pages.py [--requests 20] [PATH…]
"""

import argparse
import re
import shutil
import statistics
import subprocess
import sys
import time

import httpx
from playwright.sync_api import Browser, sync_playwright

#: A page of each kind; the largest of its kind where they differ much.
PAGES = (
    "/",
    "/search?q=风险",
    "/entity/uk-aisi",
    "/claim/concordia-2024/2.1-caisi-funding",
    "/source/concordia-2024",
    "/source/concordia-2024/footnote/29",
    "/footnotes",
    "/publications",
    "/tables/3.1",
    "/tables/3.2",
    "/compare",
    "/timeline",
    "/network",
    "/contradictions",
    "/challenges",
    "/queries",
    "/queries/timeline",
    "/sparql",
    "/ontology",
    "/api",
)
READY = re.compile(r"Serving dataset (\S+) at (http://127\.0\.0\.1:\d+);")
_NETWORK = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"


def server_ms(client: httpx.Client, path: str, requests: int) -> tuple[float, float]:
    """Ask for a page in both languages.

    :param client: a connection to the server.
    :param path: the page.
    :param requests: how often each language is asked for.
    :returns: the median and the longest time, in milliseconds.
    :raises SystemExit: if it is not answered.
    """
    taken = []
    for number in range(requests):
        for language in ("en", "zh"):
            mark = "&" if "?" in path else "?"
            begun = time.perf_counter()
            # Another spelling of the same each time, so that no answer is one that was kept.
            response = client.get(f"{path}{mark}lang={language}{'&' * number}")
            elapsed = (time.perf_counter() - begun) * 1000
            if response.status_code != httpx.codes.OK:
                raise SystemExit(f"{path}: {response.status_code} {response.text[:200]}")
            # The first fills what is read once.
            if number:
                taken.append(elapsed)
    return statistics.median(taken), max(taken)


def first_load(browser: Browser, url: str) -> tuple[float, float]:
    """Open a page in a new window.

    :param browser: the browser.
    :param url: the page.
    :returns: kilobytes that were sent, and milliseconds to the first paint of content.
    """
    context = browser.new_context()
    page = context.new_page()
    sizes: list[int] = []
    page.on("requestfinished", lambda request: sizes.append(request.sizes()["responseBodySize"]))
    page.goto(url, wait_until="networkidle")
    paints = page.evaluate("performance.getEntriesByName('first-contentful-paint').map(e => e.startTime)")
    context.close()
    return sum(sizes) / 1000, paints[0] if paints else float("nan")


def main() -> None:
    """Start a server, measure, and print a line a page."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("paths", nargs="*", default=PAGES, metavar="PATH")
    parser.add_argument("--requests", type=int, default=20, help="how often each page is asked for")
    given = parser.parse_args()
    program = shutil.which("chromium")
    if program is None:
        raise SystemExit("Chromium is not installed.")
    process = subprocess.Popen(
        [sys.executable, "-m", "aisi_kg", "serve", "--port", "0"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        assert process.stdout is not None
        ready = READY.match(process.stdout.readline())
        if ready is None:
            raise SystemExit("The server does not start; aisi-kg serve says why.")
        print(f"dataset {ready[1]}, {given.requests} requests in each language")
        print(f"{'page':44} {'median ms':>9} {'longest':>8} {'kB sent':>8} {'paint ms':>8}")
        with (
            httpx.Client(base_url=ready[2], headers={"accept": "text/html"}) as client,
            sync_playwright() as playwright,
            playwright.chromium.launch(executable_path=program, args=["--no-sandbox", _NETWORK]) as browser,
        ):
            for path in given.paths:
                median, longest = server_ms(client, path, given.requests)
                sent, paint = first_load(browser, ready[2] + path)
                print(f"{path:44} {median:9.1f} {longest:8.1f} {sent:8.0f} {paint:8.0f}")
    finally:
        process.terminate()
        process.wait(30)


if __name__ == "__main__":
    main()
