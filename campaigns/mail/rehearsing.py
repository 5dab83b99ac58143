"""A dry run: every reader's mail is written as the sending engine would, and thrown away."""

import logging
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from html.parser import HTMLParser
from typing import Any

from campaigns.mail.compiled import Press
from campaigns.mail.compose import CannotCompose
from campaigns.mail.readers import VALUES, Reader
from campaigns.models import LaneText
from campaigns.rules.blocks import for_reader, words_of
from campaigns.rules.merge import missing_fallbacks

Edition = tuple[int | None, int | None, str, str]

log = logging.getLogger(__name__)

# The readers of a judgement, as WAITING has them of deliveries.
JUDGED = """
SELECT 0, %(campaign)s, v.release_id, d.contact_point_id, v.address_id, v.person_id, p.cluster_id,
       v.language, v.variant,
       left(a.email, length(a.email) - position('@' in reverse(a.email)) + 1) || a.domain,
       a.domain, coalesce(p.title, ''), coalesce(p.given, ''), coalesce(p.family, ''),
       coalesce(post.name, ''), false,
       EXISTS (SELECT FROM crm_tracking t WHERE t.address_id = v.address_id),
       coalesce(n.origin, '')
FROM verdicts v
JOIN crm_address a ON a.id = v.address_id
JOIN crm_person p ON p.id = v.person_id
LEFT JOIN crm_notice n ON n.person_id = v.person_id AND n.told_at IS NULL
LEFT JOIN unnest(%(lanes)s::bigint[], %(desks)s::bigint[]) AS d (release_id, contact_point_id)
       ON d.release_id = v.release_id
LEFT JOIN LATERAL (
    SELECT coalesce(nullif(o.short_name, ''), o.legal_name) AS name FROM crm_position s
    JOIN crm_organisation o ON o.id = s.organisation_id
    WHERE %(posts)s AND s.person_id = v.person_id AND upper_inf(s.during)
    ORDER BY s.id LIMIT 1) post ON true
WHERE v.reason IS NULL AND v.release_id = ANY(%(lanes)s)
"""


@dataclass
class Found:
    """What a dry run found in one lane: problems as (code, values), sizes by language."""

    readers: int = 0
    problems: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    sizes: dict[str, int] = field(default_factory=dict)


class Tally:
    """Counts what is missing in whose mail, and keeps the longest mail of each edition."""

    def __init__(self, press: Press) -> None:
        self.press = press
        self._readers: Counter[int] = Counter()
        self._unwritten: Counter[int] = Counter()
        self._bare: dict[tuple[int, str, str], list[str]] = {}
        self._empty: Counter[tuple[int, str, str]] = Counter()
        self._longest: dict[Edition, tuple[int, Reader]] = {}
        self._introductions = {
            (text.release_id, text.language): text.text
            for text in LaneText.objects.filter(release__campaign=press.campaign)
        }

    def write(self, readers: Iterable[Reader]) -> None:
        for reader in readers:
            lane = _lane(reader)
            self._readers[lane] += 1
            try:
                size = len(self.press.envelope(reader).mail)
            except CannotCompose as problem:
                if not self._unwritten[lane]:
                    log.warning("A mail of lane %s cannot be written: %s", lane, problem)
                self._unwritten[lane] += 1
                continue
            key = (reader.release, reader.contact_point, reader.language, reader.variant)
            if size > self._longest.get(key, (0, reader))[0]:
                self._longest[key] = (size, reader)
            for name in self._fields(reader):
                if not VALUES[name](reader):
                    self._empty[lane, reader.language, name] += 1

    def result(self) -> dict[int, Found]:
        """What was found, by lane; looks the longest mail of each edition over."""
        found = {lane: Found(readers) for lane, readers in self._readers.items()}
        for lane, n in self._unwritten.items():
            found[lane].problems.append(("unwritten", {"n": n}))
        for (lane, language, name), n in sorted(self._empty.items()):
            found[lane].problems.append(("empty", {"language": language, "name": name, "n": n}))
        lacking = set[tuple[int, str, str]]()
        for _size, reader in self._longest.values():
            mail = message_from_bytes(self.press.envelope(reader).mail, policy=policy.default)
            html, lane = _part(mail, "html"), _lane(reader)
            sizes = found[lane].sizes
            sizes[reader.language] = max(len(html.encode()), sizes.get(reader.language, 0))
            address = self.press.postal_lines(reader.release)
            lacking |= {(lane, reader.language, code) for code in _lacks(mail, html, address)}
        for lane, language, code in sorted(lacking):
            found[lane].problems.append((code, {"language": language}))
        return found

    def _fields(self, reader: Reader) -> list[str]:
        """The merge fields about the reader that stand in their mail without a fallback."""
        edition = (_lane(reader), reader.language, reader.variant)
        if edition not in self._bare:
            text = self.press.composer.texts[reader.language]
            said = [
                text.subject,
                text.second_subject,
                text.preheader,
                *words_of(for_reader(text.blocks, edition[2])),
            ]
            said += _paragraphs(for_reader(text.blocks, edition[2]))
            said += [self._introductions.get((edition[0], reader.language), ""), text.plain]
            names = dict.fromkeys(name for part in said for name in missing_fallbacks(part))
            self._bare[edition] = [name for name in names if name in VALUES]
        return self._bare[edition]


def _lane(reader: Reader) -> int:
    assert reader.release is not None, "readers of a judgement stand in lanes"
    return reader.release


def _paragraphs(blocks: Iterable[Any]) -> list[str]:
    """Texts and quotes as they are once they were resolved."""
    return [part for block in blocks for part in block.get("paragraphs", ())]


def _lacks(mail: EmailMessage, html: str, address: list[str]) -> list[str]:
    """What a mail must have in both parts and has not."""
    page, text = _Page(html), _part(mail, "plain")
    words = " ".join(text.split())
    codes = []
    leaving = str(mail["List-Unsubscribe"]).partition(">")[0].strip("< ")
    if leaving not in page.links or leaving not in text:
        codes.append("no-way-to-leave")
    if not address or any(line not in page.text or line not in words for line in address):
        codes.append("no-postal-address")
    web = {link for link in page.links if link.startswith("http")}
    if any(link not in text for link in web):
        codes.append("links-differ")
    if page.bare_pictures:
        codes.append("no-description")
    return codes


def _part(mail: EmailMessage, kind: str) -> str:
    body = mail.get_body((kind,))
    return str(body.get_content()) if body else ""


class _Page(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.links: set[str] = set()
        self.bare_pictures = 0
        self._words: list[str] = []
        self.feed(html)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self._words).split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "a" and given.get("href"):
            self.links.add(str(given["href"]))
        self.bare_pictures += tag == "img" and not given.get("alt")

    def handle_data(self, data: str) -> None:
        self._words.append(data)
