"""Pictures of what a test saw, kept to be looked at."""

from playwright.sync_api import Page

from crm.embedded.home import VAR

FOLDER = VAR / "screenshots"


def keep(page: Page, name: str) -> None:
    page.screenshot(path=FOLDER / f"{name}.png", full_page=True)
