from pathlib import Path

import pytest
from pytest_django import DjangoCaptureOnCommitCallbacks
from pytest_django.fixtures import Settings

from crm.actions import attachments, kept_files
from crm.actions.errors import Refused
from crm.models import Attachment, Person, User

PDF = b"%PDF-1.7\n%%EOF\n"


@pytest.fixture(autouse=True)
def _media(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def test_a_file_is_kept_under_a_name_that_tells_nothing(
    person: Person, user: User, tmp_path: Path
) -> None:
    attachment = attachments.attach(person=person, file=("../Zoé CV.pdf", PDF), by=user)

    assert (attachment.name, attachment.media_type) == ("Zoé CV.pdf", "application/pdf")
    assert attachment.cluster_id == person.cluster_id
    stored = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert [path.read_bytes() for path in stored] == [PDF]
    assert "CV" not in str(stored)


@pytest.mark.parametrize(
    ("file", "sentence"),
    [
        (("logo.svg", b"<svg onload='alert(1)'>"), "of a kind that is not kept"),
        (("page.html", b"<html>"), "of a kind that is not kept"),
        (("setup.exe", b"MZ"), "of a kind that is not kept"),
        (("cv.pdf", b"<html>"), "not what its ending says"),
        (("cv.pdf", b""), "is empty"),
        (("cv.pdf", PDF + b"x" * kept_files.LARGEST), "larger than 10 MB"),
    ],
    ids=lambda value: str(value)[:20],
)
def test_what_is_not_kept_is_refused_with_the_reason(
    person: Person, tmp_path: Path, file: tuple[str, bytes], sentence: str
) -> None:
    with pytest.raises(Refused, match=sentence):
        attachments.attach(person=person, file=file, by=None)
    assert not Attachment.objects.exists()
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_a_removed_file_leaves_the_disk_when_that_is_certain(
    person: Person,
    user: User,
    tmp_path: Path,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    attachment = attachments.attach(person=person, file=("cv.pdf", PDF), by=user)

    with django_capture_on_commit_callbacks(execute=True):
        attachments.remove(attachment=attachment, by=user)
        assert [path for path in tmp_path.rglob("*") if path.is_file()]
    attachments.remove(attachment=attachment, by=user)

    assert not [path for path in tmp_path.rglob("*") if path.is_file()]
    assert not Attachment.objects.exists()
