"""The support pages: for staff, through the one sign-in, and the audit only to be read."""

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from crm.actions import audit
from crm.models import User

PAGES = ["user", "cluster", "alliance", "topic", "auditentry"]


@pytest.fixture
def staff(db: None, client: Client) -> Client:
    user = User.objects.create_superuser("support@liaison.example", name="Support")
    audit.record(by=user, verb="create", row=user)
    client.force_login(user, "allauth.account.auth_backends.AuthenticationBackend")
    return client


@pytest.mark.parametrize("name", PAGES)
def test_staff_opens_lists_and_records_and_deletes_nothing(staff: Client, name: str) -> None:
    rows = staff.get(reverse(f"admin:crm_{name}_changelist"))

    assert rows.status_code == 200
    for row in rows.context["cl"].result_list:
        page = staff.get(reverse(f"admin:crm_{name}_change", args=[row.pk]))
        assert page.status_code == 200
        assert staff.post(reverse(f"admin:crm_{name}_delete", args=[row.pk])).status_code == 403


def test_a_new_user_has_no_password_and_one_spelling(staff: Client) -> None:
    counts = {"grants-TOTAL_FORMS": 0, "grants-INITIAL_FORMS": 0}
    form = {"email": "Nuria@Liaison.example", "name": "Núria", "language": "ca", "is_active": "on"}

    staff.post(reverse("admin:crm_user_add"), {**form, **counts})

    assert not User.objects.get(email="nuria@liaison.example").has_usable_password()


def test_the_audit_is_never_changed(staff: Client) -> None:
    assert staff.get(reverse("admin:crm_auditentry_add")).status_code == 403


def test_who_is_no_staff_signs_in_on_the_one_page_and_sees_nothing(
    db: None, client: Client
) -> None:
    asked = client.get(reverse("admin:index"), follow=True)
    assert asked.request["PATH_INFO"] == reverse("account_login")

    user = User.objects.create_user("reader@liaison.example", name="Reader")
    client.force_login(user, "allauth.account.auth_backends.AuthenticationBackend")

    assert client.get(reverse("admin:index"), follow=True).status_code == 403


def test_only_tables_chosen_here_are_open() -> None:
    assert {model._meta.model_name for model in admin.site._registry} >= {*PAGES}
