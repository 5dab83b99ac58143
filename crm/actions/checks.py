"""What a row must satisfy before it is written, refused in words."""

from collections.abc import Mapping
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from crm.actions.errors import Refused, Stale
from crm.models import (
    Agreement,
    Alliance,
    Cluster,
    Event,
    Mission,
    Organisation,
    Person,
    Region,
    User,
)

WEEK = frozenset(range(1, 8))  # Monday is 1

Versioned = Organisation | Person | Mission | Event | Alliance | Cluster | Region | Agreement


def _name(row: models.Model, field: str) -> str:
    return str(capfirst(row._meta.get_field(field).verbose_name))  # type: ignore[union-attr]


def check(row: models.Model) -> None:
    """Refuse a row whose own values are wrong, naming each field and what is wrong with it."""
    # The database checks references; asking it twice would cost a query each.
    references = {field.name for field in row._meta.fields if field.is_relation}
    try:
        row.clean_fields(exclude=references)
    except ValidationError as error:
        sentences = [
            " ".join([_("%(name)s:") % {"name": _name(row, name)}, *messages])
            for name, messages in error.message_dict.items()
        ]
        raise Refused(" ".join(sentences)) from error


def check_version(row: Versioned, version: int) -> None:
    """Refuse to change a row that somebody else changed since it was opened."""
    if row.version != version:
        raise Stale(
            _(
                "Somebody else changed “%(name)s” while you were writing. Open it again "
                "and repeat your change."
            )
            % {"name": row}
        )


def check_timezone(name: str) -> None:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise Refused(
            _("“%(name)s” is not a time zone. Write one like Europe/Paris.") % {"name": name}
        ) from error


def check_quiet_hours(cluster: Cluster) -> None:
    first, last = cluster.quiet_from, cluster.quiet_until
    if (first is None) != (last is None):
        raise Refused(_("Quiet hours have a beginning and an end. Give both, or none."))
    if first is not None and first == last:
        raise Refused(_("Quiet hours that end as they begin would last all day."))
    cluster.quiet_days = sorted(set(cluster.quiet_days))
    if not WEEK.issuperset(cluster.quiet_days):
        raise Refused(_("A week has seven days; Monday is the first."))
    if len(cluster.quiet_days) == len(WEEK):
        raise Refused(_("If every day were quiet, no mail would ever leave."))


def check_any_text(texts: Mapping[str, str], sentence: str) -> None:
    """Refuse with `sentence` where no language has a text."""
    if not any(texts.values()):
        raise Refused(sentence)


def check_alliances(alliances: list[Alliance]) -> None:
    if not alliances:
        raise Refused(_("Choose the alliance that this is for."))


def check_slug_free(model: type[Mission] | type[Event], slug: str) -> None:
    if model.objects.filter(slug=slug).exists():
        raise Refused(_("The short name “%(slug)s” is taken. Choose another one.") % {"slug": slug})


def check_owner(cluster: Cluster, owner: User | None) -> None:
    """Refuse that somebody looks after a record of a cluster for which they do not work."""
    today = timezone.localdate()
    if owner and not User.objects.working_for(cluster.pk, today).filter(pk=owner.pk).exists():
        raise Refused(_("Choose somebody who works for %(cluster)s.") % {"cluster": cluster})
