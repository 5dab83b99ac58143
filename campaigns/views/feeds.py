"""What programs read of a site: its feed, its sitemap, and where search engines may look."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.views.decorators.http import require_safe

from campaigns.mail import links
from campaigns.models import Post
from campaigns.models.sites import Site
from campaigns.rules import post_texts
from campaigns.views.caching import kept
from campaigns.views.site import found
from crm.models import Alliance, Event, Mission
from crm.rules.texts import LANGUAGES

NEWEST = 20
PAGES = ("front", "about", "posts", "controllers")
MOST = 8_000  # posts; each stands in the map once for each of its languages


@require_safe
def show(request: HttpRequest, language: str, slug: str) -> HttpResponse:
    """The newest posts as an Atom feed (RFC 4287) in one language, or in the next best."""
    site = found(language, slug)

    def make() -> HttpResponse:
        rows = Post.objects.public().filter(alliance=site.alliance).newest_first()
        rows = rows.select_related("topic").prefetch_related("texts")
        entries = [entry for post in rows[:NEWEST] if (entry := _entry(post, site))]
        context = {
            "alliance": site.alliance,
            "language": language,
            "site": links.absolute(reverse("campaigns:site-front", args=[language, slug])),
            "feed": links.absolute(request.path),
            "entries": entries,
            "updated": max((entry["post"].changed_at for entry in entries), default=None),
        }
        response = _written_out(request, "show.xml", "application/atom+xml", context)
        response["Content-Language"] = language
        return response

    with translation.override(language):
        return kept(request, f"site {slug}", site.mark, make)


def _entry(post: Post, site: Site) -> dict[str, Any] | None:
    text = post.text_in(*site.order)
    if text is None:
        return None
    host = urlsplit(settings.BASE_URL).hostname
    return {
        "post": post,
        "text": text,
        # It stays the same whatever becomes of the addresses (RFC 4151).
        "id": f"tag:{host},{post.published_at:%Y-%m-%d}:{site.language}/posts/{post.pk}",
        "url": links.absolute(links.post_path(site.language, site.alliance.slug, post.slug)),
        "html": post_texts.page(text.text, links.image),
    }


@require_safe
def sitemap(request: HttpRequest, slug: str) -> HttpResponse:
    """Every page of a site in all its languages, for search engines."""
    site = found("en", slug)

    def make() -> HttpResponse:
        rows = Post.objects.public().filter(alliance=site.alliance).newest_first()
        posts = rows.prefetch_related("texts")[:MOST]
        missions = Mission.objects.public().filter(alliances=site.alliance)
        events = Event.objects.public().filter(alliances=site.alliance)
        pages = [
            *(_page(f"site-{page}", LANGUAGES, slug) for page in PAGES),
            *(_page("site-post", _written(post), slug, post.slug, at=post) for post in posts),
            *(_page("public-mission", _named(row), row.slug) for row in missions),
            *(_page("public-event", _named(row), row.slug) for row in events),
        ]
        return _written_out(request, "sitemap.xml", "application/xml", {"pages": pages})

    return kept(request, f"site {slug}", site.mark, make)


def _written(post: Post) -> list[str]:
    return [text.language for text in post.ready_texts()]


def _named(record: Mission | Event) -> list[str]:
    return [code for code in LANGUAGES if record.names.get(code)]


def _page(name: str, written: Any, *args: str, at: Post | None = None) -> dict[str, Any]:
    return {
        "changed": at.changed_at if at else None,
        "urls": [
            (code, links.absolute(reverse(f"campaigns:{name}", args=[code, *args])))
            for code in written
        ],
    }


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """What is public may be looked at; what is signed or behind the sign-in may not."""
    slugs = Alliance.objects.public().order_by("slug").values_list("slug", flat=True)
    maps = [links.absolute(reverse("campaigns:feeds-sitemap", args=[slug])) for slug in slugs]
    maps += [links.absolute(reverse("crm:directory-sitemap", args=[code])) for code in LANGUAGES]
    response = _written_out(request, "robots.txt", "text/plain", {"maps": maps})
    response["Cache-Control"] = "public, max-age=3600"
    return response


def _written_out(
    request: HttpRequest, name: str, media_type: str, context: dict[str, Any]
) -> HttpResponse:
    kind = f"{media_type}; charset=utf-8"
    return render(request, f"campaigns/feeds/{name}", context, content_type=kind)
