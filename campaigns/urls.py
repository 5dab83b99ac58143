"""Campaign pages, and everything a reader can open without signing in."""

from django.urls import path

from campaigns.views import (
    campaigns,
    desk,
    fence,
    hooks,
    previews,
    public,
    releases,
    reports,
    steps,
    texts,
)

app_name = "campaigns"
urlpatterns = [
    path("missions/<slug:slug>/announce/", campaigns.announce, name="campaigns-announce"),
    path("events/<slug:slug>/invite/", campaigns.invite, name="campaigns-invite"),
    path("campaigns/", campaigns.list, name="campaigns-list"),
    path("fence/", fence.show, name="fence-show"),
    path("fence/confirm/", fence.confirm, name="fence-confirm"),
    path("campaigns/desk/", desk.list, name="desk-list"),
    path("campaigns/desk/leave/", desk.leave, name="desk-leave"),
    path("campaigns/desk/again/", desk.again, name="desk-again"),
    path("campaigns/<slug:ref>/", campaigns.show, name="campaigns-show"),
    path("campaigns/<slug:ref>/progress/", campaigns.progress, name="campaigns-progress"),
    path("campaigns/<slug:ref>/text/<slug:language>/", texts.edit, name="texts-edit"),
    path("campaigns/<slug:ref>/preview/", previews.show, name="previews-show"),
    path("campaigns/<slug:ref>/preview/body/", previews.body, name="previews-body"),
    path("campaigns/<slug:ref>/proof/", previews.proof, name="previews-proof"),
    path("campaigns/<slug:ref>/check/", campaigns.check, name="campaigns-check"),
    path("campaigns/<slug:ref>/schedule/", steps.schedule, name="steps-schedule"),
    path("campaigns/<slug:ref>/unschedule/", steps.unschedule, name="steps-unschedule"),
    path("campaigns/<slug:ref>/pause/", steps.pause, name="steps-pause"),
    path("campaigns/<slug:ref>/resume/", steps.resume, name="steps-resume"),
    path("campaigns/<slug:ref>/go-on/", steps.go_on, name="steps-go_on"),
    path("campaigns/<slug:ref>/retry/", steps.retry, name="steps-retry"),
    path("campaigns/<slug:ref>/cancel/", steps.cancel, name="steps-cancel"),
    path("campaigns/<slug:ref>/people/", reports.people, name="reports-people"),
    path("campaigns/<slug:ref>/explain/", reports.explain, name="reports-explain"),
    path("campaigns/<slug:ref>/release-all/", releases.release_all, name="releases-release_all"),
    path("campaigns/<slug:ref>/lanes/<int:pk>/release/", releases.release, name="releases-release"),
    path("campaigns/<slug:ref>/lanes/<int:pk>/hold/", releases.hold, name="releases-hold"),
    path("campaigns/<slug:ref>/lanes/<int:pk>/decline/", releases.decline, name="releases-decline"),
    path(
        "campaigns/<slug:ref>/lanes/<int:pk>/introduce/",
        releases.introduce,
        name="releases-introduce",
    ),
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
    path("hooks/<slug:provider>/", hooks.receive, name="hooks-receive"),
]
