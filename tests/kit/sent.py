"""A call that was sent: one of its readers has answered, one of them was not reached."""

from campaigns.actions import sending, sweeping
from campaigns.models import Campaign, Delivery
from crm.actions import answers
from crm.models import Person
from tests.kit.mailserver import MailServer
from tests.world import World


def send(campaign: Campaign) -> None:
    """Let the scheduler and a worker do what is due of it."""
    sweeping.tick()
    campaign.refresh_from_db()
    sending.work(campaign)
    sweeping.tidy()
    campaign.refresh_from_db()


def four_readers(world: World) -> dict[str, Person]:
    """By what will become of them."""
    return {
        "answers": world.person(),
        "silent": world.person(),
        "bavarian": world.person(world.biom),
        "bounces": world.person(email="bounce.me@sme.example"),
    }


def sent_call(world: World, readers: dict[str, Person], mail_server: MailServer) -> Campaign:
    """The call to these four; what arrived of it is forgotten, so that what follows is seen."""
    call = world.call()
    send(call)
    assert call.status == Campaign.Status.FINISHED
    mail = Delivery.objects.get(campaign=call, person=readers["answers"])
    answers.give(
        person=readers["answers"], mission=world.mission, value="interested", delivery=mail.pk
    )
    mail_server.arrived.clear()
    return call
