"""A cluster's record of processing activities, to read and to take along."""

from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from campaigns.actions import processing
from crm.models import Cluster
from crm.views.requests import UserRequest, signed_in


@signed_in
@require_safe
def show(request: UserRequest, slug: str) -> HttpResponse:
    cluster = _cluster(request, slug)
    context = {"cluster": cluster, "record": processing.of(cluster)}
    return render(request, "campaigns/processing/show.html", context)


@signed_in
@require_safe
def download(request: UserRequest, slug: str) -> HttpResponse:
    cluster = _cluster(request, slug)
    response = JsonResponse(
        processing.of(cluster), json_dumps_params={"indent": 1, "ensure_ascii": False}
    )
    name = f"processing-{cluster.slug}.json"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response


def _cluster(request: UserRequest, slug: str) -> Cluster:
    cluster = get_object_or_404(Cluster.objects.visible_to(request.user), slug=slug)
    if not request.user.scope.reads_whole(cluster.pk):
        raise Http404
    return cluster
