from django.urls import include, path

urlpatterns = [path("", include("campaigns.urls")), path("accounts/", include("allauth.urls"))]
