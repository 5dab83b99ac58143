"""No file that anybody takes out holds a word of a cluster that they do not read."""

import io
import zipfile

import pytest

from crm.models import Export
from tests.shape.conftest import asked
from tests.shape.realm import PERSONAS, USERS, Realm
from tests.shape.test_permissions import leaked

pytestmark = pytest.mark.django_db

QUESTIONS = ("", "archived=1", "q=core", "q=secret", "q=%40", "cluster=biom", "mailable=no")


def taken_out(realm: Realm, persona: str, **data: str) -> str:
    """The text of the file that a persona makes; a workbook's sheets as they are inside."""
    export = Export.objects.filter(by=realm.world.users[USERS[persona]])
    before = set(export.values_list("pk", flat=True))
    response = realm.clients[persona].post("/exports/new/", {"columns": "all", **data})
    if response.status_code != 302:
        return response.content.decode()
    made = export.exclude(pk__in=before).get()
    content = b"".join(bytes(piece.content) for piece in made.pieces.order_by("place"))
    if not content.startswith(b"PK"):
        return content.decode()
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return "\n".join(package.read(name).decode() for name in package.namelist())


@pytest.mark.parametrize("file_format", Export.Format.values)
@pytest.mark.parametrize("noun", Export.Noun.values)
def test_no_file_holds_a_hidden_word(realm: Realm, noun: str, file_format: str) -> None:
    for persona in USERS:
        for question in QUESTIONS if file_format == "csv" else QUESTIONS[:2]:
            text = taken_out(realm, persona, of=noun, question=question, file_format=file_format)
            assert not leaked(realm, persona, text), (persona, question)


def test_the_files_hold_the_words_of_who_reads_them(realm: Realm) -> None:
    """Else the search for words would prove nothing."""
    text = taken_out(realm, "own", of="people", question="", file_format="csv")
    for word in ("corebiocatfamily", "secretbiocatmailbox", "secretbiocatphone"):
        assert word in text
    shared = taken_out(realm, "coordinator", of="people", question="", file_format="csv")
    assert "corebiocatfamily" in shared
    assert "secretbiocatobjector" not in shared


def test_no_vcard_holds_a_hidden_word(realm: Realm) -> None:
    for persona in PERSONAS:
        for thing in realm.things:
            if thing.split()[-1] in ("person", "nameless", "objector", "gone", "shelved", "twin"):
                _status, body, _location = asked(realm, persona, "crm:vcards-show", thing)
                assert not leaked(realm, persona, body), (persona, thing)
