"""Audience conditions compiled to one queryset of people.

The questions are those of the list of people (`crm.models.questions.people`), so that whatever
narrows the list chooses an audience, and those about the mails that people got. It asks each
cluster's people by what their own cluster says; so what a cluster keeps for itself is asked only by
an author who reads it.
"""

from collections.abc import Sequence
from typing import Any

from django.db.models import Case, Q, QuerySet, Value, When
from django.utils.translation import gettext as _

from campaigns.models.mailed import MAILED
from crm.models import Cluster, CustomField, Import, Person, Tag
from crm.models.questions import EVERYBODY, Question
from crm.models.questions import compiled as compiled_by
from crm.models.questions.people import PEOPLE, own_field
from crm.models.questions.question import NONE
from crm.models.scope import Scope
from crm.rules.conditions import InvalidCondition, fold_tree

ASKED = PEOPLE | MAILED
Leaf = tuple[str, str, tuple[str, ...]]
"""A condition: what is asked, how, and the values."""
CALLED_BY = frozenset({"kind", "standing", "category", "topic"})
"""What clusters keep for themselves, but let every call of their alliance be chosen by."""


def questions() -> dict[str, Question]:
    """Everything an audience can be chosen by."""
    return ASKED | {
        f"custom_{field.pk}": own_field(field.pk, field.name, field.kind, field.choices)
        for field in CustomField.objects.filter(noun=CustomField.Noun.PERSON)
    }


def compiled(tree: dict[str, Any]) -> Q:
    """The condition as one Q. Raises InvalidCondition."""
    known = questions() if "custom_" in str(tree) else ASKED
    return compiled_by(tree, known, EVERYBODY)


def people_in(include: dict[str, Any], exclude: dict[str, Any] | None) -> QuerySet[Person]:
    """Everybody the saved question asks for, mailable or not."""
    people = Person.objects.filter(compiled(include), erased_at=None, merged_into=None)
    if exclude:
        people = people.exclude(compiled(exclude))
    return people.order_by()


def held_by(person: int, leaves: Sequence[Leaf]) -> dict[Leaf, bool]:
    """Which of these conditions hold of one person, in one question."""
    if not leaves:
        return {}
    asked = {
        f"condition_{n}": Case(
            When(compiled({"f": field, "op": operator, "v": [*values]}), then=Value(True)),
            default=Value(False),
        )
        for n, (field, operator, values) in enumerate(leaves)
    }
    row = Person.objects.filter(pk=person).order_by().annotate(**asked).values_list(*asked).first()
    return dict(zip(leaves, row or [False] * len(leaves), strict=True))


def check_readable(
    include: dict[str, Any],
    exclude: dict[str, Any] | None,
    scope: Scope,
    clusters: QuerySet[Cluster],
) -> None:
    """Whether an author may choose people of these clusters so.

    Raises InvalidCondition where the choice, or its count, would tell what stays in a cluster that
    the author does not read.
    """
    known = questions()
    for tree in (include, exclude):
        if tree:
            compiled_by(tree, known, EVERYBODY)
    leaves = [*_leaves(include), *(_leaves(exclude) if exclude else ())]
    kept = [leaf for leaf in leaves if _readers(known[leaf[0]], scope) is not None]
    if scope.admin or not kept:
        return
    asked = set(_confined(include, clusters).values_list("pk", flat=True))
    for name, operator, values in kept:
        readable = asked <= (_readers(known[name], scope) or frozenset())
        if not (readable or _is_word_of(scope, name, operator, values)):
            raise InvalidCondition(
                _(
                    "“%s” is told only inside a cluster, and you do not read every cluster that "
                    "this audience is for. Choose by “Kept by” those that you read, too."
                )
                % known[name].label
            )


def _readers(question: Question, scope: Scope) -> frozenset[int] | None:
    """The clusters of which the author may ask this; None where it may be asked of all.

    A text can be any text: asked for a name, a number alone tells whether somebody is there. A name
    is asked only where the author sees everybody, also who objected to being shown to others.
    """
    if question.name in CALLED_BY:
        return None
    if question.own or question.name == "name":
        return scope.clusters
    return scope.reads if question.kind == "text" else None


def _leaves(tree: dict[str, Any]) -> list[tuple[str, str, list[str]]]:
    def joined(parts: list[Any]) -> list[Any]:
        return [leaf for part in parts for leaf in part]

    return fold_tree(
        tree,
        leaf=lambda name, operator, values: [(name, operator, values)],
        all_of=joined,
        any_of=joined,
        negate=lambda part: part,
    )


def _confined(include: dict[str, Any], clusters: QuerySet[Cluster]) -> QuerySet[Cluster]:
    """Those of the clusters whose people the whole condition can choose."""
    for branch in include.get("all", ()):
        if branch.get("f") == "cluster" and branch["op"] == "in":
            clusters = clusters.filter(slug__in=branch["v"])
    return clusters


def _is_word_of(scope: Scope, name: str, operator: str, values: list[str]) -> bool:
    """Whether a condition names nothing but words of clusters of the scope.

    Only their own people can have them.
    """
    if name.startswith("custom_"):
        words: QuerySet[Any] = CustomField.objects.filter(pk=name.removeprefix("custom_"))
    elif name == "import" and operator == "in":
        words = Import.objects.filter(pk__in=[v for v in values if v.isdecimal() and len(v) < 18])
    elif name in ("tag", "at_tag") and operator == "in" and NONE not in values:
        words = Tag.objects.filter(pk__in=[v for v in values if v.isdecimal() and len(v) < 18])
    else:
        return False
    return not words.exclude(cluster__in=scope.clusters).exists()
