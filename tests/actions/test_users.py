import datetime as dt

import pytest

from crm.actions import users
from crm.actions.errors import Refused
from crm.models import AuditEntry, Cluster, User


def test_an_address_signs_in_for_one_user_only(user: User) -> None:
    with pytest.raises(Refused, match="signs in as"):
        users.create(email="Contact@alpes.example", name="Again")


@pytest.mark.django_db
def test_a_weak_password_and_a_wrong_address_are_refused() -> None:
    with pytest.raises(Refused, match="too short"):
        users.create(email="new@alpes.example", name="New", password="vif")
    with pytest.raises(Refused, match="address"):
        users.create(email="alpes.example", name="New")

    assert not User.objects.exists()


def test_a_role_holds_at_once_and_twice_is_as_once(user: User, cluster: Cluster) -> None:
    assert not user.scope.anything

    first = users.grant(user=user, role="contact", cluster=cluster)
    again = users.grant(user=user, role="contact", cluster=cluster)
    assert first == again
    assert user.scope.contact_for == {cluster.pk}
    assert AuditEntry.objects.filter(verb="grant").count() == 1


@pytest.mark.parametrize("role", ["contact", "coordinator", "reader", "king"])
def test_a_role_without_its_scope_is_refused(user: User, role: str) -> None:
    with pytest.raises(Refused, match="a regional contact a cluster"):
        users.grant(user=user, role=role)


def test_a_role_that_has_ended_opens_nothing(user: User, cluster: Cluster) -> None:
    users.grant(
        user=user,
        role="contact",
        cluster=cluster,
        during=(dt.date(2016, 1, 1), dt.date(2018, 1, 1)),
    )

    assert not user.scope.anything
