"""A press release: its embargo, the files it leads to, who answers for it, and what is checked."""

import datetime as dt

import pytest
import time_machine
from django.utils import timezone

from campaigns.actions import (
    contents,
    embargoes,
    enclosures,
    following_up,
    freezing,
    linking,
    overview,
    pressing,
    previews,
    releases,
)
from campaigns.actions.findings import Level
from campaigns.models import Campaign, Enclosure, Release
from crm.actions import alliances, consent, kept_files, topics
from crm.actions.errors import IllegalTransition, Refused
from tests.kit import press
from tests.world import World

Kind = Campaign.Kind
PDF = b"%PDF-1.4\n%%EOF\n"
WEEK = dt.timedelta(days=7)


@pytest.fixture
def draft(world: World) -> Campaign:
    press.journalist(world)
    press.journalist(world, world.biom)
    return press.written(world, Kind.PRESS)


def lay(campaign: Campaign, until: dt.datetime | None, zone: str = "Europe/Paris") -> None:
    embargoes.lay(campaign=campaign, by=None, until=until, zone=zone)


def said(campaign: Campaign, level: Level) -> str:
    found = pressing.findings(overview.read(campaign))
    return " ".join(each.sentence for each in found if each.level == level)


def mail(campaign: Campaign, lane: Release) -> previews.Preview:
    texts = previews.texts_of(campaign)
    return previews.compose(previews.made_up(lane), texts)


def block(campaign: Campaign, kind: str, language: str = "en") -> object:
    return campaign.linked.get(language=language).parts[kind]


# --- the embargo


def test_every_mail_says_until_when_or_that_it_may_be_printed_at_once(
    world: World, draft: Campaign
) -> None:
    lane = world.lane(draft, world.biocat)
    assert "FOR IMMEDIATE RELEASE" in mail(draft, lane).text

    until = dt.datetime(2030, 6, 11, 8, tzinfo=dt.UTC)
    lay(draft, until)

    for part in (mail(draft, lane).text, mail(draft, lane).html):
        whole = " ".join(part.split())
        assert "Not to be published before Tuesday, 11 June 2030, 10:00 (Paris time)." in whole
    french = linking.told_by(draft, "fr")["parts"]["embargo"]["until"]
    assert "mardi 11 juin 2030" in french


def test_an_embargo_is_said_on_the_readers_clock_where_it_differs(
    world: World, draft: Campaign
) -> None:
    lane = world.lane(draft, world.biocat)
    lay(draft, dt.datetime(2030, 6, 11, 8, tzinfo=dt.UTC), "Europe/Berlin")
    assert "For you" not in mail(draft, lane).text

    lay(draft, dt.datetime(2030, 6, 11, 8, tzinfo=dt.UTC), "Asia/Tokyo")

    words = " ".join(mail(draft, lane).text.split())
    assert "17:00 (Tokyo time)" in words
    assert "For you: Tuesday, 11 June 2030, 10:00 (Paris time)" in words


def test_an_embargo_laid_later_asks_every_signature_again(world: World, draft: Campaign) -> None:
    releases.release_all(campaign=draft, by=world.users["coordinator"])
    until = timezone.now() + WEEK

    lay(draft, until)
    assert not draft.releases.filter(status=Release.Status.RELEASED).exists()

    releases.release_all(campaign=draft, by=world.users["coordinator"])
    lay(draft, until)  # the same again is none
    assert draft.releases.filter(status=Release.Status.RELEASED).exists()

    lay(draft, None)
    draft.refresh_from_db()
    assert draft.embargo_until is None
    assert not draft.releases.filter(status=Release.Status.RELEASED).exists()


def test_an_embargo_is_of_a_press_release_and_lies_ahead(world: World, draft: Campaign) -> None:
    with pytest.raises(Refused, match="in the past"):
        lay(draft, timezone.now() - WEEK)
    with pytest.raises(Refused, match="Only a press release"):
        lay(world.call(release=False, start=False), timezone.now() + WEEK)


def test_what_is_being_sent_keeps_its_embargo(world: World, draft: Campaign) -> None:
    releases.release_all(campaign=draft, by=world.users["coordinator"])
    Campaign.objects.filter(pk=draft.pk).update(content_version=contents.pin(draft))

    with pytest.raises(IllegalTransition, match="already being sent"):
        lay(draft, timezone.now() + WEEK)
    with pytest.raises(IllegalTransition, match="already being sent"):
        enclosures.enclose(campaign=draft, titles={}, file=("a.pdf", PDF), by=None)


# --- what is checked


def test_who_is_no_journalist_before_the_embargo_ends_is_warned_of(
    world: World, draft: Campaign
) -> None:
    lay(draft, timezone.now() + WEEK)
    assert "Journalists alone get it before" in said(draft, Level.OK)

    topic = topics.create(
        slug="press", names={"en": "Press"}, purpose="press", controller=world.biocat,
        alliance=world.alliance, by_subscription_only=True, by=None,
    )  # fmt: skip
    reader = world.person(kind="follower", basis=None, source="")
    consent.subscribe(person=reader, topic=topic, source="form")
    open_one = press.written(world, Kind.PRESS, topic, "For all")
    lay(open_one, timezone.now() + WEEK)

    assert "1 reader is no journalist" in said(open_one, Level.WARN)


def test_leaving_after_the_embargo_ended_is_warned_of(draft: Campaign) -> None:
    until = timezone.now() + WEEK
    lay(draft, until)
    Campaign.objects.filter(pk=draft.pk).update(send_at=until + WEEK)
    draft.refresh_from_db()
    assert "its embargo ends before" in said(draft, Level.WARN)

    Campaign.objects.filter(pk=draft.pk).update(
        send_at=until - dt.timedelta(hours=1), spread_minutes=180
    )
    draft.refresh_from_db()
    assert "the last ones leave after the embargo ended" in said(draft, Level.WARN)

    with time_machine.travel(until + WEEK):
        assert "its embargo ends before" in said(draft, Level.WARN)


def test_a_text_that_hides_its_embargo_stops_it(draft: Campaign) -> None:
    lay(draft, timezone.now() + WEEK)
    text = draft.texts.get(language="fr")
    bare = [each for each in text.blocks if each["kind"] not in ("embargo", "contact")]
    contents.edit(
        campaign=draft, language="fr", subject="Sans", preheader="", blocks=bare, ready=True
    )

    assert "in French says nothing of the embargo" in said(draft, Level.BLOCK)
    assert "in French names no press contact" in said(draft, Level.WARN)


def test_nothing_of_this_is_asked_of_other_campaigns(world: World) -> None:
    call = world.call(release=False, start=False)

    assert not [*pressing.findings(overview.read(call))]


# --- who answers, and who speaks


def test_a_release_names_the_media_contact_of_the_readers_region(
    world: World, draft: Campaign
) -> None:
    press.press_desk(world.biocat)
    ours, theirs = world.lane(draft, world.biocat), world.lane(draft, world.biom)

    assert "Apolline Ternand" in mail(draft, ours).text
    assert "PRESS CONTACT" in mail(draft, ours).text
    assert "has you on its press list" in " ".join(mail(draft, ours).text.split())
    # Who has none answers with the general desk, and the checks say so.
    assert "Desk of BioM" in mail(draft, theirs).text
    assert "BioM has no media contact today" in said(draft, Level.WARN)
    assert "Biocat has no media contact" not in said(draft, Level.WARN)


def test_a_call_names_the_desk_for_members_as_before(world: World) -> None:
    press.press_desk(world.biocat)
    call = world.call(release=False, start=False)

    desk = freezing.resolve_desk(call, world.lane(call, world.biocat))

    assert desk
    assert desk.name == "Desk of Biocat"


def test_the_alliance_says_who_it_is_and_follows_on_a_click(world: World, draft: Campaign) -> None:
    assert "has no text about itself" in said(draft, Level.WARN)
    alliances.edit(
        alliance=world.alliance,
        by=None,
        version=world.alliance.version,
        boilerplate={"en": "Four clusters.\n\nThree thousand companies."},
    )
    draft = Campaign.objects.get(pk=draft.pk)

    found = {(each.language, each.part) for each in linking.differences(draft)}
    assert found == {("en", "boilerplate"), ("fr", "boilerplate")}

    linking.take_over(campaign=draft, by=world.users["coordinator"])

    words = mail(draft, world.lane(draft, world.biocat)).text
    assert "ABOUT BIOXCLUSTERS PLUS" in words
    assert "Three thousand companies." in words
    assert "has no text about itself" not in said(draft, Level.WARN)


# --- the files


def enclose(campaign: Campaign, name: str = "release.pdf", content: bytes = PDF) -> Enclosure:
    return enclosures.enclose(
        campaign=campaign,
        titles={"en": "Hospital visit, photo: Biocat"},
        file=(name, content),
        by=None,
    )


def test_a_release_leads_to_its_files_without_attaching_them(world: World, draft: Campaign) -> None:
    releases.release_all(campaign=draft, by=world.users["coordinator"])

    file = enclose(draft)

    words = mail(draft, world.lane(draft, world.biocat)).text
    assert f"/public/files/{file.sha256}.pdf" in words
    assert "Hospital visit, photo: Biocat" in words
    assert not draft.releases.filter(status=Release.Status.RELEASED).exists()
    assert enclose(draft) == file  # the same once more is one


def test_a_file_that_is_removed_is_led_to_no_more(world: World, draft: Campaign) -> None:
    file = enclose(draft)

    enclosures.remove(enclosure=file, by=None)
    enclosures.remove(enclosure=file, by=None)

    assert block(draft, "documents") is None
    assert not Enclosure.objects.exists()


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("page.html", b"<script>", "of a kind that is not kept"),
        ("photo.jpg", b"not a photo", "not what its ending says"),
        ("empty.pdf", b"", "is empty"),
        ("large.pdf", PDF + b"0" * kept_files.LARGEST, "larger than 10 MB"),
    ],
)
def test_a_file_of_no_use_is_refused(
    draft: Campaign, name: str, content: bytes, sentence: str
) -> None:
    with pytest.raises(Refused, match=sentence):
        enclose(draft, name, content)
    assert not Enclosure.objects.exists()


def test_a_call_has_the_documents_of_its_record(world: World) -> None:
    with pytest.raises(Refused, match="those of its record"):
        enclose(world.call(release=False, start=False))


def test_a_release_that_follows_leads_to_the_same_files(world: World, draft: Campaign) -> None:
    file = enclose(draft)
    releases.release_all(campaign=draft, by=world.users["coordinator"])
    Campaign.objects.filter(pk=draft.pk).update(
        content_version=contents.pin(draft), status="finished"
    )
    draft.refresh_from_db()

    again = Campaign.objects.create(
        ref="again", kind=draft.kind, title=draft.title, alliance=draft.alliance,
        audience=draft.audience, follows=draft, follow_rule="all",
    )  # fmt: skip
    enclosures.copy(draft, again)

    assert again.enclosures.get().address == file.address
    assert not following_up.counts(draft)["unanswered"]
    # The file itself stays as long as one of them leads to it.
    again.enclosures.get().file.open("rb").close()
