"""Every header that we write is found again, in every language, whichever columns are chosen."""

import itertools

import pytest

from crm.resources.contacts import ContactResource
from crm.resources.lists import LISTS
from crm.rules.columns import BY_NAME, guess, guess_all
from crm.rules.headers import HEADERS, header
from crm.rules.texts import LANGUAGES


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_header_says_its_column_and_no_other(language: str) -> None:
    for name in HEADERS:
        known = name if name in BY_NAME else ""
        assert guess(header(name, language)) == known, (name, header(name, language))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("noun", LISTS)
def test_the_headers_of_a_list_say_its_columns(noun: str, language: str) -> None:
    shown = LISTS[noun].shown([*LISTS[noun].cells])
    for names in (LISTS[noun].all, shown):
        said = guess_all([header(name, language) for name in names])
        assert said == [name if name in BY_NAME else "" for name in names]


@pytest.mark.parametrize("language", LANGUAGES)
def test_any_four_columns_say_what_they_are(language: str) -> None:
    """But for a first or last name alone: a column "Nom" may be both."""
    names = [name for name in ContactResource.fields if name not in ("given", "family")]
    for chosen in itertools.combinations(names, 2):
        with_names = ("given", "family", *chosen)
        said = guess_all([header(name, language) for name in with_names])
        assert said == [name if name in BY_NAME else "" for name in with_names]


def test_a_list_has_every_column_that_an_import_takes_and_each_has_a_header() -> None:
    fields = ContactResource.fields
    assert set(BY_NAME) - set(fields) == {"name"}, "a whole name is read, and written in parts"
    assert set(HEADERS) == set(fields)
    for columns in LISTS.values():
        assert {*columns.all} <= set(fields)
        assert {name for names in columns.cells.values() for name in names} <= {*columns.all}
        assert columns.shared <= {*columns.all}


def test_what_the_fast_import_writes_are_the_columns_of_the_resource() -> None:
    """Their order is that of the tables into which `crm.actions.staging` copies."""
    assert ContactResource.of("person") == ("title", "given", "family", "language", "phone")
    assert ContactResource.of("organisation") == (
        "legal_name", "short_name", "website", "city", "country", "region",
    )  # fmt: skip
    assert ContactResource.of("membership") == ("standing", "category", "employees")
