"""The public site of an alliance: pages, languages, search, feed, and what caches are told."""

import io
import re
import time
import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.cache import cache
from django.test import Client
from PIL import Image

from campaigns.actions import posts
from campaigns.models import Post
from campaigns.rules import covers
from campaigns.urls import urlpatterns
from crm.actions import alliances, figures, missions
from crm.models import Participation, Topic
from tests import world as worlds
from tests.conftest import signed_in
from tests.kit.posts import published, written
from tests.world import World

SITE = "/public/en/alliances/bioxclusters-plus/"
ATOM = "{http://www.w3.org/2005/Atom}"
MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
MOST = 5  # questions a page may ask of the database
LIGHT = 30 * 1024  # bytes of style sheets and scripts together


@pytest.fixture
def world(installation: None) -> World:
    cache.clear()
    return worlds.build()


@pytest.fixture
def post(world: World) -> Post:
    return published(world.alliance, world.topic, "en", "fr", record=world.mission)


def path(post: Post, language: str = "en") -> str:
    return f"/public/{language}/alliances/{post.alliance.slug}/posts/{post.slug}/"


def page(client: Client, at: str) -> str:
    response = client.get(at)
    assert response.status_code == 200, at
    return response.content.decode()


def test_the_front_page_has_what_is_new_and_what_comes(
    world: World, post: Post, client: Client
) -> None:
    shown = page(client, SITE)

    for words in (
        "Doors open in Osaka", "Two companies signed.", "Japan mission", "Matchmaking",
        "/public/en/follow/bioxclusters-plus/", f"{SITE}about/", f"{SITE}feed.atom",
    ):  # fmt: skip
        assert words in shown, words


def test_a_post_has_a_page_in_each_of_its_languages(post: Post, client: Client) -> None:
    shown = page(client, path(post, "fr"))

    assert '<html lang="fr"' in shown
    assert "<h1>Portes ouvertes à Osaka</h1>" in shown
    assert "Mission au Japon" in shown
    for code in ("en", "fr"):
        assert f'hreflang="{code}" href="{settings.BASE_URL}{path(post, code)}"' in shown
    assert f'<link rel="canonical" href="{settings.BASE_URL}{path(post, "fr")}">' in shown
    assert 'hreflang="de"' not in shown


def test_in_another_language_a_post_says_in_which_it_is_written(post: Post, client: Client) -> None:
    shown = page(client, path(post, "de"))

    assert '<html lang="de"' in shown
    assert '<article class="prose" lang="en">' in shown
    assert f'<link rel="canonical" href="{settings.BASE_URL}{path(post, "en")}">' in shown


def test_light_markup_is_shown_and_nothing_else(world: World, client: Client) -> None:
    texts = {"en": ("A <b>title", "Lead & more.", "*Bold* <script>\n\n[there](https://a.example/)")}
    shown = page(client, path(published(world.alliance, world.topic, texts=texts)))

    assert "<strong>Bold</strong> &lt;script&gt;" in shown
    assert '<a href="https://a.example/">there</a>' in shown
    assert "<h1>A &lt;b&gt;title</h1>" in shown


def test_what_is_shared_says_what_it_is(post: Post, client: Client) -> None:
    shown = page(client, path(post))

    for name, content in (
        ("og:type", "article"), ("og:title", "Doors open in Osaka"),
        ("og:description", "Two companies signed."), ("og:site_name", post.alliance.name),
    ):  # fmt: skip
        assert f'<meta property="{name}" content="{content}">' in shown
    assert '<meta name="description" content="Two companies signed.">' in shown
    assert '"@type": "NewsArticle"' in shown


def test_what_is_not_published_was_never_there(world: World, post: Post, client: Client) -> None:
    draft = written(world.alliance, world.topic, texts={"en": ("Secret plan", "Lead.", "Text.")})
    assert client.get(path(draft)).status_code == 404
    before = client.get(path(post))
    posts.withdraw(post=post, by=None)

    gone = client.get(path(post), headers={"If-None-Match": before["ETag"]})

    assert gone.status_code == 404
    assert "ETag" not in gone
    for at in (SITE, f"{SITE}posts/", f"{SITE}feed.atom", f"{SITE}posts/?q=osaka"):
        shown = page(client, at)
        assert "Doors open" not in shown, at
        assert "Secret plan" not in shown, at


def test_an_alliance_has_only_its_own_posts(world: World, post: Post, client: Client) -> None:
    other = Topic.objects.create(
        slug="magia-news", alliance=world.other_alliance, controller=world.biowin, purpose="news",
        names={"en": "News"}, public=True,
    )  # fmt: skip
    foreign = published(world.other_alliance, other, texts={"en": ("Of others", "Lead.", "Text.")})

    assert client.get(f"{SITE}posts/{foreign.slug}/").status_code == 404
    assert "Of others" not in page(client, f"{SITE}posts/")
    assert "Of others" in page(client, SITE.replace("bioxclusters-plus", "magia"))


@pytest.mark.parametrize("at", ["", "about/", "posts/", "posts/x/", "feed.atom"])
def test_who_cannot_be_followed_has_no_site(world: World, client: Client, at: str) -> None:
    Topic.objects.update(public=False)

    assert client.get(f"{SITE}{at}").status_code == 404
    assert client.get(f"/public/pt/alliances/bioxclusters-plus/{at}").status_code == 404
    assert client.post(f"{SITE}{at}").status_code == 405


@pytest.mark.parametrize(("wanted", "language"), [("fr-CA,fr;q=0.9", "fr"), ("ja", "en")])
def test_a_visitor_is_led_to_their_language(
    post: Post, client: Client, wanted: str, language: str
) -> None:
    for at, to in (("", ""), (f"posts/{post.slug}/", f"posts/{post.slug}/")):
        response = client.get(
            f"/public/alliances/bioxclusters-plus/{at}", headers={"Accept-Language": wanted}
        )
        assert response["Location"] == f"/public/{language}/alliances/bioxclusters-plus/{to}"
        assert "Accept-Language" in response["Vary"]


# --- the archive


def test_the_archive_is_narrowed_and_searched(world: World, post: Post, client: Client) -> None:
    texts = {"en": ("A view on markets", "Read this.", "Go abroad.")}
    opinion = published(world.alliance, world.topic, texts=texts, kind="opinion", author="Ada Vall")
    Post.objects.filter(pk=opinion.pk).update(published_at="2019-05-04T10:00:00Z")

    def found(query: str) -> tuple[bool, bool]:
        shown = page(client, f"{SITE}posts/?{query}")
        return "Doors open" in shown, "A view on markets" in shown

    assert found("") == (True, True)
    assert found("year=2019") == (False, True)
    assert found("kind=announcement") == (True, False)
    assert found(f"topic={world.topic.slug}&q=markts") == (False, True)
    assert found("q=portes") == (True, False)
    assert found("year=1999") == found("q=%00%25") == found("topic=x&page=9") == (False, False)
    assert "No post fits" in page(client, f"{SITE}posts/?q=nothing+of+it")


def test_the_archive_has_pages(world: World, client: Client) -> None:
    for n in range(21):
        published(world.alliance, world.topic, texts={"en": (f"Post {n}", "Lead.", "Text.")})

    assert "Post 20<" in page(client, f"{SITE}posts/")
    second = page(client, f"{SITE}posts/?page=2")
    assert "Post 0<" in second
    assert "Post 20<" not in second
    assert '<meta name="robots" content="noindex, follow">' in second


# --- who they are


def test_everybody_sees_who_they_are(world: World, client: Client) -> None:
    alliances.edit(
        alliance=world.alliance, by=None, version=1,
        boilerplate={"en": "Four regions, one door.", "fr": "Quatre régions."},
    )  # fmt: skip
    for value in (3300, 3000):
        figures.state(
            metric="SMEs", value=value, source="Annual report", as_of=world.mission.during.lower,
            alliance=world.alliance, by=None,
        )  # fmt: skip

    shown = page(client, f"{SITE}about/")

    for words in (
        "Four regions, one door.", "Biocat", "Desk of Biocat", "BioM", "Annual report", "3,300",
        "sources differ", "Japan", 'role="img"', "coordinates",
    ):  # fmt: skip
        assert words in shown, words
    assert "BioWin" not in shown
    assert len(re.findall(r"<circle", shown)) == 2


# --- what programs read


def test_the_feed_is_an_atom_feed_in_one_language(post: Post, client: Client) -> None:
    response = client.get(f"{SITE}feed.atom".replace("/en/", "/fr/"))
    feed = ET.fromstring(response.content)
    (entry,) = feed.findall(f"{ATOM}entry")

    assert response["Content-Type"].startswith("application/atom+xml")
    assert feed.get("{http://www.w3.org/XML/1998/namespace}lang") == "fr"
    for name in ("id", "title", "updated", "author"):
        assert feed.find(f"{ATOM}{name}") is not None, name
    told = {name: entry.findtext(f"{ATOM}{name}") for name in ("id", "title", "summary", "content")}
    assert told["title"] == "Portes ouvertes à Osaka"
    assert told["content"] == "<p>Elles ont signé à Osaka.</p>"
    assert str(told["id"]).startswith("tag:")
    for name in ("published", "updated"):
        assert re.fullmatch(
            r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?\+\d\d:\d\d",
            entry.findtext(f"{ATOM}{name}") or "",
        )


def test_search_engines_find_every_page(world: World, post: Post, client: Client) -> None:
    robots = page(client, "/robots.txt")
    at = "/public/alliances/bioxclusters-plus/sitemap.xml"
    sitemap = ET.fromstring(page(client, at))
    pages = [url.findtext(f"{MAP}loc") for url in sitemap.findall(f"{MAP}url")]

    assert f"Sitemap: {settings.BASE_URL}{at}" in robots
    assert "Disallow: /public/unsubscribe/" in robots
    for each in (
        SITE, f"{SITE}about/", path(post), path(post, "fr"),
        "/public/en/missions/japan-next/", "/public/fr/events/matchmaking-next/",
    ):  # fmt: skip
        assert f"{settings.BASE_URL}{each}" in pages, each
    assert f"{settings.BASE_URL}{path(post, 'de')}" not in pages


def test_no_search_engine_follows_a_link_that_is_signed(world: World, client: Client) -> None:
    robots = page(client, "/robots.txt")
    shut = re.findall(r"^Disallow: (/public/\S+)$", robots, re.M)
    signed = {
        f"/{pattern.pattern._route.partition('<')[0]}"
        for pattern in urlpatterns
        if re.match(r"public/[^<]*<str:(token|key)>", str(pattern.pattern._route))
    }
    assert len(signed) > 6
    assert not [each for each in signed if each not in shut]


def test_who_is_responsible_for_data_stands_on_a_page_that_each_page_leads_to(
    world: World, post: Post, client: Client
) -> None:
    at = f"{SITE}responsible/"
    for each in (SITE, path(post), "/public/en/follow/bioxclusters-plus/"):
        assert f'href="{at}"' in page(client, each), each
    shown = page(client, at)
    for words in ("Biocat", "BioM", "privacy@biocat.example", "Art. 26", "Biocat coordinates"):
        assert words in shown, words
    assert "Biowin" not in shown
    assert "gemeinsam" in page(client, at.replace("/en/", "/de/"))


def test_an_address_that_is_shared_brings_a_picture_and_its_territory(
    post: Post, client: Client
) -> None:
    shown = page(client, path(post, "fr"))
    assert '<meta property="og:locale" content="fr_FR">' in shown
    assert '<meta property="og:locale:alternate" content="en_GB">' in shown
    (address,) = re.findall(r'<meta property="og:image" content="([^"]+)"', shown)
    picture = client.get(address.removeprefix(settings.BASE_URL))
    assert picture["Content-Type"] == "image/png"
    with Image.open(io.BytesIO(picture.content)) as opened:
        assert opened.size == (1200, 630)
    mission = page(client, "/public/en/missions/japan-next/")
    assert f'<meta property="og:image" content="{address}">' in mission


# --- what caches are told, and what a page costs


def pages_of(post: Post) -> dict[str, str]:
    return {
        "front": SITE,
        "about": f"{SITE}about/",
        "controllers": f"{SITE}responsible/",
        "cover": "/public/alliances/bioxclusters-plus/cover.png",
        "archive": f"{SITE}posts/",
        "search": f"{SITE}posts/?q=osakka",
        "post": path(post),
        "feed": f"{SITE}feed.atom",
        "sitemap": "/public/alliances/bioxclusters-plus/sitemap.xml",
        "mission": "/public/en/missions/japan-next/",
        "deadlines": "/public/en/missions/japan-next/deadlines.ics",
        "event": "/public/en/events/matchmaking-next/",
        "calendar": "/public/en/events/matchmaking-next/event.ics",
    }


def test_a_page_asks_few_questions_and_one_where_nothing_changed(
    post: Post, client: Client, django_assert_max_num_queries: Any
) -> None:
    for name, at in pages_of(post).items():
        with django_assert_max_num_queries(MOST, info=name):
            first = client.get(at)
        assert first.status_code == 200, name
        assert first["Cache-Control"] == "public, no-cache", name
        assert "Vary" not in first, name
        assert not first.cookies, name
        with django_assert_max_num_queries(1, info=name):
            again = client.get(at, headers={"If-None-Match": first["ETag"]})
        assert (again.status_code, again.content) == (304, b""), name
        assert again["ETag"] == first["ETag"]


def test_who_is_signed_in_reads_the_same_page(
    world: World, post: Post, client: Client, django_assert_max_num_queries: Any
) -> None:
    """A page may be kept for everybody, so it says nothing of who asks."""
    coordinator = signed_in(world.users["coordinator"])
    for name, at in pages_of(post).items():
        assert coordinator.get(at).content == client.get(at).content, name


def test_whoever_asks_by_date_is_told_since_when_nothing_changed(
    post: Post, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    at, now = path(post), time.time()
    assert "Last-Modified" not in client.get(at)  # it might change within this second
    monkeypatch.setattr(time, "time", lambda: now + 10)
    since = client.get(at)["Last-Modified"]

    assert client.get(at, headers={"If-Modified-Since": since}).status_code == 304
    posts.edit(post=post, by=None, seen=post.version, topic=post.topic, kind="report")
    changed = client.get(at, headers={"If-Modified-Since": since})
    assert changed.status_code == 200
    assert "Last-Modified" not in changed


CHANGES: dict[str, Callable[[World, Post], object]] = {
    "a text": lambda world, post: posts.say(
        post=post, language="en", title="New", lead="New.", text="New.", ready=True, seen=2, by=None
    ),
    "the alliance": lambda world, post: alliances.edit(
        alliance=world.alliance, by=None, version=1, name="Another name"
    ),
    "a mission": lambda world, post: missions.edit(
        mission=world.mission, by=None, version=1, names={"en": "Korea mission"}
    ),
    "a topic": lambda world, post: Topic.objects.filter(pk=post.topic_id).update(
        names={"en": "Other"}
    ),
}


@pytest.mark.parametrize("change", CHANGES)
def test_whatever_changes_is_shown_at_once(
    world: World, post: Post, client: Client, change: str
) -> None:
    kept = client.get(SITE)["ETag"]
    CHANGES[change](world, post)

    response = client.get(SITE, headers={"If-None-Match": kept})

    assert response.status_code == 200
    assert response["ETag"] != kept


def test_a_deadline_leaves_the_pages_mark_with_the_mission(world: World, client: Client) -> None:
    at = "/public/en/missions/japan-next/"
    kept = client.get(at)["ETag"]
    missions.set_deadline(
        mission=world.mission, by=None, things={"en": "Send a profile"},
        at=world.mission.deadlines.get().at, timezone="Europe/Paris",
    )  # fmt: skip

    response = client.get(at, headers={"If-None-Match": kept})

    assert "Send a profile" in response.content.decode()


def test_public_pages_are_light_and_have_one_heading(post: Post, client: Client) -> None:
    for name, at in pages_of(post).items():
        response = client.get(at)
        if not response["Content-Type"].startswith("text/html"):
            continue
        shown = response.content.decode()
        sheets = re.findall(r'<link rel="stylesheet" href="/static/([^"]+)"', shown)
        scripts = re.findall(r"<script(?! type=\"application/ld\+json\")", shown)
        found = [finders.find(sheet) for sheet in sheets]
        assert sum(Path(str(each)).stat().st_size for each in found) <= LIGHT, name
        assert sheets, name
        assert not scripts, name
        assert len(re.findall(r"<h1[ >]", shown)) == 1, name
        assert re.search(r"<title>[^<]{10,}</title>", shown), name
        assert len(re.findall(r'<link rel="canonical"', shown)) == 1, name
        assert len(response.content) < 40 * 1024, name


def test_the_picture_to_share_is_drawn_once(
    post: Post, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = pages_of(post)["cover"]
    first = client.get(at).content

    monkeypatch.delattr(covers, "_fitted")

    assert client.get(f"{at}?x=1").content == first


@pytest.mark.parametrize(
    ("leading", "said"),
    [
        ([], "that it is sent. Each member releases"),
        (["biocat"], "sent. Biocat coordinates: it writes"),
    ],
    ids=["nobody", "one"],
)
def test_the_page_of_who_answers_names_who_coordinates(
    world: World, client: Client, leading: list[str], said: str
) -> None:
    Participation.objects.update(role="member")
    Participation.objects.filter(cluster__slug__in=leading).update(role="coordinator")

    shown = page(client, f"{SITE}responsible/")

    assert said in shown
    assert ("or else of the one that coordinates" in shown) == bool(leading)
