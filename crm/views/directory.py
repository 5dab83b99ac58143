"""The public directory of members: for everybody without login, and what its clusters write."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from crm.actions import directory
from crm.forms.directory import (
    Choices,
    ConsentForm,
    DescriptionForm,
    DirectoryFilters,
    market_choices,
    named,
)
from crm.models import ContactPoint, DirectoryEntry, Organisation
from crm.models.codes import country_name
from crm.models.search import organisations_found
from crm.rules.texts import LANGUAGES, pick
from crm.views.requests import UserRequest, act, refusals, searched, signed_in
from crm.views.timelines import timeline

PAGE = 30


@require_safe
def enter(request: HttpRequest, slug: str = "") -> HttpResponse:
    """To the directory in the visitor's language."""
    language = (translation.get_language() or "en")[:2]
    language = language if language in LANGUAGES else "en"
    response = HttpResponseRedirect(_path(language, slug))
    patch_vary_headers(response, ("Accept-Language", "Cookie"))
    return response


@require_safe
def list(request: HttpRequest, language: str) -> HttpResponse:  # noqa: A001
    search = searched(request)
    with translation.override(_known(language)):
        form = DirectoryFilters(request.GET)
        public = Organisation.objects.public()
        kept = public.filter(form.keeps)
        rows = organisations_found(kept, search) if search else kept.order_by("name_folded", "pk")
        paginator = Paginator(rows.values_list("pk", flat=True), PAGE)
        if not search and form.number is not None:
            paginator.__dict__["count"] = form.number  # known already
        page = paginator.get_page(request.GET.get("page"))
        told = public.select_related("region", "home_cluster", "entry").prefetch_related("fields")
        found = told.in_bulk(page.object_list)
        context = {
            "page": page,
            "cards": [
                _card(found[pk], language, entry_of(found[pk])) for pk in page if pk in found
            ],
            "search": search,
            "filters": [form[name] for name in form.fields],
            "narrowed": bool(search) or form.narrows,
            "first": page.number == 1,
            **_frame(request, language, ""),
        }
        return _said(render(request, "crm/directory/list.html", context))


@require_safe
def show(request: HttpRequest, language: str, slug: str) -> HttpResponse:
    with translation.override(_known(language)):
        rows = Organisation.objects.public().select_related(
            "region", "home_cluster__region", "entry"
        )
        organisation = rows.filter(entry__slug=slug).prefetch_related("fields").first()
        if organisation is None:
            return _gone(request, language, slug)
        card = _card(organisation, language, entry_of(organisation), market_choices())
        context = {
            "card": card,
            "desk": _desk(organisation),
            "linked": _linked(card),
            **_frame(request, language, slug),
        }
        return _said(render(request, "crm/directory/show.html", context))


def _gone(request: HttpRequest, language: str, slug: str) -> HttpResponse:
    """Whoever was taken off, or never stood there, looks the same; a merged one leads on."""
    merged = Organisation.objects.public().filter(merged__entry__slug=slug)
    kept = merged.exclude(entry=None).select_related("entry").first()
    if kept:
        return redirect("crm:directory-show", language, kept.entry.slug, permanent=True)
    context = _frame(request, language, "")
    return _said(render(request, "crm/directory/gone.html", context, status=404))


@require_safe
def sitemap(request: HttpRequest, language: str) -> HttpResponse:
    """Every page of the directory in one language, for search engines."""
    listed = Organisation.objects.public().exclude(entry=None).order_by("pk")
    slugs = listed.values_list("entry__slug", flat=True)
    pages = [_absolute(_known(language), "")]
    start, end = _absolute(language, "-").split("/-/")
    pages += [f"{start}/{slug}/{end}" for slug in slugs[:49_000]]
    return _xml(request, "crm/directory/sitemap.xml", {"pages": pages})


def _xml(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    return render(request, template, context, content_type="application/xml")


@dataclass(frozen=True)
class Card:
    """What everybody may know of an organisation; nothing of its people."""

    slug: str
    name: str
    legal_name: str
    city: str
    country: str
    country_code: str
    region: str
    website: str
    description: str
    description_language: str
    cluster: str
    areas: tuple[str, ...] = ()
    products: tuple[str, ...] = ()
    stages: tuple[str, ...] = ()
    markets: tuple[str, ...] = ()


def entry_of(organisation: Organisation) -> DirectoryEntry | None:
    """What was written for its page, if anything was."""
    return getattr(organisation, "entry", None)


def _card(
    organisation: Organisation,
    language: str,
    entry: DirectoryEntry | None,
    markets: Choices | None = None,
) -> Card:
    cluster = organisation.home_cluster
    texts = entry.descriptions if entry else {}
    written, text = pick(texts, (language, *(cluster.languages if cluster else ())))
    held = {(coded.vocabulary, coded.code) for coded in organisation.fields.all()}

    def names(vocabulary: str, choices: Choices) -> tuple[str, ...]:
        return tuple(name for code, name in choices if (vocabulary, code) in held)

    return Card(
        slug=entry.slug if entry else "",
        name=str(organisation),
        legal_name=organisation.legal_name,
        city=organisation.city,
        country=country_name(organisation.country) if organisation.country else "",
        country_code=organisation.country,
        region=str(organisation.region) if organisation.region else "",
        website=organisation.website,
        description=text,
        description_language=written,
        cluster=str(cluster or ""),
        areas=names("area", named("area")),
        products=names("product", named("product")),
        stages=names("stage", named("stage")),
        markets=names("market", markets or []),
    )


def _desk(organisation: Organisation) -> dict[str, str] | None:
    """The general contact point of its cluster today: whom to ask about it."""
    cluster = organisation.home_cluster
    assert cluster is not None, "only members of their home cluster are public"
    desks = cluster.contact_points.valid_on(timezone.localdate())
    desk = desks.filter(mission=None, role=ContactPoint.Role.GENERAL).first()
    if desk is None:
        return None
    return {
        "name": str(desk),
        "email": desk.email,
        "phone": desk.phone,
        "cluster_name": cluster.name,
        "region": str(cluster.region),
    }


def _linked(card: Card) -> dict[str, Any]:
    """The page's facts for search engines, in schema.org's words."""
    address = {
        "@type": "PostalAddress",
        "addressLocality": card.city,
        "addressRegion": card.region,
        "addressCountry": card.country_code,
    }
    facts = {
        "@context": "https://schema.org",
        "@type": "Organization",
        "name": card.name,
        "legalName": card.legal_name,
        "url": card.website,
        "description": card.description,
        "address": {key: value for key, value in address.items() if value},
        "knowsAbout": [*card.areas, *card.products],
        "memberOf": {"@type": "Organization", "name": card.cluster},
    }
    return {key: value for key, value in facts.items() if value}


def _frame(request: HttpRequest, language: str, slug: str) -> dict[str, Any]:
    """What every page of the directory carries: languages, and its one address."""
    query = f"?{request.GET.urlencode()}" if request.GET and not slug else ""
    return {
        "language": language,
        "languages": [
            {
                "code": code,
                "name": translation.get_language_info(code)["name_local"].capitalize(),
                "url": _path(code, slug) + query,
                "current": code == language,
            }
            for code in LANGUAGES
        ],
        "canonical": _absolute(language, slug),
        "alternates": [(code, _absolute(code, slug)) for code in LANGUAGES],
        "default": f"{settings.BASE_URL}{reverse('crm:directory-enter', args=[slug] * bool(slug))}",
        "all_url": _path(language, ""),
    }


def _where(language: str, slug: str) -> dict[str, str]:
    return {"language": language, "slug": slug} if slug else {"language": language}


def _path(language: str, slug: str) -> str:
    name = "crm:directory-show" if slug else "crm:directory-list"
    return reverse(name, kwargs=_where(language, slug))


def _absolute(language: str, slug: str) -> str:
    return f"{settings.BASE_URL}{_path(language, slug)}"


def _known(language: str) -> str:
    if language not in LANGUAGES:
        raise Http404
    return language


def _said(response: HttpResponse) -> HttpResponse:
    response["Content-Language"] = translation.get_language() or "en"
    return response


# --- what the home cluster writes


def _own(request: UserRequest, pk: int) -> Organisation:
    editable = Organisation.objects.editable_by(request.user).exclude(home_cluster=None)
    return get_object_or_404(
        editable.select_related("region", "home_cluster__region", "entry"), pk=pk
    )


@signed_in
def edit(request: UserRequest, pk: int) -> HttpResponse:
    """Write the page and see it; `look` shows what is typed without saving it."""
    organisation = _own(request, pk)
    form = DescriptionForm(request.POST or None, organisation=organisation)
    entry, shown = entry_of(organisation), entry_of(organisation)
    if request.method == "POST" and form.is_valid():
        if "look" in request.POST:
            shown = DirectoryEntry(descriptions=form.cleaned_data["descriptions"])
        else:
            with refusals(form):
                directory.describe(organisation=organisation, by=request.user, **form.cleaned_data)
                messages.success(request, _("Your changes are saved."))
                return redirect("crm:directory-edit", pk)
    public = Organisation.objects.public().filter(pk=pk).exists()
    reading = request.GET.get("language", translation.get_language() or "en")[:2]
    reading = reading if reading in LANGUAGES else "en"
    context = {
        "organisation": organisation,
        "form": form,
        "entry": entry,
        "public": public,
        "lapsed": organisation.public_profile and not public,
        "unsaved": shown is not entry,
        "card": _card(organisation, reading, shown, market_choices()),
        "desk": _desk(organisation),
        "reading": reading,
        "languages": LANGUAGES,
        "history": timeline((entry, "")) if entry else [],
    }
    return render(request, "crm/directory/edit.html", context)


@signed_in
def publish(request: UserRequest, pk: int) -> HttpResponse:
    organisation = _own(request, pk)
    form = ConsentForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals(form):
            directory.publish(organisation=organisation, by=request.user, **form.cleaned_data)
            messages.success(request, _("“%s” stands in the public directory.") % organisation)
            return redirect("crm:directory-edit", pk)
    context = {"organisation": organisation, "form": form}
    return render(request, "crm/directory/publish.html", context)


@signed_in
def withdraw(request: UserRequest, pk: int) -> HttpResponse:
    organisation = _own(request, pk)
    if request.method == "POST":
        return act(
            request,
            lambda: directory.withdraw(organisation=organisation, by=request.user),
            _("“%s” stands in the public directory no longer.") % organisation,
            redirect("crm:directory-edit", pk),
        )
    return render(request, "crm/directory/withdraw.html", {"organisation": organisation})
