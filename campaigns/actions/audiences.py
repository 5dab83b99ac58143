"""Who will receive a campaign and who will not, before anything is written."""

import copy
import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from campaigns.actions.ledger import Lane
from campaigns.models import Audience, AudienceSnapshot, Campaign, Delivery, Exclusion, Release
from campaigns.models.frequency import AGAIN
from campaigns.models.judgement import ids_of, judge
from crm.models import Person
from crm.rules.conditions import InvalidCondition

REMEMBER = """
INSERT INTO campaigns_audiencesnapshot (release_id, people, reasons)
SELECT lane.id,
       coalesce(array_agg(v.person_id ORDER BY v.person_id)
                FILTER (WHERE v.person_id IS NOT NULL), '{}'),
       coalesce(array_agg(coalesce(v.reason, 0)::smallint ORDER BY v.person_id)
                FILTER (WHERE v.person_id IS NOT NULL), '{}')
FROM unnest(%(signed)s::bigint[]) AS lane (id)
LEFT JOIN verdicts v ON v.release_id = lane.id
GROUP BY lane.id
"""

COUNT = (
    AGAIN
    + """
SELECT v.release_id, v.reason::int, v.language, again.day, count(*), NULL::bigint[],
       CASE WHEN v.wished <> v.language THEN v.wished END AS unmet
FROM verdicts v LEFT JOIN again ON again.address_id = v.address_id AND v.reason = {too_often}
GROUP BY 1, 2, 3, 4, 7
"""
).format(too_often=Exclusion.Reason.TOO_OFTEN.value)

SOME = """
SELECT release_id, NULL::int, NULL::text, NULL::date, NULL::bigint,
       array_agg(person_id ORDER BY place), NULL::text
FROM (SELECT release_id, person_id,
             row_number() OVER (PARTITION BY release_id
                                ORDER BY hashint8extended(person_id, %(throw)s)) AS place
      FROM verdicts
      WHERE reason IS NULL AND person_id IN ({among})) AS thrown
WHERE place <= %(most)s
GROUP BY release_id
"""


READER, READERS = "person_id, language, variant", "verdicts WHERE reason IS NULL"
Reader = tuple[int, str, str]
"""A person, and the language and variant of their mail."""


def count(campaign: Campaign) -> tuple[list[Lane], Lane]:
    """Per lane and in all: how many get it in which language, how many do not and why.

    Lanes that are frozen already are counted from their rows by the ledger, not here.
    """
    return _counted(campaign, _asked(campaign, COUNT))


def _counted(campaign: Campaign, rows: Iterable[Any]) -> tuple[list[Lane], Lane]:
    lanes = {release.pk: Lane(release) for release in campaign.releases.in_order()}
    total = Lane(None)
    for release_id, reason, language, again, people, _named, unmet in rows:
        for lane in (lanes[release_id], total):
            if again:
                lane.again[again] += people
            if reason is None:
                lane.expected += people
                lane.languages[language] += people
                lane.unmet.update({unmet: people} if unmet else {})
            else:
                lane.excluded[reason] += people
    return list(lanes.values()), total


def count_others(campaign: Campaign, lanes: Collection[int], kind: str) -> int:
    """How many in these lanes would get it now who are not of this kind of people."""
    judgement = judge(campaign)
    with connection.cursor() as cursor:
        cursor.execute(
            judgement.sql + " SELECT count(*) FROM verdicts v JOIN crm_person p "
            "ON p.id = v.person_id WHERE v.reason IS NULL AND p.kind <> %(kind)s "
            "AND v.release_id = ANY(%(lanes)s)",
            {**judgement.params, "kind": kind, "lanes": [*lanes]},
        )
        row = cursor.fetchone()
    return int(row[0])


def asking(campaign: Campaign, include: dict[str, Any], exclude: dict[str, Any] | None) -> Campaign:
    """The campaign as if it asked this, to be counted; nothing of it is written."""
    imagined = copy.copy(campaign)
    imagined.audience = Audience(alliance=campaign.alliance, include=include, exclude=exclude)
    return imagined


def count_with_some(
    campaign: Campaign, people: QuerySet[Person], *, most: int, throw: int = 0
) -> tuple[list[Lane], dict[int, list[int]]]:
    """The lanes as counted, and of each a few of these people who would get it.

    Another throw gives others. Everybody is judged once for both: that is what takes long.
    """
    among, named = ids_of(people, "among")
    question = f"{COUNT} UNION ALL {SOME.format(among=among)}"
    rows = _asked(campaign, question, **named, most=most, throw=throw)
    lanes, _total = _counted(campaign, (row for row in rows if row[5] is None))
    return lanes, {row[0]: row[5] for row in rows if row[5] is not None}


def verdicts(campaign: Campaign) -> dict[int, tuple[int, int | None]]:
    """person → (release, reason or None), as it would be decided now."""
    rows = _asked(campaign, "SELECT person_id, release_id, reason FROM verdicts")
    return {person: (release, reason) for person, release, reason in rows}


def reason(campaign: Campaign, person_id: int) -> int | None:
    """Why one person would get nothing; None: they would, or nobody asks for them."""
    asked = "SELECT reason FROM verdicts WHERE person_id = %(person)s"
    return next((why for (why,) in _asked(campaign, asked, person=person_id)), None)


def readers(campaign: Campaign, release_id: int) -> list[int]:
    """The readers of a lane in the order of their numbers, as it would be decided now."""
    asked = f"SELECT person_id FROM {READERS} AND release_id = %(lane)s ORDER BY 1"
    return [person for (person,) in _asked(campaign, asked, lane=release_id)]


def sample(campaign: Campaign, release_id: int) -> Reader | None:
    """One reader of a lane for the preview."""
    asked = f"SELECT {READER} FROM {READERS} AND release_id = %(lane)s ORDER BY variant, person_id"
    return next(iter(_asked(campaign, f"{asked} LIMIT 1", lane=release_id)), None)


def one(campaign: Campaign, person_id: int) -> Reader | None:
    """What one person would get; None where it is nothing."""
    asked = f"SELECT {READER} FROM {READERS} AND person_id = %(person)s"
    return next(iter(_asked(campaign, asked, person=person_id)), None)


def _asked(campaign: Campaign, question: str, **values: Any) -> list[Any]:
    """Ask something of the verdicts as they would be now."""
    judgement = judge(campaign)
    with connection.cursor() as cursor:
        cursor.execute(f"{judgement.sql} {question}", {**judgement.params, **values})
        rows: list[Any] = cursor.fetchall()
    return rows


def remember(campaign: Campaign, lanes: Iterable[Release]) -> None:
    """Keep whom these lanes ask for at this moment, and who gets it: they are being signed."""
    try:
        judgement = judge(campaign)
    except InvalidCondition:
        return  # nobody can be asked for, and the checks say so
    with connection.cursor() as cursor:
        cursor.execute(
            judgement.sql + REMEMBER,
            {**judgement.params, "signed": [lane.pk for lane in lanes]},
        )


@dataclass(frozen=True)
class Since:
    """Who would get it now and would not have when the lane was signed, and the other way round."""

    at: dt.datetime
    added: dict[int, int | None]
    """Each with what stood against it then; None: was not asked for."""
    left: dict[int, int | None]
    """Each with what stands against it now; None: is no longer asked for."""


def since(release: Release) -> Since | None:
    """What changed in a lane since its last signature; None where nobody ever signed it."""
    signed = AudienceSnapshot.objects.filter(release=release).order_by("-pk").first()
    if signed is None:
        return None
    then = dict(zip(signed.people, signed.reasons, strict=True))
    now = _now(release)
    return Since(
        signed.at,
        {pk: then.get(pk) for pk, why in now.items() if why is None and then.get(pk) != 0},
        {pk: now.get(pk) for pk, why in then.items() if why == 0 and now.get(pk, 0) is not None},
    )


def _now(release: Release) -> dict[int, int | None]:
    """person → reason or None: as it was frozen, else as it would be decided now."""
    if release.frozen_at is None:
        asked = verdicts(release.campaign).items()
        return {person: why for person, (lane, why) in asked if lane == release.pk}
    mails = Delivery.objects.filter(campaign=release.campaign_id, release=release)
    left_out = Exclusion.objects.filter(campaign=release.campaign_id, release=release)
    got = {pk: None for pk in mails.values_list("person_id", flat=True) if pk}
    return {**got, **dict(left_out.values_list("person_id", "reason"))}
