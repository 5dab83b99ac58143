"""An audience of another size than the last time."""

from django.test import Client

from campaigns.actions import contents, following_up
from campaigns.models import Campaign, Delivery
from tests.views.test_campaigns import content, url
from tests.world import World


def test_an_audience_of_another_size_than_the_last_time_is_warned_of(
    world: World, as_coordinator: Client, as_other_contact: Client, draft: Campaign
) -> None:
    world.call()
    Campaign.objects.update(same_as="")
    Campaign.objects.update(status=Campaign.Status.FINISHED)
    for _n in range(4):
        world.person()
    another = Campaign.objects.get(pk=draft.pk)
    another.pk, another.ref, another.status = None, "again", Campaign.Status.DRAFT
    another.content_version = another.started_at = None
    another.save()
    for lane in draft.releases.all():
        another.releases.create(cluster=lane.cluster)
    contents.draft_from_record(another, by=None)

    page = content(as_coordinator, url(another, "check/"))

    assert "6 readers would get it; the last time, with “Japan mission”, 2 did." in page
    assert "the last time" not in content(as_other_contact, url(another, "check/"))


def test_what_goes_to_some_of_its_readers_is_not_compared(
    world: World, as_coordinator: Client, draft: Campaign
) -> None:
    """It goes to few by itself."""
    for _n in range(4):
        world.person()
    call = world.call()
    mail = Delivery.objects.filter(campaign=call).first()
    assert mail
    Delivery.objects.filter(pk=mail.pk).update(state=Delivery.State.ACCEPTED)
    Campaign.objects.update(status=Campaign.Status.FINISHED)
    call.refresh_from_db()
    again = following_up.draft(
        campaign=call, by=world.users["coordinator"], rule=Campaign.FollowRule.ALL
    )

    page = content(as_coordinator, url(again, "check/"))

    assert "Every recipient has a legal basis: 1 of 1." in page
    assert "the last time" not in page
