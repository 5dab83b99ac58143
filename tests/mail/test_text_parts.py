"""A text part that somebody wrote by hand: what each reader gets of it, compiled and composed."""

from collections.abc import Iterator

import pytest
import time_machine

from campaigns.actions import contents, previews, releases, text_parts
from campaigns.mail.compiled import Press
from campaigns.mail.compose import Edition
from campaigns.mail.readers import Reader
from campaigns.models import Campaign, ContentText, Delivery
from tests import world as worlds
from tests.mail.conftest import HOSTILE, Received, blocks_of_all_kinds
from tests.mail.test_compiled import ADA, assert_fit_for_the_line, read
from tests.mail.test_injection import CODE, LINES, folded
from tests.world import World

pytestmark = pytest.mark.django_db

BY_HAND = """\
Dear {given_name|colleague},

{introduction}
this is written by hand for {organisation|your laboratory} by {contact_point} of {cluster}.
{for|member}
You are a member, and the next lines are yours alone.
{answers}
{for|outside,public}
You are not.
{for|all}

{facts}

. a line that begins with a dot, and one that is longer than any line of a mail should be, since \
nobody breaks what a person wrote
"""


@pytest.fixture
def world(installation: None) -> World:
    return worlds.build()


@pytest.fixture
def draft(world: World) -> Campaign:
    campaign = world.call(release=False, start=False)
    for text in campaign.texts.all():
        contents.edit(
            campaign=campaign,
            language=text.language,
            subject=text.subject,
            preheader=text.preheader,
            blocks=[
                {"kind": "text", "text": "For members only.", "readers": ["member"]},
                *text.blocks,
                {"kind": "text", "text": "For all others.", "readers": ["outside", "public"]},
                *blocks_of_all_kinds(world),
            ],
            ready=True,
        )
    for lane in campaign.releases.exclude(cluster=None):
        releases.introduce(
            release=lane,
            by=world.users["coordinator"],
            texts={"en": "From *us*, {given_name|friend}", "fr": "De nous"},
        )
    return campaign


def write(draft: Campaign, world: World, words: str, language: str = "en") -> ContentText:
    return text_parts.write(
        campaign=draft,
        language=language,
        words=words,
        seen=draft.texts.get(language=language).version,
        by=world.users["coordinator"],
    )


def shown(draft: Campaign, world: World, variant: str = "member", language: str = "en") -> str:
    """The text part of an invented reader of Biocat's lane."""
    reader = previews.made_up(world.lane(draft, world.biocat))
    asked = previews.Reader(reader.release, reader.person, language, variant)
    text = previews.compose(asked, previews.texts_of(draft)).text
    return text.replace("\r\n", "\n")


def without_tokens(text: str) -> list[str]:
    """Signed links differ from second to second."""
    return [line for line in text.split("\n") if "/public/" not in line]


@pytest.mark.parametrize("variant", ["member", "outside", "public"])
@pytest.mark.parametrize("language", ["en", "fr"])
def test_what_is_derived_says_by_hand_what_the_blocks_say(
    world: World, draft: Campaign, variant: str, language: str
) -> None:
    before = shown(draft, world, variant, language)
    text = draft.texts.get(language=language)
    words = text_parts.of(text).derived

    ContentText.objects.filter(pk=text.pk).update(plain=words)

    assert "{introduction}" in words
    assert without_tokens(shown(draft, world, variant, language)) == without_tokens(before)


def test_each_reader_gets_what_is_theirs(world: World, draft: Campaign) -> None:
    write(draft, world, BY_HAND)

    member, follower = (shown(draft, world, variant) for variant in ("member", "public"))

    for text in (member, follower):
        assert "Dear Alex,\n\nA WORD FROM BIOCAT\n\nFrom us, Alex\n\nthis is written" in text
        assert "for your laboratory by Desk of Biocat of Biocat." in text
        assert "Free of charge" in text
        assert "YOUR CONTACT POINT\n\nDesk of Biocat" in text
        assert text.count("Unsubscribe") == 1
        assert "Biocat Street 1" in text
        assert "Co-funded by a programme" in text
        assert "For members only" not in text
        assert "{" not in text
    assert "You are a member" in member
    assert "Is this mission for you?".upper() in member
    assert "You are not." not in member
    assert "You are not." in follower
    assert "IS THIS MISSION FOR YOU?" not in follower
    assert "HOW TO TAKE PART FROM YOUR REGION" in follower
    assert "The hall again" not in member


def test_what_one_language_says_by_hand_another_derives(world: World, draft: Campaign) -> None:
    write(draft, world, BY_HAND)

    assert "For members only." in shown(draft, world, language="fr")


def editions(draft: Campaign) -> Iterator[tuple[Edition, Reader]]:
    """Every lane, kind of reader and hostile name."""
    lanes = draft.releases.select_related("cluster__region").order_by("pk")
    for n, name in enumerate(["", "Ada", *HOSTILE]):
        lane = lanes[n % 3]
        variant = Delivery.Variant.values[n % 3]
        reader = ADA._replace(
            campaign=draft.pk,
            release=lane.pk,
            variant=variant,
            given=name,
            family=name,
            organisation=name,
        )
        yield Edition(lane, None, reader.language, variant), reader


def test_compiled_it_is_what_is_composed(world: World, draft: Campaign) -> None:
    write(draft, world, BY_HAND)
    with time_machine.travel(draft.created_at, tick=False):
        press = Press(draft, previews.texts_of(draft))

        for edition, reader in editions(draft):
            compiled, composed = press.envelope(reader), press.composer.write(edition, reader)
            assert read(compiled.mail) == read(composed.mail)
            assert compiled.fit
            assert_fit_for_the_line(compiled.mail)

    draft.refresh_from_db()
    assert draft.uncompiled == ""
    assert press.names_posts


@pytest.mark.parametrize("code", [*CODE, *LINES])
def test_code_comes_out_as_it_was_written(world: World, draft: Campaign, code: str) -> None:
    write(draft, world, f"By hand: {code} end\n{{contact}}\n{code} and {{given_name|you}}")
    press = Press(draft, previews.texts_of(draft))

    for _edition, reader in editions(draft):
        text = folded(Received(Delivery(), press.envelope(reader).mail).text)
        assert folded(f"By hand: {code} end") in text
        assert text.index(folded("Your contact point")) < text.index(folded(f"{code} and"))
        assert folded("Unsubscribe") in text

    draft.refresh_from_db()
    assert draft.uncompiled == ""


def test_a_name_that_looks_like_a_place_is_a_name(world: World, draft: Campaign) -> None:
    """Neither what is known of a reader nor what a cluster is called is read for places."""
    type(world.biocat).objects.filter(pk=world.biocat.pk).update(name="{contact}")
    write(draft, world, "{cluster}\n{family_name}")
    press = Press(draft, previews.texts_of(draft))
    lane = world.lane(draft, world.biocat)
    reader = ADA._replace(campaign=draft.pk, release=lane.pk, family="{answers}")

    text = Received(Delivery(), press.envelope(reader).mail).text.replace("\r\n", "\n")

    assert "{contact}\n" in text
    assert "\n{answers}\n" in text
    assert text.count("YOUR CONTACT POINT") == 1


def test_it_is_pinned_with_what_is_signed(world: World, draft: Campaign) -> None:
    world.person(language="en")
    write(draft, world, "By hand")

    sent = world.call()

    assert sent.content_version
    assert sent.content_version.texts.get(language="en").plain == "By hand"
    assert sent.content_version.texts.get(language="fr").plain == ""
    assert "By hand" in shown(sent, world)
