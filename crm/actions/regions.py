"""Territories, which an administrator keeps."""

from django.db import transaction
from django.utils.translation import gettext as _

from crm.actions import audit
from crm.actions.checks import check, check_any_text, check_version
from crm.actions.network import Texts
from crm.models import Region, User


def edit(
    *,
    region: Region,
    by: User | None,
    version: int,
    names: Texts,
    country: str,
    codes: list[str],
) -> Region:
    """Change a region's names, country or codes."""
    check_any_text(names, _("Write the name in at least one language."))
    with transaction.atomic():
        row = Region.objects.select_for_update(of=("self",)).get(pk=region.pk)
        check_version(row, version)
        row.names = names
        row.country = country
        row.codes = codes
        check(row)
        row.version = version + 1
        row.save()
        audit.record(by=by, verb="edit", row=row)
    return row
