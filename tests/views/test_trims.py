"""A region takes people out of its own lane, in the browser."""

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone

from campaigns.actions import releases, trimming
from campaigns.models import Campaign, Release, Trim
from crm.models import Person
from tests import world as worlds
from tests.conftest import signed_in
from tests.world import World

S = Release.Status


@pytest.fixture
def world(installation: None) -> World:
    return worlds.build()


@pytest.fixture
def draft(world: World) -> Campaign:
    world.person(given="Ona", family="Vidal")
    world.person(given="Pau", family="Ferrer")
    world.person(world.biom, given="Lena", family="Geheimwort")
    return world.call(release=False, start=False)


def url(lane: Release, step: str) -> str:
    return f"/campaigns/{lane.campaign.ref}/lanes/{lane.pk}/{step}/"


def post(client: Client, lane: Release, step: str, **data: object) -> str:
    return str(client.post(url(lane, step), data, follow=True).content.decode())


def content(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return str(answer.content.decode())


def named(name: str) -> Person:
    return Person.objects.get(family=name)


def test_a_contact_takes_somebody_out_and_brings_them_back(
    world: World, as_contact: Client, draft: Campaign
) -> None:
    lane, ona = world.lane(draft, world.biocat), named("Vidal")
    assert "Take people out" in content(as_contact, url(lane, "people").replace("people/", ""))

    page = post(as_contact, lane, "take-out", ids=ona.pk, reason="We call her")

    assert "One person is taken out." in page
    assert "We call her" in page
    assert "Contact Biocat" in page
    assert "taken out 1" in content(as_contact, url(lane, "people").replace("people/", ""))
    only = content(as_contact, url(lane, "people") + "?show=out")
    assert "Vidal" in only
    assert "Ferrer" not in only
    assert "Vidal" not in content(as_contact, url(lane, "people") + "?show=gets")
    assert "One person is back." in post(as_contact, lane, "bring-back", ids=ona.pk)
    assert not Trim.objects.exists()


def test_a_contact_adds_somebody_whom_the_audience_does_not_find(
    world: World, as_contact: Client, draft: Campaign
) -> None:
    lane, ona = world.lane(draft, world.biocat), named("Vidal")
    assert draft.audience
    draft.audience.include = {"f": "email", "op": "contains", "v": [named("Ferrer").email]}
    draft.audience.save()
    assert "Vidal" not in content(as_contact, url(lane, "people"))

    others = content(as_contact, url(lane, "people") + "?show=others")
    assert "Vidal" in others
    assert "Ferrer" not in others
    assert "Geheimwort" not in others

    page = post(as_contact, lane, "add", ids=ona.pk, reason="She asked", show="others")
    assert "One person is added." in page
    assert "Vidal" not in page
    whole = content(as_contact, url(lane, "people"))
    assert "Vidal" in whole
    assert "She asked" in whole
    assert Trim.objects.get().added


def test_who_was_added_and_is_taken_out_is_listed_and_brought_back(
    world: World, as_contact: Client, draft: Campaign
) -> None:
    lane, ona = world.lane(draft, world.biocat), named("Vidal")
    assert draft.audience
    draft.audience.include = {"f": "email", "op": "contains", "v": [named("Ferrer").email]}
    draft.audience.save()
    post(as_contact, lane, "add", ids=ona.pk)
    post(as_contact, lane, "take-out", ids=ona.pk, reason="After all not")

    page = content(as_contact, url(lane, "people") + "?show=out")

    assert "taken out 1" in page
    for words in ("Vidal", "not asked for", "After all not"):
        assert words in page
    assert "Ferrer" not in page
    assert "One person is back." in post(as_contact, lane, "bring-back", ids=ona.pk, show="out")
    assert "taken out 0" in content(as_contact, url(lane, "people"))
    assert not Trim.objects.exists()


def test_who_is_taken_out_and_paused_is_listed_as_taken_out(
    world: World, as_contact: Client, draft: Campaign
) -> None:
    lane, ona = world.lane(draft, world.biocat), named("Vidal")
    post(as_contact, lane, "take-out", ids=ona.pk)
    until = timezone.localdate() + dt.timedelta(days=9)
    Person.objects.filter(pk=ona.pk).update(paused_until=until)

    page = content(as_contact, url(lane, "people") + "?show=out")

    assert "taken out 1" in page
    assert "Vidal" in page
    assert "left out: paused" in page


def test_that_people_can_be_added_is_said_where_they_can(
    world: World, as_contact: Client, draft: Campaign
) -> None:
    lane = world.lane(draft, world.biocat)
    page = url(lane, "").replace("//", "/")

    assert "Take people out or add some" in content(as_contact, page)
    assert "you can add people of yours" in content(as_contact, url(lane, "people"))
    Release.objects.filter(pk=lane.pk).update(freeze_began_at=timezone.now())
    assert "Take people out or add some" not in content(as_contact, page)


def test_many_are_taken_out_at_once(world: World, as_contact: Client, draft: Campaign) -> None:
    lane = world.lane(draft, world.biocat)

    page = post(as_contact, lane, "take-out", ids=[named("Vidal").pk, named("Ferrer").pk])

    assert "2 people are taken out." in page


def test_everybody_of_an_organisation_is_taken_out(
    world: World, as_contact: Client, draft: Campaign
) -> None:
    lane, ona = world.lane(draft, world.biocat), named("Vidal")
    company = ona.positions.get().organisation
    world.person(given="Roc", family="Soler", organisation=company)
    listed = content(as_contact, url(lane, "people") + f"?organisation={company.pk}")
    assert "Soler" in listed
    assert "Ferrer" not in listed
    assert f"Take out everybody of {company}" in listed

    page = post(as_contact, lane, "take-out", organisation=company.pk)

    assert "2 people are taken out." in page
    assert "2 people are back." in post(as_contact, lane, "bring-back", organisation=company.pk)


def test_a_signature_is_asked_for_again_and_said(
    world: World, as_contact: Client, draft: Campaign
) -> None:
    lane = world.lane(draft, world.biocat)
    releases.release(release=lane, by=world.users["contact_biocat"])
    assert "asks for your signature again" in content(as_contact, url(lane, "people"))

    page = post(as_contact, lane, "take-out", ids=named("Vidal").pk)

    lane.refresh_from_db()
    assert "The lane waits for its signature again." in page
    assert lane.status == S.WAITING


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({}, "Choose somebody first."),
        ({"ids": "1; DROP"}, "This choice cannot be read."),
        ({"ids": "9" * 40}, "This choice cannot be read."),
        ({"ids": "999999"}, "None of them is in the lane of Biocat"),
        ({"organisation": "x"}, "Enter a whole number."),
        ({"organisation": "999999"}, "None of them is in the lane of Biocat"),
    ],
)
def test_bad_input_is_answered_by_a_sentence(
    world: World, as_contact: Client, draft: Campaign, data: dict[str, str], sentence: str
) -> None:
    assert sentence in post(as_contact, world.lane(draft, world.biocat), "take-out", **data)
    assert not Trim.objects.exists()


def test_twice_and_too_late_are_said(world: World, as_contact: Client, draft: Campaign) -> None:
    lane, ona = world.lane(draft, world.biocat), named("Vidal")
    post(as_contact, lane, "take-out", ids=ona.pk)
    assert "taken out already" in post(as_contact, lane, "take-out", ids=ona.pk)
    long = post(as_contact, lane, "take-out", ids=ona.pk, reason="x" * 201)
    assert "at most 200 characters" in long
    world.call()

    late = post(as_contact, lane, "bring-back", ids=ona.pk)

    assert "who gets it no longer changes" in late
    assert 'name="ids"' not in late


def test_a_foreign_person_or_lane_is_not_there(
    world: World, as_contact: Client, as_other_contact: Client, as_stranger: Client, draft: Campaign
) -> None:
    lane, foreign = world.lane(draft, world.biom), named("Geheimwort")

    own = world.lane(draft, world.biocat)
    assert "None of them" in post(as_contact, own, "take-out", ids=foreign.pk)
    for client in (as_contact, as_stranger, signed_in(world.users["reader"])):
        assert client.get(url(lane, "people")).status_code == 404
        for step in ("take-out", "bring-back"):
            assert client.post(url(lane, step), {"ids": foreign.pk}).status_code == 404
    coordinator = signed_in(world.users["coordinator"])
    assert coordinator.post(url(own, "take-out"), {"ids": named("Vidal").pk}).status_code == 404
    followers = world.lane(draft, None)
    assert as_contact.get(url(followers, "people")).status_code == 404
    assert not Trim.objects.exists()
    assert as_other_contact.get(url(lane, "people")).status_code == 200


@pytest.mark.parametrize("step", ["people", "take-out", "bring-back"])
def test_nobody_gets_there_without_signing_in(
    world: World, client: Client, draft: Campaign, step: str
) -> None:
    answer = client.post(url(world.lane(draft, world.biocat), step))

    assert answer["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize("started", [False, True])
def test_others_see_the_number_and_never_the_name(
    world: World,
    as_contact: Client,
    as_other_contact: Client,
    as_coordinator: Client,
    draft: Campaign,
    started: bool,
) -> None:
    """Biocat shares its people with the alliance; whom it takes out it keeps to itself."""
    lane, ona = world.lane(draft, world.biocat), named("Vidal")
    people = Person.objects.filter(pk=ona.pk)
    by = world.users["contact_biocat"]
    trimming.take_out(release=lane, people=people, by=by, reason="Geheimgrund")
    if started:
        world.call()
    report = f"/campaigns/{draft.ref}/people/"

    assert "taken out by the region" in content(as_contact, report)
    shown = content(as_coordinator, report)
    assert "Ferrer" in shown
    assert "Vidal" not in shown
    assert "Without names" in shown
    for query in ("?reason=15", "?state=left-out", f"?lane={lane.pk}&state=left-out"):
        for client in (as_coordinator, as_other_contact):
            page = content(client, report + query)
            assert "Vidal" not in page
            assert "Geheimgrund" not in page
    whole = content(as_coordinator, f"/campaigns/{draft.ref}/")
    assert "1 taken out by the region" in whole
    assert "Geheimgrund" not in whole
    assert "taken out by the region" not in content(as_other_contact, f"/campaigns/{draft.ref}/")


def test_an_empty_lane_says_the_next_step(world: World, as_other_contact: Client) -> None:
    empty = world.call(release=False, start=False)

    page = content(as_other_contact, url(world.lane(empty, world.biom), "people"))

    assert "Nobody of yours is asked for" in page
    assert "Back to the lane" in page
