"""Brings the message catalogues up to date, or says what they lack."""

from argparse import ArgumentParser
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_python
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation.template import templatize

FUNCTIONS: dict[str, Any] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
SOURCES = ("crm", "campaigns", "worker", "templates")
HEADER = """\
msgid ""
msgstr ""
"Language: {language}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: {plural}\\n"

"""
TEMPLATES = (".html", ".txt", ".mjml")


class Command(BaseCommand):
    help = (
        "Collects all translatable texts into the catalogues (crm/locale); needs no gettext. "
        "With --check nothing is written: what is untranslated or outdated is listed instead, "
        "and the exit status is 1 when there is any."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", "--dry-run", action="store_true", dest="check")

    def handle(self, *, check: bool, **_options: object) -> None:
        template = _collect(settings.BASE_DIR)
        lacking = 0
        for language, _name in settings.LANGUAGES:
            if language == settings.LANGUAGE_CODE:
                continue
            path = Path(settings.LOCALE_PATHS[0], language, "LC_MESSAGES", "django.po")
            catalog = _read(path, language)
            problems = list(_problems(catalog, template))
            lacking += len(problems)
            for problem in problems if check else []:
                self.stderr.write(f"{language}: {problem}")
            if not check:
                _update(path, catalog, template)
                self.stdout.write(f"{language}: {len(template)} texts, {len(problems)} to look at")
        if check and lacking:
            raise CommandError(
                f"{lacking} texts lack a translation. Run: python manage.py translations; "
                "then translate what is empty or marked fuzzy in crm/locale."
            )


def _collect(root: Path) -> Catalog:
    """Every text in the sources, as a catalogue without translations."""
    template = Catalog()
    for path in sorted(p for source in SOURCES for p in (root / source).rglob("*")):
        where = path.relative_to(root).as_posix()
        if path.suffix == ".py":
            source = path.read_text()
        elif path.suffix in TEMPLATES:
            # What remains of a template are calls of gettext; its indentation means nothing.
            lines = templatize(path.read_text(), origin=where).split("\n")
            source = "\n".join(text.lstrip() for text in lines)
        else:
            continue
        for message, context in _texts(source):
            template.add(message, locations=[(where, 0)], context=context)
    return template


def _texts(source: str) -> Iterator[tuple[Any, str | None]]:
    """The texts in calls of the functions, each with its context; plural forms as a pair."""
    stream = BytesIO(source.encode())
    for _line, function, words, _comments in extract_python(stream, FUNCTIONS, [], {}):
        texts: list[Any] = list(words) if isinstance(words, list | tuple) else [words]
        context = texts.pop(0) if "pgettext" in function else None
        if texts and texts[0]:
            plural = "ngettext" in function or "npgettext" in function
            yield (tuple(texts[:2]) if plural else texts[0]), context


def _read(path: Path, language: str) -> Catalog:
    if not path.exists():
        return Catalog(locale=language)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def _update(path: Path, catalog: Catalog, template: Catalog) -> None:
    catalog.update(template, no_fuzzy_matching=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        # Our own header: Babel's holds today's date, so that every run would change the file.
        file.write(HEADER.format(language=catalog.locale, plural=catalog.plural_forms).encode())
        write_po(
            file, catalog, width=96, omit_header=True, include_lineno=False, ignore_obsolete=True
        )


def _problems(catalog: Catalog, template: Catalog) -> Iterator[str]:
    for message in template:
        if not message.id:
            continue
        translated = catalog.get(message.id, message.context)
        if translated is None:
            yield f"not collected: {message.id!r}"
        elif not all(_strings(translated.string)):
            yield f"not translated: {message.id!r}"
        elif translated.fuzzy:
            yield f"to be confirmed: {message.id!r}"
        else:
            yield from (f"{error} in {message.id!r}" for error in translated.check(catalog))
    for message in catalog:
        if message.id and template.get(message.id, message.context) is None:
            yield f"no longer used: {message.id!r}"


def _strings(string: Any) -> tuple[str, ...]:
    return (string or "",) if isinstance(string, str | None) else tuple(string)
