"""Looks outside, made by a worker and kept for a while: senders' domains, and links."""

import datetime as dt
import logging
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import NamedTuple

from django.conf import settings
from django.db import connection
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from campaigns.actions.findings import Finding, Level
from campaigns.mail import domains, reachable
from campaigns.models import Probe
from campaigns.rules.markup import ascii_address
from crm.models import Cluster
from crm.rules.locks import LOOKING

log = logging.getLogger(__name__)

FRESH = dt.timedelta(minutes=10)
KEPT = dt.timedelta(days=30)
AT_ONCE = 20  # looks of one run
RUN = 30  # seconds after which a run begins no other look

Kind = Probe.Kind
Row = tuple[str, str]  # a kind, and the subject


class Place(NamedTuple):
    """Where a link stands, as a finding names it: a text, or a lane's introduction."""

    about: str
    language: str
    row: str = ""


SENDERS = {
    "no-dmarc": _lazy(
        "%(domain)s has no DMARC record, so large mail providers refuse mails of %(cluster)s. "
        "Have one set, such as “v=DMARC1; p=none”."
    ),
    "bad-dmarc": _lazy(
        "The DMARC record of %(domain)s cannot be used: there must be one, with p=none, "
        "quarantine or reject. Mails of %(cluster)s would be refused."
    ),
    "unaligned": _lazy(
        "Mails of %(cluster)s fail DMARC: neither a key of %(domain)s nor its SPF, which is "
        "asked of %(bounces)s, speaks for them."
    ),
    "no-spf": _lazy("%(domain)s has no SPF record that says who sends for %(cluster)s."),
    "several-spf": _lazy("%(domain)s has more than one SPF record, so none of them counts."),
    "open-spf": _lazy("The SPF record of %(domain)s lets everybody send in its name."),
    "no-dkim": _lazy(
        "%(domain)s has no DKIM key “%(selector)s”. Look at the selector of %(cluster)s, or have "
        "the key set."
    ),
    "revoked-dkim": _lazy("The DKIM key “%(selector)s” of %(domain)s was taken back."),
    "short-dkim": _lazy(
        "The DKIM key “%(selector)s” of %(domain)s has %(bits)s bits; 2048 are the least."
    ),
}
FAILS = ("no-dmarc", "bad-dmarc", "unaligned")
UNKNOWN = {
    "failed": _lazy("%(domain)s could not be looked at."),
    "silent": _lazy("The name server did not answer about %(domain)s; ask it again later."),
    "reserved": _lazy("%(domain)s is a made-up domain, so nobody was asked about it."),
    "no-selector": _lazy(
        "Nobody has said under which DKIM selector %(cluster)s signs, so its key was not looked at."
    ),
}
LINKS = {
    "gone": _lazy("%(url)s answers with %(status)s. Look whether it still leads where you mean."),
    "no-host": _lazy("%(url)s leads to a host that does not exist."),
    "private": _lazy("%(url)s leads into a private network, where no reader gets."),
    "insecure": _lazy("%(url)s leads on to an address that is not encrypted."),
    "loop": _lazy("%(url)s leads on and on. Write the address it ends at."),
    "certificate": _lazy("%(url)s has a certificate that browsers warn of."),
}
LINKS_UNKNOWN = {
    "failed": _lazy("%(url)s could not be opened."),
    "silent": _lazy("%(url)s did not answer in time."),
    "refused": _lazy("No connection to %(url)s could be made."),
    "garbled": _lazy("%(url)s answered with something that is no web page."),
    "broken": _lazy("%(url)s answered with a fault of its own (%(status)s)."),
    "reserved": _lazy("%(url)s is a made-up address, so it was not opened."),
}


def ask(wanted: Iterable[Row], *, fresh: dt.timedelta = FRESH) -> None:
    """Have a worker look at these, unless it did a short while ago."""
    rows = set(wanted)
    there = known(rows)
    if new := rows - set(there):
        probes = [Probe(kind=kind, subject=subject) for kind, subject in new]
        Probe.objects.bulk_create(probes, ignore_conflicts=True)
    old = timezone.now() - fresh
    again = [
        probe.pk
        for probe in there.values()
        if not probe.is_due and probe.looked_at and probe.looked_at < old
    ]
    if again:
        Probe.objects.filter(pk__in=again).update(asked_at=Now())


def known(wanted: Iterable[Row]) -> dict[Row, Probe]:
    """What there is of these, read once."""
    subjects = {subject for _kind, subject in wanted}
    found = Probe.objects.filter(kind__in=Kind.values, subject__in=subjects)
    return {(probe.kind, probe.subject): probe for probe in found}


def is_awaited(wanted: Iterable[Row]) -> bool:
    """Whether a worker is about to look at one of these. Nobody waits for ever for one."""
    return any(_waits(probe) for probe in known(wanted).values())


def of_sender(cluster: Cluster) -> Row:
    return Kind.DOMAIN.value, f"{domain_of(cluster)} {cluster.dkim_selector}".strip()


def of_link(url: str) -> Row | None:
    """As it is asked for, in ASCII; None: it is too long to be kept."""
    written = ascii_address(url)
    return (Kind.LINK.value, written) if len(written) <= reachable.LONGEST else None


def domain_of(cluster: Cluster) -> str:
    return cluster.from_address.rpartition("@")[2].lower()


@contextmanager
def alone(work: int = LOOKING) -> Iterator[bool]:
    """Whether no other process looks outside, or rehearses, at this moment."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [work])
        free = cursor.fetchone() == (True,)
        try:
            yield free
        finally:
            if free:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [work])


def is_due() -> bool:
    return Probe.objects.due().exists()


def work_due(stop: Callable[[], bool] = lambda: False) -> int:
    """Look at what was asked for. Safe to run twice and at once: the last look counts."""
    made = 0
    until = time.monotonic() + RUN
    for probe in Probe.objects.due()[:AT_ONCE]:
        if stop() or time.monotonic() > until:
            break
        try:
            found = _looked(probe)
        except Exception:  # one that nobody foresaw keeps no other waiting
            log.exception("A look at %s failed.", probe.subject)
            found = [("failed", {})]
        Probe.objects.filter(pk=probe.pk).update(looked_at=Now(), found=found)
        made += 1
    return made


def forget() -> None:
    """Drop looks at what nobody asks for any more."""
    old = Probe.objects.filter(asked_at__lt=timezone.now() - KEPT)
    old.exclude(Q(looked_at=None)).delete()


def _looked(probe: Probe) -> list[tuple[str, dict[str, object]]]:
    if probe.kind == Kind.LINK:
        return reachable.look(probe.subject)
    domain, _space, selector = probe.subject.partition(" ")
    return domains.look(domain, selector)


def _waits(probe: Probe) -> bool:
    since = timezone.now() - dt.timedelta(seconds=settings.LOOK_PATIENCE)
    return probe.is_due and probe.asked_at > since


def of_senders(clusters: Iterable[Cluster], found: dict[Row, Probe]) -> Iterator[Finding]:
    """What is known of the senders' domains."""
    sound = []
    for cluster in clusters:
        domain = domain_of(cluster)
        probe = found.get(of_sender(cluster))
        if probe is None or probe.looked_at is None or _waits(probe):
            yield _open(
                probe,
                _("%(domain)s is being looked at: SPF, DKIM, DMARC.") % {"domain": domain},
                _("SPF, DKIM and DMARC of %(domain)s were not looked at yet.") % {"domain": domain},
            )
            continue
        for code, values in probe.found:
            words = {"domain": domain, "cluster": cluster, "selector": "", **values}
            said = str(SENDERS.get(code) or UNKNOWN[code]) % words
            yield _dated(probe, Finding(_level_of(code), said, "cluster", row=cluster.slug))
        if not probe.found:
            finding = _dated(probe, Finding(Level.OK, _spoken_for([domain])))
            if finding.level == Level.OK:
                sound.append(domain)
            else:
                yield finding
    if sound:
        said = _spoken_for(sound)
        if settings.DEMO_ZONE:
            said += " " + _("So says the demo zone, which is no real name server.")
        yield Finding(Level.OK, said)


def _level_of(code: str) -> Level:
    """Mails are refused where DMARC fails; while one of its legs carries, the other can wait."""
    if code in FAILS:
        return Level.BLOCK
    return Level.WARN if code in SENDERS else Level.UNKNOWN


def _spoken_for(domains: list[str]) -> str:
    words = {"domains": ", ".join(dict.fromkeys(domains))}
    return _("SPF, DKIM and DMARC speak for %(domains)s.") % words


def of_links(urls: Mapping[str, Place]) -> Iterator[Finding]:
    """What is known of the links, each with a place that has it."""
    rows = {url: of_link(url) for url in urls}
    found = known(row for row in rows.values() if row)
    seen = {url: found.get(row) if row else None for url, row in rows.items()}
    for url, probe in seen.items():
        if rows[url] is None:
            said = _("%(url)s is too long to be opened.") % {"url": _short(url)}
            yield Finding(Level.UNKNOWN, said, *urls[url])
        elif probe and probe.looked_at and not _waits(probe):
            for code, values in probe.found:
                said = str(LINKS.get(code) or LINKS_UNKNOWN[code]) % {"url": _short(url), **values}
                level = Level.WARN if code in LINKS else Level.UNKNOWN
                yield _dated(probe, Finding(level, said, *urls[url]))
    yield from _links_in_all(list(seen.values()))


def _links_in_all(probes: list[Probe | None]) -> Iterator[Finding]:
    looked = [probe for probe in probes if probe and probe.looked_at and not _waits(probe)]
    if any(probe and _waits(probe) for probe in probes):
        yield Finding(Level.UNKNOWN, _("Its links are being opened."), waits=True)
    elif len(looked) < len(probes):
        yield Finding(Level.UNKNOWN, _("Not all of its links were opened yet."))
    elif looked and not any(probe.found for probe in looked):
        oldest = min(looked, key=lambda probe: str(probe.looked_at))
        said = _("Its links answer: %(n)s.") % {"n": len(looked)}
        yield _dated(oldest, Finding(Level.OK, said))


def _open(probe: Probe | None, waiting: str, unseen: str) -> Finding:
    waits = probe is not None and _waits(probe)
    return Finding(Level.UNKNOWN, waiting if waits else unseen, waits=waits)


def _dated(probe: Probe, finding: Finding) -> Finding:
    """What was found a while ago neither stops anything nor is in order: it says of when it is."""
    if probe.looked_at is None or probe.looked_at > timezone.now() - FRESH:
        return finding
    at = date_format(timezone.localtime(probe.looked_at), "SHORT_DATETIME_FORMAT")
    said = _("%(finding)s Last looked at on %(at)s.") % {"finding": finding.sentence, "at": at}
    return replace(finding, level=Level.UNKNOWN, sentence=said)


def _short(url: str) -> str:
    return url if len(url) < 80 else f"{url[:78]}…"
