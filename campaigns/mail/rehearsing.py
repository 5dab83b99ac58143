"""A dry run: every reader's mail is written as the sending engine would, and thrown away."""

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

Key = tuple[int | None, int | None, str, str]

# The readers of a judgement, as WAITING has them of deliveries.
JUDGED = """
SELECT 0, %(campaign)s, v.release_id, d.contact_point_id, v.address_id, v.person_id, p.cluster_id,
       v.language, v.variant,
       left(a.email, length(a.email) - position('@' in reverse(a.email)) + 1) || a.domain,
       a.domain, coalesce(p.title, ''), coalesce(p.given, ''), coalesce(p.family, ''),
       coalesce(post.name, '')
FROM verdicts v
JOIN crm_address a ON a.id = v.address_id
JOIN crm_person p ON p.id = v.person_id
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
class Result:
    """What a dry run found: problems as (code, values), sizes by language."""

    readers: int = 0
    problems: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    sizes: dict[str, int] = field(default_factory=dict)


class Rehearsal:
    """Counts what is missing in whose mail, and keeps the longest mail of each edition."""

    def __init__(self, press: Press) -> None:
        self.press = press
        self.readers = 0
        self._bare: dict[tuple[int | None, str, str], list[str]] = {}
        self._empty: Counter[tuple[str, str]] = Counter()
        self._refused: Counter[str] = Counter()
        self._longest: dict[Key, tuple[int, Reader]] = {}
        self._introductions = {
            (text.release_id, text.language): text.text
            for text in LaneText.objects.filter(release__campaign=press.campaign)
        }

    def write(self, readers: Iterable[Reader]) -> None:
        for reader in readers:
            self.readers += 1
            try:
                size = len(self.press.envelope(reader).mail)
            except CannotCompose as problem:
                self._refused[str(problem)] += 1
                continue
            key = (reader.release, reader.contact_point, reader.language, reader.variant)
            if size > self._longest.get(key, (0, reader))[0]:
                self._longest[key] = (size, reader)
            for name in self._fields(reader):
                if not VALUES[name](reader):
                    self._empty[reader.language, name] += 1

    def result(self) -> Result:
        """What was found; looks the longest mail of each edition over."""
        found = Result(self.readers)
        found.problems += [
            ("refused", {"why": why[:200], "n": n}) for why, n in self._refused.most_common(5)
        ]
        found.problems += [
            ("empty", {"language": language, "name": name, "n": n})
            for (language, name), n in sorted(self._empty.items())
        ]
        lacking = set[tuple[str, str]]()
        for _size, reader in self._longest.values():
            mail = message_from_bytes(self.press.envelope(reader).mail, policy=policy.default)
            html = _part(mail, "html")
            size = len(html.encode())
            found.sizes[reader.language] = max(size, found.sizes.get(reader.language, 0))
            address = self.press.postal_lines(reader.release)
            lacking |= {(code, reader.language) for code in _lacks(mail, html, address)}
        found.problems += [(code, {"language": language}) for code, language in sorted(lacking)]
        return found

    def _fields(self, reader: Reader) -> list[str]:
        """The merge fields about the reader that stand in their mail without a fallback."""
        edition = (reader.release, reader.language, reader.variant)
        if edition not in self._bare:
            text = self.press.composer.texts[reader.language]
            said = [text.subject, text.preheader, *words_of(for_reader(text.blocks, edition[2]))]
            said += _paragraphs(for_reader(text.blocks, edition[2]))
            said.append(self._introductions.get((reader.release or 0, reader.language), ""))
            names = dict.fromkeys(name for part in said for name in missing_fallbacks(part))
            self._bare[edition] = [name for name in names if name in VALUES]
        return self._bare[edition]


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
