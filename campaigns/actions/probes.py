"""Looks outside, made by a worker and kept for a while: senders' domains, and links."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import connection
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from campaigns.actions.findings import Finding, Level
from campaigns.mail import domains, reachable
from campaigns.models import Probe
from crm.models import Cluster

FRESH = dt.timedelta(minutes=10)
KEPT = dt.timedelta(days=30)
LOOKING = 7_305_107  # an advisory lock of the database session
AT_ONCE = 20  # looks of one run, so that other work is not late

Kind = Probe.Kind

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
UNKNOWN = {
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
    "silent": _lazy("%(url)s did not answer in time."),
    "refused": _lazy("No connection to %(url)s could be made."),
    "garbled": _lazy("%(url)s answered with something that is no web page."),
    "broken": _lazy("%(url)s answered with a fault of its own (%(status)s)."),
    "reserved": _lazy("%(url)s is a made-up address, so it was not opened."),
}


def ask(wanted: Iterable[tuple[str, str]]) -> None:
    """Have a worker look at these (kind, subject), unless it did a short while ago."""
    for kind, subject in set(wanted):
        probe, made = Probe.objects.get_or_create(kind=kind, subject=subject)
        if not made and probe.looked_at and probe.looked_at < timezone.now() - FRESH:
            Probe.objects.filter(pk=probe.pk).update(asked_at=Now())


def wanted(clusters: Iterable[Cluster], urls: Iterable[str]) -> list[tuple[str, str]]:
    """What is to be looked at for the mails of these senders, with these links."""
    return [
        *((Kind.DOMAIN.value, _sender(cluster)) for cluster in clusters),
        *((Kind.LINK.value, url) for url in urls if len(url) <= reachable.LONGEST),
    ]


@contextmanager
def alone() -> Iterator[bool]:
    """Whether no other process looks outside at this moment."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOOKING])
        free = cursor.fetchone() == (True,)
        try:
            yield free
        finally:
            if free:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [LOOKING])


def is_due() -> bool:
    return Probe.objects.due().exists()


def work_due(stop: Callable[[], bool] = lambda: False) -> int:
    """Look at what was asked for. Safe to run twice and at once: the last look counts."""
    made = 0
    for probe in Probe.objects.due()[:AT_ONCE]:
        if stop():
            break
        found = _looked(probe)
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


def _sender(cluster: Cluster) -> str:
    domain = cluster.from_address.rpartition("@")[2].lower()
    return f"{domain} {cluster.dkim_selector}".strip()


def of_senders(clusters: Iterable[Cluster]) -> Iterator[Finding]:
    """What is known of the senders' domains."""
    sound = []
    probes = {probe.subject: probe for probe in Probe.objects.filter(kind=Kind.DOMAIN)}
    for cluster in clusters:
        domain = cluster.from_address.rpartition("@")[2].lower()
        probe = probes.get(_sender(cluster))
        if probe is None or probe.looked_at is None:
            sentence = _("%(domain)s is being looked at: SPF, DKIM, DMARC.") % {"domain": domain}
            yield Finding(Level.UNKNOWN, sentence, waits=probe is not None)
            continue
        for code, values in probe.found:
            words = {"domain": domain, "cluster": cluster, "selector": "", **values}
            level = Level.BLOCK if code in SENDERS else Level.UNKNOWN
            sentence = str(SENDERS.get(code) or UNKNOWN[code])
            yield Finding(level, sentence % words, "cluster", row=cluster.slug)
        if not probe.found:
            sound.append(domain)
    if sound:
        words = {"domains": ", ".join(dict.fromkeys(sound))}
        said = _("SPF, DKIM and DMARC speak for %(domains)s.") % words
        if settings.DNS_SERVER.startswith("127.0.0.1:"):
            said += " " + _("So says the demo zone, which is no real name server.")
        yield Finding(Level.OK, said)


def of_links(urls: dict[str, str]) -> Iterator[Finding]:
    """What is known of the links, each with the language whose text has it."""
    probes = {probe.subject: probe for probe in Probe.objects.filter(kind=Kind.LINK)}
    open_ones = 0
    for url, language in urls.items():
        probe = probes.get(url)
        if probe is None or probe.looked_at is None:
            open_ones += 1
            continue
        for code, values in probe.found:
            words = {"url": url if len(url) < 80 else f"{url[:78]}…", **values}
            level = Level.WARN if code in LINKS else Level.UNKNOWN
            sentence = str(LINKS.get(code) or LINKS_UNKNOWN[code])
            yield Finding(level, sentence % words, "text", language)
    if open_ones:
        yield Finding(Level.UNKNOWN, _("Its links are being opened."), waits=True)
    elif urls and not any(probes[url].found for url in urls):
        yield Finding(Level.OK, _("Its links answer: %(n)s.") % {"n": len(urls)})
