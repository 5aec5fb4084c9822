"""All addresses as the demo has them."""

from django.urls import include, path

from triage.urls import urlpatterns as own

urlpatterns = [*own, path("outbox/", include("triage.demo.urls"))]
