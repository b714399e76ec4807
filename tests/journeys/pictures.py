"""Take the README's pictures from a running demonstration with BAOKAO_CAPTCHA=fixed.

    BAOKAO_CAPTCHA=fixed make demo
    .venv/bin/python -m tests.journeys.pictures http://localhost:8000

The demonstration's data has to be fresh: 颜明 registers.
"""

import os
import shutil
import sys
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tests.journeys import walk

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "pictures"
FLAGS = ["--no-sandbox", "--disable-gpu"]


def main(site: str) -> None:
    """The home page on a wide screen, the registration page on a phone."""
    FOLDER.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=os.environ.get("BAOKAO_CHROMIUM") or shutil.which("chromium"), args=FLAGS
        )
        wide = chromium.new_page(viewport={"width": 1280, "height": 960}, locale="zh-CN")
        wide.goto(site)
        wide.screenshot(path=FOLDER / "home-1280.png")
        phone = chromium.new_context(viewport={"width": 390, "height": 1180}, locale="zh-CN").new_page()
        _walk(phone, site)
        phone.screenshot(path=FOLDER / "registration-390.png")
        chromium.close()


def _walk(page: Page, site: str) -> None:
    walk.come_in(page, site, walk.YANMING)
    walk.enter(page)
    walk.speak(page)


if __name__ == "__main__":
    main(sys.argv[1])
