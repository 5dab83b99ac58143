"""What the HTML of a mail consists of."""

from html.parser import HTMLParser


class Page(HTMLParser):
    """What an HTML part consists of: its tags, its words and where its links lead."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: dict[str, dict[str, str | None]] = {}
        self.links: list[str] = []
        self.sources: list[str] = []
        self.alts: list[str] = []
        self.marked: list[tuple[str, str]] = []
        """Words that stand there in another language than the page, with that language."""
        self._marking: tuple[str, str, int] | None = None
        self._words: list[str] = []
        self._hidden = 0
        self.feed(source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes.setdefault(tag, dict(attrs))
        self._hidden += tag in ("style", "title")
        self.links += [value for name, value in attrs if name == "href" and value]
        loads = ("src", "srcset", "background", "poster", "data")
        self.sources += [value for name, value in attrs if name in loads and value]
        language = dict(attrs).get("lang")
        if language and language != self.attributes["html"].get("lang"):
            self._marking = (tag, language, len(self._words))
        self.alts += [value for name, value in attrs if name == "alt" and value]

    def handle_endtag(self, tag: str) -> None:
        if self._marking and self._marking[0] == tag:
            _tag, language, since = self._marking
            self.marked.append((language, " ".join("".join(self._words[since:]).split())))
            self._marking = None
        self._hidden -= tag in ("style", "title")

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self._words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self._words).split())
