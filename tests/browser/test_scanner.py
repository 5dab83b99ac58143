"""A scanner that opens every link of every mail in a real browser, with its scripts."""

from contextlib import suppress
from pathlib import Path

from playwright.sync_api import Error
from pytest_django.fixtures import Settings

from tests.browser.conftest import Open
from tests.kit import every_mail
from tests.kit.mailserver import MailServer
from tests.kit.tables import tables
from tests.world import World


def test_a_headless_browser_on_every_link_of_every_mail_changes_nothing(
    world: World, mail_server: MailServer, open_browser: Open, settings: Settings, tmp_path: Path
) -> None:
    settings.UNDO_WINDOW = 0
    settings.MEDIA_ROOT = tmp_path
    every_mail.send_all(world)
    sent = every_mail.links_of(mail_server)
    assert every_mail.kinds_of(sent) >= every_mail.EVERY_KIND
    before = tables(without=())
    page = open_browser()
    for link in sorted(sent):
        with suppress(Error):  # what is to be saved opens no page
            page.goto(link, wait_until="networkidle")
        for button in page.get_by_role("button").all():
            button.hover()
            button.focus()
    assert tables(without=()) == before
