"""Campaign pages, and everything a reader can open without signing in."""

from django.urls import path

from campaigns.views import public

app_name = "campaigns"
urlpatterns = [
    path("public/unsubscribe/<str:token>/", public.unsubscribe, name="public-unsubscribe"),
    path("public/answers/<str:token>/<slug:value>/", public.answer, name="public-answer"),
    path("public/documents/<int:pk>/", public.document, name="public-document"),
    path("public/<slug:language>/missions/<slug:slug>/", public.mission, name="public-mission"),
    path(
        "public/<slug:language>/missions/<slug:slug>/deadlines.ics",
        public.deadlines,
        name="public-deadlines",
    ),
    path("public/<slug:language>/events/<slug:slug>/", public.event, name="public-event"),
    path(
        "public/<slug:language>/events/<slug:slug>/event.ics",
        public.calendar,
        name="public-calendar",
    ),
]
