"""One person as a vCard, for an address book or a phone."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from crm.actions import exports
from crm.models import Person
from crm.views.requests import UserRequest, signed_in


@signed_in
@require_safe
def show(request: UserRequest, pk: int) -> HttpResponse:
    person = get_object_or_404(Person.objects.visible_to(request.user), pk=pk)
    response = HttpResponse(
        exports.fetch_card(person=person, by=request.user),
        content_type="text/vcard; charset=utf-8",
    )
    response["Content-Disposition"] = f'attachment; filename="person-{person.pk}.vcf"'
    response["Cache-Control"] = "no-store"
    return response
