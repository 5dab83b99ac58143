"""What readers answer to calls and invitations."""

import datetime as dt

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.actions.errors import Refused
from crm.models import Answer, Event, Mission, Person
from crm.models.answers import EVENT_ANSWERS, MISSION_ANSWERS

DOUBLE_CLICK = dt.timedelta(minutes=1)


def give(
    *,
    person: Person,
    value: str,
    mission: Mission | None = None,
    event: Event | None = None,
    delivery: int | None = None,
    note: str = "",
    at: dt.datetime | None = None,
) -> Answer:
    """Add an answer; the latest one counts. The same again within a minute is the same answer."""
    if bool(mission) == bool(event):
        raise TypeError("give a mission or an event")
    if value not in (MISSION_ANSWERS if mission else EVENT_ANSWERS):
        raise Refused(_("This is not an answer to this question. Use one of the buttons."))
    at = at or timezone.now()
    with transaction.atomic():
        Person.objects.select_for_update(of=("self",)).get(pk=person.pk)
        given = Answer.objects.filter(person=person, mission=mission, event=event)
        last = given.order_by("-at", "-pk").first()
        if last and last.value == value and abs(at - last.at) < DOUBLE_CLICK:
            return last
        return Answer.objects.create(
            person=person,
            mission=mission,
            event=event,
            value=value,
            delivery=delivery,
            note=note[:500],
            at=at,
        )
