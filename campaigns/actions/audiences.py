"""Who will receive a campaign and who will not, before anything is written."""

from django.db import connection

from campaigns.actions.ledger import Lane
from campaigns.models import Campaign
from campaigns.models.judgement import judge


def count(campaign: Campaign) -> tuple[list[Lane], Lane]:
    """Per lane and in all: how many get it in which language, how many do not and why.

    Lanes that are frozen already are counted from their rows by the ledger, not here.
    """
    lanes = {release.pk: Lane(release) for release in campaign.releases.in_order()}
    total = Lane(None)
    judgement = judge(campaign)
    with connection.cursor() as cursor:
        cursor.execute(
            judgement.sql
            + " SELECT release_id, reason, language, count(*) FROM verdicts GROUP BY 1, 2, 3",
            judgement.params,
        )
        for release_id, reason, language, people in cursor.fetchall():
            for lane in (lanes[release_id], total):
                if reason is None:
                    lane.expected += people
                    lane.languages[language] += people
                else:
                    lane.excluded[reason] += people
    return list(lanes.values()), total


def verdicts(campaign: Campaign) -> dict[int, tuple[int, int | None]]:
    """person → (release, reason or None), as it would be decided now."""
    judgement = judge(campaign)
    with connection.cursor() as cursor:
        cursor.execute(
            judgement.sql + " SELECT person_id, release_id, reason FROM verdicts", judgement.params
        )
        return {person: (release, reason) for person, release, reason in cursor.fetchall()}


def sample(campaign: Campaign, release_id: int) -> tuple[int, str, str] | None:
    """One reader of a lane for the preview: (person, language, variant)."""
    judgement = judge(campaign)
    with connection.cursor() as cursor:
        cursor.execute(
            judgement.sql + " SELECT person_id, language, variant FROM verdicts "
            "WHERE reason IS NULL AND release_id = %(lane)s ORDER BY variant, person_id LIMIT 1",
            {**judgement.params, "lane": release_id},
        )
        row: tuple[int, str, str] | None = cursor.fetchone()
    return row


def one(campaign: Campaign, person_id: int) -> tuple[int, str, str] | None:
    """What one person would get: (person, language, variant); None where it is nothing."""
    judgement = judge(campaign)
    with connection.cursor() as cursor:
        cursor.execute(
            judgement.sql + " SELECT person_id, language, variant FROM verdicts "
            "WHERE reason IS NULL AND person_id = %(person)s",
            {**judgement.params, "person": person_id},
        )
        row: tuple[int, str, str] | None = cursor.fetchone()
    return row
