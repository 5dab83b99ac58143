"""The demo data: loaded once for this module, and taken back at its end."""

import datetime as dt
import re
from collections.abc import Iterator

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import override_settings
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from campaigns.actions import overview, sending
from campaigns.actions.crews import Tally
from campaigns.demo import fixture, mailings, prepared, users
from campaigns.demo.days import Days, moment
from campaigns.demo.load import load
from campaigns.models import Campaign, Installation
from crm.models import (
    Address,
    Alliance,
    Cluster,
    ContactPoint,
    Event,
    Market,
    Membership,
    Mission,
    Organisation,
    Participation,
    Person,
    Suppression,
    User,
)
from crm.models.search import organisations_called
from crm.rules.addresses import is_reserved, keyed

TODAY = dt.date(2026, 11, 22)
SIX = {"en", "fr", "de", "it", "es", "ca"}


@pytest.fixture(scope="module")
def demo(
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[None]:
    media = tmp_path_factory.mktemp("media")
    with (
        django_db_blocker.unblock(),
        override_settings(MEDIA_ROOT=media, EMAIL_URL=""),
        transaction.atomic(),
    ):
        load(TODAY)
        yield
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def loaded(demo: None) -> Iterator[None]:
    """Each test finds the demo as it was loaded."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def contents() -> dict[str, list[dict[str, object]]]:
    return {
        model._meta.label: list(model._base_manager.order_by("pk").values())
        for model in apps.get_app_config("crm").get_models()
    }


def test_it_holds_what_the_alliance_really_is() -> None:
    counts = [model._base_manager.count() for model in (Alliance, Cluster, Market, User, Event)]
    invented = Membership.objects.filter(category__in=("sme", "midcap", "subsidiary"))

    assert counts == [3, 6, 8, 8, 5]
    assert 155 <= invented.count() <= 165
    assert 320 <= Person.objects.filter(kind="contact").count() <= 340
    assert Person.objects.filter(kind="follower").count() == 28
    assert Organisation.objects.filter(kind="partner").count() == 9


def test_a_second_run_changes_nothing() -> None:
    before = contents()

    assert load(TODAY) == []
    assert contents() == before


def test_nothing_in_it_can_reach_anybody() -> None:
    rows = (row for table in contents().values() for row in table)
    text = " ".join(
        str(value) for row in rows for value in row.values() if not isinstance(value, bytes)
    )

    domains = set(re.findall(r"(?:[\w.+-]+@|https?://)([\w.-]+)", text))
    assert domains
    assert not {domain for domain in domains if not is_reserved(domain.rstrip("."))}


def test_the_open_mission_is_complete_in_six_languages_and_lies_ahead() -> None:
    mission = Mission.objects.get(slug="japan-next")

    texts = [mission.names, mission.leads, mission.terms, mission.external_route.texts]
    texts += [deadline.things for deadline in mission.deadlines.all()]
    texts += [document.titles for document in mission.documents.all()]
    assert mission.programme
    texts += [item.titles for item in mission.programme.items.all()]
    assert all(set(text) == SIX and all(text.values()) for text in texts)
    assert mission.documents.count() == 2
    assert mission.eligible_regions.count() == 4
    last = max(deadline.at.date() for deadline in mission.deadlines.all())
    assert TODAY < mission.deadlines.all()[0].at.date() <= last < mission.during.lower


def test_campaigns_wait_in_it_for_whoever_opens_it() -> None:
    by, today = User.objects.get(email=users.ADMINISTRATOR), timezone.localdate()
    load(today)  # its dates lie ahead of whatever day it is

    prepared.draft(Days(today), by)

    call = Campaign.objects.get(mission__slug="japan-next", follows=None)
    planned = [reminder.days for reminder in call.reminders.order_by("-days")]
    assert planned == [14, 7, 2]
    tried = Campaign.objects.get(event__slug="matchmaking-next")
    assert set(tried.trial.subjects) == set(tried.texts.values_list("language", flat=True)) == SIX
    readers = overview.read(tried).total.expected
    assert readers * tried.trial.share // 100 >= max(prepared.COMING.values())
    release = Campaign.objects.get(kind=Campaign.Kind.PRESS)
    assert release.embargo_until
    assert release.enclosures.count() == 1
    assert overview.read(release).total.expected


def test_past_invitations_begin_although_their_events_are_over(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    Installation.objects.get_or_create(pk=1)
    monkeypatch.setattr(sending, "work", lambda *_of, **_how: Tally())

    done = mailings.load(Days(TODAY), User.objects.get(email=users.ADMINISTRATOR))

    assert len(done) == 2
    begun = Campaign.objects.filter(
        event__ends_at__lt=timezone.now(), content_version__isnull=False
    )
    assert set(begun.values_list("ref", "status")) == {
        ("webinar-2021-invitation", Campaign.Status.SENDING),
        ("bio-europe-spring-2016-invitation", Campaign.Status.PAUSED),
    }
    assert all(campaign.deliveries.exists() for campaign in begun)


def test_the_coming_event_asks_for_an_answer_in_six_languages() -> None:
    event = Event.objects.get(slug="matchmaking-next")

    assert set(event.names) == set(event.leads) == SIX
    assert (event.answer_mode, event.starts_at.date() > TODAY) == ("rsvp", True)


def test_when_its_dates_have_passed_the_next_run_moves_them_on() -> None:
    later = TODAY + dt.timedelta(days=400)
    call_command("load_demo", "--today", later.isoformat(), verbosity=0)

    mission = Mission.objects.get(slug="japan-next")
    assert all(deadline.at > moment(later, 0) for deadline in mission.deadlines.all())
    assert all(deadline.sequence == 1 for deadline in mission.deadlines.all())
    assert mission.names["en"].startswith(f"Mission to Japan {mission.during.lower.year}")
    assert mission.programme
    assert mission.programme.n == 2
    assert Event.objects.get(slug="matchmaking-next").starts_at > moment(later, 0)
    assert load(later) == []


@pytest.mark.parametrize("day", range(0, 365, 13))
def test_the_open_mission_lies_ahead_on_every_day_of_the_year(day: int) -> None:
    later = TODAY + dt.timedelta(days=500 + day)
    load(later)

    mission = Mission.objects.get(slug="japan-next")
    days = [deadline.at.date() for deadline in mission.deadlines.all()]
    assert later < min(days) <= max(days) < mission.during.lower


def test_two_clusters_share_names_and_two_only_counts() -> None:
    plus = Participation.objects.filter(alliance__slug="bioxclusters-plus")

    assert {p.cluster.slug for p in plus if p.sharing == "core"} == {"lyonbiopole", "biopmed"}
    assert all(p.arrangement for p in plus if p.sharing == "core")


def test_desks_were_handed_over_once_and_one_is_for_japan_only() -> None:
    desks = ContactPoint.objects.valid_on(TODAY).filter(role="general")

    assert desks.filter(mission=None).count() == 6
    assert desks.get(cluster__slug="biocat").succeeds
    assert desks.get(mission__slug="japan-next").cluster.slug == "biom"


def test_it_is_dirty_on_purpose() -> None:
    people = Person.objects
    assert Address.objects.get(key="aurora.pontremoli@crossalps.example").uses.count() == 2
    assert people.filter(name_folded="jerome lefevre oingt").count() == 2
    assert set(people.values_list("language", flat=True)) == SIX | {"pt", "nl", "sv", None}
    assert (
        Organisation.objects.filter(organisations_called("merial"))
        .get()
        .legal_name.startswith("Boehringer")
    )
    assert people.filter(kind="contact", addresses=None).exists()
    assert people.filter(kind="contact", legal_bases=None).exists()
    assert people.exclude(paused_until=None).exists()
    assert people.exclude(archived_at=None).exists()
    assert people.filter(share_objected=True).exists()
    assert set(Suppression.objects.values_list("scope", flat=True)) == {
        "topic", "cluster", "alliance", "all",
    }  # fmt: skip
    for fate in ("bounce", "complaint", "cut"):
        assert Address.objects.filter(key__startswith=fate).exists()
    outside = Organisation.objects.filter(kind="company", region=None).get()
    assert outside.country == "AT"


def test_a_fixture_adds_as_many_as_were_asked_for_and_again() -> None:
    before = Person.objects.count(), Organisation.objects.count()
    for _time in range(2):
        fixture.load(people=50, organisations=10)

    assert (Person.objects.count(), Organisation.objects.count()) == (
        before[0] + 100, before[1] + 20,
    )  # fmt: skip
    newest = Person.objects.order_by("-pk").for_list()[0]
    assert newest.primary
    address = newest.primary.address
    assert bytes(address.hmac) == keyed(address.key or "", settings.ADDRESS_KEY)
    assert newest.legal_bases.get().record.person == newest
    assert newest.positions.get().organisation.memberships.get().cluster == newest.cluster
    assert Organisation.objects.filter(organisations_called("therapeutics")).exists()


def test_a_number_that_is_none_is_refused() -> None:
    with pytest.raises(CommandError, match="is not a number of rows"):
        call_command("load_fixture", "--people", "many", "--organisations", "1")
