"""Events: the list, the record, entering, changing, archiving."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from crm.actions import events
from crm.forms.events import EventForm, present
from crm.models import Alliance, Cluster, Event
from crm.rules.texts import LANGUAGES
from crm.views.allied import choosable, reading_language
from crm.views.answers import answered
from crm.views.programmes import days_of
from crm.views.requests import UserRequest, act, refusals, signed_in


@signed_in
@require_safe
def list(request: UserRequest) -> HttpResponse:  # noqa: A001
    archived = request.GET.get("archived") == "1"
    rows = Event.objects.visible_to(request.user).filter(archived_at__isnull=not archived)
    rows = rows.select_related("lead_cluster").prefetch_related("alliances")
    now = timezone.now()
    context = {
        "coming": rows.filter(ends_at__gte=now).order_by("starts_at"),
        "past": rows.filter(ends_at__lt=now),
        "archived": archived,
    }
    return render(request, "crm/events/list.html", context)


@signed_in
@require_safe
def show(request: UserRequest, slug: str) -> HttpResponse:
    visible = Event.objects.visible_to(request.user).select_related("lead_cluster")
    event = get_object_or_404(visible, slug=slug)
    alliances = event.alliances.visible_to(request.user)
    language = reading_language(request)
    everything = request.user.scope.admin or bool(
        request.user.scope.reads_alliances.intersection(a.pk for a in alliances)
    )
    previous = Event.objects.visible_to(request.user).filter(pk=event.previous_edition_id or 0)
    context = {
        "event": event,
        "alliances": alliances,
        "language": language,
        "languages": LANGUAGES,
        "previous": previous.first(),
        "version": event.programme,
        "days": days_of(event.programme, language),
        "documents": event.documents.all(),
        "statements": event.figures.side_by_side(),
        "answered": answered(event.answers.all(), request.user, all_counts=everything, event=True),
        "over": event.ends_at < timezone.now(),
        "may_edit": Event.objects.editable_by(request.user).filter(pk=event.pk).exists(),
        "may_invite": event.archived_at is None
        and Event.objects.announceable_by(request.user).filter(pk=event.pk).exists(),
    }
    return render(request, "crm/events/show.html", context)


@signed_in
def create(request: UserRequest) -> HttpResponse:
    form = _form(request)
    if request.method == "POST" and form.is_valid():
        with refusals(form):
            event = events.create(by=request.user, **form.facts)
            messages.success(request, _("“%s” is entered.") % event)
            return redirect("crm:events-show", event.slug)
    return render(request, "crm/events/create.html", {"form": form})


@signed_in
def edit(request: UserRequest, slug: str) -> HttpResponse:
    event = get_object_or_404(Event.objects.editable_by(request.user), slug=slug)
    form = _form(request, event)
    if request.method == "POST" and form.is_valid():
        with refusals(form):
            events.edit(event=event, by=request.user, **form.facts)
            messages.success(request, _("Your changes are saved."))
            return redirect("crm:events-show", event.slug)
    return render(request, "crm/events/edit.html", {"form": form, "event": event})


@signed_in
def archive(request: UserRequest, slug: str) -> HttpResponse:
    event = get_object_or_404(Event.objects.editable_by(request.user), slug=slug)
    if request.method == "POST":
        return act(
            request,
            lambda: events.archive(event=event, by=request.user),
            _("“%s” is archived. You can restore it at any time.") % event,
            redirect("crm:events-show", event.slug),
        )
    return render(request, "crm/events/archive.html", {"event": event})


@signed_in
def restore(request: UserRequest, slug: str) -> HttpResponse:
    event = get_object_or_404(Event.objects.editable_by(request.user), slug=slug)
    if request.method == "POST":
        return act(
            request,
            lambda: events.restore(event=event, by=request.user),
            _("“%s” is back in the lists.") % event,
            redirect("crm:events-show", event.slug),
        )
    return render(request, "crm/events/restore.html", {"event": event})


def _form(request: UserRequest, event: Event | None = None) -> EventForm:
    """The form with what the user may choose; 404 for who may enter no event."""
    own = Alliance.objects.editable_by(request.user)
    if event is None and not own:
        raise Http404
    editions = Event.objects.visible_to(request.user)
    return EventForm(
        request.POST or None,
        alliances=choosable(request, own, event),
        clusters=Cluster.objects.visible_to(request.user),
        editions=editions.exclude(pk=event.pk) if event else editions,
        record=event,
        initial=present(event) if event else {},
    )
