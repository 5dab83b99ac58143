"""What the views of missions and events share."""

from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import get_language

from crm.models import Alliance, Event, Mission
from crm.rules.texts import LANGUAGES
from crm.views.requests import UserRequest


@dataclass(frozen=True)
class Subject:
    """The mission or the event that something belongs to."""

    mission: Mission | None = None
    event: Event | None = None

    @property
    def record(self) -> Mission | Event:
        record = self.mission or self.event
        assert record
        return record

    @property
    def page(self) -> HttpResponseRedirect:
        noun = "missions" if self.mission else "events"
        return redirect(f"crm:{noun}-show", self.record.slug)


def editable_subject(request: UserRequest, mission: str | None, event: str | None) -> Subject:
    """The record that an address names, if the user may change it."""
    if mission:
        rows = Mission.objects.editable_by(request.user)
        return Subject(mission=get_object_or_404(rows, slug=mission))
    return Subject(event=get_object_or_404(Event.objects.editable_by(request.user), slug=event))


def choosable(
    request: UserRequest, own: QuerySet[Alliance], subject: Mission | Event | None
) -> QuerySet[Alliance]:
    """The user's own alliances, and those of the record that the user sees."""
    if subject is None:
        return own
    visible = Alliance.objects.visible_to(request.user)
    return visible.filter(Q(pk__in=own.values("pk")) | Q(pk__in=subject.alliances.values("pk")))


def reading_language(request: UserRequest) -> str:
    """The language in which the texts of a record are shown: chosen, else the page's own."""
    asked = request.GET.get("language", "")
    if asked in LANGUAGES:
        return asked
    own = (get_language() or "en")[:2]
    return own if own in LANGUAGES else "en"
