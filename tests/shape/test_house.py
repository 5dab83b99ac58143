"""House rules that no reader of one file can see."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pgtrigger
import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.shape import permissions
from tests.shape.realm import Realm

OURS = ("crm", "campaigns")


def ours(resolver: URLResolver, space: str = "") -> Iterator[tuple[str, URLPattern]]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            yield from ours(pattern, pattern.namespace or space)
        elif space in OURS:
            yield space, pattern


def view_files(root: Path) -> list[Path]:
    return sorted(path for package in OURS for path in (root / package / "views").glob("*.py"))


def templates(root: Path) -> list[Path]:
    return sorted((root / "templates").rglob("*.html"))


# --- names


def test_an_address_is_named_after_its_view() -> None:
    for space, pattern in ours(get_resolver()):
        view = pattern.callback
        module = view.__module__.rsplit(".", 1)[1].replace("_", "-")
        assert view.__module__.startswith(f"{space}.views."), pattern.name
        assert pattern.name in {
            f"{module}-{view.__name__}",
            f"{module}-{view.__name__}".replace("_", "-"),
        }


def test_a_page_is_drawn_by_the_template_of_its_name(root: Path) -> None:
    """A view that renders one template, written out, renders the one named like itself."""
    others = {"public", "cards", "requests"}
    for path in view_files(root):
        package, noun = path.parent.parent.name, path.stem
        if noun in others:
            continue
        for function in ast.parse(path.read_text()).body:
            if not isinstance(function, ast.FunctionDef) or function.name.startswith("_"):
                continue
            for name in rendered(function):
                if name.startswith(f"{package}/"):
                    assert name == f"{package}/{noun}/{function.name}.html", function.name


def rendered(function: ast.FunctionDef) -> Iterator[str]:
    for node in ast.walk(function):
        called = node.func if isinstance(node, ast.Call) else None
        if isinstance(called, ast.Name) and called.id in ("render", "render_part"):
            assert isinstance(node, ast.Call)
            if len(node.args) > 1 and isinstance(node.args[1], ast.Constant):
                yield str(node.args[1].value)


def test_every_template_that_is_named_is_there(root: Path) -> None:
    known = {str(path.relative_to(root / "templates")) for path in templates(root)}
    for path in [*view_files(root), *templates(root)]:
        for name in re.findall(r'"((?:crm|campaigns|components)/[\w/-]+\.html)"', path.read_text()):
            assert name in known, (path.name, name)


# --- what views and templates may not do


SCOPED = {"visible_to", "editable_by", "announceable_by", "public"}
UNSCOPED = {
    # Narrowed right there by rows that are scoped, or by the token that names the row.
    ("dashboard", "Deadline"),
    ("answers", "Position"),
    ("tables", "Position"),
    ("cards", "Delivery"),
    ("ledgers", "Delivery"),
    ("ledgers", "DomainPace"),
    ("public", "Delivery"),
    # The development sink belongs to whoever works on the machine.
    ("inbox", "InboxMail"),
}


def test_a_view_asks_for_rows_that_somebody_may_see(root: Path) -> None:
    for path in view_files(root):
        for node in ast.walk(ast.parse(path.read_text())):
            if not (isinstance(node, ast.Attribute) and isinstance(node.value, ast.Attribute)):
                continue
            manager = node.value
            if manager.attr == "objects" and isinstance(manager.value, ast.Name):
                model = manager.value.id
                assert (
                    node.attr in SCOPED
                    or (path.stem, model) in UNSCOPED
                    or (path.stem == "public" and model == "Document")
                ), f"{path.name}: {model}.objects.{node.attr}"


def test_no_page_styles_itself(root: Path) -> None:
    for path in templates(root):
        if "emails" not in path.parts:
            assert not re.search(r"\sstyle=|<style|\son[a-z]+=\"", path.read_text()), path.name


def test_every_layer_of_the_look_is_closed(root: Path) -> None:
    """What follows an open layer becomes a part of it, and loses against its rules in silence."""
    for path in (root / "crm/static/crm").glob("*.css"):
        text = re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.S)
        assert text.count("{") == text.count("}"), path.name


def test_templates_say_nothing_that_cannot_be_translated(root: Path) -> None:
    """A page without a translation tag says nothing of its own."""
    for path in templates(root):
        text = path.read_text()
        if "{% load i18n" in text or "i18n" in text:
            continue
        bare = re.sub(r"{%.*?%}|{{.*?}}|{#.*?#}|<[^>]*>|&\w+;", " ", text, flags=re.S)
        bare = re.sub(r"{% comment %}.*?{% endcomment %}", " ", bare, flags=re.S)
        if "style" not in path.parts and "comment" not in text:
            assert not re.search(r"[A-Za-z]{4,} [a-z]{3,}", bare), path.name


def test_what_is_translated_stands_where_the_translators_find_it(root: Path) -> None:
    """Not within an f-string: who collects the texts does not look into one."""
    names = {"_", "gettext", "ngettext", "pgettext", "npgettext"}
    hidden = [
        f"{path.relative_to(root)}:{call.lineno}"
        for package in ("crm", "campaigns", "worker")
        for path in sorted((root / package).rglob("*.py"))
        for text in ast.walk(ast.parse(path.read_text()))
        if isinstance(text, ast.JoinedStr)
        for call in ast.walk(text)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in names
    ]
    assert not hidden


OTHER_FORMS = {"ca": r"\bvost(?:è|ès)\b", "it": r"\b(?:voi|vostr[oaie])\b"}


@pytest.mark.parametrize("language", OTHER_FORMS)
def test_a_language_has_one_form_of_address(root: Path, language: str) -> None:
    catalogue = (root / f"crm/locale/{language}/LC_MESSAGES/django.po").read_text()
    said = "".join(re.findall(r'^(?:msgstr.*?)?"(.*)"$', catalogue, re.M))
    assert not re.findall(OTHER_FORMS[language], said, re.I)


# --- what holds for all


@pytest.mark.django_db
def test_models_and_migrations_agree() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


@pytest.mark.django_db
def test_every_trigger_of_the_models_is_in_the_database() -> None:
    """As it is written today: pgtrigger keeps a hash of each beside it."""
    wanted = {(t.get_pgid(model), t.compile(model).hash) for model, t in pgtrigger.registered()}
    with connection.cursor() as cursor:
        cursor.execute("""
            SELECT tgname, obj_description(oid, 'pg_trigger') FROM pg_trigger
            WHERE tgname LIKE 'pgtrigger\\_%' AND tgparentid = 0
        """)
        assert wanted == set(cursor.fetchall())


@pytest.mark.django_db
def test_no_post_is_open_to_somebody_not_signed_in(realm: Realm) -> None:
    """Whatever it is asked for; the pages from mails, whose token is the key, are named here."""
    open_to_all = {
        "users-first",
        "public-unsubscribe",
        "public-object-to",
        "public-answer",
        "follows-ask",
        "follows-confirm",
        "own-pages-ask",
        "own-pages-send",
        "preferences-show",
        "own-data-show",
        "own-data-erase",
        "erasures-confirm",
    }
    for space, pattern in ours(get_resolver()):
        if pattern.name in open_to_all:
            continue
        known = {line.split()[0] for line in permissions.TABLE.splitlines() if ":" in line}
        assert f"{space}:{pattern.name}" in known
        values = {"int": 1, "slug": "en", "str": "x"}
        kwargs = {
            name: values.get(type(converter).__name__.removesuffix("Converter").lower(), "en")
            for name, converter in pattern.pattern.converters.items()
        }
        response = Client().post(reverse(f"{space}:{pattern.name}", kwargs=kwargs))
        refused = response.status_code in (404, 405) or "/login/" in response.headers["Location"]
        assert refused, pattern.name
