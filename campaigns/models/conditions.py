"""Audience conditions compiled to one queryset of people.

The questions are those of the list of people (`crm.models.questions.people`): whatever narrows
the list chooses an audience. Fields of one cluster alone are its tags and its own fields; their
ids name the cluster, so they find nobody in another one's lane.
"""

from typing import Any

from django.db.models import Q, QuerySet

from crm.models import CustomField, Person
from crm.models.questions import EVERYBODY, Question
from crm.models.questions import compiled as compiled_by
from crm.models.questions.people import PEOPLE, own_field


def questions() -> dict[str, Question]:
    """Everything an audience can be chosen by."""
    return PEOPLE | {
        f"custom_{field.pk}": own_field(field.pk, field.name, field.kind, field.choices)
        for field in CustomField.objects.filter(noun=CustomField.Noun.PERSON)
    }


def compiled(tree: dict[str, Any]) -> Q:
    """The condition as one Q. Raises InvalidCondition."""
    known = questions() if "custom_" in str(tree) else PEOPLE
    return compiled_by(tree, known, EVERYBODY)


def people_in(include: dict[str, Any], exclude: dict[str, Any] | None) -> QuerySet[Person]:
    """Everybody the saved question asks for, mailable or not."""
    people = Person.objects.filter(compiled(include), erased_at=None, merged_into=None)
    if exclude:
        people = people.exclude(compiled(exclude))
    return people.order_by()
