"""Digests: many posts in one mail, each told to each follower once.

What one has had is read from rows and from nothing else: the posts that stand against their name
here, and the mails that told a post by itself. No mark of a day says "told until then", so whatever
was not told is told the next time, however late it was published, freed or taken up again.
"""

import re
from typing import Any

from django.db import models
from django.db.models import Q
from django.db.models.expressions import RawSQL

from campaigns.models.campaigns import Campaign
from campaigns.models.deliveries import Exclusion
from campaigns.models.posts import Post
from crm.models import Alliance, Frequency, Person, Topic
from crm.models.lasting import STILL

MOST = 20
"""Posts in one mail; what is over comes in the next one, the oldest first."""
DAYS = 100
"""What is older than so many days is no news, and stays on the site."""


class Digest(models.Model):
    """One turn of an alliance's daily or weekly digest, also one that had nothing to tell."""

    alliance = models.ForeignKey(Alliance, models.PROTECT, related_name="digests")
    frequency = models.CharField(max_length=6, choices=Frequency.choices[1:])
    until = models.DateTimeField(help_text="When it was due: it tells what was published by then.")
    campaign = models.OneToOneField(
        Campaign, models.CASCADE, null=True, related_name="digest", help_text="Its mails, if any."
    )
    posts = models.JSONField(
        default=dict, help_text="Each post that somebody is told, with its languages."
    )
    sets = models.JSONField(
        default=list, help_text="Which of them are told together; a delivery's variant is a place."
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["alliance", "frequency", "until"], name="a_digest_is_due_once"
            )
        ]

    @property
    def is_daily(self) -> bool:
        return self.frequency == Frequency.DAILY


class DigestItem(models.Model):
    """A post that a follower is told in a digest. It moves to a later one where it did not leave.

    Without a delivery it may have been told in a copy of the database, and is not told again.
    Plain numbers, as in the ledger.
    """

    person = models.ForeignKey(
        Person, models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    topic = models.ForeignKey(
        Topic, models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    post = models.ForeignKey(Post, models.CASCADE, related_name="+", db_constraint=False)
    delivery = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "topic", "post"], name="a_post_is_told_once")
        ]
        indexes = [
            # What a mail tells: asked before it leaves, for somebody may have left a topic of it.
            models.Index(
                fields=["delivery"], condition=Q(delivery__isnull=False), name="what_a_digest_tells"
            )
        ]


# What is owed to each follower who is told posts in digests: published since they wished so, by the
# moment at which the digest was due, and not had in any mail that left or may have left, to them or
# to a mailbox of theirs while they read it; of topics that they did not leave, and of their markets
# or of none in particular; and for which there is a legal basis: that of each topic, since a digest
# tells of several. Who chose each post by itself meanwhile is told in a daily one what was
# published before, and what a post's own announcement left out because of a digest.
_IN_DIGEST = Exclusion.Reason.IN_DIGEST.value
OWED = f"""
WITH told AS MATERIALIZED (
    SELECT t.id, t.topic_id, t.published_at, k.slug AS market FROM campaigns_post t
    LEFT JOIN crm_mission m ON m.id = t.mission_id
    LEFT JOIN crm_market k ON k.id = m.market_id
    WHERE t.alliance_id = %(alliance)s AND t.status = 'published' AND t.published_at <= %(until)s
      AND t.published_at > %(until)s - %(days)s * interval '1 day'
      AND (%(posts)s::bigint[] IS NULL OR t.id = ANY(%(posts)s::bigint[]))),
mailed AS (
    SELECT d.address_id, d.person_id, d.settled_at, i.post_id FROM campaigns_digestitem i
    JOIN campaigns_delivery d ON d.id = i.delivery
    WHERE i.post_id IN (SELECT id FROM told) AND d.state NOT IN (4, 5, 6, 7)
    UNION ALL
    SELECT d.address_id, d.person_id, d.settled_at, c.post_id FROM campaigns_campaign c
    JOIN campaigns_delivery d ON d.campaign_id = c.id
    WHERE c.post_id IN (SELECT id FROM told) AND d.state NOT IN (4, 5, 6, 7)),
had AS MATERIALIZED (
    SELECT u.person_id, m.post_id FROM mailed m
    JOIN crm_personaddress u ON u.address_id = m.address_id
    LEFT JOIN crm_personaddress now ON now.person_id = u.person_id AND now.is_primary
    WHERE u.is_primary OR now.since IS NULL OR m.settled_at::date < now.since
    UNION
    SELECT coalesce(p.merged_into_id, p.id), m.post_id FROM mailed m
    JOIN crm_person p ON p.id = m.person_id
    UNION
    SELECT x.person_id, i.post_id FROM campaigns_digestitem i
    JOIN crm_person p ON p.id = i.person_id
    JOIN crm_personaddress u ON u.person_id = coalesce(p.merged_into_id, p.id)
    JOIN crm_personaddress x ON x.address_id = u.address_id
    WHERE i.delivery IS NULL AND i.post_id IN (SELECT id FROM told)),
left_out AS MATERIALIZED (
    SELECT coalesce(p.merged_into_id, p.id) AS person_id, c.post_id FROM campaigns_campaign c
    JOIN campaigns_exclusion x ON x.campaign_id = c.id AND x.reason = {_IN_DIGEST}
    JOIN crm_person p ON p.id = x.person_id
    WHERE c.post_id IN (SELECT id FROM told)),
owed AS (
    SELECT s.person_id, s.topic_id, t.id AS post_id, t.published_at
    FROM crm_subscription s
    JOIN told t ON t.topic_id = s.topic_id
    JOIN crm_topic k ON k.id = s.topic_id
    JOIN crm_person p ON p.id = s.person_id AND p.merged_into_id IS NULL AND p.erased_at IS NULL
    WHERE s.state = 'active' AND t.published_at >= s.since
      AND (s.markets = '{{}}' OR t.market IS NULL OR t.market = ANY(s.markets))
      AND (s.frequency = %(frequency)s OR %(daily)s AND s.frequency = 'each')
      AND (t.published_at >= s.digests_from
               AND t.published_at < coalesce(s.digests_until, 'infinity')
           OR EXISTS (SELECT FROM left_out l
                      WHERE l.person_id = s.person_id AND l.post_id = t.id))
      AND NOT EXISTS (SELECT FROM had h WHERE h.person_id = s.person_id AND h.post_id = t.id)
      AND NOT EXISTS (
          SELECT FROM crm_personaddress u
          JOIN crm_suppression x ON x.address_id = u.address_id AND x.lifted_at IS NULL
          WHERE u.person_id = s.person_id AND u.is_primary AND x.topic_id = s.topic_id)
      AND EXISTS (
          SELECT FROM crm_legalbasis b
          WHERE b.person_id = s.person_id AND b.purpose = k.purpose
            AND (b.alliance_id IS NULL OR b.alliance_id = %(alliance)s)
            AND b.barred_by_id IS NULL
            AND (b.expires_on IS NULL OR b.expires_on {STILL} %(today)s)))
"""


def asked_of(digest: Digest, *, today: Any) -> dict[str, Any]:
    """The values of OWED for a digest; of one whose posts are chosen only of those."""
    return {
        "alliance": digest.alliance_id,
        "frequency": digest.frequency,
        "daily": digest.is_daily,
        "until": digest.until,
        "days": DAYS,
        "posts": [int(pk) for pk in digest.posts] or None,
        "today": today,
    }


def owed_people(digest: Digest, *, today: Any) -> models.QuerySet[Person]:
    """Everybody to whom a digest owes something, mailable or not."""
    values = asked_of(digest, today=today)
    named = re.compile(r"%\((\w+)\)s")
    statement = f"{OWED} SELECT person_id FROM owed"
    in_order = [values[name] for name in named.findall(statement)]
    asked = RawSQL(named.sub("%s", statement), in_order)  # noqa: S611  no value is in its text
    return Person.objects.filter(pk__in=asked)
