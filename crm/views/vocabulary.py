"""A cluster's own words: its tags and custom fields, and where they stand."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from crm.models import CustomField, Membership, Person, Tag
from crm.models.kept import per_key, per_tag
from crm.views.kept import own_clusters
from crm.views.requests import UserRequest, signed_in


@signed_in
@require_safe
def show(request: UserRequest) -> HttpResponse:
    clusters = list(own_clusters(request))
    asked = request.GET.get("cluster", "")
    cluster = next((each for each in clusters if each.slug == asked), None)
    if not clusters or (asked and cluster is None):
        raise Http404
    cluster = cluster or clusters[0]
    people = Person.objects.visible_to(request.user).filter(cluster=cluster).current()
    kept = Membership.objects.visible_to(request.user).filter(cluster=cluster, archived_at=None)
    tagged = per_tag(people), per_tag(kept)
    answered = per_key(people) | per_key(kept)
    tags = Tag.objects.visible_to(request.user).filter(cluster=cluster)
    fields = CustomField.objects.visible_to(request.user).filter(cluster=cluster)
    scope = request.user.scope
    context = {
        "clusters": clusters,
        "cluster": cluster,
        "tags": [(tag, *(counts.get(tag.pk, 0) for counts in tagged)) for tag in tags],
        "fields": [(field, answered.get(field.key, 0)) for field in fields],
        "may_edit": scope.admin or cluster.pk in scope.contact_for,
    }
    return render(request, "crm/vocabulary/show.html", context)
