"""The order in which the demo's facts are entered; what was entered once is never entered again."""

import datetime as dt
from collections.abc import Callable

from django.conf import settings
from django.db import connection, transaction

from campaigns.demo import (
    agreements,
    alliances,
    clusters,
    desks,
    directory,
    events,
    exceptions,
    figures,
    logos,
    mailings,
    open_mission,
    organisations,
    past_missions,
    people,
    posts,
    prepared,
    regions,
    topics,
    users,
    words,
)
from campaigns.demo.days import Days
from crm.actions import audit
from crm.models import AuditEntry, User
from crm.rules.locks import DEMO

# One load at a time.


def load(today: dt.date) -> list[str]:
    """Enter what is missing; returns what was done, in words."""
    days = Days(today)
    done = [
        word
        for word, step in (
            ("network", load_network),
            ("records", lambda: _load_records(days)),
            ("words", words.load),
            ("posts", lambda: _load_posts(days)),
            ("logos", _load_logos),
        )
        if once(word, step)
    ]
    administrator = User.objects.get(email=users.ADMINISTRATOR)
    with transaction.atomic():
        if open_mission.renew(days, administrator):
            done.append("new dates for the open mission")
        if events.renew(days, administrator):
            done.append("new date for the coming event")
    if settings.EMAIL_URL:
        done += mailings.load(days, administrator)
        if once("campaigns", lambda: prepared.draft(days, administrator)):
            done.append("campaigns that wait")
        if prepared.send_sample(administrator):
            done.append("an invitation that tries two subjects")
    return done


def once(word: str, step: Callable[[], None]) -> bool:
    """Do a step wholly or not at all, and never twice; True where it was done now."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [DEMO])
        if AuditEntry.objects.filter(noun="demo", verb=word).exists():
            return False
        step()
        audit.record(by=None, verb=word, noun="demo")
    return True


def load_network() -> None:
    """Who takes part: enough for a fixture of any size, too."""
    regions.load()
    clusters.load()
    alliances.load()
    administrator = users.load()
    desks.load(administrator)
    topics.load(administrator)


def _load_posts(days: Days) -> None:
    posts.load(days, User.objects.get(email=users.ADMINISTRATOR))


def _load_logos() -> None:
    logos.load(User.objects.get(email=users.ADMINISTRATOR))


def _load_records(days: Days) -> None:
    administrator = User.objects.get(email=users.ADMINISTRATOR)
    organisations.load(administrator)
    people.load(days, administrator)
    exceptions.load(days, administrator)
    past_missions.load(administrator)
    open_mission.load(days, administrator)
    events.load(days, administrator)
    figures.load(administrator)
    agreements.load(administrator)
    directory.load(days.today, administrator)
