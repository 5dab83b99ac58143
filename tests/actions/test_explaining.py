"""Why did, why didn't somebody get this?"""

import datetime as dt

import pytest
from django.utils import timezone, translation
from django.utils.formats import date_format
from pytest_django.fixtures import Settings

from campaigns.actions import choosing, following_up, releases, sending, sweeping, trimming
from campaigns.actions.choosing import Asked
from campaigns.actions.explaining import explain
from crm.actions import people
from crm.models import Person
from crm.rules.addresses import InvalidAddress
from tests.kit.mailserver import MailServer
from tests.world import World


def test_an_accepted_mail_is_told_with_lane_language_and_answer(
    world: World, mail_server: MailServer
) -> None:
    reader = world.person(world.biom)
    campaign = world.call()
    sending.work(campaign)

    (sentence,) = explain(text=reader.email.upper(), campaign=campaign)

    assert "in the lane of BioM, in en: accepted" in sentence
    assert "250" in sentence


def test_a_refusal_is_told_with_every_attempt(world: World, mail_server: MailServer) -> None:
    world.person(email="bounce@gone.example")
    campaign = world.call()
    sending.work(campaign)

    delivery, bounce, attempt = explain(text="bounce@gone.example", campaign=campaign)

    assert "failed" in delivery
    assert "the mailbox does not exist" in bounce
    assert "5.1.1" in attempt


def test_somebody_left_out_is_told_the_reason(world: World) -> None:
    reader = world.person()
    people.archive(person=reader, by=None)

    sentences = explain(text=reader.email, campaign=world.call())

    assert sentences == ["Left out in the lane of Biocat: archived."]


@pytest.mark.parametrize("decide", [releases.hold, releases.decline])
def test_somebody_of_a_lane_that_did_not_start_is_told_so(world: World, decide: object) -> None:
    reader = world.person(world.biom)
    campaign = world.call(release=False, start=False)
    decide(  # type: ignore[operator]
        release=world.lane(campaign, world.biom), by=world.users["contact_biom"], note=""
    )
    campaign = world.call()

    (sentence,) = explain(text=reader.email, campaign=campaign)

    assert "lane of BioM" in sentence
    assert "not asked for" not in sentence


def test_before_the_start_it_says_what_would_be_decided_now(world: World) -> None:
    reader, gone = world.person(), world.person()
    people.archive(person=gone, by=None)
    draft = world.call(release=False, start=False)

    assert explain(text=reader.email, campaign=draft) == [
        "The lane of Biocat has not started (waits for signature). As things stand they get it."
    ]
    assert explain(text=gone.email, campaign=draft) == [
        "The lane of Biocat has not started (waits for signature). "
        "As things stand they are left out: archived."
    ]


def test_whom_the_frequency_guard_holds_back_is_told_until_when(
    world: World, settings: Settings, mail_server: MailServer
) -> None:
    settings.FREQUENCY_LIMIT = 1
    reader = world.person()
    sending.work(world.invitation())
    draft = world.call(release=False, start=False)
    day = date_format(timezone.localdate() + dt.timedelta(days=7), "DATE_FORMAT")

    assert explain(text=reader.email, campaign=draft) == [
        "The lane of Biocat has not started (waits for signature). As things stand they are left "
        f"out: written to too often lately, not before {day}."
    ]
    assert explain(text=reader.email, campaign=world.call()) == [
        f"Left out in the lane of Biocat: written to too often lately, not before {day}."
    ]


def test_the_answer_is_in_the_readers_language(world: World, mail_server: MailServer) -> None:
    reader = world.person(world.biom)
    campaign = world.call()
    sending.work(campaign)

    with translation.override("de"):
        (sentence,) = explain(text=reader.email, campaign=campaign)

    assert "im Teilversand von BioM" in sentence
    assert "Der Server sagte: 250" in sentence


def test_strangers_and_people_outside_the_question_are_told_apart(world: World) -> None:
    outside = world.person(world.biowin)
    campaign = world.call(start=False)

    assert explain(text="nobody@lab.example", campaign=campaign) == [
        "Nobody with this address is known."
    ]
    not_yet, why = explain(text=outside.email, campaign=campaign)
    assert "has not started yet" in not_yet
    assert why == "Biowin does not take part in the alliance of this campaign."
    campaign = world.call()
    assert "was not asked for" in explain(text=outside.email, campaign=campaign)[0]


def test_somebody_outside_the_audience_is_told_the_conditions_that_they_do_not_fit(
    world: World,
) -> None:
    reader, vip = world.person(language="de"), world.person(language="fr", title="Dr")
    choosing.choose(
        campaign=(draft := world.call(release=False, start=False)),
        by=world.users["admin"],
        asked=Asked(
            "some",
            {"all": [leaf("language", "fr", "en"), {"any": [leaf("kind", "contact")]}]},
            exclude={"any": [leaf("title", "Dr"), leaf("title", "Prof")]},
        ),
    )

    assert explain(text=reader.email, campaign=draft)[1:] == [
        "As Biocat keeps them, this does not hold: "
        '{"f": "language", "op": "in", "v": ["fr", "en"]}.'
    ]
    assert explain(text=vip.email, campaign=draft)[1:] == [
        'As Biocat keeps them, this excludes them: {"f": "title", "op": "in", "v": ["Dr"]}.'
    ]


def test_somebody_added_who_gets_nothing_is_told_the_reason(world: World) -> None:
    paused, theirs = world.person(world.biom), world.person()
    draft = world.call(release=False, start=False)
    choosing.choose(
        campaign=draft,
        by=world.users["admin"],
        asked=Asked("some", leaf("cluster", theirs.cluster.slug)),
    )
    trimming.add(
        release=world.lane(draft, world.biom),
        people=Person.objects.filter(pk=paused.pk),
        by=world.users["contact_biom"],
    )
    until = timezone.localdate() + dt.timedelta(days=9)
    Person.objects.filter(pk=paused.pk).update(paused_until=until)

    added, now = explain(text=paused.email, campaign=draft)

    assert "added to the lane of BioM by Contact BioM" in added
    assert "The lane of BioM has not started" in now
    assert "left out: paused" in now


def test_of_two_at_one_mailbox_who_was_added_is_not_silenced_by_who_was_taken_out(
    world: World,
) -> None:
    first = world.person(world.biom, email="office@sme.example")
    second = world.person(world.biom, email="office@sme.example", allow_shared=True)
    draft = world.call(release=False, start=False)
    trimming.take_out(
        release=world.lane(draft, world.biom),
        people=Person.objects.filter(pk=first.pk),
        by=world.users["contact_biom"],
    )

    said = explain(text=second.email, campaign=draft)

    assert "taken out of the lane of BioM" in said[0]
    assert any("As things stand they get it." in sentence for sentence in said[1:])


def leaf(field: str, *values: str) -> dict[str, object]:
    return {"f": field, "op": "in", "v": [*values]}


def test_a_follow_up_goes_only_to_readers_of_the_first(
    world: World, mail_server: MailServer
) -> None:
    world.person()
    first = world.call()
    sending.work(first)
    sweeping.tick()
    first.refresh_from_db()
    newcomer = world.person()
    again = following_up.draft(campaign=first, by=world.users["coordinator"], rule="all")

    assert explain(text=newcomer.email, campaign=again)[1:] == [
        "It goes only to readers of an earlier campaign: everybody whom it was sent to."
    ]


def test_what_is_no_address_is_refused(world: World) -> None:
    with pytest.raises(InvalidAddress):
        explain(text="nobody", campaign=world.call(start=False))


@pytest.mark.parametrize("asked", ["ada@old.example", "ada@new.example"])
@pytest.mark.parametrize("scoped", [True, False])
def test_who_reads_another_mailbox_by_now_had_it_in_the_one_before(
    world: World, mail_server: MailServer, asked: str, scoped: bool
) -> None:
    ada = world.person(email="ada@old.example")
    campaign = world.call()
    sending.work(campaign)
    people.change_address(person=ada, by=None, email="ada@new.example")

    first, *more = explain(
        text=asked, campaign=campaign, people=Person.objects.all() if scoped else None
    )

    assert "accepted" in first
    assert ("It went to ada@old.example." in more) == (asked == "ada@new.example")
