"""The public site of an alliance: no login, no script, and nothing made anew while it holds."""

from collections.abc import Callable, Iterable
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, F
from django.db.models.functions import ExtractYear
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from campaigns.forms.site import ArchiveFilters, Told
from campaigns.mail import links, records
from campaigns.models import Image, Post, PostText
from campaigns.models.sites import Site, members_on, site_called
from campaigns.rules import covers
from campaigns.views import portraits
from campaigns.views.caching import kept
from crm.models import Event, Mission, Participation
from crm.models.texts import in_language
from crm.rules.texts import LANGUAGES
from crm.views.requests import searched

NEWEST = 6
COMING = 4
PAGE = 20


def found(language: str, slug: str) -> Site:
    """The site, by one question."""
    site = site_called(slug, language) if language in LANGUAGES else None
    if site is None:
        raise Http404
    return site


@require_safe
def enter(request: HttpRequest, slug: str, post: str = "") -> HttpResponse:
    """To the site, or to a post on it, in the visitor's language."""
    language = (translation.get_language() or "en")[:2]
    language = language if language in LANGUAGES else "en"
    response = HttpResponseRedirect(
        _path("post", language, slug, post) if post else _path("front", language, slug)
    )
    patch_vary_headers(response, ("Accept-Language", "Cookie"))
    return response


@require_safe
def front(request: HttpRequest, language: str, slug: str) -> HttpResponse:
    """What is new, what comes, and who speaks."""
    site = found(language, slug)

    def make() -> HttpResponse:
        rows = Post.objects.public().filter(alliance=site.alliance).newest_first()
        rows = rows.select_related("topic").prefetch_related("texts")
        about = records.said("text", site.alliance.boilerplate, site.order)
        context = {
            "posts": [line(post, site) for post in rows[:NEWEST]],
            "coming": _coming(site),
            "about": records.paragraphs(about["text"])[:1],
            "about_lang": about.get("lang", ""),
        }
        return shown(request, "front", site, context)

    return _kept(request, site, make)


@require_safe
def about(request: HttpRequest, language: str, slug: str) -> HttpResponse:
    """Who they are: the members on a map, figures with their sources, whom to ask, markets."""
    site = found(language, slug)

    def make() -> HttpResponse:
        return shown(request, "about", site, portraits.of(site))

    return _kept(request, site, make)


@require_safe
def controllers(request: HttpRequest, language: str, slug: str) -> HttpResponse:
    """Who answers for readers' data, and for what of it (GDPR, Art. 26(2))."""
    site = found(language, slug)

    def make() -> HttpResponse:
        members, _desks = members_on(site.alliance, timezone.localdate())
        leading = Participation.Role.COORDINATOR
        context = {
            "members": [row.cluster for row in members],
            "coordinator": next((row.cluster.name for row in members if row.role == leading), ""),
        }
        return shown(request, "controllers", site, context)

    return _kept(request, site, make)


@require_safe
def cover(request: HttpRequest, slug: str) -> HttpResponse:
    """The picture that is shown where an address of the site is shared."""
    site = found("en", slug)

    def make() -> HttpResponse:
        drawn = covers.cover(site.alliance.name, site.alliance.hue)
        return HttpResponse(drawn, content_type="image/png")

    return kept(request, f"site {slug}", site.mark, make)


@require_safe
def posts(request: HttpRequest, language: str, slug: str) -> HttpResponse:
    """The archive: by year, topic and kind, and what a search finds."""
    site = found(language, slug)

    def make() -> HttpResponse:
        search = searched(request)
        form = ArchiveFilters(request.GET, told=_told(site))
        rows = Post.objects.public().filter(form.keeps, alliance=site.alliance).newest_first()
        ids = rows.found(search) if search else [*rows.values_list("pk", flat=True)]
        page = Paginator(ids, PAGE).get_page(request.GET.get("page"))
        told = Post.objects.public().select_related("topic").prefetch_related("texts")
        there = told.in_bulk(page.object_list)
        context = {
            "page": page,
            "posts": [line(there[pk], site) for pk in page if pk in there],
            "search": search,
            "filters": [form[name] for name in form.fields],
            "narrowed": bool(search) or form.narrows,
            "first": page.number == 1,
        }
        return shown(request, "posts", site, context)

    return _kept(request, site, make)


@require_safe
def post(request: HttpRequest, language: str, slug: str, post: str) -> HttpResponse:
    """One post. What was withdrawn, or never published, was never here."""
    site = found(language, slug)

    def make() -> HttpResponse:
        rows = Post.objects.public().filter(alliance=site.alliance, slug=post)
        row = rows.select_related("topic", "mission", "event").prefetch_related("texts").first()
        text = row.text_in(*site.order) if row else None
        if row is None or text is None:
            raise Http404
        written = [each.language for each in row.ready_texts()]
        first = next(iter(text.pictures), None)
        context = {
            "post": row,
            "text": text,
            "sizes": _sizes(text, site) if first else {},
            **({"cover": links.image(first.name), "cover_alt": first.alt} if first else {}),
            "lang": text.language if text.language != language else "",
            "topic": in_language(row.topic.names, (language,)),
            "record": _record(row, site),
            "facts": _facts(row, text.title, text.lead, text.language, site),
            "written": written,
        }
        return shown(request, "post", site, context, args=(row.slug,), written=written)

    return _kept(request, site, make)


# --- what the pages are made of


def line(row: Post, site: Site) -> dict[str, Any]:
    """A post as lists show it, in this language or the next best."""
    text, language = row.text_in(*site.order), site.language
    return {
        "post": row,
        "title": text.title if text else row.slug,
        "lead": text.lead if text else "",
        "lang": text.language if text and text.language != language else "",
        "url": links.post_path(language, site.alliance.slug, row.slug),
        "topic": in_language(row.topic.names, (language,)),
    }


def _told(site: Site) -> list[Told]:
    rows = Post.objects.public().filter(alliance=site.alliance).order_by()
    counted = rows.values_list(
        ExtractYear("published_at"), "topic__slug", F("topic__names"), "kind"
    ).annotate(n=Count("pk"))
    return [Told(*row) for row in counted]


def _coming(site: Site) -> list[dict[str, Any]]:
    """The next missions and events, the soonest first."""
    today, order, language = timezone.localdate(), site.order, site.language
    missions = Mission.objects.public().filter(alliances=site.alliance, during__endswith__gt=today)
    events = Event.objects.public().filter(alliances=site.alliance, ends_at__date__gte=today)
    rows = [
        (row.during.lower, records.dates_label(row, language), row.market.names, row, "mission")
        for row in missions.exclude(status="cancelled").select_related("market").order_by("during")
    ] + [
        (
            row.starts_at.date(),
            records.moment_label(row.starts_at, row.timezone, language),
            {language: row.city},
            row,
            "event",
        )
        for row in events.exclude(status="cancelled").order_by("starts_at")
    ]
    return [
        {
            **records.said("name", row.names, order),
            "when": when,
            "where": in_language(where, order),
            "url": reverse(f"campaigns:public-{noun}", args=[language, row.slug]),
        }
        for _day, when, where, row, noun in sorted(rows, key=lambda each: each[0])[:COMING]
    ]


def _sizes(text: PostText, site: Site) -> dict[str, tuple[int, int]]:
    """Of each picture, so that the words below it do not jump when it comes."""
    names = [picture.name.partition(".")[0] for picture in text.pictures]
    kept = Image.objects.public().filter(alliance=site.alliance, sha256__in=names)
    return {image.name: (image.width, image.height) for image in kept}


def _record(row: Post, site: Site) -> dict[str, str]:
    """The public page of what the post is about, if that has one."""
    record = row.record
    if record is None or not record.public or record.archived_at or record.status == "draft":
        return {}
    noun = "mission" if row.mission else "event"
    return {
        **records.said("name", record.names, site.order),
        "url": reverse(f"campaigns:public-{noun}", args=[site.language, record.slug]),
    }


def _facts(row: Post, title: str, lead: str, language: str, site: Site) -> dict[str, Any]:
    """The post for search engines, in schema.org's words."""
    publisher = {"@type": "Organization", "name": site.alliance.name}
    author = {"@type": "Person", "name": row.author} if row.author else publisher
    return {
        "@context": "https://schema.org",
        "@type": "OpinionNewsArticle" if row.kind == Post.Kind.OPINION else "NewsArticle",
        "headline": title,
        "description": lead,
        "inLanguage": language,
        "datePublished": row.published_at.isoformat() if row.published_at else "",
        "dateModified": row.changed_at.isoformat(),
        "author": author,
        "publisher": publisher,
        "mainEntityOfPage": links.absolute(_path("post", language, site.alliance.slug, row.slug)),
    }


# --- every page of a site


def _kept(request: HttpRequest, site: Site, make: Callable[[], HttpResponse]) -> HttpResponse:
    with translation.override(site.language):
        return kept(request, f"site {site.alliance.slug}", site.mark, make)


def _path(page: str, language: str, slug: str, *args: str) -> str:
    return reverse(f"campaigns:site-{page}", args=[language, slug, *args])


def _in_any_language(page: str, slug: str, *args: str) -> str:
    """The address that leads to a visitor's own language, where there is one."""
    if page in ("front", "post"):
        return links.absolute(reverse("campaigns:site-enter", args=[slug, *args]))
    return ""


def shown(
    request: HttpRequest,
    page: str,
    site: Site,
    context: dict[str, Any],
    *,
    args: tuple[str, ...] = (),
    written: Iterable[str] = LANGUAGES,
) -> HttpResponse:
    """A page in its frame: the way to the others, its languages, its one address for each.

    `written`: the languages in which there is such a page; shown in another one, it is the same.
    """
    slug, language, written = site.alliance.slug, site.language, [*written]
    query = f"?{request.GET.urlencode()}" if request.GET else ""
    own = language if language in written else context["text"].language
    frame = {
        "alliance": site.alliance,
        "hue": site.alliance.accent,
        "language": language,
        "here": page,
        "languages": [
            {
                "code": code,
                "name": translation.get_language_info(code)["name_local"].capitalize(),
                "url": _path(page, code, slug, *args) + query,
                "current": code == language,
            }
            for code in LANGUAGES
            if code in written
        ],
        "canonical": links.absolute(_path(page, own, slug, *args)),
        "alternates": [
            (code, links.absolute(_path(page, code, slug, *args)))
            for code in LANGUAGES
            if code in written
        ],
        "default": _in_any_language(page, slug, *args),
        "feed": reverse("campaigns:feeds-show", args=[language, slug]),
        "cover": links.cover(slug),
    }
    response = render(request, f"campaigns/site/{page}.html", frame | context)
    response["Content-Language"] = language
    return response
