"""Whose mail is previewed, found by name or one after the other; and how it is looked at."""

import pytest
from django.test import Client

from campaigns.actions import contents, images, trimming
from campaigns.models import Campaign
from tests import world as worlds
from tests.kit.pictures import picture
from tests.views.test_previews import url
from tests.world import World


@pytest.fixture
def world(installation: None) -> World:
    return worlds.build()


@pytest.fixture
def draft(world: World) -> Campaign:
    world.person(given="Ona", family="Vidal", language="fr")
    world.person(given="Ona", family="Puig")
    world.person(given="Marc", family="Roca", basis=None, source="")
    world.person(world.biom, given="Lena", family="Geheimwort")
    return world.call(release=False, start=False)


def page(browser: Client, campaign: Campaign, query: str) -> str:
    return browser.get(url(campaign, f"preview/?{query}"), follow=True).content.decode()


def test_a_reader_is_found_by_name(as_coordinator: Client, draft: Campaign) -> None:
    found = page(as_coordinator, draft, "q=vidal&dark=1&width=phone")

    assert "As Ona Vidal in the lane of Biocat would get it." in found
    assert "French" in found
    assert 'class="mail phone"' in found
    assert "dark=1" in found


def test_of_several_with_a_name_one_is_chosen(as_coordinator: Client, draft: Campaign) -> None:
    found = page(as_coordinator, draft, "q=ona")

    assert "Whose mail?" in found
    assert "Ona Vidal</a>" in found
    assert "Ona Puig</a>" in found


def test_only_readers_whom_one_may_name_are_found(
    as_coordinator: Client, as_other_contact: Client, as_stranger: Client, draft: Campaign
) -> None:
    """BioM shares no names."""
    hidden = page(as_coordinator, draft, "q=geheimwort")

    assert "is called “geheimwort”" in hidden
    assert "Lena" not in hidden
    assert "As Lena Geheimwort" in page(as_other_contact, draft, "q=geheimwort")
    assert "is called “vidal”" in page(as_other_contact, draft, "q=vidal")
    assert as_stranger.get(url(draft, "preview/?q=vidal")).status_code == 404


def test_the_next_reader_of_a_lane_and_after_the_last_the_first(
    world: World, as_coordinator: Client, draft: Campaign
) -> None:
    lane = world.lane(draft, world.biocat)
    vidal, puig = (world.biocat.people.get(family=name) for name in ("Vidal", "Puig"))

    assert "As Ona Puig" in page(as_coordinator, draft, f"lane={lane.pk}&after={vidal.pk}")
    assert "As Ona Vidal" in page(as_coordinator, draft, f"lane={lane.pk}&after={puig.pk}")
    assert "Next reader" in page(as_coordinator, draft, f"person={vidal.pk}")


def test_where_nobody_may_be_named_there_is_no_next_reader(
    world: World, as_coordinator: Client, draft: Campaign
) -> None:
    lane = world.lane(draft, world.biom)

    shown = page(as_coordinator, draft, f"lane={lane.pk}&after=0")

    assert "invented reader" in shown
    assert "Next reader" not in shown


def test_the_next_reader_of_a_lane_that_was_sent(
    world: World, as_coordinator: Client, draft: Campaign
) -> None:
    started = world.call()
    lane = world.lane(started, world.biocat)
    vidal = world.biocat.people.get(family="Vidal")

    assert "As Ona Puig" in page(as_coordinator, started, f"lane={lane.pk}&after={vidal.pk}")


def test_who_is_left_out_is_shown_with_the_reason(as_coordinator: Client, draft: Campaign) -> None:
    shown = page(as_coordinator, draft, "q=roca")

    assert "Marc Roca does not get this mail: no legal basis" in shown


def test_whom_a_region_took_out_is_known_to_that_region_alone(
    world: World, as_coordinator: Client, as_contact: Client, draft: Campaign
) -> None:
    puig = world.biocat.people.filter(family="Puig")
    trimming.take_out(
        release=world.lane(draft, world.biocat), people=puig, by=world.users["contact_biocat"],
        reason="",
    )  # fmt: skip

    assert "Ona Puig does not get this mail: taken out" in page(as_contact, draft, "q=puig")
    assert "Ona Puig" not in page(as_coordinator, draft, "q=puig")
    assert as_coordinator.get(url(draft, f"preview/?person={puig.get().pk}")).status_code == 404


def test_after_a_proof_one_is_back_at_the_same_preview(
    world: World, as_coordinator: Client, draft: Campaign
) -> None:
    vidal = world.biocat.people.get(family="Vidal")

    answer = as_coordinator.post(
        url(draft, "proof/"), {"person": vidal.pk, "dark": "1", "back": "preview", "other": "x"}
    )

    assert answer.headers["Location"] == url(draft, f"preview/?dark=1&person={vidal.pk}")
    assert as_coordinator.get(answer.headers["Location"]).status_code == 200


def test_another_lane_chosen_after_a_person_shows_that_lane(
    world: World, as_coordinator: Client, draft: Campaign
) -> None:
    vidal, lane = world.biocat.people.get(family="Vidal"), world.lane(draft, world.biom)

    assert "invented reader" in page(as_coordinator, draft, f"person={vidal.pk}&lane={lane.pk}")


def test_nonsense_asks_for_the_first_reader(as_coordinator: Client, draft: Campaign) -> None:
    for query in ("person=x&after=y", "lane=x&dark=7&images=no", "after=99999999999999999999"):
        assert as_coordinator.get(url(draft, f"preview/?{query}")).status_code == 200


def test_the_mail_in_the_dark_and_with_pictures_off(
    world: World, as_coordinator: Client, draft: Campaign
) -> None:
    kept = images.add(alliance=world.alliance, name="hall.png", content=picture(), by=None)
    for text in draft.texts.all():
        contents.edit(
            campaign=draft,
            language=text.language,
            subject=text.subject,
            preheader="",
            blocks=[*text.blocks, {"kind": "image", "image": kept.name, "alt": "The hall"}],
            ready=True,
        )

    light, dark, bare = (
        as_coordinator.get(url(draft, f"preview/body/?{query}")).content.decode()
        for query in ("", "dark=1", "images=0")
    )

    assert "@media not all{" in light
    assert "@media all{" in dark
    assert 'content="dark"' in dark
    assert kept.name in light
    assert kept.name in dark
    assert kept.name not in bare
    assert 'alt="The hall"' in bare
