"""Every address of Liaison. The name of a page is noun-verb, as its view is noun.verb."""

from django.contrib import admin
from django.urls import include, path

from crm.views import (
    addresses,
    contact_points,
    dashboard,
    deadlines,
    documents,
    events,
    external_routes,
    health,
    inbox,
    missions,
    network,
    organisations,
    people,
    programmes,
    users,
)

pages = [
    path("", dashboard.show, name="dashboard-show"),
    path("first-run/", users.first, name="users-first"),
    path("organisations/", organisations.list, name="organisations-list"),
    path("organisations/new/", organisations.create, name="organisations-create"),
    path("organisations/<int:pk>/", organisations.show, name="organisations-show"),
    path("organisations/<int:pk>/edit/", organisations.edit, name="organisations-edit"),
    path("organisations/<int:pk>/archive/", organisations.archive, name="organisations-archive"),
    path("organisations/<int:pk>/restore/", organisations.restore, name="organisations-restore"),
    path("people/", people.list, name="people-list"),
    path("people/new/", people.create, name="people-create"),
    path("people/<int:pk>/", people.show, name="people-show"),
    path("people/<int:pk>/edit/", people.edit, name="people-edit"),
    path("people/<int:pk>/address/", addresses.change, name="addresses-change"),
    path("people/<int:pk>/move/", people.move, name="people-move"),
    path("people/<int:pk>/archive/", people.archive, name="people-archive"),
    path("people/<int:pk>/restore/", people.restore, name="people-restore"),
    path("missions/", missions.list, name="missions-list"),
    path("missions/new/", missions.create, name="missions-create"),
    path("missions/<slug:slug>/", missions.show, name="missions-show"),
    path("missions/<slug:slug>/edit/", missions.edit, name="missions-edit"),
    path("missions/<slug:slug>/archive/", missions.archive, name="missions-archive"),
    path("missions/<slug:slug>/restore/", missions.restore, name="missions-restore"),
    path("missions/<slug:slug>/deadlines/new/", deadlines.create, name="deadlines-create"),
    path("missions/<slug:slug>/deadlines/<int:pk>/", deadlines.edit, name="deadlines-edit"),
    path(
        "missions/<slug:slug>/deadlines/<int:pk>/remove/",
        deadlines.remove,
        name="deadlines-remove",
    ),
    path(
        "missions/<slug:slug>/external-route/", external_routes.edit, name="external-routes-edit"
    ),
    path("missions/<slug:mission>/programme/", programmes.edit, name="programmes-edit"),
    path("missions/<slug:mission>/documents/new/", documents.create, name="documents-create"),
    path("events/", events.list, name="events-list"),
    path("events/new/", events.create, name="events-create"),
    path("events/<slug:slug>/", events.show, name="events-show"),
    path("events/<slug:slug>/edit/", events.edit, name="events-edit"),
    path("events/<slug:slug>/archive/", events.archive, name="events-archive"),
    path("events/<slug:slug>/restore/", events.restore, name="events-restore"),
    path("events/<slug:event>/programme/", programmes.edit, name="programmes-edit"),
    path("events/<slug:event>/documents/new/", documents.create, name="documents-create"),
    path("documents/<int:pk>/", documents.show, name="documents-show"),
    path("network/", network.show, name="network-show"),
    path("network/contact-points/new/", contact_points.appoint, name="contact-points-appoint"),
    path("inbox/", inbox.list, name="inbox-list"),
    path("inbox/<int:pk>/", inbox.show, name="inbox-show"),
    path("inbox/<int:pk>/body/", inbox.body, name="inbox-body"),
    path("inbox/<int:pk>/raw/", inbox.raw, name="inbox-raw"),
    path("healthz", health.alive, name="health-alive"),
    path("readyz", health.ready, name="health-ready"),
]

urlpatterns = [
    path("", include((pages, "crm"))),
    path("", include("campaigns.urls")),
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
]
