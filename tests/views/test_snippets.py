"""Keeping blocks of a text, putting them into another one, and beginning with a template."""

import re

import pytest
from django.test import Client

from campaigns.actions import snippets, text_parts
from campaigns.forms.contents import MOST_BLOCKS
from campaigns.models import Campaign, Snippet
from tests import world as worlds
from tests.conftest import signed_in
from tests.views.test_texts import content, posted, url
from tests.world import World

LIST = "/campaigns/snippets/"
KEEP = "text/en/keep-blocks/"


@pytest.fixture
def world(installation: None) -> World:
    return worlds.build()


@pytest.fixture
def draft(world: World) -> Campaign:
    return world.call(release=False, start=False)


@pytest.fixture
def kept(world: World, draft: Campaign) -> Snippet:
    """Heading, facts and contact point of the call, in both languages."""
    chosen = [
        block["id"]
        for block in draft.texts.get(language="en").blocks
        if block["kind"] in ("heading", "facts", "contact")
    ]
    return snippets.keep(
        campaign=draft, by=world.users["coordinator"], name="Opening", blocks=chosen
    )


def kinds(page: str) -> list[str]:
    return re.findall(r'name="kind-\d+" value="(\w+)"', page)


def insert(client: Client, draft: Campaign, language: str = "en", **more: str) -> str:
    data = posted(draft, language) | {"insert": "1"} | more
    return str(client.post(url(draft, f"text/{language}/"), data).content.decode())


def test_chosen_blocks_are_kept_under_a_name(as_coordinator: Client, draft: Campaign) -> None:
    page = content(as_coordinator, url(draft, KEEP))
    (lead,) = re.findall(r'value="([a-z]{8})"[^>]*>\s*3\. Text: Join the delegation', page)

    response = as_coordinator.post(
        url(draft, KEEP), {"what": "blocks", "blocks": [lead], "name": "The lead"}, follow=True
    )

    page = response.content.decode()
    assert "“The lead” is kept." in page
    assert "English, French" in page
    assert "Join the delegation." in page


def test_the_whole_text_is_kept_as_a_template_and_a_campaign_begins_with_it(
    world: World, as_coordinator: Client, draft: Campaign
) -> None:
    as_coordinator.post(url(draft, KEEP), {"what": "whole", "name": "Our calls"})
    template = Snippet.objects.get()
    assert template.kind == "mission-call"
    assert "template · mission call" in content(as_coordinator, LIST)
    as_coordinator.post(url(draft, "cancel/"))
    world.mission.names = {"en": "Second mission", "fr": "Seconde mission"}
    world.mission.save()
    announce = f"/missions/{world.mission.slug}/announce/"

    page = content(as_coordinator, announce)
    assert "Our calls" in page
    as_coordinator.post(announce, {"alliance": world.alliance.pk, "template": template.pk})

    call = Campaign.objects.exclude(pk=draft.pk).get()
    assert call.texts.get(language="en").blocks[0]["text"] == "Second mission"
    assert "Our calls" not in content(as_coordinator, f"/events/{world.event.slug}/invite/")


def test_nothing_chosen_or_no_name_is_answered_by_a_sentence(
    as_coordinator: Client, draft: Campaign, kept: Snippet
) -> None:
    for data, sentence in (
        ({"what": "blocks", "name": "X"}, "Choose at least one block"),
        ({"what": "whole", "name": ""}, "Give it a name"),
        ({"what": "whole", "name": "Opening"}, "is kept already"),
        ({"what": "whole", "instead_of": str(kept.pk)}, "cannot be replaced by this"),
    ):
        page = as_coordinator.post(url(draft, KEEP), data).content.decode()
        assert sentence in page
    assert Snippet.objects.count() == 1


def test_a_snippet_is_put_where_it_is_wanted_and_saved_with_the_text(
    world: World, as_coordinator: Client, draft: Campaign, kept: Snippet
) -> None:
    before = draft.texts.get(language="en").blocks

    page = insert(as_coordinator, draft, snippet=str(kept.pk), place="1")

    assert "Not saved yet" in page
    # Facts and contact point stand in the text already.
    assert kinds(page)[:3] == ["heading", "heading", "introduction"]
    assert kinds(page).count("facts") == kinds(page).count("contact") == 1
    assert draft.texts.get(language="en").blocks == before
    (name,) = re.findall(r'name="id-1" value="(\w*)"', page)
    assert name == ""


def test_at_the_end_unless_a_place_is_chosen(
    as_coordinator: Client, draft: Campaign, kept: Snippet
) -> None:
    for place in ("", "x", "9" * 9):
        assert kinds(insert(as_coordinator, draft, snippet=str(kept.pk), place=place))[-1] == (
            "heading"
        )
    assert "Mission au Japon" in insert(as_coordinator, draft, "fr", snippet=str(kept.pk))


def test_what_is_no_snippet_of_the_alliance_is_not_put_in(
    world: World, as_coordinator: Client, draft: Campaign, kept: Snippet
) -> None:
    before = kinds(content(as_coordinator, url(draft, "text/en/")))
    Snippet.objects.update(alliance=world.other_alliance)

    for chosen in (str(kept.pk), "x", ""):
        assert kinds(insert(as_coordinator, draft, snippet=chosen)) == before
    assert "Insert a snippet" not in content(as_coordinator, url(draft, "text/en/"))


def test_an_event_takes_no_facts_of_a_mission(
    world: World, as_coordinator: Client, kept: Snippet
) -> None:
    invitation = world.invitation(release=False, start=False)

    page = insert(as_coordinator, invitation, snippet=str(kept.pk))

    assert kinds(page)[-1] == "heading"
    assert "facts" not in kinds(page)
    assert "Not put in, for this text has it already or has nothing to fill it with" in page
    assert "fill it with: Facts" in page


def test_more_blocks_than_a_text_may_have_are_refused_with_a_sentence(
    as_coordinator: Client, draft: Campaign, kept: Snippet
) -> None:
    before = len(draft.texts.get(language="en").blocks)
    more = {str(n): "text" for n in range(before, MOST_BLOCKS)}
    data = posted(draft, "en")
    data |= {"order": [*data["order"], *more]} | {f"kind-{n}": kind for n, kind in more.items()}
    to = url(draft, "text/en/")

    page = as_coordinator.post(to, data | {"insert": "1", "snippet": str(kept.pk)})
    assert len(kinds(page.content.decode())) == MOST_BLOCKS
    assert f"Nothing is put in: the text has {MOST_BLOCKS} blocks" in page.content.decode()

    page = as_coordinator.post(to, data | {"add": "1", "kind": "quote"})
    assert f"A text has {MOST_BLOCKS} blocks at most." in page.content.decode()


def test_the_text_part_of_a_template_is_changed_on_its_page(
    world: World, as_coordinator: Client, draft: Campaign
) -> None:
    by, text = world.users["coordinator"], draft.texts.get(language="en")
    text_parts.write(campaign=draft, language="en", words="Hello.", seen=text.version, by=by)
    whole = snippets.keep(campaign=draft, by=by, name="Our calls")
    page = content(as_coordinator, f"{LIST}{whole.pk}/")
    assert 'name="plain-en"' in page
    assert 'name="plain-fr"' not in page
    fields = {
        name: text[field]
        for code, text in whole.texts.items()
        for field in ("subject", "preheader")
        for name in (f"{field}-{code}",)
    }
    fields |= {
        f"text-{code}-{n}": block["text"]
        for code, text in whole.texts.items()
        for n, block in enumerate(text["blocks"])
        if "text" in block
    }

    as_coordinator.post(
        f"{LIST}{whole.pk}/",
        {"name": "Our calls", "seen": "1", **fields, "plain-en": "Good day.  \r\n"},
    )

    whole.refresh_from_db()
    assert whole.texts["en"]["plain"] == "Good day."


def test_a_language_without_it_says_so(
    as_coordinator: Client, draft: Campaign, kept: Snippet
) -> None:
    page = content(as_coordinator, url(draft, "text/de/"))

    assert "1 snippet is not written in this language." in page
    assert "Keep for other texts" not in page
    assert as_coordinator.get(url(draft, "text/de/keep-blocks/")).status_code == 404


def test_its_words_are_changed_in_each_language(
    as_coordinator: Client, draft: Campaign, kept: Snippet
) -> None:
    page = content(as_coordinator, f"{LIST}{kept.pk}/")
    data = {"name": "Opening words", "seen": "1", "text-en-0": "Off to Japan", "text-fr-0": "Japon"}
    assert all(f'name="{name}"' in page for name in data)

    as_coordinator.post(f"{LIST}{kept.pk}/", data)

    kept.refresh_from_db()
    assert kept.name == "Opening words"
    assert [kept.texts[code]["blocks"][0]["text"] for code in ("en", "fr")] == [
        "Off to Japan",
        "Japon",
    ]
    assert [block["kind"] for block in kept.texts["en"]["blocks"]] == [
        "heading",
        "facts",
        "contact",
    ]
    late = as_coordinator.post(f"{LIST}{kept.pk}/", data | {"name": "Late"}).content.decode()
    assert "Somebody else changed “Opening words” meanwhile" in late
    assert 'value="Late"' in late


def test_whoever_changed_its_words_is_asked_before_it_is_archived(
    as_coordinator: Client, draft: Campaign, kept: Snippet
) -> None:
    to = f"{LIST}{kept.pk}/archive/"
    said = {f"text-{code}-0": kept.texts[code]["blocks"][0]["text"] for code in ("en", "fr")}
    data = {"name": "Opening", "seen": "1", **said}

    page = as_coordinator.post(to, data | {"text-en-0": "Words nobody saved"}).content.decode()
    assert "What you typed is not saved." in page
    assert "Words nobody saved" in page
    assert Snippet.objects.kept().filter(pk=kept.pk).exists()

    as_coordinator.post(to, data)
    assert not Snippet.objects.kept().filter(pk=kept.pk).exists()


def test_it_is_archived_and_offered_again(
    as_coordinator: Client, draft: Campaign, kept: Snippet
) -> None:
    as_coordinator.post(f"{LIST}{kept.pk}/archive/")

    assert "Nothing is kept yet" in content(as_coordinator, LIST)
    assert "Opening" in content(as_coordinator, f"{LIST}?archived=1")
    assert "Insert a snippet" not in content(as_coordinator, url(draft, "text/en/"))
    page = as_coordinator.post(f"{LIST}{kept.pk}/restore/", follow=True).content.decode()
    assert "“Opening” is offered again." in page
    assert "Insert a snippet" in content(as_coordinator, url(draft, "text/en/"))


def test_nobody_else_finds_them(world: World, draft: Campaign, kept: Snippet) -> None:
    for name in ("reader", "contact_biocat", "contact_biowin", "coordinator_magia"):
        client = signed_in(world.users[name])
        assert client.get(f"{LIST}{kept.pk}/").status_code == 404
        for act in ("archive", "restore"):
            assert client.post(f"{LIST}{kept.pk}/{act}/").status_code == 404
        assert client.get(url(draft, KEEP)).status_code == 404
    assert "Opening" not in content(signed_in(world.users["coordinator_magia"]), LIST)
    assert signed_in(world.users["contact_biocat"]).get(LIST).status_code == 404
