"""Digests leave by themselves: what each follower has not had, once a day or once a week.

A turn is due at a moment; its row says that it was taken, so that two schedulers take it once. A
crash before the turn's commit leaves nothing of it, and the next tick takes it. After it there is a
campaign like any other. What each reader gets is chosen in the transaction in which its mails are
written, and kept in it, post by post (`models.digests`).
"""

import datetime as dt
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.db.models.functions import Now
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from campaigns.actions import audiences, choosing, contents, faults
from campaigns.mail import digests as mails
from campaigns.models import Audience, Campaign, Digest, Exclusion, Fault, Post, Release
from campaigns.models.digests import MOST, OWED, asked_of
from campaigns.models.judgement import clusters_of
from campaigns.rules.digesting import VARIANT, last_due
from campaigns.rules.languages import choose
from crm.actions import audit
from crm.models import Alliance, Frequency, Purpose, Topic
from crm.rules.locks import TELLING
from crm.rules.texts import LANGUAGES

R = Exclusion.Reason
DIGESTS = (Frequency.DAILY, Frequency.WEEKLY)

# Whoever else uses the mailbox gets theirs in the same mail, so that nothing waits for ever.
_IN_IT = f"(v.reason IS NULL OR v.reason IN ({R.SAME_ADDRESS.value}, {R.IN_ANOTHER_LANE.value}))"

# Somebody may have changed their mind between the judgement and this; nobody gets an empty mail.
NO_LONGER_ASKED = """
DELETE FROM verdicts v WHERE NOT EXISTS (SELECT FROM owing o WHERE o.person_id = v.person_id)
"""
PORTIONS = f"""
CREATE TEMP TABLE portions ON COMMIT DROP AS
SELECT address_id, post_id, nth FROM (
    SELECT address_id, post_id,
           row_number() OVER (PARTITION BY address_id ORDER BY published_at, post_id) AS nth
    FROM (SELECT DISTINCT v.address_id, o.post_id, o.published_at
          FROM owing o JOIN verdicts v ON v.person_id = o.person_id
          WHERE {_IN_IT}) each) numbered
WHERE nth <= {MOST}
"""
SETS = """
CREATE TEMP TABLE sets ON COMMIT DROP AS
SELECT address_id, posts, dense_rank() OVER (ORDER BY posts) - 1 AS place
FROM (SELECT address_id, array_agg(post_id ORDER BY nth) AS posts FROM portions
      GROUP BY address_id) each
"""

# The frame is there in every language, so the judgement gave each reader the first of theirs; they
# get the first of theirs in which some of their posts are written.
GIVE = f"""
UPDATE verdicts v SET variant = '{VARIANT}' || s.place, language = l.given
FROM sets s
JOIN unnest(%(places)s::int[], %(kinds)s::int[]) AS k (place, kind) ON k.place = s.place
JOIN unnest(%(of_kinds)s::int[], %(lanes)s::bigint[], %(wanted)s::text[], %(given)s::text[])
    AS l (kind, lane, wanted, given) ON l.kind = k.kind
WHERE s.address_id = v.address_id AND v.reason IS NULL
  AND l.lane = v.release_id AND l.wanted = v.language
"""

KEEP = f"""
INSERT INTO campaigns_digestitem (person_id, topic_id, post_id, delivery)
SELECT o.person_id, o.topic_id, o.post_id, d.id
FROM owing o JOIN verdicts v ON v.person_id = o.person_id
JOIN portions p ON p.address_id = v.address_id AND p.post_id = o.post_id
JOIN campaigns_delivery d ON d.campaign_id = %(campaign)s AND d.address_id = v.address_id
WHERE {_IN_IT}
ON CONFLICT (person_id, topic_id, post_id) DO UPDATE SET delivery = EXCLUDED.delivery
"""

DOUBT = """
INSERT INTO campaigns_digestitem (person_id, topic_id, post_id, delivery)
SELECT DISTINCT person_id, topic_id, post_id, NULL::bigint FROM owed
ON CONFLICT (person_id, topic_id, post_id) DO UPDATE SET delivery = NULL
"""


class _NobodyToWriteTo(Exception):
    """Something is owed, but nothing may be sent to anybody who is owed it."""


# --- what the scheduler does


def write_due() -> list[Campaign]:
    """Take the turns that are due. Returns the campaigns that tell something.

    One alliance whose digest cannot be written keeps no other's waiting.
    """
    written: list[Campaign] = []
    for alliance in _telling():
        faults.take(Fault.Step.DIGESTS, partial(_write_due, alliance, written), alliance)
    return written


def _write_due(alliance: Alliance, written: list[Campaign]) -> None:
    now: dt.datetime = vars(alliance)["now"]
    for frequency in DIGESTS:
        until = _due(alliance, frequency, now)
        taken = vars(alliance)[f"last_{frequency}"]
        if (taken is None or taken < until) and (campaign := write(alliance, frequency, until)):
            written.append(campaign)


def _telling() -> QuerySet[Alliance]:
    """Alliances that published something, with the database's time and their last turns.

    One that nobody coordinates writes to nobody; what is owed waits.
    """

    def last(frequency: str) -> Subquery:
        turns = Digest.objects.filter(alliance=OuterRef("pk"), frequency=frequency)
        return Subquery(turns.order_by("-until").values("until")[:1])

    published = Post.objects.filter(alliance=OuterRef("pk"), status=Post.Status.PUBLISHED)
    return (
        Alliance.objects.coordinated_on(timezone.localdate())
        .filter(Exists(published))
        .annotate(now=Now(), last_daily=last("daily"), last_weekly=last("weekly"))
        .order_by("pk")
    )


def _due(alliance: Alliance, frequency: str, now: dt.datetime) -> dt.datetime:
    return last_due(
        now,
        hour=alliance.digests_at,
        zone=alliance.timezone,
        weekday=alliance.digests_on if frequency == Frequency.WEEKLY else None,
    )


def write(alliance: Alliance, frequency: str, until: dt.datetime) -> Campaign | None:
    """Take one turn, once: a campaign, or nothing where nobody is owed anything."""
    with transaction.atomic():
        turn, is_mine = Digest.objects.get_or_create(
            alliance=alliance, frequency=frequency, until=until
        )
        if not is_mine:
            return None
        owed = _asked(turn, "SELECT DISTINCT post_id FROM owed")
        posts = Post.objects.filter(pk__in=[pk for (pk,) in owed]).prefetch_related("texts")
        told = [post for post in posts.order_by("published_at", "pk") if post.ready_texts()]
        if not told:
            return None
        try:
            with transaction.atomic():
                return _begin(turn, told)
        except _NobodyToWriteTo:
            return None


def _begin(turn: Digest, posts: list[Post]) -> Campaign:
    """The campaign of a turn, signed by nobody: its readers asked for it, its posts are public."""
    alliance = turn.alliance
    campaign = Campaign.objects.create(
        ref=f"digest-{turn.pk}-{alliance.slug[:50]}",
        kind=Campaign.Kind.DIGEST,
        purpose=Purpose.NEWS,
        title=_title(turn),
        alliance=alliance,
        audience=_audience(alliance),
        timezone=alliance.timezone,
        status=Campaign.Status.SCHEDULED,
        send_at=turn.until,
    )
    turn.campaign, turn.posts = campaign, mails.languages(posts)
    turn.save(update_fields=["campaign", "posts"])
    campaign.digest = turn
    version = contents.keep(campaign, mails.texts(turn, posts))
    Campaign.objects.filter(pk=campaign.pk).update(content_version=version)
    campaign.content_version = version
    signed = {"status": Release.Status.RELEASED, "signed_version": version}
    Release.objects.bulk_create(
        Release(campaign=campaign, cluster=cluster, decided_at=timezone.now(), **signed)
        for cluster in (None, *clusters_of(campaign))
    )
    _lanes, total = audiences.count(campaign)
    if not total.expected:
        raise _NobodyToWriteTo
    audit.record(by=None, verb="scheduled", row=campaign, count=total.expected)
    return campaign


def _title(turn: Digest) -> str:
    """How staff finds it, in the alliance's first language."""
    with translation.override((turn.alliance.languages or ["en"])[0]):
        day = date_format(
            timezone.localtime(turn.until, ZoneInfo(turn.alliance.timezone)), "DATE_FORMAT"
        )
        name = _("Daily digest, %(day)s") if turn.is_daily else _("Weekly digest, %(day)s")
        return name % {"day": day}


def _audience(alliance: Alliance) -> Audience:
    """What stands on the pages about whom a digest is for; who it goes to is what is owed."""
    called, name, _include = choosing.USUAL[Campaign.Kind.DIGEST]
    slugs = list(
        Topic.objects.filter(alliance=alliance).order_by("pk").values_list("slug", flat=True)
    )
    audience, _created = Audience.objects.update_or_create(
        ref=f"{alliance.slug}-{called}",
        defaults={
            "alliance": alliance,
            "name": str(name),
            "include": {"f": "topic", "op": "in", "v": slugs},
        },
    )
    return audience


def _asked(turn: Digest, question: str) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(f"{OWED} {question}", asked_of(turn, today=timezone.localdate()))
        rows: list[Any] = cursor.fetchall()
    return rows


# --- within a freeze


def hold(campaign: Campaign) -> None:
    """One after the other freezes what tells posts, and sees what those before it told."""
    if campaign.is_digest or campaign.post_id:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [TELLING])


def portion(campaign: Campaign, cursor: CursorWrapper) -> None:
    """Say of each verdict which posts its reader gets, and in which language."""
    turn = Digest.objects.select_related("alliance").get(campaign=campaign)
    cursor.execute(
        f"CREATE TEMP TABLE owing ON COMMIT DROP AS {OWED} SELECT * FROM owed",
        asked_of(turn, today=timezone.localdate()),
    )
    for statement in (NO_LONGER_ASKED, PORTIONS, SETS):
        cursor.execute(statement)
    cursor.execute("SELECT DISTINCT place, posts FROM sets ORDER BY place")
    turn.sets = [posts for _place, posts in cursor.fetchall()]
    turn.save(update_fields=["sets"])
    cursor.execute(GIVE, _languages(campaign, turn))


def _languages(campaign: Campaign, turn: Digest) -> dict[str, Any]:
    """Of each set which languages it is written in, and of those who gets which one."""
    own = turn.alliance.languages
    kinds: dict[frozenset[str], int] = {}
    of_sets = []
    for posts in turn.sets:
        written = frozenset(code for pk in posts for code in turn.posts[str(pk)])
        of_sets.append(kinds.setdefault(written, len(kinds)))
    table = [
        (kind, lane.pk, wanted, choose(wanted, (order, own), written) or wanted)
        for written, kind in kinds.items()
        for lane in campaign.releases.select_related("cluster")
        for order in [lane.cluster.languages if lane.cluster else own]
        for wanted in LANGUAGES
    ]
    names = ("of_kinds", "lanes", "wanted", "given")
    columns = {name: [row[n] for row in table] for n, name in enumerate(names)}
    return {"places": [*range(len(of_sets))], "kinds": of_sets, **columns}


def keep(campaign: Campaign, cursor: CursorWrapper) -> None:
    """Write down what each of them is told, beside the mails that tell it."""
    cursor.execute(KEEP, {"campaign": campaign.pk})
    cursor.execute("DROP TABLE owing, portions, sets")


# --- a copy of the database


def set_aside() -> None:
    """What a copy of the database does not know of may have been told: it is not told again."""
    now = timezone.now()
    for alliance in Alliance.objects.order_by("pk"):
        for frequency in DIGESTS:
            turn = Digest(alliance=alliance, frequency=frequency, until=now)
            with connection.cursor() as cursor:
                cursor.execute(f"{OWED} {DOUBT}", asked_of(turn, today=timezone.localdate()))
