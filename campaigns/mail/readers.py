"""What the mails of one campaign need to know of each reader, read a batch at a time."""

from collections.abc import Callable
from typing import NamedTuple

from campaigns.mail import links
from campaigns.rules.lines import one_line
from campaigns.rules.merge import FIELDS


class Reader(NamedTuple):
    """One waiting delivery with the little that differs from mail to mail.

    `to` is the address as mail servers are told it; `cluster` is the reader's own, which answers
    for their data. All texts are as the records hold them, unescaped.
    """

    delivery: int
    campaign: int
    release: int | None
    contact_point: int | None
    address: int
    person: int | None
    cluster: int | None
    language: str
    variant: str
    to: str | None
    domain: str
    title: str
    given: str
    family: str
    organisation: str
    second_subject: bool = False
    tracked: bool = False
    """Whether they agreed that it is kept which links they follow."""
    origin: str = ""
    """Where their data comes from, of whom no mail has said it yet to."""

    @property
    def full_name(self) -> str:
        return " ".join(part for part in (self.title, self.given, self.family) if part)

    def value(self, name: str, fallback: str = "") -> str:
        """A personal value as a mail shows it, or the fallback where it is empty."""
        return VALUES[name](self) or fallback


# Everything in a mail that differs from reader to reader of one edition, by name: what was written
# down about the reader, then signed tokens and addresses.
VALUES: dict[str, Callable[[Reader], str]] = {
    "name": lambda reader: one_line(reader.full_name),
    "given_name": lambda reader: one_line(reader.given),
    "family_name": lambda reader: one_line(reader.family),
    "organisation": lambda reader: one_line(reader.organisation),
    "origin": lambda reader: one_line(reader.origin),
    "to": lambda reader: reader.to or "",
    "message": lambda reader: links.message_name(reader.delivery),
    "leaving": lambda reader: links.leaving_token(
        links.Leaving(reader.address, reader.campaign, reader.cluster or 0, reader.language)
    ),
    "own_page": lambda reader: links.own_page_token(links.OwnPage(reader.address, reader.language)),
    "tracked": lambda reader: links.tracked_token(reader.delivery) if reader.tracked else "",
    "answering": lambda reader: links.answering_token(
        links.Answering(reader.delivery, reader.person or 0, reader.campaign, reader.language)
    ),
    "leave_by_mail": lambda reader: links.leave_by_mail(
        links.Leaving(reader.address, reader.campaign, reader.cluster or 0, reader.language)
    ),
    "answer_by_calendar": lambda reader: links.mailbox(links.MailTo.CALENDAR, reader.delivery),
}

WORDS = frozenset({*FIELDS, "origin"})
"""Those of them that somebody wrote down about the reader; no two readers need share them."""

# One row a waiting delivery of a batch; a lateral keeps one current post of each person. It is two
# thirds of the work, and looked up only for a campaign that names it.
WAITING = """
SELECT d.id, d.campaign_id, d.release_id, d.contact_point_id, d.address_id, d.person_id,
       p.cluster_id, d.language, d.variant,
       left(a.email, length(a.email) - position('@' in reverse(a.email)) + 1) || a.domain,
       a.domain, coalesce(p.title, ''), coalesce(p.given, ''), coalesce(p.family, ''),
       coalesce(post.name, ''), d.subject IN (2, 4),
       EXISTS (SELECT FROM crm_tracking t WHERE t.address_id = d.address_id),
       coalesce(n.origin, '')
FROM campaigns_delivery d
JOIN crm_address a ON a.id = d.address_id
LEFT JOIN crm_person p ON p.id = d.person_id
LEFT JOIN crm_notice n ON n.person_id = d.person_id AND n.told_at IS NULL
LEFT JOIN LATERAL (
    SELECT coalesce(nullif(o.short_name, ''), o.legal_name) AS name FROM crm_position s
    JOIN crm_organisation o ON o.id = s.organisation_id
    WHERE %(posts)s AND s.person_id = d.person_id AND upper_inf(s.during)
    ORDER BY s.id LIMIT 1) post ON true
WHERE d.campaign_id IS NOT DISTINCT FROM %(campaign)s AND d.state = 1
  AND d.id BETWEEN %(first)s AND %(last)s
  AND (%(ids)s::bigint[] IS NULL OR d.id = ANY(%(ids)s))
  AND d.release_id IS NOT DISTINCT FROM %(release)s
  AND NOT EXISTS (SELECT FROM campaigns_deferral f WHERE f.delivery_id = d.id)
ORDER BY d.id
"""
