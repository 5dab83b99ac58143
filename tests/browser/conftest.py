"""One Chromium for the browser tests, and people who sit in front of it."""

import os
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from django.conf import LazySettings
from django.core.signals import request_finished, request_started
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from pytest_django.live_server_helper import LiveServer

from campaigns.actions import sending, sweeping
from crm.models import User
from tests.world import World

PASSWORD = "a quiet morning in Lyon"
# Nothing but the pages under test may be asked for.
FLAGS = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    executable = shutil.which("chromium")
    assert executable, "These tests need Chromium. `make browser` installs it or says how."
    flags = [*FLAGS, "--no-sandbox"] if os.geteuid() == 0 else FLAGS
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        # Playwright keeps an event loop in this thread, where Django then refuses the database;
        # the tests themselves run nothing at the same time.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        browser = playwright.chromium.launch(executable_path=executable, args=flags)
        yield browser
        browser.close()


@contextmanager
def answered() -> Iterator[None]:
    """At its end the site has answered everything that browsers asked.

    A page that is closed while it keeps what was typed leaves its request behind, and the database
    would be emptied under it: the one waits for the other.
    """
    busy: set[int] = set()

    def begins(**_: object) -> None:
        busy.add(threading.get_ident())

    def ends(**_: object) -> None:
        busy.discard(threading.get_ident())

    request_started.connect(begins, weak=False)
    request_finished.connect(ends, weak=False)
    try:
        yield
        deadline = time.monotonic() + 15
        while busy - {threading.get_ident()}:
            assert time.monotonic() < deadline, "a request is never answered"
            time.sleep(0.01)
    finally:
        request_started.disconnect(begins)
        request_finished.disconnect(ends)


@pytest.fixture
def site(live_server: LiveServer, settings: LazySettings) -> Iterator[str]:
    """Where Liaison answers, for the links in mails, too."""
    settings.BASE_URL = live_server.url
    with answered():
        yield str(live_server.url)


Open = Callable[..., Page]


@pytest.fixture
def open_browser(chromium: Browser, site: str) -> Iterator[Open]:
    """A browser of somebody's own: nothing shared with another person's but the machine."""
    contexts: list[BrowserContext] = []

    def opened(*, width: int = 1280, scheme: str = "light", javascript: bool = True) -> Page:
        context = chromium.new_context(
            base_url=site,
            viewport={"width": width, "height": 900},
            color_scheme=scheme,  # type: ignore[arg-type]
            java_script_enabled=javascript,
            locale="en-GB",
            timezone_id="Europe/Paris",
        )
        context.set_default_timeout(15_000)
        contexts.append(context)
        return context.new_page()

    yield opened
    for context in contexts:
        context.close()


@pytest.fixture
def sit_down(open_browser: Open, world: World) -> Callable[..., Page]:
    """Somebody of the world, signed in through the real form."""

    def seated(who: str, **browser: object) -> Page:
        user: User = world.users[who]
        user.set_password(PASSWORD)
        user.save()
        page = open_browser(**browser)
        page.goto("/")
        page.get_by_label("Email").fill(user.email)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        page.get_by_role("heading", name="Good day").wait_for()
        return page

    return seated


def send_due(stop: Callable[[], bool] = sending.never) -> None:
    """What the scheduler and the workers do, in this process."""
    for campaign in sweeping.tick():
        sending.work(campaign, stop=stop)
    sweeping.tidy()
