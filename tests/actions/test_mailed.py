"""Choosing people by the mails they got and by what they answered."""

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from campaigns.actions import choosing
from campaigns.models import BounceClass, Campaign, Delivery, Exclusion
from campaigns.models.conditions import people_in
from crm.actions import answers
from crm.actions.errors import Refused
from crm.models import Answer, Mission, Person
from crm.rules.conditions import InvalidCondition
from tests.world import World

S = Delivery.State


def call(world: World, ref: str = "past-call", kind: str = Campaign.Kind.MISSION_CALL) -> Campaign:
    letter = kind == Campaign.Kind.LETTER
    return Campaign.objects.create(
        ref=ref,
        kind=kind,
        alliance=None if letter else world.alliance,
        audience=None if letter else choosing.standard_audience(world.alliance, world.topic),
        status=Campaign.Status.FINISHED,
        started_at=timezone.now() - dt.timedelta(days=90),
    )


def mail(campaign: Campaign, person: Person, state: int = S.ACCEPTED, **facts: Any) -> Delivery:
    assert person.primary
    return Delivery.objects.create(
        campaign=campaign,
        person=person,
        address=person.primary.address,
        language="en",
        **{"state": state, "settled_at": timezone.now() - dt.timedelta(days=40)} | facts,
    )


def asked(field: str, operator: str, *values: str) -> set[int]:
    tree = {"f": field, "op": operator, "v": [*values]}
    return set(people_in(tree, None).values_list("pk", flat=True))


def test_people_are_chosen_by_what_became_of_a_past_campaign(world: World) -> None:
    campaign, other = call(world), call(world, "another-call")
    got, failed, came_back, unsure, stopped, left, waiting, never = (
        world.person() for _n in range(8)
    )
    mail(campaign, got)
    mail(campaign, failed, S.FAILED)
    mail(campaign, came_back, bounced_at=timezone.now(), bounce_class=BounceClass.GONE)
    mail(campaign, unsure, S.UNKNOWN)
    mail(campaign, stopped, S.SUPPRESSED)
    mail(campaign, waiting, S.PENDING)
    lane = world.lane(world.call(release=False, start=False), world.biocat)
    Exclusion.objects.create(
        campaign=campaign, person=left, release=lane, reason=Exclusion.Reason.PAUSED
    )
    mail(other, never)

    assert asked("mailed", "in", "past-call:got") == {got.pk}
    assert asked("mailed", "in", "past-call:failed") == {failed.pk, came_back.pk}
    assert asked("mailed", "in", "past-call:undecided") == {unsure.pk}
    assert asked("mailed", "in", "past-call:left-out") == {stopped.pk, left.pk}
    assert asked("mailed", "in", "past-call:got", "another-call:got") == {got.pk, never.pk}
    assert asked("mailed", "in", "no-such-call:got") == set()
    assert {got.pk, never.pk}.isdisjoint(asked("mailed", "empty"))
    assert {failed.pk, came_back.pk, unsure.pk, left.pk} <= asked("mailed", "empty")


def test_a_mail_that_was_accepted_after_it_had_bounced_was_got(world: World) -> None:
    person, now = world.person(), timezone.now()
    bounced = now - dt.timedelta(hours=2)
    mail(call(world), person, generation=2, armed_at=now, bounced_at=bounced, bounce_class=1)

    assert asked("mailed", "in", "past-call:got") == {person.pk}
    assert asked("bounced", "in", "1") == set()


def test_a_letter_is_no_campaign(world: World) -> None:
    person = world.person()
    mail(call(world, "confirmations", Campaign.Kind.LETTER), person)

    assert asked("mailed", "in", "confirmations:got") == set()
    assert person.pk in asked("mailed", "empty")
    assert person.pk in asked("last_contact", "empty")


@pytest.mark.parametrize("value", ["past-call", "past-call:", "past-call:read", ":", ""])
def test_what_is_no_outcome_is_refused(world: World, value: str) -> None:
    with pytest.raises(InvalidCondition):
        asked("mailed", "in", value)


def test_people_are_chosen_by_what_a_mail_that_came_back_said(world: World) -> None:
    campaign = call(world)
    gone, full, fine = world.person(), world.person(), world.person()
    for person, kind in ((gone, BounceClass.GONE), (full, BounceClass.FULL)):
        mail(campaign, person, bounced_at=timezone.now(), bounce_class=kind)
    mail(campaign, fine)

    assert asked("bounced", "in", str(BounceClass.GONE.value)) == {gone.pk}
    assert asked("bounced", "in", "1", "2") == {gone.pk, full.pk}
    assert asked("bounced", "in", "nonsense") == set()
    assert fine.pk in asked("bounced", "empty")
    assert gone.pk not in asked("bounced", "empty")


def test_the_last_contact_is_the_newest_mail_or_answer(world: World) -> None:
    campaign, now = call(world), timezone.now()
    long_ago, twice, answered, never = (world.person() for _n in range(4))
    mail(campaign, long_ago, settled_at=now - dt.timedelta(days=400))
    mail(campaign, twice, settled_at=now - dt.timedelta(days=400))
    mail(call(world, "newer"), twice, settled_at=now - dt.timedelta(days=3))
    mail(call(world, "failed"), long_ago, S.FAILED, settled_at=now)
    answers.give(person=answered, mission=world.mission, value="interested")
    year = (timezone.localdate() - dt.timedelta(days=365)).isoformat()

    assert asked("last_contact", "before", year) == {long_ago.pk}
    assert asked("last_contact", "after", year) == {twice.pk, answered.pk}
    assert asked("last_contact", "in", timezone.localdate().isoformat()) == {answered.pk}
    assert asked("last_contact", "before", "9999-12-31") == {long_ago.pk, twice.pk, answered.pk}
    assert never.pk in asked("last_contact", "empty")
    assert {long_ago.pk, answered.pk}.isdisjoint(asked("last_contact", "empty"))
    with pytest.raises(InvalidCondition):
        asked("last_contact", "before", "yesterday")


def test_the_last_contact_may_be_some_days_ago_at_most(world: World) -> None:
    campaign, now = call(world), timezone.now()
    fresh, stale, never = (world.person() for _n in range(3))
    mail(campaign, fresh, settled_at=now - dt.timedelta(days=10))
    mail(campaign, stale, settled_at=now - dt.timedelta(days=12))

    assert asked("last_contact", "last", "10") == {fresh.pk}
    assert asked("last_contact", "last", "90") == {fresh.pk, stale.pk}
    assert asked("last_contact", "next", "90") == set()
    assert never.pk not in asked("last_contact", "last", "3660")
    for value in ("0", "-3", "soon", "3661", "1.5", "²", "9" * 5000):
        with pytest.raises(InvalidCondition, match="is not a number of days"):
            asked("last_contact", "last", value)
    with pytest.raises(InvalidCondition, match="cannot be asked like that"):
        asked("mailed", "last", "90")


def test_past_missions_are_asked_by_market_and_the_last_answer(world: World) -> None:
    today = timezone.localdate()
    was, declined, never = (world.person() for _n in range(3))
    answers.give(person=was, mission=world.mission, value="interested")
    answers.give(person=declined, mission=world.mission, value="interested")
    answers.give(person=declined, mission=world.mission, value="declined")

    assert asked("past_mission", "in", "japan") == set()  # it lies ahead
    Mission.objects.update(during=(today - dt.timedelta(days=9), today - dt.timedelta(days=1)))
    assert asked("past_mission", "in", "japan") == {was.pk}
    assert asked("past_mission", "in", "china") == set()
    assert {declined.pk, never.pk} <= asked("past_mission", "empty")
    assert was.pk not in asked("past_mission", "empty")
    Mission.objects.update(status="cancelled")
    assert asked("past_mission", "in", "japan") == set()


def test_the_last_answer_counts(world: World) -> None:
    stayed, changed, other = world.person(), world.person(), world.person()
    answers.give(person=stayed, mission=world.mission, value="interested")
    answers.give(person=changed, mission=world.mission, value="interested")
    answers.give(person=changed, mission=world.mission, value="not-now")
    answers.give(person=other, event=world.event, value="coming")
    assert Answer.objects.count() == 4
    slug = world.mission.slug

    assert asked("answer", "in", f"{slug}:interested") == {stayed.pk}
    assert asked("answer", "in", f"{slug}:not-now", f"{world.event.slug}:coming") == {
        changed.pk,
        other.pk,
    }
    assert asked("answer", "in", f"{slug}:interested", f"{slug}:not-now") == {
        stayed.pk,
        changed.pk,
    }
    assert asked("answer", "in", "interested") == {stayed.pk}  # to anything
    assert asked("answer", "in", ":", "x") == set()
    assert asked("answer", "empty").isdisjoint({stayed.pk, changed.pk, other.pk})


def test_whoever_was_merged_got_it_and_answered_as_that_one(world: World) -> None:
    kept, gone = world.person(), world.person()
    mail(call(world), gone)
    answers.give(person=gone, mission=world.mission, value="interested")
    Person.objects.filter(pk=gone.pk).update(merged_into=kept)

    assert asked("mailed", "in", "past-call:got") == {kept.pk}
    assert asked("answer", "in", f"{world.mission.slug}:interested") == {kept.pk}
    assert kept.pk in asked("last_contact", "after", "2000-01-01")


@pytest.mark.parametrize(
    ("field", "operator", "values"),
    [
        ("mailed", "in", ["past-call:got"]),
        ("mailed", "empty", []),
        ("bounced", "in", ["1"]),
        ("last_contact", "after", ["2020-01-01"]),
        ("answer", "in", ["japan-next:interested"]),
    ],
)
def test_what_a_clusters_people_got_and_did_is_asked_only_by_who_reads_them(
    world: World, field: str, operator: str, values: list[str]
) -> None:
    draft = world.call(release=False, start=False)
    call(world)
    leaf = {"f": field, "op": operator, "v": values}

    with pytest.raises(Refused, match="is told only inside a cluster"):
        choosing.check(draft, world.users["coordinator"], {"all": [leaf]})
    choosing.check(draft, world.users["admin"], {"all": [leaf]})
    confined = {"all": [{"f": "cluster", "op": "in", "v": ["biocat"]}, leaf]}
    choosing.check(draft, world.users["contact_biocat"], confined)
