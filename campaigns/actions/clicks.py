"""How often links are followed: where an alliance wants to know it, and without knowing by whom.

A target is written down when its campaign starts, and links lead to targets that stand there alone.
A visit is kept for some seconds, to see whether a program opened all links at once; then it is only
counted, per link and hour. A reader's mail is named by a count only while that reader agrees to it.
"""

import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.crypto import salted_hmac

from campaigns.mail import links
from campaigns.models import Campaign, LaneText, Link, VersionText, Visit
from campaigns.rules import machines, markup
from crm.actions import addresses, erasing, tracking
from crm.actions.consent import Word
from crm.models import Address, Person, PersonAddress

# A program that looks mails over opens their links one right after the other.
BURST = """
UPDATE campaigns_visit v SET machine = true
FROM campaigns_link l
WHERE l.id = v.link_id AND NOT v.machine AND (
    SELECT count(DISTINCT o.link_id) FROM campaigns_visit o
    JOIN campaigns_link k ON k.id = o.link_id
    WHERE k.campaign_id = l.campaign_id AND (o.visitor = v.visitor OR o.delivery = v.delivery)
      AND o.at BETWEEN v.at - interval '3 s' AND v.at + interval '3 s')
    >= (SELECT greatest(2, least(3, count(*))) FROM campaigns_link a
        WHERE a.campaign_id = l.campaign_id)
"""
# A mailbox's yes is that of whoever reads it today, and not of who had it when the mail came.
COUNT = """
WITH ripe AS (
    DELETE FROM campaigns_visit WHERE at < clock_timestamp() - %(ripe)s * interval '1 s'
    RETURNING link_id, at, machine, delivery)
INSERT INTO campaigns_click (link_id, hour, machine, delivery, count)
SELECT r.link_id, date_trunc('hour', r.at), r.machine,
       CASE WHEN t.id IS NOT NULL AND NOT r.machine THEN r.delivery END, count(*)
FROM ripe r
LEFT JOIN campaigns_delivery d ON d.id = r.delivery
LEFT JOIN crm_person p ON p.id = d.person_id
LEFT JOIN crm_personaddress u ON u.person_id = coalesce(p.merged_into_id, p.id)
    AND u.address_id = d.address_id AND u.is_primary
LEFT JOIN crm_tracking t ON t.address_id = u.address_id
GROUP BY 1, 2, 3, 4
ON CONFLICT ON CONSTRAINT one_count_per_link_and_hour
DO UPDATE SET count = campaigns_click.count + excluded.count
"""
OF_READER = """
SELECT l.url, c.hour, c.count FROM campaigns_click c
JOIN campaigns_delivery d ON d.id = c.delivery JOIN campaigns_link l ON l.id = c.link_id
WHERE d.person_id = ANY(%(people)s) AND (d.address_id = %(address)s OR d.person_id = ANY(%(sole)s))
ORDER BY c.hour, l.id
"""
OF_PEOPLE = """
SELECT c.id FROM campaigns_click c JOIN campaigns_delivery d ON d.id = c.delivery
WHERE d.person_id = ANY(%(people)s)
"""
OF_MAILS = "SELECT id FROM campaigns_click WHERE delivery = ANY(%(mails)s)"
UNNAME = """
WITH theirs AS (
    DELETE FROM campaigns_click WHERE id = ANY(%(counts)s) AND delivery IS NOT NULL
    RETURNING link_id, hour, machine, count)
INSERT INTO campaigns_click (link_id, hour, machine, delivery, count)
SELECT link_id, hour, machine, NULL, sum(count) FROM theirs GROUP BY 1, 2, 3
ON CONFLICT ON CONSTRAINT one_count_per_link_and_hour
DO UPDATE SET count = campaigns_click.count + excluded.count
"""
FIGURES = """
SELECT l.url, coalesce(sum(c.count) FILTER (WHERE NOT c.machine), 0),
       count(DISTINCT c.delivery), coalesce(sum(c.count) FILTER (WHERE c.machine), 0)
FROM campaigns_link l LEFT JOIN campaigns_click c ON c.link_id = l.id
WHERE l.campaign_id = %(campaign)s GROUP BY l.id ORDER BY 2 DESC, l.id
"""
RIPE = 10  # seconds after which a visit is counted


def prepare(campaign: Campaign) -> None:
    """Write down where the mails lead, if the alliance counts clicks; else links stay plain.

    Once for each lane that starts, for each may have an introduction of its own. Repeatable.
    """
    if campaign.alliance and campaign.alliance.counts_clicks:
        Link.objects.bulk_create(
            [
                Link(campaign=campaign, url=url, key=secrets.token_urlsafe(9))
                for url in dict.fromkeys(_targets(campaign))
                if url.startswith(("https://", "http://")) and len(url) <= 2000
            ],
            ignore_conflicts=True,
        )


def _targets(campaign: Campaign) -> Iterator[str]:
    for text in VersionText.objects.filter(version=campaign.content_version_id):
        yield from _leads(text.blocks)
        yield links.record_page(campaign, text.language)
    for introduction in LaneText.objects.filter(release__campaign=campaign):
        yield from _leads(markup.paragraphs(introduction.text))


def _leads(value: Any) -> Iterator[str]:
    """Every address within a text's blocks, as mails have it."""
    if isinstance(value, str):
        for url in markup.targets(value):
            yield markup.ascii_address(url)
    elif isinstance(value, dict):
        for name, part in value.items():
            if name == "url" and part:
                yield part
                yield markup.ascii_address(part)
            else:
                yield from _leads(part)
    elif isinstance(value, list):
        for part in value:
            yield from _leads(part)


def visited(*, link: Link, delivery: int | None, network: str, agent: str, machine: bool) -> None:
    """Write a visit down. Of who came a keyed hash is kept, for less than a minute."""
    Visit.objects.create(
        link=link,
        delivery=delivery,
        visitor=salted_hmac("liaison.visitor", f"{network} {agent}").digest()[:16],
        machine=machine
        or machines.is_program(agent)
        or machines.comes_from(network, settings.MACHINE_NETWORKS),
        at=timezone.now(),
    )


def count() -> None:
    """Turn visits into counts."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(BURST)
        cursor.execute(COUNT, {"ripe": RIPE})


@dataclass(frozen=True)
class Followed:
    """A link of a campaign and how often it was followed."""

    url: str
    people: int
    readers: int
    """Mails of readers who agreed to it, from which it was followed."""
    machines: int


def of(campaign: Campaign) -> list[Followed]:
    """Each link's figures, the most followed first; none where nobody counts them."""
    with connection.cursor() as cursor:
        cursor.execute(FIGURES, {"campaign": campaign.pk})
        return [Followed(*row) for row in cursor.fetchall()]


# --- a reader's own yes or no


def choose(*, address: Address, yes: bool, word: Word) -> None:
    """From now on their clicks are kept with their name, or not; then what was is forgotten."""
    if yes:
        tracking.agree(address=address, word=word)
        return
    with transaction.atomic():
        # A link of a mail that came before its reader moved speaks for where they are now.
        for mailbox in (address, *addresses.moved_to(address)):
            tracking.withdraw(address=mailbox, word=word)
            forget_reader(mailbox)


def forget_reader(address: Address) -> None:
    """What was counted of them stays counted, among all others."""
    unname(_counts(OF_PEOPLE, {"people": _selves(_readers(address))}))


def forget_mails(mails: Sequence[int]) -> None:
    """What was counted of these mails stays counted, among all others."""
    unname(_counts(OF_MAILS, {"mails": [*mails]}))


def unname(counts: Sequence[int]) -> int:
    """Count these among all others: they name no mail any more. Returns how many they were."""
    with connection.cursor() as cursor:
        cursor.execute(UNNAME, {"counts": [*counts]})
    return len(counts)


def of_reader(address: Address) -> list[dict[str, Any]]:
    """What is kept of a reader who agreed, for them to take out where they read their mails now.

    Where several people read them, only what came to this very mailbox.
    """
    values: dict[str, Any] = {
        "address": address.pk,
        "people": _selves(_readers(address)),
        "sole": _selves(erasing.sole_holders(address)),
    }
    with connection.cursor() as cursor:
        cursor.execute(OF_READER, values)
        return [
            {"link": url, "within_the_hour_from": hour.isoformat(), "times": times}
            for url, hour, times in cursor.fetchall()
        ]


def _readers(address: Address) -> list[int]:
    """Whose mails come to it today; who had it before, or gets it later, is somebody else."""
    uses = PersonAddress.objects.filter(address=address, is_primary=True, person__merged_into=None)
    return list(uses.values_list("person", flat=True))


def _selves(people: Sequence[int]) -> list[int]:
    """With the records that were merged into them."""
    found = Person.objects.filter(Q(pk__in=people) | Q(merged_into__in=people))
    return list(found.values_list("pk", flat=True))


def _counts(statement: str, values: dict[str, Any]) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return [pk for (pk,) in cursor.fetchall()]


def agrees(address: Address) -> bool:
    return tracking.agrees(address)
