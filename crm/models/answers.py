"""What readers answered to a call or an invitation. Append-only; the latest one counts."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.models.events import Event
from crm.models.history import append_only
from crm.models.missions import Mission
from crm.models.people import Person
from crm.models.scope import Viewer, scope_of


class AnswerQuerySet(models.QuerySet["Answer"]):
    def latest_per_person(self) -> Self:
        """Whoever was merged into somebody answered as that one."""
        told = self.annotate(human=Coalesce("person__merged_into", "person"))
        return told.order_by("human", "mission_id", "event_id", "-at", "-pk").distinct(
            "human", "mission_id", "event_id"
        )

    def visible_to(self, user: Viewer) -> Self:
        """Answers of people I may see by name: mine, or those of a sharing cluster."""
        scope = scope_of(user)
        if scope.admin:
            return self.all()
        return self.filter(
            Q(person__cluster_id__in=scope.clusters)
            | Q(person__cluster_id__in=scope.shared_clusters, person__share_objected=False)
        )


class Answer(models.Model):
    """One answer of one person to a mission call or an event invitation."""

    class Value(models.TextChoices):
        INTERESTED = "interested", _("interested")
        NOT_NOW = "not-now", _("not now")
        COLLEAGUE = "colleague", _("ask my colleague")
        DECLINED = "declined", pgettext_lazy("answer", "declined")
        COMING = "coming", _("coming")
        MAYBE = "maybe", _("maybe")
        NOT_COMING = "not-coming", _("not coming")

    person = models.ForeignKey(Person, models.PROTECT, related_name="answers")
    mission = models.ForeignKey(Mission, models.PROTECT, null=True, related_name="answers")
    event = models.ForeignKey(Event, models.PROTECT, null=True, related_name="answers")
    value = models.CharField(max_length=12, choices=Value)
    note = models.CharField(max_length=500, blank=True)
    delivery = models.BigIntegerField(null=True)
    at = models.DateTimeField()

    objects = AnswerQuerySet.as_manager()

    class Meta:
        triggers = [append_only()]
        constraints = [
            models.CheckConstraint(
                name="an_answer_to_a_mission_or_an_event",
                condition=Q(mission=None, event__isnull=False)
                | Q(mission__isnull=False, event=None),
            )
        ]
        # The answers of a mission's or event's page, latest per person first.
        indexes = [
            models.Index(fields=["mission", "person", "-at"], name="answers_to_a_mission"),
            models.Index(fields=["event", "person", "-at"], name="answers_to_an_event"),
        ]


def answers_of(person: Person) -> AnswerQuerySet:
    """What a person answered, under whichever of their records."""
    return Answer.objects.filter(person__in=person.selves)


MISSION_ANSWERS = (
    Answer.Value.INTERESTED,
    Answer.Value.NOT_NOW,
    Answer.Value.COLLEAGUE,
    Answer.Value.DECLINED,
)
EVENT_ANSWERS = (Answer.Value.COMING, Answer.Value.MAYBE, Answer.Value.NOT_COMING)
