"""A worker fails between any two steps of a send, and the others go on without it."""

import pytest
from pytest_django.fixtures import Settings

from campaigns.actions.ledger import read
from campaigns.models import Campaign, Delivery
from tests.journeys.deployment import ended, eventually, schedule_now
from tests.kit.mailserver import MailServer
from tests.kit.workers import Failpoint, others_at_work, worker
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)

State = Delivery.State
MAILS = 9
ACTIONS = "campaigns.actions"

EDGES = {
    "before the start": (f"{ACTIONS}.freezing.start", "before", 1),
    "after the start": (f"{ACTIONS}.freezing.start", "after", 1),
    "with the judgement not committed": (f"{ACTIONS}.freezing._write", "after", 1),
    "between judgement and opening": (f"{ACTIONS}.freezing._open", "before", 1),
    "inside the withdrawal barrier": (f"{ACTIONS}.transitions.stop_withdrawn", "after", 1),
    "before a claim": (f"{ACTIONS}.leases.claim", "before", 2),
    "after a claim": (f"{ACTIONS}.leases.claim", "after", 2),
    "before arming": (f"{ACTIONS}.transitions.Exchange", "before", 2),
    "while arming": (f"{ACTIONS}.transitions.Exchange", "after", 2),
    "after arming": (f"{ACTIONS}.transitions.Exchange.armed", "after", 2),
    "after sending": (f"{ACTIONS}.crews.Crew._sent", "after", 2),
    "before settling": (f"{ACTIONS}.transitions.accept", "before", 1),
    "after settling": (f"{ACTIONS}.transitions.accept", "after", 1),
    "before the end": (f"{ACTIONS}.sweeping.finish", "before", 1),
}


@pytest.fixture
def campaign(world: World, mail_server: MailServer, settings: Settings) -> Campaign:
    """A call that is due and not started yet, in batches of which each has several windows."""
    settings.SENDING_BATCH = 3
    for _n in range(MAILS):
        world.person()
    campaign = world.call(start=False)
    schedule_now(world, campaign)
    return campaign


@pytest.mark.parametrize("edge", EDGES)
@pytest.mark.parametrize("how", ["killed", "failing", "stopped"])
def test_nobody_is_lost_and_nobody_is_mailed_twice_by_a_worker(
    campaign: Campaign, mail_server: MailServer, how: str, edge: str
) -> None:
    """Fault 2: SIGKILL, an exception, or SIGSTOP past the lease, at every edge of a send."""
    step, moment, nth = EDGES[edge]
    with worker(campaign, Failpoint(step, moment, nth, how)) as faltering:
        eventually(lambda: faltering.in_trouble, seconds=20)
        on_the_line = Delivery.objects.filter(campaign=campaign, state=State.ARMED).count()

        others_at_work(until=lambda: ended(campaign))
        status = faltering.go_on()

    assert status == (-9 if how == "killed" else 0)
    book = read(campaign)
    assert book.balances
    assert book.total.accepted + book.total.undecided == MAILS
    assert book.total.undecided <= (0 if how == "stopped" else on_the_line)
    assert len(mail_server.readers) == len(set(mail_server.readers))
    accepted, undecided = readers(campaign, State.ACCEPTED), readers(campaign, State.UNKNOWN)
    assert accepted <= set(mail_server.readers) <= accepted | undecided


def readers(campaign: Campaign, state: Delivery.State) -> set[str | None]:
    found = campaign.deliveries.filter(state=state)
    return set(found.values_list("address__email", flat=True))
