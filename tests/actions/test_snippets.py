"""Snippets and templates: kept from a draft, changed, put away, and copied into new texts."""

from typing import Any

import pytest

from campaigns.actions import campaigns, contents, images, linking, revisions, snippets, text_parts
from campaigns.models import Campaign, ContentRevision, Snippet
from crm.actions import missions
from crm.actions.errors import Refused, Stale
from crm.models import AuditEntry, Mission, User
from tests.kit.pictures import picture
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(world: World) -> Campaign:
    return world.call(release=False, start=False)


@pytest.fixture
def ona(world: World) -> User:
    return world.users["coordinator"]


def blocks_of(draft: Campaign, language: str = "en") -> list[dict[str, Any]]:
    blocks: list[dict[str, Any]] = draft.texts.get(language=language).blocks
    return blocks


def ids(draft: Campaign, *kinds: str) -> list[str]:
    return [block["id"] for block in blocks_of(draft) if block["kind"] in kinds]


def keep(draft: Campaign, by: User, name: str = "The lead", **more: Any) -> Snippet:
    given: dict[str, Any] = {"blocks": ids(draft, "text")} | more
    return snippets.keep(campaign=draft, by=by, name=name, **given)


def template(draft: Campaign, by: User, name: str = "Our calls", **more: Any) -> Snippet:
    return snippets.keep(campaign=draft, by=by, name=name, **more)


def another_mission(world: World, **names: str) -> Mission:
    mission = missions.create(
        by=None,
        slug="korea-next",
        alliances=[world.alliance],
        lead_cluster=world.biocat,
        market=world.mission.market,
        names=names,
        leads={code: f"Come to {name}." for code, name in names.items()},
        terms={},
        during=(world.mission.during.lower, world.mission.during.upper),
        status="open",
        eligible_regions=[world.biocat.region],
    )
    missions.publish_programme(
        mission=mission,
        label="provisional",
        by=None,
        items=[
            {
                "day": mission.during.lower,
                "part": "day",
                "titles": {"en": "Arrival"},
                "city": "Seoul",
                "kind": "arrival",
            }
        ],
    )
    return mission


# --- keeping


def test_blocks_are_kept_in_every_language_that_has_them(draft: Campaign, ona: User) -> None:
    kept = keep(draft, ona)

    assert kept.kind == ""
    assert {code: text["blocks"][0]["text"] for code, text in kept.texts.items()} == {
        "en": "Join the delegation.",
        "fr": "Rejoignez la délégation.",
    }
    entry = AuditEntry.objects.get(noun="snippet", verb="kept")
    assert (entry.user, entry.row_id) == (ona, kept.pk)


def test_a_later_change_of_either_changes_not_the_other(draft: Campaign, ona: User) -> None:
    kept = keep(draft, ona)
    before = blocks_of(draft)

    said = {"en": {"blocks": [{**kept.texts["en"]["blocks"][0], "text": "Other words."}]}}
    snippets.edit(snippet=kept, by=ona, name="The lead", texts=said, seen=1)

    assert blocks_of(draft) == before
    kept.refresh_from_db()
    assert (kept.version, kept.texts["en"]["blocks"][0]["text"]) == (2, "Other words.")
    assert kept.texts["fr"]["blocks"][0]["text"] == "Rejoignez la délégation."
    assert kept.history.count() == 1  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", ["", "  ", "The lead"])
def test_a_name_is_needed_and_only_once(draft: Campaign, ona: User, name: str) -> None:
    keep(draft, ona)
    with pytest.raises(Refused, match="name"):
        keep(draft, ona, name)
    assert Snippet.objects.count() == 1


def test_nothing_is_no_snippet(draft: Campaign, ona: User) -> None:
    with pytest.raises(Refused, match="at least one block"):
        keep(draft, ona, blocks=["elsewhere"])


def test_there_are_only_so_many(
    draft: Campaign, ona: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(snippets, "MOST", 1)
    keep(draft, ona)
    with pytest.raises(Refused, match="Archive one first"):
        keep(draft, ona, "Second")


def test_what_is_replaced_says_something_else_from_then_on(draft: Campaign, ona: User) -> None:
    kept = keep(draft, ona)

    again = keep(draft, ona, "", blocks=ids(draft, "heading", "text"), instead_of=kept)

    assert (again.pk, again.name, again.version) == (kept.pk, "The lead", 2)
    assert [block["kind"] for block in again.texts["en"]["blocks"]] == ["heading", "text"]
    with pytest.raises(Refused, match="cannot be replaced by this"):
        template(draft, ona, "", instead_of=kept)


def test_two_who_change_one_do_not_overwrite_each_other(draft: Campaign, ona: User) -> None:
    kept = keep(draft, ona)
    snippets.edit(snippet=kept, by=ona, name="First", texts={}, seen=1)

    with pytest.raises(Stale, match="Somebody else changed “First” meanwhile"):
        snippets.edit(snippet=kept, by=ona, name="Second", texts={}, seen=1)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [("", "English: Block 1 is empty"), ("{nickname}", "English: Block 1 uses {nickname}")],
)
def test_what_could_not_be_sent_is_refused(
    draft: Campaign, ona: User, words: str, sentence: str
) -> None:
    kept = keep(draft, ona)
    said = {"en": {"blocks": [{**kept.texts["en"]["blocks"][0], "text": words}]}}
    with pytest.raises(Refused, match=sentence):
        snippets.edit(snippet=kept, by=ona, name="The lead", texts=said, seen=1)


def test_what_is_archived_can_be_offered_again(draft: Campaign, ona: User) -> None:
    kept = keep(draft, ona)
    for _twice in range(2):
        snippets.archive(snippet=kept, by=ona)
    assert not Snippet.objects.kept().exists()
    assert AuditEntry.objects.filter(noun="snippet", verb="archived").count() == 1

    other = keep(draft, ona)
    with pytest.raises(Refused, match="is kept already"):
        snippets.restore(snippet=kept, by=ona)
    snippets.archive(snippet=other, by=ona)
    snippets.restore(snippet=kept, by=ona)
    assert [*Snippet.objects.kept()] == [kept]


def test_only_who_writes_for_the_alliance_sees_them(
    world: World, draft: Campaign, ona: User
) -> None:
    keep(draft, ona)

    seen = {name for name, user in world.users.items() if Snippet.objects.visible_to(user).exists()}

    assert seen == {"coordinator", "admin"}


def test_a_copy_has_no_id_but_its_picture(world: World, draft: Campaign, ona: User) -> None:
    kept = images.add(alliance=world.alliance, name="hall.png", content=picture(), by=None)
    text = revisions.written(draft.texts.get(language="en"))
    contents.edit(
        campaign=draft,
        language="en",
        subject=text.subject,
        preheader="",
        blocks=[*text.blocks, {"kind": "image", "image": kept.name, "alt": "A hall"}],
        ready=True,
    )

    snippet = keep(draft, ona, blocks=ids(draft, "image"))

    (block,) = snippets.copies(snippet, "en")
    assert (block["image"], "id" in block) == (kept.name, False)
    assert snippets.copies(snippet, "fr") == []


# --- templates


def test_a_campaign_begins_with_a_template_and_speaks_of_its_own_record(
    world: World, draft: Campaign, ona: User
) -> None:
    text = draft.texts.get(language="en")
    contents.edit(
        campaign=draft,
        language="en",
        subject="Japan mission: are you coming?",
        preheader=text.preheader,
        blocks=[*text.blocks, {"kind": "text", "text": "As always, ask *us*."}],
        ready=True,
    )
    kept = template(draft, ona)
    mission = another_mission(world, en="Korea mission", fr="Mission en Corée")

    call = campaigns.announce(mission=mission, by=ona, template=kept)

    said = call.texts.get(language="en")
    assert said.subject == "Korea mission: are you coming?"
    assert said.preheader == "Come to Korea mission."
    assert [block.get("text") for block in said.blocks if "text" in block] == [
        "Korea mission",
        "Come to Korea mission.",
        "As always, ask *us*.",
    ]
    assert [text.ready for text in call.texts.order_by("language")] == [True, True]
    whys = revisions.of(call, "en").order_by("number").values_list("why", flat=True)
    assert [*whys] == [ContentRevision.Why.DRAFTED, ContentRevision.Why.TEMPLATE]
    kept.refresh_from_db()
    assert kept.texts["en"]["blocks"][0]["text"] == "Japan mission"
    assert linking.differences(call) == []
    assert contents.resolved(call)


def test_a_template_keeps_the_text_part_that_was_written_by_hand(
    world: World, draft: Campaign, ona: User
) -> None:
    text = draft.texts.get(language="en")
    words = text_parts.of(text).words + "\n\nWith all good wishes, your Japan mission team."
    text_parts.write(campaign=draft, language="en", words=words, seen=text.version, by=ona)
    kept = template(draft, ona)

    call = campaigns.announce(
        mission=another_mission(world, en="Korea mission", fr="Corée"), by=ona, template=kept
    )

    part = text_parts.of(call.texts.get(language="en"))
    assert part.by_hand
    assert part.words.endswith("With all good wishes, your Korea mission team.")
    assert "KOREA MISSION" in part.words
    assert "Come to Korea mission." in part.words
    assert "Japan" not in part.words
    assert part.since == []  # it was not out of date, and is not
    assert not text_parts.of(call.texts.get(language="fr")).by_hand


def test_a_place_that_a_template_has_no_block_for_is_refused(draft: Campaign, ona: User) -> None:
    text = draft.texts.get(language="en")
    words = text_parts.of(text).words + "\n\nBye."
    text_parts.write(campaign=draft, language="en", words=words, seen=text.version, by=ona)
    kept = template(draft, ona)

    with pytest.raises(Refused, match="boilerplate"):
        snippets.edit(
            snippet=kept, by=ona, name=kept.name, seen=1, texts={"en": {"plain": "{boilerplate}"}}
        )


def test_a_language_that_only_one_of_them_has_is_not_ready(
    world: World, draft: Campaign, ona: User
) -> None:
    kept = template(draft, ona)
    mission = another_mission(world, en="Korea mission", de="Koreareise")

    call = campaigns.announce(mission=mission, by=ona, template=kept)

    ready = dict(call.texts.values_list("language", "ready"))
    assert ready == {"de": False, "en": True, "fr": False}


def test_a_template_is_for_its_kind_of_campaign_and_its_alliance(
    world: World, draft: Campaign, ona: User
) -> None:
    kept = template(draft, ona)
    with pytest.raises(Refused, match="is no template of"):
        campaigns.invite(event=world.event, by=ona, template=kept)
    Snippet.objects.update(alliance=world.other_alliance)
    kept.refresh_from_db()
    mission = another_mission(world, en="Korea mission")
    with pytest.raises(Refused, match="is no template of"):
        campaigns.announce(mission=mission, by=ona, template=kept)
    assert not mission.campaigns.exists()
    with pytest.raises(Refused, match="is no template of"):
        campaigns.announce(mission=mission, by=ona, template=keep(draft, ona))
