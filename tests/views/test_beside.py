"""Another language beside the one that is written: what is missing, what changed since."""

import re
from typing import Any

import pytest
from django.test import Client

from campaigns.actions import contents, linking, revisions
from campaigns.models import Campaign
from crm.actions import missions
from tests import world as worlds
from tests.kit.pictures import picture
from tests.views.test_texts import content, posted, upload, url, with_a_picture
from tests.views.test_versions import rewritten, theirs
from tests.world import World


@pytest.fixture
def world(installation: None) -> World:
    return worlds.build()


@pytest.fixture
def draft(world: World) -> Campaign:
    return world.call(release=False, start=False)


def save(world: World, draft: Campaign, language: str, blocks: list[dict[str, Any]]) -> None:
    text = draft.texts.get(language=language)
    contents.edit(
        campaign=draft,
        language=language,
        subject=text.subject,
        preheader=text.preheader,
        blocks=blocks,
        ready=True,
        by=world.users["admin"],
    )


def kinds(page: str) -> list[str]:
    return re.findall(r'name="kind-\d+" value="(\w+)"', page)


def test_another_language_is_shown_block_by_block(as_coordinator: Client, draft: Campaign) -> None:
    page = content(as_coordinator, url(draft, "text/en/?beside=fr"))

    assert '<p lang="fr">Mission au Japon' in page
    assert "<p>Rejoignez la délégation.</p>" in page
    assert "Write in French" in page
    assert "missing here" not in page
    assert "changed since" not in page


@pytest.mark.parametrize("asked", ["", "?beside=", "?beside=en", "?beside=de", "?beside=<b>"])
def test_nothing_stands_beside_a_text_that_was_not_asked_for(
    as_coordinator: Client, draft: Campaign, asked: str
) -> None:
    page = content(as_coordinator, url(draft, f"text/en/{asked}"))

    assert "Rejoignez" not in page
    assert "Not in" not in page


def test_a_language_that_is_begun_has_the_first_one_beside_it(
    as_coordinator: Client, draft: Campaign
) -> None:
    page = content(as_coordinator, url(draft, "text/de/"))

    assert "<p>Join the delegation.</p>" in page
    assert "Join the delegation." not in content(as_coordinator, url(draft, "text/de/?beside=mail"))


def test_what_changed_since_is_marked_until_ones_own_words_follow(
    world: World, as_coordinator: Client, draft: Campaign
) -> None:
    theirs(world, draft, blocks=rewritten(draft, 2, "Join the <big> delegation."))

    page = content(as_coordinator, url(draft, "text/fr/?beside=en"))

    assert "1 place changed since" in page
    assert "<ins>&lt;big&gt;</ins>" in page
    assert "changed since" not in content(as_coordinator, url(draft, "text/en/?beside=fr"))
    french = draft.texts.get(language="fr").blocks
    save(
        world,
        draft,
        "fr",
        [*french[:2], french[2] | {"text": "La grande délégation."}, *french[3:]],
    )
    assert "changed since" not in content(as_coordinator, url(draft, "text/fr/?beside=en"))


def test_a_subject_that_changed_since_is_marked(
    world: World, as_coordinator: Client, draft: Campaign
) -> None:
    theirs(world, draft, subject="Come to Japan")

    page = content(as_coordinator, url(draft, "text/fr/?beside=en"))

    assert "1 place changed since" in page
    assert "<ins>Come to Japan</ins>" in page


def test_what_all_languages_take_from_their_record_has_changed_in_none_since(
    world: World, as_coordinator: Client, draft: Campaign
) -> None:
    leads = {"en": "Join us.", "fr": "Venez."}
    ona = world.users["coordinator"]
    missions.edit(mission=world.mission, by=ona, version=world.mission.version, leads=leads)
    linking.take_over(campaign=draft, by=ona)

    for language, beside in (("en", "fr"), ("fr", "en")):
        page = content(as_coordinator, url(draft, f"text/{language}/?beside={beside}"))
        assert "changed since" not in page


def test_a_block_that_is_missing_is_added_where_it_stands_in_the_other_language(
    world: World, as_coordinator: Client, draft: Campaign
) -> None:
    english = draft.texts.get(language="en").blocks
    more = {"kind": "button", "label": "The fair", "url": "https://fair.example/"}
    save(world, draft, "en", [*english[:2], more, *english[2:]])
    name = draft.texts.get(language="en").blocks[2]["id"]
    before = draft.texts.get(language="fr").blocks

    page = content(as_coordinator, url(draft, "text/fr/?beside=en"))
    assert "1 block is missing here" in page
    data = posted(draft, "fr", missing=name) | {"text-2": "Des mots"}
    added = as_coordinator.post(url(draft, "text/fr/?beside=en"), data).content.decode()

    assert kinds(added)[:4] == ["heading", "introduction", "button", "text"]
    assert 'name="label-2" value=""' in added
    assert 'name="url-2" value="https://fair.example/"' in added
    assert f'name="id-2" value="{name}"' in added
    assert "Des mots" in added
    assert "Not saved yet" in added
    assert "is missing here" not in added
    assert draft.texts.get(language="fr").blocks == before


@pytest.mark.parametrize("name", ["", "abcdefgh", "\x00", "9" * 5000])
def test_a_block_that_nobody_has_is_not_added(
    as_coordinator: Client, draft: Campaign, name: str
) -> None:
    data = posted(draft, "fr", missing=name)

    page = as_coordinator.post(url(draft, "text/fr/?beside=en"), data).content.decode()

    assert kinds(page) == [block["kind"] for block in draft.texts.get(language="fr").blocks]


def test_choosing_another_language_loses_nothing_that_was_typed(
    as_coordinator: Client, draft: Campaign
) -> None:
    before = draft.texts.get(language="en").blocks
    data = posted(draft, beside="fr") | {"text-2": "Words that nobody saved"}

    answer = as_coordinator.post(url(draft, "text/en/"), data)

    page = content(as_coordinator, answer["Location"])
    assert "Words that nobody saved" in page
    assert "Rejoignez la délégation." in page
    assert "Not saved yet" in page
    assert draft.texts.get(language="en").blocks == before


def test_changing_over_to_the_other_language_keeps_what_was_typed(
    as_coordinator: Client, draft: Campaign
) -> None:
    data = posted(draft, over="fr") | {"text-2": "Words that nobody saved"}

    answer = as_coordinator.post(url(draft, "text/en/?beside=fr"), data)

    assert answer["Location"] == url(draft, "text/fr/?beside=en")
    assert "Go on with it" in content(as_coordinator, url(draft, "text/en/"))
    assert as_coordinator.post(url(draft, "text/en/"), data | {"over": "xx"}).status_code == 404


def test_looking_beside_a_text_that_nobody_changed_keeps_nothing(
    as_coordinator: Client, draft: Campaign
) -> None:
    data = with_a_picture(draft, file=upload(picture()))
    assert as_coordinator.post(url(draft, "text/en/"), data).status_code == 302
    kept = revisions.of(draft, "en").count()

    answer = as_coordinator.post(url(draft, "text/en/"), posted(draft, beside="fr"))

    assert answer["Location"] == url(draft, "text/en/?beside=fr")
    assert revisions.of(draft, "en").count() == kept


def test_the_other_language_stays_beside_after_saving(
    as_coordinator: Client, draft: Campaign
) -> None:
    answer = as_coordinator.post(url(draft, "text/en/?beside=fr"), posted(draft))

    assert answer["Location"] == url(draft, "text/en/?beside=fr")


def test_the_page_asks_few_questions(
    as_coordinator: Client, draft: Campaign, django_assert_max_num_queries: Any
) -> None:
    content(as_coordinator, url(draft, "text/en/?beside=fr"))

    with django_assert_max_num_queries(12):
        content(as_coordinator, url(draft, "text/en/?beside=fr"))
