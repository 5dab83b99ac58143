"""All proofs of one person as a file: every act with its words, whatever the language."""

import io
import json

import pytest
from pypdf import PdfReader

from crm.actions import consent, proofs
from crm.models import AuditEntry, Person, Suppression
from crm.rules.papers import Section, pdf, shown
from tests.world import World

ACCENTS = "àâæçéèêëîïôœùûüÿ ÄÖÜäöüß ÀÈÉÌÒÙ ¿áéíóúñ¡ l·l «cœur» “Straße” – €"


@pytest.fixture
def person(world: World) -> Person:
    person = world.person(given="Zoë", family="Müller-Peña")
    consent.record_basis(
        person=person,
        purpose="news",
        basis="consent",
        source="Formulaire « Été »",
        wording=f"Écrivez-moi. {ACCENTS}",
        language="fr",
        alliance=world.alliance,
    )
    assert person.primary
    consent.withdraw(
        address=person.primary.address,
        scope="cluster",
        cluster=world.biocat,
        reason=Suppression.Reason.OBJECTED,
        source="phone",
        person=person,
    )
    return person


def text_of(content: bytes) -> str:
    return " ".join(
        " ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(content)).pages
    )


def test_json_has_every_act_with_words_time_language_source(world: World, person: Person) -> None:
    by = world.users["contact_biocat"]

    proof = json.loads(proofs.fetch(person=person, by=by, file_format="json"))

    assert proof["person"] == "Zoë Müller-Peña"
    assert proof["controller"] == "Biocat"
    assert [act["act"] for act in proof["acts"]] == [
        "recorded by the cluster",
        "granted",
        "objected",
    ]
    granted = proof["acts"][1]
    assert granted["wording"] == f"Écrivez-moi. {ACCENTS}"
    assert granted["version"].endswith(" fr 1")
    assert (granted["language"], granted["source"]) == ("fr", "Formulaire « Été »")
    assert granted["alliance"] == world.alliance.name
    assert granted["at"].startswith("20")
    assert {basis["basis"] for basis in proof["bases"]} == {"membership", "consent"}
    (stop,) = proof["stops"]
    assert stop["reason"] == "objected"


def test_the_pdf_shows_every_accent_and_is_the_same_each_time(world: World, person: Person) -> None:
    by = world.users["contact_biocat"]

    first = proofs.fetch(person=person, by=by, file_format="pdf")
    proof = text_of(first)

    assert "Zoë Müller-Peña" in proof
    assert "Formulaire « Été »" in proof
    assert f"Écrivez-moi. {ACCENTS}" in proof
    assert "Objected" in proof


def test_taking_it_out_is_written_down(world: World, person: Person) -> None:
    proofs.fetch(person=person, by=world.users["contact_biocat"], file_format="json")

    entry = AuditEntry.objects.filter(verb="export", noun="person").get()
    assert (entry.row_id, entry.user, entry.count) == (
        person.pk,
        world.users["contact_biocat"],
        3,
    )


def test_what_another_cluster_knows_of_the_same_mailbox_is_not_in_it(world: World) -> None:
    ours, theirs = (
        world.person(email="one@two.example"),
        world.person(world.biom, email="one@two.example"),
    )
    consent.record_basis(person=theirs, purpose="news", basis="consent", source="BioM's own form")

    proof = json.dumps(proofs.of(ours, world.users["contact_biocat"]))

    assert "BioM" not in proof


def test_a_paper_is_the_same_bytes_for_the_same_words() -> None:
    said = {
        "title": "Title", "language": "de", "lead": "Lead", "page": "Seite %s",
        "sections": [
            Section("Heading", [("Label:", "Value")], [("Words:", "one\ntwo <b> & three")])
        ],
    }  # fmt: skip

    assert pdf(**said) == pdf(**said)  # type: ignore[arg-type]
    assert "one two <b> & three" in text_of(pdf(**said))  # type: ignore[arg-type]


def test_signs_that_no_font_has_are_spelt() -> None:
    assert shown(ACCENTS) == ACCENTS
    assert shown("Ж") == "[U+0416]"
    assert shown("e\u0301") == "é"
