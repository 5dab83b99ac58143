import pytest

from crm.actions import organisations
from crm.actions.errors import Refused, Stale
from crm.models import AuditEntry, Cluster, Organisation, User
from crm.models.search import organisations_called


def test_a_new_organisation_is_kept_by_its_cluster_and_found_without_accents(
    cluster: Cluster, user: User
) -> None:
    made = organisations.create(
        cluster=cluster,
        by=user,
        legal_name="Éclat Thérapie SAS",
        website="https://www.eclat.example/",
        employees=12,
        codes=[("area", "oncology"), ("product", "drug")],
    )

    membership = made.memberships.get()
    assert (made.home_cluster, made.domain) == (cluster, "eclat.example")
    assert (membership.cluster, membership.standing, membership.employees) == (
        cluster, "member", 12,
    )  # fmt: skip
    assert Organisation.objects.filter(organisations_called("eclat therapie")).get() == made
    assert made.fields.count() == 2


def test_the_same_name_twice_in_a_cluster_is_refused_with_the_way_out(
    cluster: Cluster, other_cluster: Cluster, user: User, organisation: Organisation
) -> None:
    with pytest.raises(Refused, match="already keeps “Émile Vif SAS”"):
        organisations.create(cluster=cluster, by=user, legal_name="EMILE VIF SAS")

    assert organisations.create(cluster=other_cluster, by=user, legal_name="Emile Vif SAS")


@pytest.mark.parametrize(
    "wrong", [{"legal_name": ""}, {"kind": "circus"}, {"website": "vif"}, {"category": "tiny"}]
)
def test_wrong_values_are_refused_and_nothing_is_written(
    cluster: Cluster, user: User, wrong: dict[str, str]
) -> None:
    with pytest.raises(Refused):
        organisations.create(cluster=cluster, by=user, **{"legal_name": "Vif"} | wrong)  # type: ignore[arg-type]

    assert not Organisation.objects.exists()


def test_a_renamed_company_is_found_by_its_former_name(
    user: User, organisation: Organisation
) -> None:
    edited = organisations.edit(
        organisation=organisation, by=user, version=1, legal_name="Belledonne SAS"
    )

    assert edited.version == 2
    assert (
        Organisation.objects.filter(organisations_called("emile vif")).get().legal_name
        == "Belledonne SAS"
    )


def test_the_second_of_two_editors_is_told_that_the_first_was_quicker(
    user: User, organisation: Organisation
) -> None:
    organisations.edit(organisation=organisation, by=user, version=1, city="Grenoble")

    with pytest.raises(Stale, match="Somebody else changed"):
        organisations.edit(organisation=organisation, by=user, version=1, city="Lyon")
    organisation.refresh_from_db()
    assert organisation.city == "Grenoble"


def test_a_membership_says_how_its_own_cluster_sees_the_organisation(
    user: User, organisation: Organisation
) -> None:
    membership = organisations.edit_membership(
        membership=organisation.memberships.get(),
        by=user,
        standing="former",
        category="midcap",
        employees=300,
    )

    membership.refresh_from_db()
    assert (membership.standing, membership.category) == ("former", "midcap")


def test_codes_are_replaced_as_a_whole(user: User, organisation: Organisation) -> None:
    organisations.set_codes(organisation=organisation, by=user, codes=[("area", "cns")])
    organisations.set_codes(organisation=organisation, by=user, codes=[("product", "drug")])

    assert [field.code for field in organisation.fields.all()] == ["drug"]
    with pytest.raises(Refused):
        organisations.set_codes(organisation=organisation, by=user, codes=[("colour", "red")])
    assert organisation.fields.count() == 1


def test_archiving_twice_is_as_once_and_can_be_taken_back(
    user: User, organisation: Organisation
) -> None:
    for _time in range(2):
        organisations.archive(organisation=organisation, by=user)

    assert not Organisation.objects.current().exists()
    assert AuditEntry.objects.filter(verb="archive", row_id=organisation.pk).count() == 1
    organisations.restore(organisation=organisation, by=user)
    assert Organisation.objects.current().get() == organisation
