import pytest

from crm.actions import topics
from crm.actions.errors import Refused
from crm.models import Alliance, Cluster, User


def test_a_topic_belongs_to_an_alliance_or_to_its_controller_alone(
    alliance: Alliance, cluster: Cluster, user: User
) -> None:
    names = {"en": "News"}
    ours = topics.create(
        slug="news", names=names, purpose="news", controller=cluster, alliance=alliance, by=user
    )
    own = topics.create(slug="own", names=names, purpose="news", controller=cluster, by=user)

    assert (ours.cluster, own.cluster) == (None, cluster)
    with pytest.raises(Refused, match="“news” is taken"):
        topics.create(slug="news", names=names, purpose="news", controller=cluster, by=user)
