"""The map of all doors."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path, re_path
from drf_spectacular.views import SpectacularAPIView

from backend import docs, health, media, web
from backend.bookings import feed_views
from backend.mentoring import giving_views

handler400 = "backend.web.bad_request"
handler404 = "backend.web.page_missing"

api: list[URLPattern | URLResolver] = [
    path("", include("backend.skills.urls")),
    path("", include("backend.members.urls")),
    path("", include("backend.notices.urls")),
    path("", include("backend.conversations.urls")),
    path("", include("backend.collectives.urls")),
    path("", include("backend.bookings.urls")),
    path("", include("backend.mentoring.urls")),
    path("", include("backend.calls.urls")),
    path("", include("backend.consultations.urls")),
    path("", include("backend.decisions.urls")),
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    path("docs/", docs.page, name="api-docs"),
]

urlpatterns = [
    path("admin/", admin.site.urls),
    path("_allauth/", include("allauth.headless.urls")),
    path("api/", include(api)),
    path("calendar/<str:token>.ics", feed_views.calendar, name="calendar-feed"),
    path("certificates/<str:number>/", giving_views.certificate, name="certificate-page"),
    path("health/", health.health, name="health"),
    path("media/<path:name>", media.serve, name="media"),
    re_path(r"^(?P<path>[\w/-]*)$", web.app, name="app"),
]
