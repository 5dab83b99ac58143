"""The first run: whoever sets Liaison up becomes its administrator."""

from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from crm.actions import users
from crm.forms.users import FirstUserForm
from crm.models import User
from crm.views.requests import refusals


@require_http_methods(["GET", "HEAD", "POST"])
def first(request: HttpRequest) -> HttpResponse:
    """Exists only while nobody can sign in."""
    if not User.nobody_yet():
        raise Http404
    form = FirstUserForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals(form):
            user = users.create_first(**form.cleaned_data)
            login(request, user, "allauth.account.auth_backends.AuthenticationBackend")
            return redirect("crm:dashboard-show")
    return render(request, "crm/users/first.html", {"form": form})
