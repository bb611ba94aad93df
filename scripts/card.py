"""Draw the picture that others show beside a link to a page, from card.svg beside this file.

Run by hand after that was changed, by ``make card``: it needs Chromium and fonts for both languages. The
picture is committed, so that nobody who builds the project needs either.
"""

import shutil
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

_SOURCE = Path(__file__).resolve().parent / "card.svg"
_TARGET = _SOURCE.parent.parent / "server" / "aisi_kg" / "web" / "static" / "card.png"
_SIZE = {"width": 880, "height": 462}


def main() -> int:
    """Draw it.

    :returns: 0, or 1 where there is no Chromium.
    """
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        print("There is no Chromium here; install it to draw the picture.", file=sys.stderr)
        return 1
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport=_SIZE)
        page.goto(_SOURCE.as_uri())
        page.screenshot(path=_TARGET)
        browser.close()
    print(f"{_TARGET.name} has {_TARGET.stat().st_size} bytes.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
