"""Today's reasons to write follow from the proofs; where they do not, people are told."""

import datetime as dt

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.utils import timezone

from crm.actions import bases, consent, people, reckoning
from crm.models import ConsentCheck, LegalBasis
from tests.world import World


def test_whatever_the_actions_write_agrees(world: World) -> None:
    member, follower = world.person(), world.follower()
    consent.record_basis(person=member, purpose="news", basis="consent", source="form")
    consent.record_basis(person=member, purpose="news", basis="member", source="contract")
    kept, gone = world.person(), world.person()
    people.merge(keep=kept, drop=gone, by=None)

    done = reckoning.check()

    assert (done.differing, done.differences) == (0, [])
    assert done.compared >= 4
    assert follower.legal_bases.exists()
    call_command("check_consent")


def test_a_reason_without_its_proof_and_a_proof_without_its_reason_are_told(world: World) -> None:
    lost, changed = world.person(), world.person()
    LegalBasis.objects.filter(person=lost).delete()
    LegalBasis.objects.filter(person=changed).update(basis="consent")

    done = reckoning.check()

    assert done.differing == 2
    first, second = reckoning.kept(done)
    assert (first.person, first.said, first.held) == (lost.pk, "member", "")
    assert "nothing is held" in first.sentence
    assert (second.person, second.said, second.held) == (changed.pk, "member", "consent")
    with pytest.raises(CommandError, match="2 legal bases differ"):
        call_command("check_consent")


def test_nothing_but_the_countries_word_is_applied(world: World) -> None:
    person = world.person()
    LegalBasis.objects.filter(person=person).update(basis="consent")

    reckoning.check()

    assert LegalBasis.objects.get(person=person).basis == "consent"


def test_a_rule_that_begins_is_applied_in_its_night(world: World) -> None:
    person = world.person(world.biocat)
    tomorrow = timezone.localdate() + dt.timedelta(days=1)
    bases.decide(
        country="ES", purpose="missions", basis="member", recipient="company", allowed=False,
        law="A law", since=tomorrow, by=None,
    )  # fmt: skip

    with time_machine.travel(timezone.now() + dt.timedelta(days=1, hours=1), tick=False):
        done = reckoning.check()

    assert done.barred == 1
    assert not person.legal_bases.filter(barred_by=None).exists()


def test_it_is_done_once_a_night(world: World) -> None:
    noon = dt.datetime(2026, 11, 3, 11, tzinfo=dt.UTC)
    with time_machine.travel(noon, tick=False):
        assert reckoning.look_due()
        assert reckoning.look_due() is None
    with time_machine.travel(noon + dt.timedelta(hours=15), tick=False):
        assert reckoning.look_due()

    assert ConsentCheck.objects.count() == 2
