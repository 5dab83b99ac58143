"""Near the mail server one crew keeps several lines, whose mails leave in turn."""

import pytest
from django.db import Error, connection, transaction
from pytest_django.fixtures import Settings

from campaigns.actions import leases, ledger, sending, statements, sweeping
from campaigns.models import Campaign, Delivery
from tests.kit.mailserver import Lie, MailServer
from tests.world import World

pytestmark = pytest.mark.django_db

State = Delivery.State


@pytest.fixture
def campaign(world: World, mail_server: MailServer, settings: Settings) -> Campaign:
    settings.SENDING_LINES, settings.SENDING_NEAR = 4, 10_000  # however busy this machine is
    settings.SENDING_BATCH = 12
    for _n in range(40):
        world.person()
    return world.call()


def send(campaign: Campaign) -> ledger.Ledger:
    sweeping.tick()
    sending.work(campaign)
    sweeping.tidy()
    return ledger.read(campaign)


def test_a_batch_leaves_on_all_lines_and_nobody_gets_it_twice(
    campaign: Campaign, mail_server: MailServer
) -> None:
    book = send(campaign)

    assert mail_server.calls == 4
    assert len(mail_server.readers) == len(set(mail_server.readers)) == 40
    assert book.balances
    assert book.total.accepted == 40


def test_from_batch_to_batch_nobody_is_lost_or_written_to_twice(
    campaign: Campaign, mail_server: MailServer
) -> None:
    book = send(campaign)

    assert campaign.batches.count() == 4
    assert not campaign.batches.filter(done_at=None).exists()
    assert len(mail_server.readers) == len(set(mail_server.readers)) == 40
    assert book.total.accepted == 40


def test_a_run_that_is_stopped_gives_back_what_it_leased(
    campaign: Campaign, mail_server: MailServer
) -> None:
    sweeping.tick()

    sending.work(campaign, stop=lambda: len(mail_server.readers) >= 9)

    sent = len(mail_server.readers)
    assert 9 <= sent < 40
    assert not campaign.batches.exclude(lease_until=None).exists()
    assert campaign.deliveries.filter(state=State.ACCEPTED).count() == sent
    assert send(campaign).total.accepted == len(set(mail_server.readers)) == 40


def test_a_batch_of_which_nothing_may_leave_is_given_back(
    campaign: Campaign, mail_server: MailServer
) -> None:
    sweeping.tick()

    def pause() -> bool:
        if len(mail_server.readers) >= 6:
            Campaign.objects.filter(pk=campaign.pk).update(status=Campaign.Status.PAUSED)
        return False

    sending.work(campaign, stop=pause)

    assert len(mail_server.readers) < 40
    assert not campaign.batches.exclude(lease_until=None).exists()
    book = ledger.read(campaign)
    assert book.balances
    assert book.total.accepted == len(mail_server.readers)


def test_a_line_that_is_cut_leaves_only_its_own_mail_undecided(
    campaign: Campaign, mail_server: MailServer
) -> None:
    mail_server.lies.insert(0, Lie("dot", cut=True, takes=True, skip=9, times=1))

    book = send(campaign)

    assert book.balances
    assert (book.total.accepted, book.total.undecided) == (39, 1)
    assert len(mail_server.readers) == len(set(mail_server.readers)) == 40


def test_a_server_that_takes_no_second_line_gets_all_mails_on_one(
    campaign: Campaign, mail_server: MailServer
) -> None:
    mail_server.lies.insert(0, Lie("connect", reply="421 One at a time, please", skip=1))

    book = send(campaign)

    assert book.balances
    assert book.total.accepted == 40


def test_a_crew_begins_where_nobody_works_and_stays_in_its_lane(
    world: World, mail_server: MailServer, settings: Settings
) -> None:
    settings.SENDING_BATCH = 1
    for cluster in (world.biocat, world.biom):
        world.person(cluster)
        world.person(cluster)
    campaign = world.call()
    sweeping.tick()

    one, other = leases.claim(campaign), leases.claim(campaign)
    assert one
    assert other
    assert one.release != other.release

    again = leases.claim(campaign, lane=one.release)
    assert again
    assert again.release == one.release
    elsewhere = leases.claim(campaign, lane=one.release)
    assert elsewhere
    assert elsewhere.release == other.release
    assert leases.claim(campaign, lane=one.release) is None


@pytest.mark.django_db(transaction=True)
def test_a_statement_under_way_is_waited_for_by_the_next() -> None:
    flight = statements.begin(
        "SELECT pg_sleep(%(nap)s)::text, %(said)s::text, %(nothing)s::int",
        {"nap": 0.2, "said": "naïve", "nothing": None},
    )
    assert flight.under_way

    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        assert cursor.fetchone() == (1,)

    assert flight.rows() == [("", "naïve", None)]
    assert statements.rows("SELECT 2", {}) == [(2,)]


@pytest.mark.django_db(transaction=True)
def test_what_begins_is_committed_by_itself(world: World) -> None:
    person = world.person()

    statements.begin(
        "UPDATE crm_person SET given = %(given)s WHERE id = %(person)s",
        {"given": "Robin", "person": person.pk},
    ).rows()
    connection.close()

    person.refresh_from_db()
    assert person.given == "Robin"


@pytest.mark.django_db(transaction=True)
def test_a_statement_that_fails_says_so_when_it_is_asked_and_spoils_nothing() -> None:
    flight = statements.begin("SELECT 1 / %(zero)s::int", {"zero": 0})

    assert statements.rows("SELECT 2", {}) == [(2,)]
    with pytest.raises(Error, match="division by zero"):
        flight.rows()
    assert statements.rows("SELECT 3", {}) == [(3,)]


@pytest.mark.django_db(transaction=True)
def test_after_a_rollback_what_begins_is_prepared_anew() -> None:
    """psycopg then forgets every prepared statement of its session."""

    def ask() -> object:
        return statements.begin("SELECT %(n)s::int + 1", {"n": 1}).rows()

    assert ask() == [("2",)]
    statements.rows("SELECT 1", {})
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        transaction.set_rollback(True)

    assert ask() == [("2",)]
    assert ask() == [("2",)]
