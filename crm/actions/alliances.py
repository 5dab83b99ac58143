"""What an alliance says of itself, who takes part in it, and what its mails must carry."""

from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from crm.actions import audit
from crm.actions.checks import check, check_any_text, check_timezone, check_version
from crm.actions.errors import Refused
from crm.actions.network import Period, Texts
from crm.models import Alliance, Disclaimer, Participation, User

FACTS = (
    "name", "name_variants", "status", "during", "funder", "call_id", "label", "hue", "themes",
    "languages", "boilerplate", "counts_clicks", "timezone", "digests_at", "digests_on",
    "logo", "logo_says", "logo_width", "logo_height",
)  # fmt: skip


def edit(*, alliance: Alliance, by: User | None, version: int, **facts: Any) -> Alliance:
    """Change what stands about an alliance."""
    unknown = facts.keys() - set(FACTS)
    if unknown:
        raise TypeError(f"not facts of an alliance: {sorted(unknown)}")
    with transaction.atomic():
        row = Alliance.objects.select_for_update(of=("self",)).get(pk=alliance.pk)
        check_version(row, version)
        for name, value in facts.items():
            setattr(row, name, value)
        check(row)
        check_timezone(row.timezone)
        row.version = version + 1
        row.save()
        audit.record(by=by, verb="edit", row=row)
    return row


def change_participation(
    *, participation: Participation, by: User | None, role: str, during: Period
) -> Participation:
    """Say anew as what and how long a cluster takes part."""
    with transaction.atomic():
        row = _locked(participation)
        row.role = role
        row.during = during
        check(row)
        _save_participation(row)
        audit.record(by=by, verb="change", row=row, cluster=row.cluster, detail={"role": role})
    return row


def share(
    *, participation: Participation, by: User | None, sharing: str, arrangement: str
) -> Participation:
    """Decide what the alliance sees of a cluster's records; more than counts needs a ground."""
    if sharing != Participation.Sharing.COUNTS and not arrangement.strip():
        raise Refused(_("Name the arrangement by which the cluster shares more than counts."))
    with transaction.atomic():
        row = _locked(participation)
        row.sharing = sharing
        row.arrangement = arrangement.strip()
        check(row)
        row.save(update_fields=["sharing", "arrangement"])
        audit.record(by=by, verb="share", row=row, cluster=row.cluster, detail={"sharing": sharing})
    return row


def change_disclaimer(
    *, disclaimer: Disclaimer, by: User | None, texts: Texts, during: Period
) -> Disclaimer:
    """Correct a disclaimer, or end it. Mails that have left keep what they said."""
    check_any_text(texts, _("Write the disclaimer in at least one language."))
    try:
        with transaction.atomic():
            row = Disclaimer.objects.select_for_update(of=("self",)).get(pk=disclaimer.pk)
            row.texts = texts
            row.during = during
            check(row)
            row.save()
            audit.record(by=by, verb="disclaim", row=row.alliance)
    except IntegrityError as error:
        raise Refused(_("Another disclaimer holds in that time. End that one first.")) from error
    return row


def _locked(participation: Participation) -> Participation:
    rows = Participation.objects.select_for_update(of=("self",)).select_related("cluster")
    return rows.get(pk=participation.pk)


def _save_participation(row: Participation) -> None:
    try:
        with transaction.atomic():
            row.save(update_fields=["role", "during"])
    except IntegrityError as error:
        if "one_coordinator" in str(error):
            raise Refused(
                _("Another cluster coordinates the alliance in that time. End its role first.")
            ) from error
        raise Refused(
            _("%(cluster)s takes part in that time already. Choose other days.")
            % {"cluster": row.cluster}
        ) from error
