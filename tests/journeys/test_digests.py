"""A scheduler or a worker fails between any two steps of a digest, and the others go on."""

import datetime as dt
from collections import Counter

import pytest
from django.utils import timezone
from pytest_django.fixtures import Settings

from campaigns.models import Campaign, Delivery, Digest, DigestItem
from crm.models import Topic
from tests.actions.test_digests import _topic, follower, post
from tests.journeys.deployment import eventually
from tests.kit.mailserver import MailServer
from tests.kit.workers import Failpoint, others_at_work, worker
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)

DIGESTS = "campaigns.actions.digests"
FREEZING = "campaigns.actions.freezing"
FOLLOWERS = 7

EDGES = {
    "before the turn": (f"{DIGESTS}.write", "before", 1),
    "with the turn's row alone": (f"{DIGESTS}._begin", "before", 1),
    "with the turn's campaign not committed": (f"{DIGESTS}._begin", "after", 1),
    "after the turn": (f"{DIGESTS}.write", "after", 2),
    "before the start": (f"{FREEZING}.start", "before", 1),
    "with the choice not committed": (f"{DIGESTS}.portion", "after", 1),
    "with the mails not committed": (f"{DIGESTS}.keep", "before", 1),
    "with all of it not committed": (f"{DIGESTS}.keep", "after", 1),
    "before the lanes are opened": (f"{FREEZING}._open", "before", 1),
    "while arming": ("campaigns.actions.transitions.Exchange", "after", 2),
    "after arming": ("campaigns.actions.transitions.Exchange.armed", "after", 1),
}


@pytest.fixture
def news(world: World, mail_server: MailServer, settings: Settings) -> Topic:
    """Followers of two topics, to whom both kinds of digest are due."""
    settings.SENDING_BATCH = 2
    now = timezone.now()
    world.alliance.timezone, world.alliance.digests_at = "UTC", now.time()
    world.alliance.digests_on = now.isoweekday()
    world.alliance.save()
    news, opinions = _topic(world, "news", "news"), _topic(world, "opinions", "news")
    for n in range(FOLLOWERS):
        follower(world, *(news, opinions)[: 1 + n % 2], frequency=("daily", "weekly")[n % 3 == 0])
    post(world, news, "First", ago=9)
    post(world, opinions, "Second", ago=8)
    return news


@pytest.mark.parametrize("edge", EDGES)
@pytest.mark.parametrize("how", ["killed", "failing", "stopped"])
def test_each_follower_is_told_each_post_once(
    news: Topic, mail_server: MailServer, how: str, edge: str
) -> None:
    step, moment, nth = EDGES[edge]
    with worker(Campaign(pk=-1), Failpoint(step, moment, nth, how)) as faltering:
        eventually(lambda: faltering.in_trouble, seconds=20)
        others_at_work(until=_all_is_over, seconds=30)
        if not faltering.dead:
            faltering.may_go_on.set()
            faltering.process.join(1)

    undecided = Delivery.objects.filter(state=Delivery.State.UNKNOWN).count()
    arrived = Counter(to for to, _raw in mail_server.arrived)
    assert not {to: n for to, n in arrived.items() if n > 1}
    assert FOLLOWERS - undecided <= len(arrived) <= FOLLOWERS
    told = Counter(DigestItem.objects.values_list("person", "post"))
    assert len(told) == FOLLOWERS + FOLLOWERS // 2
    assert set(told.values()) == {1}
    assert not DigestItem.objects.exclude(delivery__in=Delivery.objects.values("pk")).exists()
    assert Digest.objects.count() == Campaign.objects.filter(kind="digest").count() == 2


def _all_is_over() -> bool:
    of_digests = Campaign.objects.filter(kind="digest")
    return of_digests.filter(status="finished").count() == 2


def test_two_schedulers_take_a_turn_once(news: Topic, mail_server: MailServer) -> None:
    with worker(Campaign(pk=-1), _nothing), worker(Campaign(pk=-1), _nothing):
        others_at_work(until=_all_is_over, seconds=30)
    arrived = Counter(to for to, _raw in mail_server.arrived)
    assert len(arrived) == FOLLOWERS
    assert set(arrived.values()) == {1}
    assert Digest.objects.filter(until__lte=timezone.now() + dt.timedelta(days=1)).count() == 2


def _nothing() -> None:
    """No trouble at all."""
