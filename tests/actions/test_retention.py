"""What was kept long enough goes: shown first, counted, in pieces, and never too early."""

import datetime as dt
import io
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.utils import timezone
from pytest_django.fixtures import Settings

from campaigns.actions import forgetting, ledger, retention, sending, sweeping
from campaigns.models import Campaign, Click, Delivery, DigestItem, Exclusion, Link, Post
from crm.actions import bases, consent, people, rights_requests
from crm.models import (
    AuditEntry,
    ConsentRecord,
    LegalBasis,
    Person,
    RetentionRun,
    Suppression,
)
from crm.rules.dates import months_later
from tests.kit.mailserver import MailServer
from tests.world import World

YEAR = dt.timedelta(days=366)


def due() -> dict[str, int]:
    return {found.rule.name: found.due for found in retention.look() if found.due}


def sent(world: World) -> Campaign:
    campaign = world.call()
    sweeping.tick()
    campaign.refresh_from_db()
    sending.work(campaign)
    sweeping.tidy()
    campaign.refresh_from_db()
    assert campaign.status == Campaign.Status.FINISHED
    return campaign


def test_looking_deletes_nothing_and_says_what_would_go(world: World) -> None:
    world.person()
    before = ConsentRecord.objects.count(), AuditEntry.objects.count()

    with time_machine.travel(timezone.now() + 4 * YEAR, tick=False):
        found = due()
        out = io.StringIO()
        call_command("retention", "--dry", stdout=out)

    assert found["audit"] == before[1]
    assert f"audit: {before[1]} from before" in out.getvalue()
    assert (ConsentRecord.objects.count(), AuditEntry.objects.count()) == before
    assert not RetentionRun.objects.exists()


def test_after_thirteen_months_a_campaign_knows_numbers_and_no_readers(
    world: World, mail_server: MailServer, settings: Settings
) -> None:
    settings.UNDO_WINDOW = 0
    reader, left_out = world.person(), world.person(basis=None, source="")
    campaign = sent(world)
    with time_machine.travel(months_later(timezone.now(), 12), tick=False):
        assert not {"deliveries", "left out"} & due().keys()

    with time_machine.travel(months_later(timezone.now(), 14), tick=False):
        assert {"deliveries": 1, "left out": 1}.items() <= due().items()
        retention.carry_out()
        assert not {"deliveries", "left out"} & due().keys()

    delivery = Delivery.objects.get(campaign=campaign)
    assert (delivery.person, delivery.address.email, delivery.reply) == (None, None, "")
    assert delivery.state == Delivery.State.ACCEPTED
    assert Exclusion.objects.get(campaign=campaign).person is None
    book = ledger.read(campaign)
    assert book.balances
    assert (book.total.accepted, book.total.excluded[Exclusion.Reason.NO_BASIS]) == (1, 1)
    assert Person.objects.filter(pk__in=[reader.pk, left_out.pk]).count() == 2
    assert reader.email


def test_networks_become_a_keyed_hash_after_a_year_and_nothing_else_of_a_proof_changes(
    world: World,
) -> None:
    person = world.person()
    assert person.primary
    word = consent.Word("Write to me.", "en", "form", network="192.0.2.7")
    consent.opt_in(person=person, address=person.primary.address, topic=world.topic, word=word)
    proof = ConsentRecord.objects.get(act="confirmed")

    with time_machine.travel(timezone.now() + YEAR, tick=False):
        retention.carry_out()

    after = ConsentRecord.objects.get(pk=proof.pk)
    assert after.network == forgetting.hashed("192.0.2.7")
    assert "192.0" not in after.network
    assert (after.at, after.wording, after.source) == (proof.at, proof.wording, proof.source)


def test_proofs_stay_as_long_as_a_reason_rests_on_them_and_three_years_after(world: World) -> None:
    used, unused = world.person(), world.person()
    LegalBasis.objects.filter(person=unused).delete()

    with time_machine.travel(timezone.now() + 2 * YEAR, tick=False):
        retention.carry_out()
        assert ConsentRecord.objects.count() == 2
    with time_machine.travel(timezone.now() + 4 * YEAR, tick=False):
        retention.carry_out()

    assert ConsentRecord.objects.get().person == used


@pytest.mark.parametrize("scope", ["topic", "cluster", "alliance", "all"])
def test_the_proof_of_what_somebody_left_goes_and_that_they_left_stays(
    world: World, scope: str
) -> None:
    left, stayed = world.follower(), world.follower()
    assert left.primary
    of = {"topic": world.topic, "cluster": world.biocat, "alliance": world.alliance}
    consent.withdraw(
        address=left.primary.address, person=left, scope=scope, reason="unsubscribed",
        source="one click", **({scope: of[scope]} if scope in of else {}),  # type: ignore[arg-type]
    )  # fmt: skip

    with time_machine.travel(timezone.now() + 2 * YEAR, tick=False):
        retention.carry_out()
        assert ConsentRecord.objects.filter(person=left, act="confirmed").exists()
    with time_machine.travel(timezone.now() + 4 * YEAR, tick=False):
        retention.carry_out()

    assert [proof.act for proof in ConsentRecord.objects.filter(person=left)] == ["withdrawn"]
    assert not left.legal_bases.exists()
    assert ConsentRecord.objects.filter(person=stayed, act="confirmed").exists()
    assert stayed.legal_bases.exists()
    assert Suppression.objects.standing().exists()


def test_earlier_states_of_a_person_go_after_three_years(world: World) -> None:
    person = world.person()
    people.edit(person=person, by=None, version=person.version, phone="+34 931 23 45 67")
    assert person.history.count() == 1  # type: ignore[attr-defined]

    with time_machine.travel(timezone.now() + 4 * YEAR, tick=False):
        retention.carry_out()

    assert person.history.count() == 0  # type: ignore[attr-defined]
    assert Person.objects.get(pk=person.pk).phone == "+34 931 23 45 67"


def test_what_goes_is_counted_and_kept_rule_by_rule(world: World) -> None:
    world.person()
    entries = AuditEntry.objects.count()

    with time_machine.travel(timezone.now() + 4 * YEAR, tick=False):
        assert retention.is_due()
        retention.carry_out(by=world.users["admin"])
        assert not retention.is_due()

    run = RetentionRun.objects.get(rule="audit")
    assert (run.due, run.gone, run.by) == (entries, entries, world.users["admin"])
    assert run.done_at


def test_it_goes_in_pieces(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    for _n in range(3):
        world.person()
    monkeypatch.setattr(forgetting, "PIECE", 2)
    assert AuditEntry.objects.count() > 4

    with time_machine.travel(timezone.now() + 4 * YEAR, tick=False):
        retention.carry_out()

    assert not AuditEntry.objects.exists()


def test_a_night_that_was_cut_short_is_gone_on_with(world: World) -> None:
    retention.carry_out()
    last = RetentionRun.objects.order_by("-at").first()
    assert last
    assert not retention.is_due()

    RetentionRun.objects.filter(pk=last.pk).update(done_at=None)

    assert retention.is_due()


@pytest.mark.parametrize(
    ("moment", "months", "before"),
    [((2026, 3, 31), 1, (2026, 2, 28)), ((2026, 1, 15), 13, (2024, 12, 15))],
)
def test_months_are_months_of_the_calendar(
    moment: tuple[int, int, int], months: int, before: tuple[int, int, int]
) -> None:
    assert months_later(dt.datetime(*moment, tzinfo=dt.UTC), -months) == dt.datetime(
        *before, tzinfo=dt.UTC
    )


def test_that_somebody_left_is_provable_for_as_long_as_it_keeps_them_out(world: World) -> None:
    gone, back = world.person(), world.person()
    assert gone.primary
    assert back.primary
    left = {"scope": "topic", "topic": world.topic, "reason": "unsubscribed", "source": "one-click"}
    for person in (gone, back):
        assert person.primary
        consent.withdraw(address=person.primary.address, **left)  # type: ignore[arg-type]
    consent.withdraw(
        address=gone.primary.address, scope="cluster", cluster=world.biocat, reason="objected",
        source="objection page", person=gone,
    )  # fmt: skip
    Suppression.objects.filter(address=back.primary.address).update(lifted_at=timezone.now())
    LegalBasis.objects.all().delete()

    with time_machine.travel(timezone.now() + 9 * YEAR, tick=False):
        retention.carry_out()

    kept = ConsentRecord.objects.order_by("pk")
    assert [(each.act, each.address) for each in kept] == [
        ("withdrawn", gone.primary.address),
        ("objected", gone.primary.address),
    ]


def test_after_thirteen_months_nobody_is_named_by_a_digest_or_by_a_click(world: World) -> None:
    person = world.person()
    campaign = world.call()
    Campaign.objects.filter(pk=campaign.pk).update(status="finished", finished_at=timezone.now())
    delivery = Delivery.objects.get(campaign=campaign)
    Delivery.objects.filter(pk=delivery.pk).update(state=Delivery.State.ACCEPTED)
    for slug, mail in (("told", delivery.pk), ("perhaps-told", None)):
        post = Post.objects.create(
            alliance=world.alliance, topic=world.topic, slug=slug, language="en",
            status="published", published_at=timezone.now(), changed_at=timezone.now(),
        )  # fmt: skip
        DigestItem.objects.create(person=person, topic=world.topic, post=post, delivery=mail)
    link = Link.objects.create(campaign=campaign, url="https://one.example/", key="key")
    hour = timezone.now()
    for named in (None, delivery.pk):
        Click.objects.create(link=link, hour=hour, machine=False, delivery=named, count=2)

    with time_machine.travel(months_later(timezone.now(), 12), tick=False):
        assert not {"digests", "clicks"} & due().keys()
    with time_machine.travel(months_later(timezone.now(), 14), tick=False):
        assert {"digests": 2, "clicks": 1}.items() <= due().items()
        retention.carry_out()
        assert not {"digests", "clicks"} & due().keys()

    assert not DigestItem.objects.exists()
    row = Click.objects.get()
    assert (row.delivery, row.count) == (None, 4)


def test_whoever_leaves_by_a_link_is_proved_for_three_years_more(world: World) -> None:
    """The link of a mail knows the mailbox, and names nobody."""
    reader = world.follower()
    assert reader.primary
    left_on = months_later(timezone.now(), 40)
    with time_machine.travel(left_on, tick=False):
        consent.withdraw(
            address=reader.primary.address, scope="all", reason="unsubscribed", source="one click"
        )

    with time_machine.travel(months_later(left_on, 1), tick=False):
        retention.carry_out()
    assert reader.consent_records.filter(act="confirmed").exists()
    with time_machine.travel(months_later(left_on, 37), tick=False):
        retention.carry_out()

    assert not reader.consent_records.filter(act="confirmed").exists()


def test_a_rule_that_bars_a_reason_today_takes_no_proof_of_it_tonight(world: World) -> None:
    contact = world.person()
    barred_on = months_later(timezone.now(), 40)
    with time_machine.travel(barred_on, tick=False):
        said: dict[str, Any] = {"country": "ES", "purpose": "missions", "basis": "member"}
        bases.decide(
            **said, recipient="company", allowed=False, law="A law", since=timezone.localdate(),
            by=None,
        )  # fmt: skip
        bases.judge()
        assert not LegalBasis.objects.allowed().filter(person=contact).exists()
        retention.carry_out()
    assert contact.consent_records.exists()

    with time_machine.travel(months_later(barred_on, 37), tick=False):
        retention.carry_out()

    assert not contact.consent_records.exists()


def test_what_somebody_asked_about_their_data_goes_three_years_after_the_answer(
    world: World,
) -> None:
    row = rights_requests.record(
        cluster=world.biocat, by=None, kind="access", received_on=timezone.localdate(),
        name="Nora Exemplar", email="nora@home.example", note="By telephone.",
    )  # fmt: skip
    open_one = rights_requests.record(
        cluster=world.biocat, by=None, kind="access", received_on=timezone.localdate(), name="Ole"
    )
    rights_requests.answer(request=row, done=True, answer="We hold nothing.", by=None)

    with time_machine.travel(months_later(timezone.now(), 35), tick=False):
        retention.carry_out()
    row.refresh_from_db()
    assert row.name == "Nora Exemplar"
    with time_machine.travel(months_later(timezone.now(), 37), tick=False):
        assert due()["requests"] == 1
        retention.carry_out()

    row.refresh_from_db()
    open_one.refresh_from_db()
    assert (row.name, row.email, row.note, row.answer) == ("", "", "", "")
    assert (row.kind, row.state) == ("access", "done")
    assert not row.history.exists()  # type: ignore[attr-defined]
    assert open_one.name == "Ole"
