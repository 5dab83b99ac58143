"""Following without a login: a form, a mail, a page with a button. No cookie and no script."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from campaigns.actions import follows
from campaigns.forms.follows import ConfirmForm, EmbedForm, FollowForm
from campaigns.mail import links
from crm.actions.errors import Refused
from crm.models import Address, Alliance, Follow, Topic
from crm.models.texts import in_language
from crm.rules.texts import LANGUAGES
from crm.views.clients import network_of
from crm.views.requests import UserRequest, refusals, signed_in


@csrf_exempt  # nobody is signed in; when the form was opened is signed into it
def ask(request: HttpRequest, language: str, slug: str) -> HttpResponse:
    """The form. Whoever fills in a known address sees what everybody sees."""
    alliance = _alliance(language, slug)
    with translation.override(language):
        posted = request.POST if request.method == "POST" else None
        form = FollowForm(posted, alliance=alliance, language=language)
        wording = _wording(alliance)
        status = 200
        if posted is not None and form.is_a_trap:
            return _to_asked(language, slug)
        if posted is not None and form.is_valid() and form.was_read:
            said = form.cleaned_data
            with refusals(form):
                try:
                    follows.ask(
                        alliance=alliance,
                        email=said["email"],
                        topics=list(said["topics"]),
                        cluster=said["cluster"],
                        markets=[market.slug for market in said["markets"]],
                        language=said["language"],
                        frequency=said["frequency"],
                        wording=wording,
                        shown_in=language,
                        network=network_of(request),
                    )
                    return _to_asked(language, slug)
                except follows.TooMany as refused:
                    status = 429
                    raise Refused(str(refused)) from refused
        context = {
            "form": form,
            "opened": FollowForm.opened_now(),
            "wording": wording,
            "once_more": posted is not None and not form.errors,
        }
        context["languages"] = _languages(alliance, language)
        return _shown(
            request, "campaigns/follows/ask.html", alliance, language, context, status=status
        )


@require_safe
def asked(request: HttpRequest, language: str, slug: str) -> HttpResponse:
    """What to do next; the same for everybody."""
    alliance = _alliance(language, slug)
    with translation.override(language):
        return _shown(request, "campaigns/follows/asked.html", alliance, language, {})


@csrf_exempt  # a mail program's own browser may refuse cookies; the signed token is the proof
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """The page of the link in the mail: it shows, its button confirms."""
    follow = follows.named_by(token)
    if follow is None:
        return _gone(request)
    with translation.override(follow.language):
        own = follows.topics_of(follow)
        form = ConfirmForm(
            request.POST if request.method == "POST" else None,
            topics=own + follows.others_of(follow),
            language=follow.language,
            initial={"topics": [topic.pk for topic in own]},
        )
        done, choices = None, ""
        if request.method == "POST" and form.is_valid():
            with refusals(form):
                topics = list(form.cleaned_data["topics"])
                address = follows.confirm(follow=follow, topics=topics, network=network_of(request))
                choices = _way_to_choices(follow, address)
                done = follows.names_of(topics, follow.language)
        context = {
            "form": form,
            "done": done,
            "choices": choices,
            "follow": follow,
            "cluster": follow.cluster,
        }
        return _shown(
            request, "campaigns/follows/confirm.html", follow.alliance, follow.language, context
        )


@signed_in
@require_safe
def embed(request: UserRequest, slug: str) -> HttpResponse:
    """The form as HTML to be pasted into another site, and how it looks there by itself."""
    alliance = get_object_or_404(Alliance.objects.editable_by(request.user), slug=slug)
    offered = Topic.objects.public().filter(alliance=alliance).order_by("pk")
    whole = {"language": alliance.languages[0], "topics": [topic.pk for topic in offered]}
    form = EmbedForm(request.GET or whole, alliance=alliance)
    context = {"alliance": alliance, "form": form, "offered": offered, "code": ""}
    if form.is_valid():
        language = form.cleaned_data["language"]
        in_order = (language, *alliance.languages)
        with translation.override(language):
            words = {
                "address": links.absolute(
                    reverse("campaigns:follows-ask", args=[language, alliance.slug])
                ),
                "alliance": alliance,
                "language": language,
                "topics": [
                    (topic.pk, in_language(topic.names, in_order))
                    for topic in form.cleaned_data["topics"]
                ],
            }
            context["code"] = render_to_string("campaigns/parts/follow_form.html", words).strip()
    return render(request, "campaigns/follows/embed.html", context)


def _way_to_choices(follow: Follow, address: Address) -> str:
    """At once for who confirms; later the mail, which has been passed on maybe, proves nothing."""
    if follow.confirmed_at is None:
        return links.preferences(address.pk, follow.language)
    return links.own_page(links.own_page_token(links.OwnPage(address.pk, follow.language)))


def _gone(request: HttpRequest) -> HttpResponse:
    return render(request, "campaigns/follows/gone.html", status=404)


def _alliance(language: str, slug: str) -> Alliance:
    if language not in LANGUAGES:
        raise Http404
    return get_object_or_404(Alliance.objects.public(), slug=slug)


def _wording(alliance: Alliance) -> str:
    """What is agreed to. It is kept with every request as it stood there."""
    return _(
        "I ask %(alliance)s to write to me by e-mail about what I ticked. "
        "I can stop it at any time with one click in every mail."
    ) % {"alliance": alliance.name}


def _to_asked(language: str, slug: str) -> HttpResponse:
    return redirect("campaigns:follows-asked", language, slug)


def _languages(alliance: Alliance, language: str) -> list[dict[str, Any]]:
    """The form in every language."""
    return [
        {
            "code": code,
            "name": translation.get_language_info(code)["name_local"].capitalize(),
            "url": reverse("campaigns:follows-ask", args=[code, alliance.slug]),
            "current": code == language,
        }
        for code in LANGUAGES
    ]


def _shown(
    request: HttpRequest,
    template: str,
    alliance: Alliance,
    language: str,
    context: dict[str, Any],
    *,
    status: int = 200,
) -> HttpResponse:
    shared = {
        "alliance": alliance,
        "hue": alliance.accent,
        "language": language,
        "cluster": context.get("cluster") or follows.responsible(alliance),
    }
    response = render(request, template, shared | context, status=status)
    response["Content-Language"] = language
    return response
