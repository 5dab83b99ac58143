"""The proofs of one person as a file."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from crm.actions import proofs
from crm.models import Person
from crm.views.requests import UserRequest, signed_in


@signed_in
@require_safe
def show(request: UserRequest, pk: int, file_format: str) -> HttpResponse:
    rows = Person.objects.visible_to(request.user).select_related("cluster")
    person = get_object_or_404(rows, pk=pk)
    if not request.user.scope.reads_whole(person.cluster_id) or file_format not in proofs.FORMATS:
        raise Http404
    response = HttpResponse(
        proofs.fetch(person=person, by=request.user, file_format=file_format),
        content_type=proofs.FORMATS[file_format],
    )
    name = f"consent-{person.pk}.{file_format}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response
