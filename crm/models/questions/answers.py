"""What can be asked of people about their answers to missions and events.

Whoever was merged into somebody answered as that one.
"""

from django.db.models import F, Q, Window
from django.db.models.functions import Coalesce, FirstValue
from django.utils import timezone

from crm.models.answers import Answer
from crm.models.missions import Mission
from crm.models.questions.question import Asker, any_of


def answered(operator: str, values: list[str], _asker: Asker) -> Q:
    answers = Answer.objects.all()
    if operator == "empty":
        return ~Q(pk__in=answers.values_list(Coalesce("person__merged_into", "person")))
    latest = answers.filter(mission__slug__in=values) | answers.filter(event__slug__in=values)
    # Whoever was merged into somebody answered as that one.
    return Q(pk__in=latest.values_list(Coalesce("person__merged_into", "person")))


def answer_was(operator: str, values: list[str], _asker: Asker) -> Q:
    """By "mission:value", "event:value", or a value to whichever; the latest to each counts."""
    if operator == "empty":
        return answered(operator, values, _asker)
    wanted: dict[str, list[str]] = {}
    for value in values:
        slug, _colon, answer_given = value.rpartition(":")
        wanted.setdefault(slug, []).append(answer_given)
    return any_of([_answered_last(_to(slug), given) for slug, given in wanted.items()])


def interested_before(operator: str, values: list[str], _asker: Asker) -> Q:
    """Who answered last that they are interested, to a mission that is over, by its market."""
    over = Mission.objects.filter(during__endswith__lte=timezone.localdate())
    over = over.exclude(status=Mission.Status.CANCELLED).order_by()
    if operator == "in":
        over = over.filter(market__slug__in=values)
    interested = _answered_last(Q(mission__in=over.values("pk")), [Answer.Value.INTERESTED])
    return ~interested if operator == "empty" else interested


def _to(slug: str) -> Q:
    return Q(mission__slug=slug) | Q(event__slug=slug) if slug else Q()


def _answered_last(about: Q, values: list[str]) -> Q:
    human = Coalesce("person__merged_into", "person")
    last = Window(
        FirstValue("value"),
        partition_by=[human, F("mission"), F("event")],
        order_by=[F("at").desc(), F("pk").desc()],
    )
    return Q(
        pk__in=Answer.objects.filter(about)
        .annotate(last=last)
        .filter(last__in=values)
        .values_list(human)
    )
