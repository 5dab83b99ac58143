"""What a cluster says of itself: how it signs, where it is, what it was awarded."""

from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.actions import audit
from crm.actions.checks import check, check_quiet_hours, check_timezone, check_version
from crm.actions.errors import Refused
from crm.models import Cluster, Label, User

FACTS = (
    "name", "run_by", "region", "languages", "timezone", "website", "postal_address",
    "data_protection_contact", "from_name", "from_address", "reply_to", "dkim_selector", "footer",
    "quiet_from", "quiet_until", "quiet_days",
)  # fmt: skip
FIRST_YEAR = 1980


def edit(*, cluster: Cluster, by: User | None, version: int, **facts: Any) -> Cluster:
    """Change a cluster's facts; mails that leave from now on carry them."""
    unknown = facts.keys() - set(FACTS)
    if unknown:
        raise TypeError(f"not facts of a cluster: {sorted(unknown)}")
    with transaction.atomic():
        row = Cluster.objects.select_for_update(of=("self",)).get(pk=cluster.pk)
        check_version(row, version)
        for name, value in facts.items():
            setattr(row, name, value)
        check(row)
        check_timezone(row.timezone)
        check_quiet_hours(row)
        row.version = version + 1
        row.save()
        audit.record(by=by, verb="edit", row=row, cluster=row)
    return row


def award(*, cluster: Cluster, by: User | None, name: str, issuer: str = "", year: int) -> Label:
    """Enter a label that the cluster was given; the same twice is refused."""
    if not FIRST_YEAR <= year <= timezone.localdate().year:
        raise Refused(
            _("A label was awarded between %(first)s and this year.") % {"first": FIRST_YEAR}
        )
    label = Label(cluster=cluster, name=name.strip(), issuer=issuer.strip(), year=year)
    check(label)
    try:
        with transaction.atomic():
            label.save()
            audit.record(by=by, verb="award", row=label, cluster=cluster)
    except IntegrityError as error:
        raise Refused(
            _("“%(label)s” of %(year)s stands there already.") % {"label": name, "year": year}
        ) from error
    return label


def remove_label(*, label: Label, by: User | None) -> None:
    """Take back a label that was entered by mistake."""
    with transaction.atomic():
        audit.record(by=by, verb="remove", row=label, cluster=label.cluster)
        label.delete()
