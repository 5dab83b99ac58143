"""Every night: do today's reasons to write follow from the proofs? What differs is told to people.

The rules of countries are applied first, since one may begin, and somebody may have moved. All else
is left as it is: a reason without a proof, or a proof without its reason, is a fault to be looked
at, and nothing that a machine should decide.
"""

import datetime as dt
import logging
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.actions import bases
from crm.models import ConsentCheck

log = logging.getLogger(__name__)

NIGHT = dt.time(2)
SHOWN = 100
"""So many differences are kept of one night."""

# Of whom others were merged into, some proofs stand with those, and reasons were chosen: of them
# a reason needs a proof, and no more.
COMPARED = """
WITH living AS (
    SELECT p.id, p.id IN (SELECT merged_into_id FROM crm_person WHERE merged_into_id IS NOT NULL)
               AS merged
    FROM crm_person p WHERE p.merged_into_id IS NULL AND p.erased_at IS NULL),
said AS (
    SELECT DISTINCT ON (r.person_id, r.purpose, coalesce(r.alliance_id, 0))
           r.person_id, r.purpose, coalesce(r.alliance_id, 0) AS alliance, r.basis, r.id
    FROM crm_consentrecord r JOIN living ON living.id = r.person_id AND NOT living.merged
    WHERE r.act IN ('granted', 'confirmed', 'recorded') AND r.basis <> ''
      AND r.purpose NOT IN ('', 'tracking')
    ORDER BY r.person_id, r.purpose, coalesce(r.alliance_id, 0), r.id DESC),
held AS (
    SELECT b.person_id, b.purpose, coalesce(b.alliance_id, 0) AS alliance, b.basis,
           b.record_id AS id
    FROM crm_legalbasis b JOIN living ON living.id = b.person_id AND NOT living.merged),
of_merged AS (
    SELECT b.person_id, b.purpose, coalesce(b.alliance_id, 0) AS alliance, r.basis AS said,
           b.basis AS held
    FROM crm_legalbasis b JOIN living ON living.id = b.person_id AND living.merged
    LEFT JOIN crm_consentrecord r ON r.id = b.record_id),
compared AS (
    SELECT person_id, purpose, alliance, said.basis AS said, held.basis AS held,
           said.id IS NOT DISTINCT FROM held.id AND said.basis IS NOT DISTINCT FROM held.basis
               AS same
    FROM said FULL JOIN held USING (person_id, purpose, alliance)
    UNION ALL
    SELECT person_id, purpose, alliance, said, held, said IS NOT DISTINCT FROM held FROM of_merged)
"""
DIFFERENT = (
    COMPARED + "SELECT person_id, purpose, alliance, said, held FROM compared WHERE NOT same"
)
COUNTED = COMPARED + "SELECT count(*) FROM compared"


@dataclass(frozen=True)
class Difference:
    """One reason to write that is not what the proofs say: of whom, about what, for which alliance
    (0: for all), what the last proof founds and what is held; "" for nothing."""

    person: int
    purpose: str
    alliance: int
    said: str
    held: str

    @property
    def sentence(self) -> str:
        if not self.held:
            return _("A proof founds “%(said)s”, but nothing is held.") % {"said": self.said}
        if not self.said:
            return _("“%(held)s” is held without a proof.") % {"held": self.held}
        return _("The last proof founds “%(said)s”, but “%(held)s” is held.") % {
            "said": self.said,
            "held": self.held,
        }


def differences() -> list[Difference]:
    """Where legal bases and consent records do not agree; none in a ledger that is sound."""
    with connection.cursor() as cursor:
        cursor.execute(f"{DIFFERENT} ORDER BY person_id, purpose, alliance")
        return [
            Difference(person, purpose, alliance, said or "", held or "")
            for person, purpose, alliance, said, held in cursor.fetchall()
        ]


def check() -> ConsentCheck:
    """Apply the countries' rules of today, compare everything, and keep what was found."""
    with transaction.atomic():
        barred = bases.judge()
        found = differences()
        with connection.cursor() as cursor:
            cursor.execute(COUNTED)
            compared: int = (cursor.fetchone() or (0,))[0]
        done = ConsentCheck.objects.create(
            at=timezone.now(),
            compared=compared,
            barred=barred,
            differing=len(found),
            differences=[vars(difference) for difference in found[:SHOWN]],
        )
    if found:
        log.error("%s legal bases do not follow from their proofs.", len(found))
    return done


def kept(of_check: ConsentCheck) -> list[Difference]:
    """The differences that a check kept."""
    rows: list[dict[str, Any]] = of_check.differences
    return [Difference(**row) for row in rows]


def look_due() -> ConsentCheck | None:
    """The night's check, unless it was made; None where it is not its time."""
    last = ConsentCheck.objects.first()
    return check() if last is None or last.at < last_night() else None


def last_night() -> dt.datetime:
    """When the nightly work was last due."""
    now = timezone.localtime()
    due = timezone.make_aware(dt.datetime.combine(now.date(), NIGHT))
    return due if due <= now else due - dt.timedelta(days=1)
