from django.urls import reverse


def test_a_contact_sees_the_numbers_of_their_region(world, as_user):
    page = as_user(world.contact).get(reverse("crm:dashboard-show"))

    own = page.context["own"]
    assert (own.cluster, own.organisations, own.people, own.mailable) == (world.lyon, 1, 1, 1)
    assert "Send your profile" in page.content.decode()
    assert "Matchmaking" in page.content.decode()


def test_a_coordinator_sees_every_participants_counts_and_no_name(world, as_user):
    page = as_user(world.coordinator).get(reverse("crm:dashboard-show"))

    counts = {row.cluster: (row.people, row.mailable) for row in page.context["counted"]}
    assert counts == {world.lyon: (1, 1), world.munich: (1, 0)}
    assert "Geheimwort" not in page.content.decode()


def test_a_stranger_sees_only_their_own_cluster(world, as_user):
    page = as_user(world.stranger).get(reverse("crm:dashboard-show"))

    assert [row.cluster for row in page.context["counted"]] == [world.away]
    assert "Japan" not in page.content.decode()


def test_visitors_sign_in(world, client):
    assert client.get("/").url.startswith(reverse("account_login"))
