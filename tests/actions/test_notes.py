import pytest

from crm.actions import notes
from crm.actions.errors import Refused
from crm.models import AuditEntry, Note, Organisation, Person, User
from crm.models.together import earlier


def test_a_note_hangs_on_a_person_or_on_a_membership(
    person: Person, organisation: Organisation, user: User
) -> None:
    of_person = notes.add(person=person, text="  Met at the fair.\r\nCall in May.  ", by=user)
    of_company = notes.add(membership=organisation.memberships.get(), text="Moves.", by=user)

    assert of_person.text == "Met at the fair.\nCall in May."
    assert of_person.cluster_id == of_company.cluster_id == person.cluster_id
    with pytest.raises(TypeError):
        notes.add(text="Of nobody", by=user)


@pytest.mark.parametrize(
    ("text", "sentence"), [(" \n", "Write something"), ("x" * 10_001, "at most 10000")]
)
def test_an_empty_or_endless_note_is_refused(person: Person, text: str, sentence: str) -> None:
    with pytest.raises(Refused, match=sentence):
        notes.add(person=person, text=text, by=None)
    assert not Note.objects.exists()


def test_a_note_that_is_written_anew_keeps_what_stood_there(person: Person, user: User) -> None:
    note = notes.add(person=person, text="Met in Lyon.", by=user)

    notes.edit(note=note, text="Met in Grenoble.", by=user)
    notes.edit(note=note, text="Met in Grenoble.", by=user)

    row = Note.objects.get()
    assert row.text == "Met in Grenoble."
    assert row.edited_at
    assert [former.text for former in earlier(Note)] == ["Met in Lyon."]


def test_a_removed_note_is_gone_and_a_second_time_changes_nothing(
    person: Person, user: User
) -> None:
    note = notes.add(person=person, text="Wrong person.", by=user)

    notes.remove(note=note, by=user)
    notes.remove(note=note, by=user)

    assert not Note.objects.exists()
    assert AuditEntry.objects.filter(noun="note", verb="remove").count() == 1
    with pytest.raises(Refused, match="gone"):
        notes.edit(note=note, text="Anew", by=user)
