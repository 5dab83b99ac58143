"""What columns a cluster's list can have: those of every list, and the fields of its own."""

from collections.abc import Sequence

from crm.models import Cluster
from crm.resources.contacts import own_questions
from crm.rules.columns import BY_NAME, KEY, guess_all
from crm.rules.headers import own_name
from crm.rules.names import fold

OF_PEOPLE = {"name", "given", "family", "email"}


def known(cluster: Cluster) -> set[str]:
    """Everything that a column may be said to hold."""
    return {*BY_NAME, KEY, *own_questions(cluster)}


def guessed(cluster: Cluster, names: Sequence[str]) -> list[str]:
    """What each header means. The very name of a column of ours means that one, the name of one of
    the cluster's own fields that field, before anything is only like another.

    Where people and organisations have a field of the same name, it is the people's in a list of
    people.
    """
    fields: dict[str, dict[str, str]] = {"person": {}, "organisation": {}}
    for column, question in own_questions(cluster).items():
        fields[question.of][fold(question.name)] = column
    called = [own_name(name) for name in names]
    mine = fields["organisation"] | fields["person"]
    found = guess_all(
        [
            "" if marked or own in mine else name
            for (own, marked), name in zip(called, names, strict=True)
        ]
    )
    if not OF_PEOPLE.intersection(found):
        mine = fields["person"] | fields["organisation"]
    for place, (own, _marked) in enumerate(called):
        column = mine.get(own, "")
        if column and column not in found:
            found[place] = column
    return found
