"""Posts behind the sign-in: written, published and withdrawn by whoever coordinates."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from campaigns.actions import beginning, images, posts
from campaigns.forms.posts import EditPostForm, NewPostForm, PostTextForm
from campaigns.mail import links
from campaigns.models import Campaign, Post, PostText
from campaigns.rules import pictures
from campaigns.rules.post_texts import Picture
from crm.actions.errors import Refused
from crm.models import Alliance, Event, Mission, Topic
from crm.models.codes import language_name
from crm.models.texts import in_language
from crm.rules.texts import LANGUAGES
from crm.views.requests import UserRequest, act, refusals, signed_in

PAGE = 30
RECORDS = 60  # missions and events that are offered, the latest first


@signed_in
@require_safe
def list(request: UserRequest) -> HttpResponse:  # noqa: A001
    if not request.user.scope.leads:
        raise Http404
    status = request.GET.get("status", "")
    rows = Post.objects.editable_by(request.user).newest_first()
    if status in Post.Status.values:
        rows = rows.filter(status=status)
    rows = rows.select_related("alliance", "topic").prefetch_related("texts")
    context = {
        "page": Paginator(rows, PAGE).get_page(request.GET.get("page")),
        "status": status,
        "chips": [
            {
                "label": label,
                "on": status == value,
                "url": request.path if status == value else f"?status={value}",
            }
            for value, label in Post.Status.choices
        ],
    }
    return render(request, "campaigns/posts/list.html", context)


@signed_in
def create(request: UserRequest) -> HttpResponse:
    if not request.user.scope.leads:
        raise Http404
    topics = _topics(request)
    first = {"kind": Post.Kind.ANNOUNCEMENT, "topic": topics.first(), "language": _own_language()}
    form = NewPostForm(
        request.POST or None, topics=topics, records=_records(request), initial=first
    )
    if request.method == "POST" and form.is_valid():
        with refusals(form):
            row = posts.write(by=request.user, **form.begun)
            return redirect("campaigns:posts-say", row.pk, row.language)
    return render(request, "campaigns/posts/create.html", {"form": form, "offered": bool(topics)})


@signed_in
@require_safe
def show(request: UserRequest, pk: int) -> HttpResponse:
    post = _mine(request, pk)
    texts = {text.language: text for text in post.texts.all()}
    site = links.post_path(post.language, post.alliance.slug, post.slug)
    told = Campaign.objects.editable_by(request.user).filter(post=post)
    context = {
        "post": post,
        "hue": post.alliance.accent,
        "texts": [(code, texts[code]) for code in LANGUAGES if code in texts],
        "missing": [(code, language_name(code)) for code in LANGUAGES if code not in texts],
        "ready": any(text.ready for text in texts.values()),
        "url": links.absolute(site) if post.is_published else "",
        "told": told.order_by("pk").first(),
        "facts": _facts(post),
    }
    return render(request, "campaigns/posts/show.html", context)


@signed_in
def edit(request: UserRequest, pk: int) -> HttpResponse:
    post = _mine(request, pk)
    about = post.record
    first = {
        "kind": post.kind,
        "topic": post.topic,
        "author": post.author,
        "about": f"{about._meta.model_name}-{about.pk}" if about else "",
        "seen": post.version,
    }
    form = EditPostForm(
        request.POST or None,
        topics=_topics(request).filter(alliance=post.alliance),
        records=_records(request, post),
        initial=first,
    )
    if request.method == "POST" and form.is_valid():
        with refusals(form):
            posts.edit(post=post, by=request.user, seen=form.cleaned_data["seen"], **form.said)
            messages.success(request, _("Your changes are saved."))
            return redirect("campaigns:posts-show", pk)
    return render(request, "campaigns/posts/edit.html", {"post": post, "form": form})


@signed_in
def say(request: UserRequest, pk: int, language: str) -> HttpResponse:
    """Write it in one language; `look` shows what is typed without saving it.

    A picture that comes with it is kept, and stands in the text, either way.
    """
    post = _mine(request, pk)
    if language not in LANGUAGES:
        raise Http404
    text = post.texts.filter(language=language).first() or PostText(post=post, language=language)
    form = PostTextForm(request.POST or None, request.FILES or None, text=text)
    look: dict[str, Any] = {}
    if request.method == "POST" and form.is_valid() and _bring(request, post, form):
        if "look" in request.POST:
            look = form.cleaned_data
        else:
            with refusals(form):
                posts.say(post=post, language=language, by=request.user, **form.said)
                messages.success(request, _("Your changes are saved."))
                return redirect("campaigns:posts-show", pk)
    original = post.text_in(post.language) if language != post.language else None
    context = {
        "post": post,
        "form": form,
        "language": language,
        "look": look,
        "original": original,
    }
    return render(request, "campaigns/posts/say.html", context)


def _bring(request: UserRequest, post: Post, form: PostTextForm) -> bool:
    """Keep the picture that came with the text; False where it is refused, which the form says."""
    upload = form.cleaned_data["picture"]
    if not upload:
        return True
    name, kept = str(upload.name), 0
    with refusals(form):
        if (upload.size or 0) > pictures.LARGEST:
            raise Refused(images.too_large(name))
        image = images.add(
            alliance=post.alliance, name=name, content=upload.read(), by=request.user
        )
        form.put(Picture(image.name, " ".join(form.cleaned_data["alt"].split())))
        kept += 1
    return kept == 1


@signed_in
def publish(request: UserRequest, pk: int) -> HttpResponse:
    post = _mine(request, pk)
    if request.method == "POST":
        return act(
            request,
            lambda: posts.publish(post=post, by=request.user),
            _("“%s” stands on the site.") % post,
            redirect("campaigns:posts-show", pk),
        )
    ready = [language_name(text.language) for text in post.ready_texts()]
    unready = [language_name(t.language) for t in post.texts.all() if not t.ready]
    context = {"post": post, "ready": ready, "unready": unready}
    return render(request, "campaigns/posts/publish.html", context)


@signed_in
def withdraw(request: UserRequest, pk: int) -> HttpResponse:
    post = _mine(request, pk)
    if request.method == "POST":
        return act(
            request,
            lambda: posts.withdraw(post=post, by=request.user),
            _("“%s” stands on the site no longer.") % post,
            redirect("campaigns:posts-show", pk),
        )
    return render(request, "campaigns/posts/withdraw.html", {"post": post})


@signed_in
def tell(request: UserRequest, pk: int) -> HttpResponse:
    """Write to the followers of its topic: a draft, which leaves like every announcement."""
    post = _mine(request, pk)
    if request.method == "POST":
        told: dict[str, Campaign] = {}
        then = act(
            request,
            lambda: told.update(campaign=beginning.tell(post=post, by=request.user)),
            _("The announcement is drafted. Look at it, let the lanes sign, and schedule it."),
            redirect("campaigns:posts-show", pk),
        )
        return redirect("campaigns:campaigns-show", told["campaign"].ref) if told else then
    return render(request, "campaigns/posts/tell.html", {"post": post})


def _mine(request: UserRequest, pk: int) -> Post:
    rows = Post.objects.editable_by(request.user)
    rows = rows.select_related("alliance", "topic", "mission", "event").prefetch_related("texts")
    return get_object_or_404(rows, pk=pk)


def _topics(request: UserRequest) -> QuerySet[Topic]:
    """What a post may be of: topics that everybody may follow."""
    own = Alliance.objects.editable_by(request.user).exclude(status=Alliance.Status.CLOSED)
    rows = Topic.objects.visible_to(request.user).public().filter(alliance__in=own)
    return rows.select_related("alliance").order_by("alliance__name", "slug")


def _records(request: UserRequest, post: Post | None = None) -> Sequence[Mission | Event]:
    """What a post may be about, and what this one is about, however old."""
    own = Alliance.objects.editable_by(request.user)
    alliances = own.filter(pk=post.alliance_id) if post else own
    missions = Mission.objects.visible_to(request.user).filter(alliances__in=alliances).distinct()
    events = Event.objects.visible_to(request.user).filter(alliances__in=alliances).distinct()
    latest: Sequence[Mission | Event] = [
        *missions.order_by("-during")[:RECORDS],
        *events.order_by("-starts_at")[:RECORDS],
    ]
    about = post.record if post else None
    return latest if about is None or about in latest else [*latest, about]


def _own_language() -> str:
    own = (translation.get_language() or "en")[:2]
    return own if own in LANGUAGES else "en"


def _facts(post: Post) -> Sequence[dict[str, Any]]:
    about = post.record
    return [
        {"label": _("What it is"), "value": post.get_kind_display()},
        {"label": _("Topic"), "value": in_language(post.topic.names)},
        {"label": _("Written by"), "value": post.author or post.alliance.name},
        {"label": _("About"), "value": str(about) if about else _("nothing in particular")},
    ]
