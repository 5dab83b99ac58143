"""What a record's page says of possible duplicates and of merges."""

from dataclasses import dataclass, field
from typing import Any

from crm.models import Duplicate, Join, Merge, Organisation, Person, User

NAMED = 3  # twins that a record's page names


@dataclass(frozen=True)
class MergedHere:
    """Another record that was merged into this one."""

    merge: Merge
    name: str
    """Empty where the reader may not see it any more."""
    join: Join | None
    """By which two clusters keep it together."""
    may_undo: bool
    by: User | None
    """Who merged it; None for another cluster's user, whose name stays there."""


@dataclass(frozen=True)
class Twins:
    """Whom a record may be the same as, and who was merged into it."""

    alike: list[Any] = field(default_factory=list)
    compared_at: str = ""
    """The address of the page that compares two."""
    merged: list[MergedHere] = field(default_factory=list)


def of(record: Person | Organisation, user: User, *, may_decide: bool) -> Twins:
    """For a record that was read with `crm.models.duplicates.alike`: where that knows of nothing,
    nothing is asked."""
    noun = "person" if isinstance(record, Person) else "organisation"
    paired, kept_of_two = vars(record)["is_paired"], vars(record)["is_kept_of_two"]
    return Twins(
        _alike(noun, record, user) if paired and may_decide else [],
        f"crm:merges-{noun}",
        _merged(noun, record, user) if kept_of_two else [],
    )


def _alike(noun: str, record: Person | Organisation, user: User) -> list[Any]:
    pairs = Duplicate.objects.editable_by(user).living(noun).open().of(noun, record.pk)
    ids = [pair.second if pair.first == record.pk else pair.first for pair in pairs[:NAMED]]
    found = _visible(noun, user, ids)
    return [found[pk] for pk in ids if pk in found]


def _merged(noun: str, record: Person | Organisation, user: User) -> list[MergedHere]:
    here = Merge.objects.visible_to(user).standing().of(noun, record.pk)
    merges = list(here.select_related("by", "cluster", "join__asker", "join__asked"))
    found = _visible(noun, user, [merge.dropped for merge in merges])
    scope = user.scope
    return [
        MergedHere(
            merge,
            str(found.get(merge.dropped, "")),
            getattr(merge, "join", None),
            scope.admin or any(cluster.pk in scope.contact_for for cluster in merge.concerned),
            merge.by if scope.admin or _decider(merge) in scope.clusters else None,
        )
        for merge in merges
    ]


def _decider(merge: Merge) -> int:
    """The cluster whose user merged: of a join, the one that was asked and agreed."""
    join = getattr(merge, "join", None)
    return join.asked_id if join else merge.cluster_id


def _visible(noun: str, user: User, ids: list[int]) -> dict[int, Any]:
    rows: Any = Person if noun == "person" else Organisation
    found: dict[int, Any] = rows.objects.visible_to(user).in_bulk(ids)
    return found
