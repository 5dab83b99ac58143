"""Posts: written, published, withdrawn, and told to the followers of their topic."""

import datetime as dt
import xml.etree.ElementTree as ET
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from campaigns.actions import (
    beginning,
    campaigns,
    checks,
    linking,
    overview,
    posts,
    releases,
    sending,
    sweeping,
)
from campaigns.models import Campaign, Delivery, Post, PostText
from crm.actions import topics
from crm.actions.errors import IllegalTransition, Refused, Stale
from crm.models import AuditEntry, Topic
from tests.kit.mailserver import MailServer
from tests.kit.posts import TEXTS, published, written
from tests.world import World

pytestmark = pytest.mark.django_db


def begun(world: World, **more: Any) -> Post:
    given: dict[str, Any] = {
        "alliance": world.alliance,
        "topic": world.topic,
        "kind": "report",
        "language": "en",
        "title": "  Doors  open in Osaka ",
        "by": world.users["coordinator"],
    }
    return posts.write(**given | more)


def say(post: Post, language: str = "en", **more: Any) -> PostText:
    title, lead, text = TEXTS[language]
    given: dict[str, Any] = {"title": title, "lead": lead, "text": text, "ready": True, "seen": 1}
    return posts.say(post=post, language=language, by=None, **given | more)


def test_a_post_begins_as_a_draft_that_nobody_outside_sees(world: World) -> None:
    post = begun(world)

    assert (post.status, post.slug, post.published_at) == ("draft", "doors-open-in-osaka", None)
    assert str(post) == "Doors open in Osaka"
    assert not Post.objects.public().exists()
    assert AuditEntry.objects.get(noun="post", verb="write").user == world.users["coordinator"]


def test_two_posts_of_one_title_have_an_address_each(world: World) -> None:
    assert [begun(world).slug, begun(world).slug] == [
        "doors-open-in-osaka",
        "doors-open-in-osaka-2",
    ]


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"title": "  "}, "Give it a title"),
        ({"language": "pt"}, "Choose one of the languages"),
    ],
)
def test_what_a_post_lacks_is_said(world: World, more: dict[str, Any], words: str) -> None:
    with pytest.raises(Refused, match=words):
        begun(world, **more)


def test_a_post_is_of_a_topic_of_its_alliance_that_one_may_follow(world: World) -> None:
    foreign = Topic.objects.create(
        slug="foreign", alliance=world.other_alliance, controller=world.biowin, purpose="news",
        names={"en": "Foreign"}, public=True,
    )  # fmt: skip
    inner = topics.create(
        slug="inner", names={"en": "Inner"}, purpose="news", controller=world.biocat,
        alliance=world.alliance, by=None,
    )  # fmt: skip

    with pytest.raises(Refused, match="no topic of"):
        begun(world, topic=foreign)
    with pytest.raises(Refused, match="offered to nobody"):
        begun(world, topic=inner)


def test_a_post_is_about_a_record_of_its_own_alliance(world: World) -> None:
    world.event.alliances.set([world.other_alliance])

    assert begun(world, record=world.mission).record == world.mission
    with pytest.raises(Refused, match="is none of"):
        begun(world, record=world.event)


def test_only_what_is_written_is_ready(world: World) -> None:
    post = begun(world)

    with pytest.raises(Refused, match="Write a summary and a text"):
        say(post, text="")
    with pytest.raises(Refused, match="https://"):
        say(post, text="[here](http://home.example/)")
    with pytest.raises(Refused, match="braces"):
        say(post, lead="Dear {given_name}")
    assert say(post, lead="", text="", ready=False).ready is False


def test_what_two_people_write_at_once_is_not_lost_in_silence(world: World) -> None:
    post = begun(world)
    say(post, seen=1)

    with pytest.raises(Stale, match="Somebody else changed"):
        say(post, seen=1, title="Another title")
    assert say(post, seen=2, title="Another title").version == 3
    with pytest.raises(Stale):
        posts.edit(post=post, by=None, seen=1, topic=world.topic, kind="report")


def test_a_post_is_published_once_and_keeps_its_day(world: World) -> None:
    post = written(world.alliance, world.topic)
    posts.publish(post=post, by=None)
    day, version = post.published_at, post.version

    posts.publish(post=post, by=None)
    assert post.version == version
    posts.withdraw(post=post, by=None)
    posts.withdraw(post=post, by=None)
    assert not Post.objects.public().exists()
    posts.publish(post=post, by=None)

    assert [*Post.objects.public()] == [post]
    assert post.published_at == day is not None


def test_a_post_is_not_published_before_it_can_be_read(world: World) -> None:
    post = begun(world)

    with pytest.raises(Refused, match="No language is ready"):
        posts.publish(post=post, by=None)
    with pytest.raises(IllegalTransition, match="not published"):
        posts.withdraw(post=post, by=None)
    say(post)
    Topic.objects.update(public=False)
    with pytest.raises(Refused, match="has no site"):
        posts.publish(post=post, by=None)


def test_what_is_published_stays_readable_in_some_language(world: World) -> None:
    post = published(world.alliance, world.topic, "en", "fr")

    say(post, "fr", ready=False, seen=1)
    with pytest.raises(Refused, match="its last language"):
        say(post, "en", ready=False, seen=2)
    assert [text.language for text in post.ready_texts()] == ["en"]


def test_a_post_is_read_in_the_next_best_language(world: World) -> None:
    post = published(world.alliance, world.topic, "fr", "en")

    read = [post.text_in(*order) for order in (("fr",), ("en",), ("de", "en"), ("de",))]
    assert [text.language for text in read if text] == ["fr", "en", "en", "fr"]


def test_a_search_forgives_accents_and_slips(world: World) -> None:
    post = published(world.alliance, world.topic, "fr")
    published(
        world.alliance, world.topic,
        texts={"en": ("Another one", "Something else.", "Nothing of that.")},
    )  # fmt: skip

    def found(text: str) -> list[int]:
        return Post.objects.public().newest_first().found(text)

    for text in ("entreprises signe", "OSAKA", "osaka à portes", "entrepises"):
        assert found(text) == [post.pk], text
    assert found("Lisbon") == found("%") == found("") == []


ODD = "\x00\x07\x0b\x1b\x7f\ud800\udfff\ufffe\uffff\x85\u2028\r\n\t"


def test_odd_signs_break_neither_page_nor_feed(world: World, client: Client) -> None:
    """They come with what is copied out of other programs."""
    post = begun(world, title=f"Doors{ODD}open", author=f"Ona{ODD}Vidal")
    say(post, title=f"Doors{ODD}open", lead=f"Two{ODD}signed.", text=f"They{ODD}signed.\n\nBoth.")
    posts.publish(post=post, by=None)

    site = f"/public/en/alliances/{world.alliance.slug}/"
    page = client.get(f"{site}posts/{post.slug}/").content.decode()
    feed = ET.fromstring(client.get(f"{site}feed.atom").content)

    (entry,) = feed.findall("{*}entry")
    assert entry.findtext("{*}title") == str(post) == "Doors open"
    for words in ("Doors open", "Ona Vidal", "Two signed."):
        assert words in page, words
    assert post.author == "Ona Vidal"
    assert not set(page) & set(ODD) - set("\r\n\t")


def test_a_title_of_odd_signs_alone_is_none(world: World) -> None:
    with pytest.raises(Refused, match="Give it a title"):
        begun(world, title=ODD)


# --- told to the followers


def test_followers_get_a_post_as_an_announcement_that_says_what_it_says(
    world: World, mail_server: MailServer, settings: Settings
) -> None:
    settings.UNDO_WINDOW = 0
    world.follower(language="fr")
    post = published(world.alliance, world.topic, "en", "fr")

    campaign = beginning.tell(post=post, by=world.users["coordinator"])
    releases.release_all(campaign=campaign, by=world.users["coordinator"])
    campaigns.schedule(campaign=campaign, by=world.users["coordinator"], send_at=post.changed_at)
    sweeping.tick()
    campaign.refresh_from_db()
    sending.work(campaign)

    ((_to, raw),) = mail_server.arrived
    assert campaign.kind == "announcement"
    assert campaign.post == post
    assert Delivery.objects.get().language == "fr"
    for words in ("Portes ouvertes", "Deux entreprises ont sign", f"/posts/{post.slug}/"):
        assert words.encode() in raw, words


def test_a_post_is_told_once_and_not_before_it_is_published(world: World) -> None:
    post = written(world.alliance, world.topic)
    by = world.users["coordinator"]

    with pytest.raises(IllegalTransition, match="Publish the post first"):
        beginning.tell(post=post, by=by)
    posts.publish(post=post, by=None)
    first = beginning.tell(post=post, by=by)

    assert beginning.tell(post=post, by=by) == first
    campaigns.cancel(campaign=first, by=by)
    again = beginning.tell(post=post, by=by)
    assert again != first
    assert Campaign.objects.filter(post=post, same_as=f"post:{post.pk}").count() == 2


def test_what_is_withdrawn_is_not_told_any_more(world: World) -> None:
    post = published(world.alliance, world.topic)
    by = world.users["coordinator"]
    world.follower()
    campaign = beginning.tell(post=post, by=by)
    releases.release_all(campaign=campaign, by=by)
    later = timezone.now() + dt.timedelta(days=1)
    campaigns.schedule(campaign=campaign, by=by, send_at=later)

    posts.withdraw(post=post, by=by)

    campaign.refresh_from_db()
    assert campaign.status == Campaign.Status.DRAFT
    blocking = checks.blocking(overview.read(campaign))
    assert any("would lead nowhere" in finding.sentence for finding in blocking)


def test_what_changes_in_a_post_changes_its_announcement_on_a_click(world: World) -> None:
    post = published(world.alliance, world.topic)
    by = world.users["coordinator"]
    campaign = beginning.tell(post=post, by=by)
    assert not linking.differences(campaign)

    say(post, seen=2, title="Doors are open", text="They signed *yesterday*.")
    assert {each.part for each in linking.differences(campaign)} == {"name", "lead"}
    assert linking.take_over(campaign=campaign, by=by) == []

    text = campaign.texts.get(language="en")
    assert text.subject == "Doors are open"
    assert "They signed *yesterday*." in str(text.blocks)
