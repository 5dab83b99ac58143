"""A person's mailboxes."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from crm.actions import people
from crm.forms.people import AddressForm
from crm.models import Person
from crm.views.requests import UserRequest, refusals, signed_in


@signed_in
def change(request: UserRequest, pk: int) -> HttpResponse:
    person = get_object_or_404(Person.objects.editable_by(request.user), pk=pk)
    form = AddressForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals(form):
            people.change_address(person=person, email=form.cleaned_data["email"], by=request.user)
            messages.success(request, _("Mails go to the new address; the former one is kept."))
            return redirect("crm:people-show", person.pk)
    return render(request, "crm/addresses/change.html", {"form": form, "person": person})
