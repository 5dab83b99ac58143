"""What stands on a person's page beside the timeline: addresses, reasons to write, files."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from django.db.models.functions import Now

from crm.models import Attachment, LegalBasis, Person, Subscription, Suppression, Topic
from crm.models.scope import Viewer
from crm.models.together import Row, as_row, newest, told

MOST = 500


@dataclass(frozen=True)
class Card:
    """Rows of several tables that one question brought along."""

    addresses: list[Row] = field(default_factory=list)
    bases: list[LegalBasis] = field(default_factory=list)
    subscriptions: list[Subscription] = field(default_factory=list)
    suppressions: list[Suppression] = field(default_factory=list)
    files: list[Attachment] = field(default_factory=list)

    @property
    def barred(self) -> bool:
        """Whether there are reasons to write, and the country of the person lets none hold."""
        return bool(self.bases) and all(vars(basis).get("its_law") for basis in self.bases)


def of_person(person: Person, viewer: Viewer) -> Card:
    """For whoever reads the person whole; topics and suppressions are those they may know."""
    stops = Suppression.objects.visible_to(viewer).standing()
    found = newest(
        {
            "address": told(
                person.addresses.all(),
                Now(),
                email="address__email",
                kind="kind",
                primary="is_primary",
                refuses="address__undeliverable_at",
                order="pk",
            ),
            "basis": told(
                person.legal_bases.all(),
                "since",
                purpose="purpose",
                basis="basis",
                since="since",
                expires_on="expires_on",
                its_alliance="alliance__name",
                its_source="record__source",
                its_law="barred_by__law",
            ),
            "subscription": told(
                person.subscriptions.filter(topic__in=Topic.objects.visible_to(viewer)),
                "since",
                state="state",
                frequency="frequency",
                its_topic="topic__names",
            ),
            "suppression": told(
                stops.filter(address__in=person.addresses.values("address_id")),
                "created_at",
                scope="scope",
                reason="reason",
                created_at="created_at",
                its_topic="topic__names",
            ),
            "file": files_told(Attachment.objects.visible_to(viewer).filter(person=person)),
        },
        0,
        MOST,
    )
    rows = defaultdict(list)
    for name, _at, what in found:
        rows[name].append(what)
    addresses = sorted(rows["address"], key=lambda row: (not row["primary"], -row["order"]))
    return Card(
        addresses,
        [_brought(LegalBasis, row) for row in rows["basis"]],
        [_brought(Subscription, row) for row in rows["subscription"]],
        [_brought(Suppression, row) for row in rows["suppression"]],
        [_brought(Attachment, row) for row in rows["file"]],
    )


def files_told(files: Any) -> Any:
    return told(files, "at", id="pk", name="name", size="size", at="at")


def _brought(model: Any, what: Row) -> Any:
    """A row with what else was told of it, by names that begin with "its_"."""
    row = as_row(model, what)
    for name, value in what.items():
        if name.startswith("its_"):
            setattr(row, name, value)
    return row
