"""Missions: the list, the record that writes its own call, entering, changing, archiving."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from crm.actions import missions
from crm.forms.missions import MissionForm, present
from crm.models import Alliance, Cluster, ContactPoint, Mission
from crm.models.codes import language_name
from crm.rules.texts import LANGUAGES
from crm.views.allied import choosable, reading_language
from crm.views.answers import answered
from crm.views.programmes import days_of
from crm.views.requests import UserRequest, act, refusals, signed_in


@signed_in
@require_safe
def list(request: UserRequest) -> HttpResponse:  # noqa: A001
    archived = request.GET.get("archived") == "1"
    rows = Mission.objects.visible_to(request.user).filter(archived_at__isnull=not archived)
    context = {
        "missions": rows.select_related("market", "lead_cluster").prefetch_related(
            "alliances", "deadlines"
        ),
        "archived": archived,
        "now": timezone.now(),
    }
    return render(request, "crm/missions/list.html", context)


@signed_in
@require_safe
def show(request: UserRequest, slug: str) -> HttpResponse:
    visible = Mission.objects.visible_to(request.user).select_related("market", "lead_cluster")
    mission = get_object_or_404(visible, slug=slug)
    alliances = mission.alliances.visible_to(request.user)
    language = reading_language(request)
    versions = mission.programme_versions.exclude(published_at=None).order_by("-n")
    asked = _number(request.GET.get("programme"))
    version = versions.filter(n=asked).first() or versions.first()
    everything = request.user.scope.admin or bool(
        request.user.scope.reads_alliances.intersection(a.pk for a in alliances)
    )
    context = {
        "mission": mission,
        "alliances": alliances,
        "language": language,
        "languages": LANGUAGES,
        "coverage": coverage(mission, version),
        "versions": versions,
        "version": version,
        "days": days_of(version, language),
        "deadlines": mission.deadlines.all(),
        "route": getattr(mission, "external_route", None),
        "documents": mission.documents.all(),
        "desks": _desks(request, mission),
        "statements": mission.figures.side_by_side(),
        "answered": answered(
            mission.answers.all(), request.user, all_counts=everything, event=False
        ),
        "now": timezone.now(),
        "may_edit": Mission.objects.editable_by(request.user).filter(pk=mission.pk).exists(),
        "may_announce": mission.archived_at is None
        and Mission.objects.announceable_by(request.user).filter(pk=mission.pk).exists(),
    }
    return render(request, "crm/missions/show.html", context)


@signed_in
def create(request: UserRequest) -> HttpResponse:
    form = _form(request)
    if request.method == "POST" and form.is_valid():
        with refusals(form):
            mission = missions.create(by=request.user, **form.facts)
            messages.success(request, _("“%s” is entered. Add its programme next.") % mission)
            return redirect("crm:missions-show", mission.slug)
    return render(request, "crm/missions/create.html", {"form": form})


@signed_in
def edit(request: UserRequest, slug: str) -> HttpResponse:
    mission = get_object_or_404(Mission.objects.editable_by(request.user), slug=slug)
    form = _form(request, mission)
    if request.method == "POST" and form.is_valid():
        with refusals(form):
            missions.edit(mission=mission, by=request.user, **form.facts)
            messages.success(request, _("Your changes are saved."))
            return redirect("crm:missions-show", mission.slug)
    return render(request, "crm/missions/edit.html", {"form": form, "mission": mission})


@signed_in
def archive(request: UserRequest, slug: str) -> HttpResponse:
    mission = get_object_or_404(Mission.objects.editable_by(request.user), slug=slug)
    if request.method == "POST":
        return act(
            request,
            lambda: missions.archive(mission=mission, by=request.user),
            _("“%s” is archived. You can restore it at any time.") % mission,
            redirect("crm:missions-show", mission.slug),
        )
    return render(request, "crm/missions/archive.html", {"mission": mission})


@signed_in
def restore(request: UserRequest, slug: str) -> HttpResponse:
    mission = get_object_or_404(Mission.objects.editable_by(request.user), slug=slug)
    if request.method == "POST":
        return act(
            request,
            lambda: missions.restore(mission=mission, by=request.user),
            _("“%s” is back in the lists.") % mission,
            redirect("crm:missions-show", mission.slug),
        )
    return render(request, "crm/missions/restore.html", {"mission": mission})


def coverage(mission: Mission, version: Any) -> Sequence[dict[str, Any]]:
    """For each language what is not written in it yet."""
    texts = [
        (_("name"), [mission.names]),
        (_("lead"), [mission.leads]),
        (_("terms"), [mission.terms]),
        (_("programme"), [item.titles for item in version.items.all()] if version else []),
        (_("deadlines"), [deadline.things for deadline in mission.deadlines.all()]),
    ]
    return [
        {
            "code": code,
            "name": language_name(code),
            "lacks": [
                what for what, rows in texts if any(rows) and not all(row.get(code) for row in rows)
            ],
        }
        for code in LANGUAGES
    ]


def _form(request: UserRequest, mission: Mission | None = None) -> MissionForm:
    """The form with what the user may choose; 404 for who may enter no mission."""
    own = Alliance.objects.editable_by(request.user)
    if mission is None and not own:
        raise Http404
    return MissionForm(
        request.POST or None,
        alliances=choosable(request, own, mission),
        clusters=Cluster.objects.visible_to(request.user),
        record=mission,
        initial=present(mission) if mission else {},
    )


def _desks(request: UserRequest, mission: Mission) -> Sequence[dict[str, Any]]:
    """Who answers for each cluster of the mission's alliances today."""
    clusters = (
        Cluster.objects.visible_to(request.user)
        .filter(
            participations__alliance__missions=mission,
            participations__during__contains=timezone.localdate(),
        )
        .select_related("region")
        .distinct()
    )
    today = timezone.localdate()
    desks = ContactPoint.objects.visible_to(request.user).desks_on(today, mission.pk)
    return [{"cluster": cluster, "desk": desks.get(cluster.pk)} for cluster in clusters]


def _number(text: str | None) -> int:
    """A version's number from the address; 0, which none has, for anything else."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 5 else 0
