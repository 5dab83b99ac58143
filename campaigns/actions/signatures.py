"""Whether who signs our mails signs the ways to leave them, too, as RFC 8058 (4) wants it.

Mail servers sign behind us, so it is seen of mails that came back, and of nothing else. Where one
signs otherwise, mail programs offer no button to leave, and readers press "spam" instead.
"""

from collections.abc import Iterable, Iterator, Mapping

from django.db.models.functions import Now
from django.utils.translation import gettext as _

from campaigns.actions import probes
from campaigns.actions.findings import Finding, Level
from campaigns.mail import reports
from campaigns.models import Probe
from crm.models import Cluster

HEADERS = ("List-Unsubscribe", "List-Unsubscribe-Post")


def note(raw: bytes) -> None:
    """Keep what a mail that came back shows of its sender's signature; the latest counts."""
    found = reports.signed(raw)
    if (
        found is None
        or not Cluster.objects.filter(from_address__iendswith=f"@{found.domain}").exists()
    ):
        return
    lacking = [name for name in HEADERS if name.lower() not in found.headers]
    Probe.objects.update_or_create(
        kind=Probe.Kind.SIGNED,
        subject=found.domain,
        defaults={"asked_at": Now(), "looked_at": Now(), "found": lacking},
    )


def of(cluster: Cluster) -> probes.Row:
    return Probe.Kind.SIGNED.value, probes.domain_of(cluster)


def findings(clusters: Iterable[Cluster], known: Mapping[probes.Row, Probe]) -> Iterator[Finding]:
    """What was seen of the signatures of these senders."""
    unseen, sound = dict[str, None](), dict[str, None]()
    for cluster in clusters:
        domain, probe = probes.domain_of(cluster), known.get(of(cluster))
        if probe is None:
            unseen[domain] = None
        elif probe.found:
            words = {"domain": domain, "headers": ", ".join(probe.found), "cluster": cluster}
            said = _(
                "The signature of %(domain)s does not cover %(headers)s, so mail programs offer no "
                "button to leave. Have the mail server of %(cluster)s sign that, too."
            )
            yield Finding(Level.WARN, said % words, "cluster", row=cluster.slug)
        else:
            sound[domain] = None
    if unseen:
        said = _(
            "Whether the signature of %(domains)s covers the headers for leaving could not be "
            "seen: no mail that shows it has come back. Look for List-Unsubscribe and "
            "List-Unsubscribe-Post in the h= of a proof’s DKIM-Signature."
        )
        yield Finding(Level.UNKNOWN, said % {"domains": ", ".join(unseen)})
    if sound:
        said = _("The signature of %(domains)s covers the headers for leaving.")
        yield Finding(Level.OK, said % {"domains": ", ".join(sound)})
