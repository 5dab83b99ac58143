"""The addresses of campaigns."""

app_name = "campaigns"
urlpatterns: list[object] = []
