"""Lanes: each region signs its own; the coordinator may sign for all."""

import datetime as dt
import html
import re

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from campaigns.actions import campaigns, contents, releases, trimming
from campaigns.models import Audience, Campaign, Release
from crm.models import Person
from tests import world as worlds
from tests.conftest import signed_in
from tests.kit.buttons import press
from tests.world import World

S = Release.Status
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def world(installation: None) -> World:
    return worlds.build()


@pytest.fixture
def draft(world: World) -> Campaign:
    world.person()
    world.person(world.biom)
    return world.call(release=False, start=False)


def url(lane: Release, step: str = "") -> str:
    return f"/campaigns/{lane.campaign.ref}/lanes/{lane.pk}/{step}{'/' if step else ''}"


def test_a_contact_signs_the_own_lane(world: World, as_contact: Client, draft: Campaign) -> None:
    lane = world.lane(draft, world.biocat)

    response = press(as_contact, url(lane), url(lane, "release"))

    lane.refresh_from_db()
    assert lane.status == S.RELEASED
    assert lane.decided_by == world.users["contact_biocat"]
    page = as_contact.get(response.headers["Location"]).content.decode()
    assert "The lane of Biocat is released." in page


def test_who_may_still_sign_a_declined_lane_sees_who_would_get_it(
    world: World, as_contact: Client, draft: Campaign
) -> None:
    world.person(language="fr")
    lane = world.lane(draft, world.biocat)
    releases.decline(release=lane, by=world.users["contact_biocat"], note="")

    page = as_contact.get(url(lane)).content.decode()

    assert "Who would get it" in page
    assert "French 1" in page


def test_a_contact_sees_the_mail_as_the_own_readers_get_it(
    world: World, as_contact: Client, draft: Campaign
) -> None:
    world.person(given="Ona", family="Vidal", language="fr")
    lane = world.lane(draft, world.biocat)
    by = world.users["contact_biocat"]
    releases.introduce(release=lane, by=by, texts={"fr": "À bientôt à Barcelone."})

    page = as_contact.get(url(lane) + "?language=fr").content.decode()
    mail = as_contact.get(f"/campaigns/{draft.ref}/preview/body/?lane={lane.pk}&language=fr")

    assert "Biocat desk &lt;desk@biocat.example&gt;" in page
    assert "Mission au Japon" in page
    assert f"lane={lane.pk}&amp;language=fr" in page
    assert "À bientôt à Barcelone." in mail.content.decode()


def test_a_preview_opens_on_ones_own_lane(
    world: World, as_other_contact: Client, draft: Campaign
) -> None:
    page = as_other_contact.get(f"/campaigns/{draft.ref}/preview/").content.decode()

    assert "BioM desk" in page
    assert "Biocat desk" not in page


def test_nobody_signs_what_they_have_not_seen(
    world: World, as_contact: Client, as_coordinator: Client, draft: Campaign
) -> None:
    """Between the look and the press, somebody writes something else."""
    lane = world.lane(draft, world.biocat)
    seen = releases.seen_in(draft, [lane])
    all_seen = releases.seen_in(draft, releases.waiting_in(draft))
    text = draft.texts.get(language="en")
    contents.edit(
        campaign=draft,
        language="en",
        subject="Something else",
        preheader="",
        blocks=text.blocks,
        ready=True,
    )

    one = as_contact.post(url(lane, "release"), {"seen": seen}, follow=True)
    none = as_contact.post(url(lane, "release"), follow=True)
    every = as_coordinator.post(
        f"/campaigns/{draft.ref}/release-all/", {"seen": all_seen}, follow=True
    )

    for answer in (one, none, every):
        assert "Nothing is signed; look at it again." in answer.content.decode()
    assert not draft.releases.exclude(status=S.WAITING).exists()


def test_a_lane_that_its_region_held_meanwhile_is_not_released_over_its_word(
    world: World, as_coordinator: Client, draft: Campaign
) -> None:
    lane = world.lane(draft, world.biocat)
    seen = releases.seen_in(draft, [lane])
    by = world.users["contact_biocat"]
    releases.hold(release=lane, by=by, note="Our board meets on Friday.")

    answer = as_coordinator.post(url(lane, "release"), {"seen": seen}, follow=True)

    lane.refresh_from_db()
    assert "Nothing is signed" in answer.content.decode()
    assert (lane.status, lane.note) == (S.HELD, "Our board meets on Friday.")


def test_nobody_signs_for_people_who_were_chosen_since(
    world: World, as_contact: Client, draft: Campaign
) -> None:
    lane = world.lane(draft, world.biocat)
    seen = releases.seen_in(draft, [lane])
    asked = draft.audience
    assert asked
    draft.audience = Audience.objects.create(
        ref="others", alliance=world.alliance, name="Others", include={"not": asked.include}
    )
    draft.save()

    answer = as_contact.post(url(lane, "release"), {"seen": seen}, follow=True)

    assert "Nothing is signed" in answer.content.decode()


def test_many_mails_that_a_signature_lets_leave_ask_for_the_password(
    world: World, draft: Campaign, client: Client, settings: Settings
) -> None:
    """Of a draft nothing leaves; once it is scheduled, whoever signs lets mails leave."""
    settings.ACCOUNT_REAUTHENTICATION_TIMEOUT = settings.SEND_CONFIRM = 0
    lane, other = world.lane(draft, world.biocat), world.lane(draft, world.biom)
    user = world.users["coordinator"]
    user.set_password("a quiet morning in Lyon")
    user.save()
    client.force_login(user, "allauth.account.auth_backends.AuthenticationBackend")
    press(client, url(lane), url(lane, "release"))
    lane.refresh_from_db()
    assert lane.status == S.RELEASED

    campaigns.schedule(campaign=draft, by=None, send_at=timezone.now())
    late = press(client, url(other), url(other, "release"))
    page = f"/campaigns/{draft.ref}/"
    every = press(client, page, f"{page}release-all/")

    releases.decline(release=other, by=user, note="")
    after_all = press(client, url(other), url(other, "release"))

    for answer in (late, every, after_all):
        assert answer["Location"].startswith("/accounts/reauthenticate/")
    other.refresh_from_db()
    assert other.status == S.DECLINED


def test_whoever_signs_for_many_mails_that_leave_types_their_number(
    world: World, draft: Campaign, as_coordinator: Client, settings: Settings
) -> None:
    """As whoever schedules does: else a lane signed after that would let thousands go unasked."""
    lane, other = world.lane(draft, world.biocat), world.lane(draft, world.biom)
    press(as_coordinator, url(lane), url(lane, "release"))
    campaigns.schedule(campaign=draft, by=None, send_at=timezone.now() + HOUR)
    settings.SEND_CONFIRM = 0

    asked = press(as_coordinator, url(other), url(other, "release"))
    seen = re.findall(r'name="seen" value="([^"]*)"', asked.content.decode())
    typed = {"seen": html.unescape(seen[0]), "count": 2}
    wrong = as_coordinator.post(url(other, "release"), typed)
    page = f"/campaigns/{draft.ref}/"
    every = press(as_coordinator, page, f"{page}release-all/").content.decode()

    assert "Type how many mails leave: 1" in asked.content.decode()
    assert f'action="{url(other, "release")}"' in asked.content.decode()
    assert "1 mails would leave" in wrong.content.decode()
    assert f'action="{page}release-all/"' in every
    other.refresh_from_db()
    assert other.status == S.WAITING
    as_coordinator.post(url(other, "release"), typed | {"count": 1})
    other.refresh_from_db()
    assert other.status == S.RELEASED


def test_a_lane_is_read_by_its_region_and_the_coordinator_only(
    world: World, as_contact: Client, as_other_contact: Client, as_stranger: Client, draft: Campaign
) -> None:
    lane = world.lane(draft, world.biocat)

    assert as_contact.get(url(lane)).status_code == 200
    assert signed_in(world.users["reader"]).get(url(lane)).status_code == 200
    assert signed_in(world.users["coordinator"]).get(url(lane)).status_code == 200
    assert as_other_contact.get(url(lane)).status_code == 404
    assert as_stranger.get(url(lane)).status_code == 404


def test_a_reader_of_the_cluster_looks_and_is_offered_nothing(
    world: World, draft: Campaign
) -> None:
    lane = world.lane(draft, world.biocat)

    page = signed_in(world.users["reader"]).get(url(lane)).content.decode()

    assert "/release/" not in page
    assert "/hold/" not in page
    assert "/introduce/" not in page


@pytest.mark.parametrize("step", ["release", "hold", "decline", "introduce"])
def test_a_foreign_lane_is_not_there(
    world: World, as_contact: Client, as_stranger: Client, draft: Campaign, step: str
) -> None:
    lane = world.lane(draft, world.biom)

    for client in (as_contact, as_stranger, signed_in(world.users["reader"])):
        assert client.post(url(lane, step), {"note": "no"}).status_code == 404
    lane.refresh_from_db()
    assert lane.status == S.WAITING


@pytest.mark.parametrize("step", ["release", "hold", "decline", "introduce"])
def test_nobody_signs_without_signing_in(
    world: World, client: Client, draft: Campaign, step: str
) -> None:
    lane = world.lane(draft, world.biocat)

    assert client.post(url(lane, step))["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize("step", ["hold", "decline", "introduce"])
def test_looking_changes_nothing(
    world: World, as_contact: Client, draft: Campaign, step: str
) -> None:
    lane = world.lane(draft, world.biocat)

    assert as_contact.get(url(lane, step)).status_code == 200

    lane.refresh_from_db()
    assert lane.status == S.WAITING
    assert as_contact.get(url(lane, "release")).status_code == 405


def test_who_holds_a_lane_says_why_and_the_others_see_it(
    world: World, as_contact: Client, as_coordinator: Client, draft: Campaign
) -> None:
    lane = world.lane(draft, world.biocat)

    assert "required" in as_contact.post(url(lane, "hold"), {"note": ""}).content.decode()
    as_contact.post(url(lane, "hold"), {"note": "Please wait for the hotel list."})

    lane.refresh_from_db()
    assert lane.status == S.HELD
    page = as_coordinator.get(f"/campaigns/{draft.ref}/").content.decode()
    assert "Please wait for the hotel list." in page


def test_the_coordinator_releases_all_that_wait_and_leaves_the_held_one(
    world: World, as_contact: Client, as_coordinator: Client, draft: Campaign
) -> None:
    held = world.lane(draft, world.biocat)
    as_contact.post(url(held, "hold"), {"note": "Later"})

    page = f"/campaigns/{draft.ref}/"
    press(as_coordinator, page, f"{page}release-all/")

    assert world.lane(draft, world.biom).status == S.RELEASED
    assert world.lane(draft, world.biocat).status == S.HELD


def test_a_contact_does_not_release_all(as_contact: Client, draft: Campaign) -> None:
    assert as_contact.post(f"/campaigns/{draft.ref}/release-all/").status_code == 404
    assert not draft.releases.exclude(status=S.WAITING).exists()


def test_releasing_twice_is_once(world: World, as_contact: Client, draft: Campaign) -> None:
    lane = world.lane(draft, world.biocat)

    seen = releases.seen_in(draft, [lane])
    for _n in range(2):
        answer = as_contact.post(url(lane, "release"), {"seen": seen})
        assert answer.status_code == 302

    lane.refresh_from_db()
    assert lane.status == S.RELEASED


@pytest.mark.parametrize("step", ["hold", "decline", "introduce"])
def test_a_lane_that_started_is_out_of_reach(world: World, as_contact: Client, step: str) -> None:
    world.person()
    lane = world.lane(world.call(), world.biocat)
    before = lane.status

    page = as_contact.post(
        url(lane, step), {"note": "Stop!", "texts_en": "Too late"}
    ).content.decode()

    lane.refresh_from_db()
    assert "already" in page
    assert lane.status == before


def test_the_introduction_is_kept_per_language_and_asks_for_a_new_signature(
    world: World, as_contact: Client, draft: Campaign
) -> None:
    lane = world.lane(draft, world.biocat)
    as_contact.post(url(lane, "release"))

    as_contact.post(
        url(lane, "introduce"),
        {"texts_en": "Biocat pays half.", "texts_fr": "Biocat paie la moitié."},
    )

    lane.refresh_from_db()
    assert {text.language: text.text for text in lane.texts.all()} == {
        "en": "Biocat pays half.",
        "fr": "Biocat paie la moitié.",
    }
    assert lane.status == S.WAITING


def opened(browser: Client, lane: Release) -> dict[str, str]:
    """What the page of the introduction would send if nothing were typed."""
    page = browser.get(url(lane, "introduce")).content.decode()
    (seen,) = re.findall(r'name="seen" value="([^"]*)"', page)
    texts = re.findall(r'<textarea name="(texts_\w\w)"[^>]*>\s*([^<]*)</textarea>', page)
    return {"seen": html.unescape(seen), **{name: html.unescape(text) for name, text in texts}}


def written(lane: Release) -> dict[str, str]:
    return dict(lane.texts.values_list("language", "text"))


def test_two_who_write_an_introduction_lose_no_word(
    world: World, as_contact: Client, as_coordinator: Client, draft: Campaign
) -> None:
    lane = world.lane(draft, world.biocat)
    releases.introduce(release=lane, by=world.users["admin"], texts={"en": "Hello"})
    mine, theirs = opened(as_contact, lane), opened(as_coordinator, lane)

    as_coordinator.post(url(lane, "introduce"), theirs | {"texts_fr": "Bonjour"})
    as_contact.post(url(lane, "introduce"), mine | {"texts_en": "Dear all"})

    assert written(lane) == {"en": "Dear all", "fr": "Bonjour"}


def test_two_who_write_the_same_words_of_an_introduction_see_both(
    world: World, as_contact: Client, as_coordinator: Client, draft: Campaign
) -> None:
    lane = world.lane(draft, world.biocat)
    mine, theirs = opened(as_contact, lane), opened(as_coordinator, lane)
    as_coordinator.post(url(lane, "introduce"), theirs | {"texts_en": "Theirs", "texts_fr": "Oui"})

    page = as_contact.post(url(lane, "introduce"), mine | {"texts_en": "Mine"}).content.decode()

    assert "Somebody else wrote this meanwhile in English" in page
    assert "Theirs" in page
    assert "Mine</textarea>" in page
    assert written(lane) == {"en": "Theirs", "fr": "Oui"}
    (seen,) = re.findall(r'name="seen" value="([^"]*)"', page)
    again = mine | {"texts_en": "Mine", "seen": html.unescape(seen)}
    as_contact.post(url(lane, "introduce"), again)
    assert written(lane) == {"en": "Mine", "fr": "Oui"}


def test_an_unknown_merge_field_in_an_introduction_is_refused(
    world: World, as_contact: Client, draft: Campaign
) -> None:
    lane = world.lane(draft, world.biocat)

    page = as_contact.post(url(lane, "introduce"), {"texts_en": "Hi {pet}"}).content.decode()

    assert "is not a merge field" in page
    assert not lane.texts.exists()


# --- since the signature


def test_a_region_sees_who_came_and_went_since_it_signed(
    world: World,
    as_contact: Client,
    as_coordinator: Client,
    as_other_contact: Client,
    draft: Campaign,
) -> None:
    lane = world.lane(draft, world.biocat)
    goes = world.person(given="Ona", family="Vidal")
    assert "/since/" not in as_contact.get(url(lane)).content.decode()
    assert "Nobody has signed" in as_contact.get(url(lane, "since")).content.decode()
    releases.release(release=lane, by=world.users["contact_biocat"])
    assert "The same people" in as_contact.get(url(lane, "since")).content.decode()

    world.person(given="Pau", family="Ferrer")
    trimming.take_out(
        release=lane,
        people=Person.objects.filter(pk=goes.pk),
        by=world.users["contact_biocat"],
    )

    own = as_contact.get(url(lane, "since")).content.decode()
    card = as_contact.get(url(lane, "since"), headers={"HX-Request": "true"}).content.decode()
    counted = as_coordinator.get(url(lane, "since")).content.decode()
    assert "/since/" in as_contact.get(url(lane)).content.decode()
    for page in (own, card):
        assert "1 get it now" in page
        assert "Ferrer" in page
        assert "1 no longer get it" in page
        assert "taken out by the region" in page
        assert "Vidal" in page
    assert "<html" not in card
    assert "1 no longer get it" in counted
    assert "Ferrer" not in counted
    assert "Vidal" not in counted
    assert as_other_contact.get(url(lane, "since")).status_code == 404


# --- what was looked at


def test_a_page_that_renews_itself_signs_only_what_was_opened(
    world: World, as_coordinator: Client, draft: Campaign
) -> None:
    """The numbers move by themselves; the mark of what would be signed stays the page's."""
    by = world.users["coordinator"]
    releases.release(release=world.lane(draft, world.biom), by=by)
    campaigns.schedule(campaign=draft, by=by, send_at=timezone.now())
    page = f"/campaigns/{draft.ref}/"
    source = as_coordinator.get(page).content.decode()
    (again,) = re.findall(r'hx-get="([^"]*/progress/[^"]*)"', source)
    lane = world.lane(draft, world.biocat)
    releases.introduce(release=lane, by=by, texts={"en": "Something nobody looked at"})

    answer = press(as_coordinator, html.unescape(again), f"{page}release-all/")

    shown = as_coordinator.get(answer["Location"]).content.decode()
    assert "Nothing is signed; look at it again." in shown
    lane.refresh_from_db()
    assert lane.status == S.WAITING
    press(as_coordinator, page, f"{page}release-all/")
    lane.refresh_from_db()
    assert lane.status == S.RELEASED
