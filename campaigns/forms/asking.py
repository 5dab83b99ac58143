"""What an author can ask in the builder of audiences, with the names of the choices they see."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _

from campaigns.models import Campaign
from campaigns.models.conditions import CALLED_BY
from campaigns.models.mailed import MAILED, OUTCOMES
from crm.forms import questions
from crm.forms.tables import said
from crm.models import Answer, Cluster, Event, Mission, User
from crm.models.answers import EVENT_ANSWERS, MISSION_ANSWERS
from crm.models.questions import Question, vocabulary_of
from crm.rules.conditions import InvalidCondition, fold_tree
from crm.rules.queries import Leaf

RECORDS = 50
"""So many of the newest campaigns, missions and events stand ready to be chosen."""
LEFT_TO_THE_FREEZE = {"mailable", "paused"}
"""Who cannot be written to is left out of every campaign, and told why."""


def questions_for(user: User) -> dict[str, Question]:
    """Everything that this author may ask; what a cluster keeps for itself only where they read.

    A call goes to the people of every cluster of the alliance, also of those that share none.
    """
    known = questions.people(vocabulary_of(user, "person")) | MAILED
    inside = user.scope.admin or bool(user.scope.clusters)
    asked = {
        name: question
        for name, question in known.items()
        if question.filtered
        and name not in LEFT_TO_THE_FREEZE
        and (inside or not question.own or name in CALLED_BY)
    }
    clusters = Cluster.objects.visible_to(user).order_by("name").values_list("slug", "name")
    asked["cluster"] = asked["cluster"].among(clusters)
    if inside:
        asked["mailed"] = asked["mailed"].among(_mailings(user))
        told = [(record, values) for record, values in _records(user)]
        asked["answered"] = asked["answered"].among(
            [(record.slug, str(record)) for record, _values in told]
        )
        asked["answer"] = asked["answer"].among(
            [
                *asked["answer"].choices,
                *(
                    (f"{record.slug}:{value}", f"{record}: {value.label}")
                    for record, values in told
                    for value in values
                ),
            ]
        )
    by_name = sorted(asked.values(), key=lambda question: str(question.label).casefold())
    return {question.name: question for question in by_name}


def _mailings(user: User) -> list[tuple[str, str]]:
    started = Campaign.objects.visible_to(user).filter(started_at__isnull=False)
    newest = started.select_related("mission", "event").order_by("-started_at", "-pk")[:RECORDS]
    return [
        (f"{campaign.ref}:{outcome}", f"{campaign}: {words}")
        for campaign in newest
        for outcome, words in OUTCOMES.items()
    ]


def _records(user: User) -> Iterable[tuple[Mission | Event, tuple[Answer.Value, ...]]]:
    for mission in Mission.objects.visible_to(user).order_by("-pk")[:RECORDS]:
        yield mission, MISSION_ANSWERS
    for event in Event.objects.visible_to(user).order_by("-pk")[:RECORDS]:
        yield event, EVENT_ANSWERS


def sentence(
    include: Mapping[str, Any],
    exclude: Mapping[str, Any] | None,
    known: Mapping[str, Question],
) -> str:
    """What an audience asks, in words; a part whose words the viewer may not read says so."""
    words = _worded(include, known)
    if not exclude:
        return words
    return _("%(these)s; without: %(those)s") % {"these": words, "those": _worded(exclude, known)}


def condition(tree: Mapping[str, Any], known: Mapping[str, Question]) -> str:
    """A part of somebody else's audience in words, without choices that the viewer does not see."""
    return _worded(tree, known, says_all=False)


def _seen(question: Question, leaf: Leaf) -> Leaf:
    """Of a choice, such as a tag of another cluster, only what has a name for the viewer."""
    names = dict(question.choices)
    named = [value for value in leaf.values if value in names]
    if question.kind != "choice" or len(named) == len(leaf.values):
        return leaf
    return replace(leaf, values=(*named, _("something you do not see")))


class _Words(str):
    """Words for a part of a tree: of one condition with what it stands for, or of several."""

    leaf: Leaf | None = None
    several = False

    @property
    def inside(self) -> str:
        return f"({self})" if self.several else str(self)


def _worded(
    tree: Mapping[str, Any], known: Mapping[str, Question], *, says_all: bool = True
) -> str:
    def of_leaf(leaf: Leaf) -> _Words:
        question = known.get(leaf.field)
        if question:
            words = _Words(said(question, leaf if says_all else _seen(question, leaf)))
        else:
            words = _Words(_("a condition you do not read"))
        words.leaf = leaf
        return words

    def joined(parts: list[_Words], pattern: str) -> _Words:
        if len(parts) == 1:
            return parts[0]
        words = parts[0].inside
        for part in parts[1:]:
            words = pattern % {"first": words, "second": part.inside}
        found = _Words(words)
        found.several = True
        return found

    def negate(part: _Words) -> _Words:
        if part.leaf:
            return of_leaf(replace(part.leaf, negated=not part.leaf.negated))
        return _Words(_("none of (%s)") % part)

    if not tree:
        return _("nothing")
    try:
        return str(
            fold_tree(
                tree,
                leaf=lambda name, operator, values: of_leaf(Leaf(name, operator, tuple(values))),
                all_of=lambda parts: joined(parts, _("%(first)s and %(second)s")),
                any_of=lambda parts: joined(parts, _("%(first)s or %(second)s")),
                negate=negate,
            )
        )
    except InvalidCondition:
        return _("conditions that cannot be read")
