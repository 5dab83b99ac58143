"""Announcements and press releases in the small world: topics, journalists, and texts to send."""

from typing import Any

from campaigns.actions import beginning, contents
from campaigns.models import Campaign
from crm.actions import consent, network, topics
from crm.models import Cluster, Person, Topic
from tests.world import LONG_AGO, World


def news(world: World, *, only: bool = True) -> Topic:
    """News of the alliance, which by default nobody gets who did not ask for it."""
    return topics.create(
        slug="bioxclusters-plus-news",
        names={"en": "News", "fr": "Actualités"},
        purpose="news",
        controller=world.biocat,
        alliance=world.alliance,
        by_subscription_only=only,
        by=None,
    )


def reader_of(world: World, topic: Topic, **values: Any) -> Person:
    """A follower who asked for this topic."""
    person = world.person(
        **{"kind": "follower", "organisation": None, "basis": None, "source": "", **values}
    )
    consent.subscribe(person=person, topic=topic, source="follow form")
    return person


def journalist(world: World, cluster: Cluster | None = None, **values: Any) -> Person:
    """Somebody of a cluster's press list."""
    return world.person(
        cluster,
        **{
            "kind": "media",
            "organisation": None,
            "basis": "legitimate-interest",
            "source": "press list",
            **values,
        },
    )


def press_desk(cluster: Cluster, name: str = "Apolline Ternand") -> None:
    network.appoint(
        cluster=cluster,
        role="media",
        name=name,
        email=f"press@{cluster.slug}.example",
        phone="+00 19",
        from_=LONG_AGO,
        by=None,
    )


def written(
    world: World,
    kind: str,
    topic: Topic | None = None,
    title: str = "Four regions, one voice",
    languages: tuple[str, ...] = ("en", "fr"),
) -> Campaign:
    """A draft with a text in these languages."""
    campaign = beginning.begin(
        kind=kind,
        alliance=world.alliance,
        title=title,
        topic=topic,
        by=world.users["coordinator"],
    )
    model = campaign.texts.order_by("pk")[0].blocks
    for language in languages:
        contents.edit(
            campaign=campaign,
            language=language,
            subject=f"{title} ({language})",
            preheader="",
            blocks=[
                {**block, "text": f"Said in {language}."} if block["kind"] == "text" else block
                for block in model
            ],
            ready=True,
        )
    return campaign
