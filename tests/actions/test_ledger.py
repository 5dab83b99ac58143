"""The ledger equation, as the rows say."""

from campaigns.actions import leases, ledger, sweeping
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
