"""The ledger equation, as the rows say."""

from collections import Counter

from campaigns.actions import leases, ledger, sweeping
from campaigns.models import Exclusion
from tests.world import World


def test_claimed_is_what_waits_in_a_leased_batch_of_its_own_lane(world: World) -> None:
    for cluster in (world.biocat, world.biom, world.biocat, world.biom):
        world.person(cluster)
    campaign = world.call()
    sweeping.tick()
    assert ledger.read(campaign).total.claimed == 0

    lease = leases.claim(campaign)

    assert lease
    book = ledger.read(campaign)
    assert {
        lane.release.pk: lane.claimed for lane in book.lanes if lane.release and lane.claimed
    } == {lease.release: 2}
    assert book.total.claimed == 2
    assert book.balances


def test_what_was_counted_as_often_stands_in_a_fixed_order() -> None:
    """The rows' own order depends on what other clusters keep."""
    archived, left = Exclusion.Reason.ARCHIVED, Exclusion.Reason.LEFT_CLUSTER
    frequent = Exclusion.Reason.NO_BASIS

    one = ledger.Lane(None, excluded=Counter({left: 1, archived: 1, frequent: 2}))
    other = ledger.Lane(None, excluded=Counter({frequent: 2, archived: 1, left: 1}))

    assert one.reasons == other.reasons
    assert [str(frequent.label), str(archived.label)] == [word for word, _ in one.reasons[:2]]
