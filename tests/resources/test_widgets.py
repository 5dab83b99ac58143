"""A cell is read by its column as an import reads it, and what is written is read again."""

from typing import Any

import pytest
from babel import Locale
from django.utils import translation

from crm.models import CODES, Membership
from crm.resources.contacts import ContactResource
from crm.resources.words import country_said, known_codes, language_said
from crm.rules import cells
from crm.rules.cells import BadCell
from crm.rules.texts import LANGUAGES
from tests.world import World

CELLS = {
    "title": ["Dr.", " Prof.  Dr. "],
    "phone": ["931234567", "+34 931 23 45 67", "'+34 931 23 45 67", "93.0"],
    "language": ["fr", "Français", "klingon"],
    "job": ["CEO", "'=cmd|x"],
    "city": ["Lyon\tEst", "-"],
    "website": ["alba.example", "http://x y"],
    "country": ["Espagne", "Atlantis"],
    "region": ["Catalonia", "nowhere"],
    "standing": ["yes", "ehemaliges Mitglied", "perhaps"],
    "category": ["PME", "KMU", "giant"],
    "employees": ["12", "10-49", "many"],
    "areas": ["oncology; cns", "Onkologie", "everything"],
    "products": ["drug, device", "Medikamente"],
    "markets": ["Japon", "japan", "Mars"],
}


@pytest.mark.parametrize("name", CELLS)
def test_a_cell_means_the_same_to_its_column_and_to_an_import(world: World, name: str) -> None:
    reader = ContactResource.reader([name, "legal_name"], world.biocat)
    codes, country = known_codes(), world.biocat.region.country
    for text in CELLS[name]:
        entry = reader.read(1, [text, "Alba"])
        assert entry
        found: Any = None
        said = ""
        try:
            found = ContactResource.fields[name].widget.clean(text, codes=codes, country=country)
        except BadCell as problem:
            said = str(problem)
        assert entry.facts.get(name) == found, text
        assert bool(said) == bool([each for each in entry.remarks if "No person" not in each])


def test_a_size_is_known_by_what_lists_call_it(world: World) -> None:
    reader = ContactResource.reader(["legal_name", "category"], world.biocat)
    sizes = {"Start-up": "sme", "GRAND GROUPE": "large", "Mid cap": "midcap", "KMU": "sme"}
    for word, code in sizes.items():
        entry = reader.read(1, ["Alba", word])
        assert entry
        assert entry.facts["category"] == code, word


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_name_that_is_written_is_read_as_the_same_code(language: str) -> None:
    for code in map(str, Locale("en").languages):
        if len(code) == 2:
            assert cells.language(language_said(code, language)) == code
    for code in map(str, Locale("en").territories):
        if len(code) == 2:
            assert cells.country(country_said(code, language)) == code


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_coded_word_that_is_written_is_read_as_the_same_code(world: World, language: str) -> None:
    fields, codes = ContactResource.fields, known_codes()
    several: dict[str, tuple[str, ...]] = {
        "areas": CODES["area"], "products": CODES["product"], "markets": ("japan",),
    }  # fmt: skip
    one = {"standing": Membership.Standing.values, "category": Membership.Category.values}
    with translation.override(language):
        for name, values in several.items():
            widget = fields[name].widget
            assert widget.clean(widget.render(list(values)), codes=codes) == tuple(sorted(values))
        for name, choices in one.items():
            widget = fields[name].widget
            for value in choices:
                assert widget.clean(widget.render(value), codes=codes) == value
        region = world.biocat.region
        assert fields["region"].widget.clean(str(region), codes=codes) == region.pk
