"""Posts behind the sign-in: from the first title to the followers' announcement."""

from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from campaigns.actions import images, posts
from campaigns.models import Campaign, Image, Post
from crm.models import Topic
from tests import world as worlds
from tests.conftest import signed_in
from tests.kit.pictures import picture
from tests.kit.posts import TEXTS, published, written
from tests.world import World


@pytest.fixture
def world(installation: None) -> World:
    return worlds.build()


@pytest.fixture
def ona(world: World) -> Client:
    return signed_in(world.users["coordinator"])


def said(**more: Any) -> dict[str, Any]:
    title, lead, text = TEXTS["en"]
    return {"title": title, "lead": lead, "text": text, "ready": "on", "seen": 1} | more


def test_a_post_goes_from_its_title_to_the_site_and_to_the_followers(
    world: World, ona: Client, client: Client
) -> None:
    about = {"kind": "report", "topic": world.topic.pk, "about": f"mission-{world.mission.pk}"}
    written = ona.post("/posts/new/", about | {"title": "Doors open", "language": "en"})
    post = Post.objects.get()
    at = f"/posts/{post.pk}/"
    assert written["Location"] == f"{at}texts/en/"
    assert "No language is ready" in ona.get(at).content.decode()

    assert ona.post(f"{at}texts/en/", said())["Location"] == at
    assert "Not ready" not in ona.get(f"{at}publish/").content.decode()
    ona.post(f"{at}publish/")
    shown = ona.get(at).content.decode()
    site = f"/public/en/alliances/{world.alliance.slug}/posts/doors-open/"
    assert site in shown
    assert "is told once you write to the followers" in shown
    assert "Doors open in Osaka" in client.get(site).content.decode()

    to = ona.post(f"{at}tell/")["Location"]
    campaign = Campaign.objects.get(post=post)
    assert to == f"/campaigns/{campaign.ref}/"
    assert "Doors open in Osaka" in ona.get(to).content.decode()
    told = ona.get(at).content.decode()
    assert to in told
    assert "is told once you write to the followers" not in told

    ona.post(f"{at}withdraw/")
    assert client.get(site).status_code == 404


def test_what_is_typed_is_seen_before_it_is_saved(world: World, ona: Client) -> None:
    post = written(world.alliance, world.topic)
    at = f"/posts/{post.pk}/texts/en/"

    shown = ona.post(at, said(text="It is *bold* <b>here</b>.", seen=2, look="1")).content.decode()

    assert "<strong>bold</strong> &lt;b&gt;here&lt;/b&gt;" in shown
    assert post.texts.get().text == TEXTS["en"][2]


def test_a_translation_is_written_beside_the_original(world: World, ona: Client) -> None:
    post = written(world.alliance, world.topic)

    page = ona.get(f"/posts/{post.pk}/texts/fr/").content.decode()

    assert "They <strong>signed</strong> in Osaka." in page
    ona.post(f"/posts/{post.pk}/texts/fr/", said(title="Portes ouvertes", seen=0))
    assert {text.language for text in post.texts.all()} == {"en", "fr"}


def test_what_was_typed_stays_when_somebody_else_was_quicker(world: World, ona: Client) -> None:
    post = written(world.alliance, world.topic)

    page = ona.post(f"/posts/{post.pk}/texts/en/", said(title="My title", seen=1)).content.decode()

    assert "Somebody else changed" in page
    assert 'value="My title"' in page


def test_what_it_is_may_change(world: World, ona: Client) -> None:
    post = published(world.alliance, world.topic)
    form = {"kind": "opinion", "topic": world.topic.pk, "author": "Ada Vall", "about": ""}

    assert "It is published" in ona.get(f"/posts/{post.pk}/edit/").content.decode()
    ona.post(f"/posts/{post.pk}/edit/", form | {"seen": post.version})

    post.refresh_from_db()
    assert (post.kind, post.author, post.record) == ("opinion", "Ada Vall", None)


def test_the_list_has_the_posts_of_ones_own_alliances(world: World, ona: Client) -> None:
    published(world.alliance, world.topic)
    written(world.alliance, world.topic, texts={"en": ("Another", "Lead.", "Text.")})

    assert "Doors open in Osaka" in ona.get("/posts/").content.decode()
    drafts = ona.get("/posts/?status=draft").content.decode()
    assert "Another" in drafts
    assert "Doors open in Osaka" not in drafts
    assert "No post is in this state" in ona.get("/posts/?status=withdrawn").content.decode()
    magia = signed_in(world.users["coordinator_magia"])
    assert "No post yet" in magia.get("/posts/").content.decode()


@pytest.mark.parametrize("name", ["contact_biocat", "reader", "coordinator_magia"])
def test_only_the_alliances_coordinator_writes_its_posts(world: World, name: str) -> None:
    post = written(world.alliance, world.topic)
    somebody = signed_in(world.users[name])

    for page in ("", "edit/", "texts/en/", "publish/", "withdraw/", "tell/"):
        assert somebody.get(f"/posts/{post.pk}/{page}").status_code == 404, page
    somebody.post(f"/posts/{post.pk}/publish/")
    assert not Post.objects.public().exists()


def test_without_a_topic_that_one_may_follow_there_is_nothing_to_write(
    world: World, ona: Client
) -> None:
    Topic.objects.update(public=False)

    assert "No topic can be followed" in ona.get("/posts/new/").content.decode()


def test_lists_and_pages_ask_few_questions(
    world: World, ona: Client, django_assert_max_num_queries: Any
) -> None:
    for n in range(5):
        post = published(world.alliance, world.topic, texts={"en": (f"Post {n}", "Lead.", "Text.")})

    for at in ("/posts/", "/posts/new/", f"/posts/{post.pk}/", f"/posts/{post.pk}/texts/fr/"):
        with django_assert_max_num_queries(12, info=at):
            assert ona.get(at).status_code == 200


# --- pictures


def upload(**more: Any) -> SimpleUploadedFile:
    return SimpleUploadedFile("photo.png", picture(**more), content_type="image/png")


def test_a_picture_stands_in_a_post_on_the_site_in_the_feed_and_in_the_mail(
    world: World, ona: Client, client: Client
) -> None:
    post = published(world.alliance, world.topic)
    at = f"/posts/{post.pk}/"
    looked = ona.post(
        f"{at}texts/en/",
        said(seen=2, look="1", picture=upload(), alt="Two people  shake hands"),
    )
    name = Image.objects.get().name
    line = f"![Two people shake hands]({name})"
    assert line in looked.content.decode()
    assert f'src="/public/images/{name}" alt="Two people shake hands"' in looked.content.decode()
    post.refresh_from_db()
    assert not post.texts.get().pictures

    text = TEXTS["en"][2].replace("\n\n", f"\n\n{line}\n\n")
    assert ona.post(f"{at}texts/en/", said(seen=2, text=text)).status_code == 302
    site = f"/public/en/alliances/{world.alliance.slug}/"
    page = client.get(f"{site}posts/{post.slug}/").content.decode()
    shown = f'<img src="/public/images/{name}" alt="Two people shake hands" width="640"'
    assert page.index("in Osaka.</p>") < page.index(shown) < page.index("<li>one</li>")
    assert f'property="og:image" content="{settings.BASE_URL}/public/images/{name}"' in page
    assert 'property="og:image:alt" content="Two people shake hands"' in page
    feed = client.get(f"{site}feed.atom").content.decode()
    assert f"{settings.BASE_URL}/public/images/{name}" in feed
    assert post.slug in client.get(f"{site}posts/?q=shake+hands").content.decode()

    ona.post(f"{at}tell/")
    blocks = Campaign.objects.get(post=post).texts.get().blocks
    (image,) = (block for block in blocks if block["kind"] == "image")
    assert (image["image"], image["alt"]) == (name, "Two people shake hands")
    assert not [block for block in blocks if line in block.get("text", "")]


def test_a_picture_is_saved_with_the_text_it_comes_with(world: World, ona: Client) -> None:
    post = written(world.alliance, world.topic)
    ona.post(f"/posts/{post.pk}/texts/en/", said(seen=2, picture=upload(), alt="A hall"))
    assert [shown.alt for shown in post.texts.get().pictures] == ["A hall"]


@pytest.mark.parametrize(
    ("file", "alt", "words"),
    [
        (b"", "", "Say in words what the picture shows"),
        (b"<svg/>", "A drawing", "is a drawing"),
        (b"words", "Some words", "is no picture"),
    ],
)
def test_a_picture_without_words_or_that_is_none_is_refused(
    world: World, ona: Client, file: bytes, alt: str, words: str
) -> None:
    post = written(world.alliance, world.topic)
    brought = SimpleUploadedFile("a.png", file) if file else upload()
    answer = ona.post(
        f"/posts/{post.pk}/texts/en/",
        said(seen=2, picture=brought, alt=alt, text="Typed meanwhile."),
    ).content.decode()
    assert words in answer
    assert "Typed meanwhile." in answer
    assert not Image.objects.exists()


def test_a_picture_of_another_alliance_or_without_words_stands_in_no_text(
    world: World, ona: Client
) -> None:
    post = written(world.alliance, world.topic)
    theirs = images.add(alliance=world.other_alliance, name="a", content=picture(), by=None)
    for alt, words in (("A hall", "is not kept here"), ("", "Say in words what each picture")):
        text = f"Words.\n\n![{alt}]({theirs.name})"
        answer = ona.post(f"/posts/{post.pk}/texts/en/", said(seen=2, text=text))
        assert words in answer.content.decode()


def test_a_post_about_something_old_stays_about_it(
    world: World, ona: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    post = written(world.alliance, world.topic)
    posts.edit(
        post=post, by=None, seen=post.version, kind=post.kind, topic=post.topic, author="",
        record=world.event,
    )  # fmt: skip
    monkeypatch.setattr("campaigns.views.posts.RECORDS", 0)

    shown = ona.get(f"/posts/{post.pk}/edit/").content.decode()
    assert f'value="event-{world.event.pk}" selected' in shown
    post.refresh_from_db()
    about = {"kind": "report", "topic": world.topic.pk, "about": f"event-{world.event.pk}"}
    ona.post(f"/posts/{post.pk}/edit/", about | {"author": "Ona", "seen": post.version})

    post.refresh_from_db()
    assert (post.author, post.record) == ("Ona", world.event)
