"""The entry of the main navigation that is marked on a page."""

import pytest
from django.urls import resolve

from crm.templatetags.places import place


@pytest.mark.parametrize(
    ("path", "entry"),
    [
        ("/people/3/edit/", "crm:people-"),
        ("/people/3/address/", "crm:people-"),
        ("/people/3/notes/new/", "crm:people-"),
        ("/organisations/3/notes/new/", "crm:organisations-"),
        ("/organisations/3/join/", "crm:organisations-"),
        ("/organisations/3/directory/", "crm:organisations-"),
        ("/people/3/merge/", "crm:people-"),
        ("/organisations/3/merge/4/", "crm:organisations-"),
        ("/duplicates/people/", "crm:people-"),
        ("/bulk/organisations/", "crm:organisations-"),
        ("/views/people/new/", "crm:people-"),
        ("/vocabulary/tags/3/rename/", "crm:vocabulary-"),
        ("/missions/japan/deadlines/new/", "crm:missions-"),
        ("/events/webinar/programme/", "crm:events-"),
        ("/network/clusters/biocat/edit/", "crm:network-"),
        ("/network/contact-points/3/hand-over/", "crm:network-"),
        ("/exports/", "crm:exports-"),
    ],
)
def test_a_page_of_a_noun_marks_the_nouns_entry(path: str, entry: str) -> None:
    assert place(resolve(path)).startswith(entry)


def test_a_page_that_nobody_resolved_marks_nothing() -> None:
    assert place(None) == ""
