"""What one can ask for."""

from django.db import transaction
from django.utils.translation import gettext as _

from crm.actions import audit
from crm.actions.checks import check, check_any_text
from crm.actions.errors import Refused
from crm.models import Alliance, Cluster, Topic, User


def create(
    *,
    slug: str,
    names: dict[str, str],
    purpose: str,
    controller: Cluster,
    by: User | None,
    alliance: Alliance | None = None,
    by_subscription_only: bool = False,
    public: bool = False,
) -> Topic:
    """A new topic of an alliance, or of its controller alone. A used slug is refused."""
    topic = Topic(
        slug=slug,
        names=names,
        purpose=purpose,
        controller=controller,
        alliance=alliance,
        cluster=None if alliance else controller,
        by_subscription_only=by_subscription_only,
        public=public,
    )
    check(topic)
    check_any_text(names, _("Give the topic a name in at least one language."))
    with transaction.atomic():
        if Topic.objects.filter(slug=slug).exists():
            raise Refused(
                _("The short name “%(slug)s” is taken. Choose another one.") % {"slug": slug}
            )
        topic.save()
        audit.record(by=by, verb="create", row=topic, cluster=controller)
    return topic
