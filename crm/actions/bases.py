"""What the rules of a country do to reasons to write: one statement, for one person or for all.

A reason that is barred stays where it is, with the rule that bars it, and counts for nothing. The
country is that of the organisations where the person works today, else that of the cluster's
region; where somebody works in two, both have to allow it.
"""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.actions import audit
from crm.actions.checks import check
from crm.actions.errors import Refused
from crm.models import BasisRule, Person, User
from crm.models.codes import country_name

# A person's kind of reader, as `BasisRule.Recipient` has it.
RECIPIENT = """CASE WHEN p.kind IN ('follower', 'media') THEN p.kind
                     WHEN s.id IS NULL THEN 'private' ELSE 'company' END"""

JUDGE = f"""
WITH rule AS (
    SELECT id, country, purpose, basis, recipient, allowed FROM crm_basisrule
    WHERE during @> %(today)s::date),
read AS (
    SELECT b.id, b.purpose, b.basis, coalesce(nullif(o.country, ''), r.country) AS country,
           {RECIPIENT} AS recipient
    FROM crm_legalbasis b
    JOIN crm_person p ON p.id = b.person_id
    JOIN crm_cluster c ON c.id = p.cluster_id
    JOIN crm_region r ON r.id = c.region_id
    LEFT JOIN crm_position s ON s.person_id = p.id AND upper_inf(s.during)
    LEFT JOIN crm_organisation o ON o.id = s.organisation_id
    WHERE %(people)s::bigint[] IS NULL OR b.person_id = ANY(%(people)s)),
judged AS MATERIALIZED (
    SELECT read.id, min(CASE WHEN own.id IS NULL THEN general.id ELSE own.id END) FILTER (
               WHERE NOT coalesce(own.allowed, general.allowed)) AS rule
    FROM read
    LEFT JOIN rule own USING (country, purpose, basis, recipient)
    LEFT JOIN rule general ON general.country = '' AND general.purpose = read.purpose
          AND general.basis = read.basis AND general.recipient = read.recipient
    GROUP BY read.id)
UPDATE crm_legalbasis b SET barred_by_id = judged.rule
FROM judged WHERE b.id = judged.id AND b.barred_by_id IS DISTINCT FROM judged.rule
"""

FEW = 100
"""So many people are looked up one by one."""


def judge(people: Iterable[int] | None = None) -> int:
    """Bar what the rules of today do not allow, and let hold again what they do.

    Of these people, or of everybody. Returns of how many reasons that was new.
    """
    ids = None if people is None else list(people)
    many = ids is None or len(ids) > FEW
    with transaction.atomic(), connection.cursor() as cursor:
        # Of rows that this transaction wrote PostgreSQL has no statistics: it would take them for
        # one, and compare each with each.
        if many:
            cursor.execute("SET LOCAL enable_nestloop = off")
        cursor.execute(JUDGE, {"today": timezone.localdate(), "people": ids})
        changed = int(cursor.rowcount)
        if many:
            cursor.execute("SET LOCAL enable_nestloop TO DEFAULT")
    return changed


def decide(
    *,
    country: str,
    purpose: str,
    basis: str,
    recipient: str,
    allowed: bool,
    law: str,
    since: dt.date,
    by: User | None,
    note: str = "",
) -> BasisRule:
    """From that day on this holds; what held before ends, and stays to be read.

    The same word again changes nothing. Raises Refused for a day before the rule that it replaces
    began, and without a source.
    """
    law, note = law.strip(), note.strip()
    if not law:
        raise Refused(_("Say where the law has it: whoever asks wants to read it."))
    key = {"country": country, "purpose": purpose, "basis": basis, "recipient": recipient}
    with transaction.atomic():
        alike = BasisRule.objects.select_for_update().filter(**key)
        last = alike.order_by("-during").first()
        if last and (last.allowed, last.law, last.note) == (allowed, law, note):
            return last
        if last and last.during.lower and since < last.during.lower:
            raise Refused(
                _("The rule so far began on %(day)s. Choose that day or a later one.")
                % {"day": last.during.lower}
            )
        rule = BasisRule(**key, allowed=allowed, law=law, note=note, during=(since, None))
        check(rule)
        if last and last.during.lower == since:  # it held no day
            last.allowed, last.law, last.note = allowed, law, note
            last.save()
            rule = last
        else:
            if last:
                last.during = (last.during.lower, since)
                last.save(update_fields=["during"])
            rule.save()
        audit.record(by=by, verb="decide", row=rule, count=judge(), detail=key)
    return rule


def refuse_barred(person: Person) -> None:
    """Refuse to enter somebody for a reason that their country does not know."""
    held = person.legal_bases.select_related("barred_by").order_by("pk")
    barred = [basis for basis in held if basis.barred_by]
    if not barred or len(barred) < len(held):
        return
    raise Refused(
        _("%(why)s Choose another reason, or leave it empty: then nobody writes.")
        % {"why": why(barred[0])}
    )


def why(basis: Any) -> str:
    """The sentence that says which rule bars a legal basis (with its rule loaded)."""
    rule = basis.barred_by
    said = {
        "basis": basis.get_basis_display(),
        "purpose": basis.get_purpose_display(),
        "country": country_name(rule.country) if rule.country else _("this country"),
        "law": rule.law,
    }
    return _("In %(country)s “%(basis)s” is no reason to write about %(purpose)s (%(law)s).") % said
