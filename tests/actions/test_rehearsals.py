"""A dry run of all mails: what is wrong with whose, and how long it holds."""

import pytest

from campaigns.actions import contents, outward, overview, rehearsals, releases, trimming
from campaigns.actions.checks import blocking, preflight
from campaigns.actions.findings import Level
from campaigns.models import Campaign, Rehearsal
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(world: World) -> Campaign:
    world.person(given="Ona", family="Vidal")
    world.person(world.biom, language="fr")
    world.follower()
    return world.call(release=False, start=False)


def write(campaign: Campaign, text: str, *, language: str = "en") -> None:
    draft = campaign.texts.get(language=language)
    contents.edit(
        campaign=campaign,
        language=language,
        subject=draft.subject,
        preheader="",
        blocks=[*draft.blocks, {"kind": "text", "text": text}],
        ready=True,
    )


def said(campaign: Campaign) -> list[tuple[Level, str]]:
    return [(found.level, found.sentence) for found in rehearsals.findings(campaign)]


def rehearse(campaign: Campaign) -> list[tuple[Level, str]]:
    rehearsals.ask(campaign)
    rehearsals.work_due()
    return said(campaign)


def test_every_mail_is_written_once(draft: Campaign) -> None:
    (waiting,) = said(draft)
    (level, sentence) = rehearse(draft)[0]

    assert waiting[0] == Level.UNKNOWN
    assert level == Level.OK
    assert "The mails of all 3 readers were written once" in sentence
    assert Rehearsal.objects.get().readers == 3
    assert set(Rehearsal.objects.get().sizes) == {"en", "fr"}


def test_a_field_that_is_empty_for_somebody_stops_it(draft: Campaign) -> None:
    """Followers leave no name; contacts have one."""
    write(draft, "Dear {given_name},")

    (found,) = rehearse(draft)

    assert found == (
        Level.BLOCK,
        "In English, {given_name} is empty in the mail of 1 reader. "
        "Write {given_name|colleague}, for instance.",
    )
    assert found[1] in [each.sentence for each in blocking(overview.read(draft))]


def test_a_field_with_a_fallback_stops_nothing(draft: Campaign) -> None:
    write(draft, "Dear {given_name|colleague} of {organisation|your company},")

    assert rehearse(draft)[0][0] == Level.OK


def test_a_field_in_an_introduction_counts_in_its_lane(world: World, draft: Campaign) -> None:
    world.person(given="", family="Puig")
    lane = world.lane(draft, world.biocat)
    releases.introduce(
        release=lane, by=world.users["contact_biocat"], texts={"en": "{given_name}, ask me."}
    )

    assert "empty in the mail of 1 reader" in rehearse(draft)[0][1]


def test_it_holds_until_text_introduction_audience_or_trims_change(
    world: World, draft: Campaign
) -> None:
    lane = world.lane(draft, world.biocat)
    contact = world.users["contact_biocat"]
    vidal = world.biocat.people.filter(family="Vidal")

    def introduce() -> None:
        releases.introduce(release=lane, by=contact, texts={"en": "Hello"})

    def trim() -> None:
        trimming.take_out(release=lane, people=vidal, by=contact, reason="")

    def footer() -> None:
        world.biocat.version += 1
        world.biocat.save()

    def edit() -> None:
        write(draft, "More")

    for change in (edit, introduce, trim, footer):
        assert rehearse(draft)[0][0] == Level.OK
        change()
        (level, sentence) = said(draft)[0]
        assert (level, "is being written once" in sentence) == (Level.UNKNOWN, True)


def test_what_was_held_is_not_held_again(draft: Campaign) -> None:
    rehearse(draft)
    done = Rehearsal.objects.get().done_at

    outward.ask(draft, [])

    assert not rehearsals.is_due()
    assert Rehearsal.objects.get().done_at == done


def test_a_long_mail_stops_it(draft: Campaign) -> None:
    write(draft, "A long story. " * 3_000)
    write(draft, "A long story. " * 3_000)
    write(draft, "A long story. " * 2_000)

    found = [each for each in preflight(overview.read(draft)) if "KB" in each.sentence]

    assert [(each.level, each.about) for each in found] == [(Level.BLOCK, "size")]


def test_where_no_language_is_ready_nothing_is_waited_for(draft: Campaign) -> None:
    draft.texts.update(ready=False)

    assert rehearse(draft) == []


def test_a_campaign_that_started_is_not_rehearsed(world: World, draft: Campaign) -> None:
    started = world.call()

    rehearsals.ask(started)

    assert not Rehearsal.objects.exists()
    assert said(started) == []


def test_an_audience_that_cannot_be_asked_is_said(draft: Campaign) -> None:
    assert draft.audience
    draft.audience.include = {"nonsense": 1}
    draft.audience.save()

    assert rehearse(draft)[0][0] == Level.BLOCK
