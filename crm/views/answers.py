"""What readers answered, as a mission's and an event's page tell it."""

from dataclasses import dataclass

from django.db.models import Prefetch, QuerySet

from crm.models import Answer, Position, User
from crm.models.answers import EVENT_ANSWERS, MISSION_ANSWERS


@dataclass(frozen=True)
class Answered:
    """Each answer with its number, and by name those whom the user may see by name."""

    counts: list[tuple[str, int]]
    named: list[Answer]
    unnamed: int

    @property
    def total(self) -> int:
        return sum(count for _label, count in self.counts)


def answered(answers: "QuerySet[Answer]", user: User, *, all_counts: bool, event: bool) -> Answered:
    """The latest answer of each person; `all_counts` where the user may know every number."""
    posts = Position.objects.current().select_related("organisation")
    named = list(
        answers.visible_to(user)  # type: ignore[attr-defined]
        .latest_per_person()
        .select_related("person__cluster", "person__merged_into__cluster")
        .prefetch_related(
            Prefetch("person__positions", posts), Prefetch("person__merged_into__positions", posts)
        )
    )
    for answer in named:
        answer.person = answer.person.merged_into or answer.person
    counted = list(answers.latest_per_person()) if all_counts else named  # type: ignore[attr-defined]
    values = EVENT_ANSWERS if event else MISSION_ANSWERS
    return Answered(
        [(str(value.label), sum(answer.value == value for answer in counted)) for value in values],
        sorted(named, key=lambda answer: answer.at, reverse=True),
        len(counted) - len(named),
    )
