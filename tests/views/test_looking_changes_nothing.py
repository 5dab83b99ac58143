"""Programs open every link of a mail before its reader does: nothing may come of it."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from campaigns.actions import clicks
from campaigns.models import Click, Link, Visit
from tests import world as worlds
from tests.kit import every_mail
from tests.kit.mailserver import MailServer
from tests.kit.tables import tables
from tests.world import World


@pytest.fixture
def world(installation: None) -> World:
    return worlds.build()


@pytest.fixture(autouse=True)
def _files_of_its_own(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    settings.UNDO_WINDOW = 0


@pytest.fixture
def sent(world: World, mail_server: MailServer) -> set[str]:
    every_mail.send_all(world)
    return every_mail.links_of(mail_server)


def test_get_and_head_of_every_link_of_every_mail_change_nothing(sent: set[str]) -> None:
    assert every_mail.kinds_of(sent) >= every_mail.EVERY_KIND
    before = tables(without=())
    for link in sorted(sent):
        for method in ("get", "head"):
            scanner = Client(enforce_csrf_checks=True)
            answer = getattr(scanner, method)(link)
            assert answer.status_code in (200, 301, 302), (link, answer.status_code)
            assert not answer.cookies or "/accounts/" in link
            answer.getvalue()  # files are open until they are sent
    assert tables(without=()) == before


def test_where_clicks_are_counted_nothing_else_changes(
    world: World, mail_server: MailServer
) -> None:
    world.alliance.counts_clicks = True
    world.alliance.save()
    every_mail.send_all(world)
    sent = every_mail.links_of(mail_server)
    assert "follow-link" in every_mail.kinds_of(sent)

    before = tables(without=("Visit", "Click"))
    for link in sorted(sent):
        Client(headers={"user-agent": "Mozilla/5.0 Firefox/140.0"}).get(link).getvalue()
        Client().head(link).getvalue()
    Visit.objects.update(at=timezone.now() - timedelta(seconds=30))
    clicks.count()
    assert tables(without=("Visit", "Click")) == before
    assert Click.objects.filter(machine=True).exists()
    for click in Click.objects.filter(machine=False):
        # Who opens the only link of a mail looks like its reader.
        opened = Link.objects.filter(campaign=click.link.campaign, clicks__isnull=False)
        assert opened.distinct().count() == 1
