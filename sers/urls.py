"""Every address of SERS: the first word is the app that answers."""

from django.urls import include, path

from sers import views

urlpatterns = [
    path("", include("reports.urls")),
    path("accounts/", include("accounts.urls")),
    path("organizations/", include("organizations.urls")),
    path("articulations/", include("articulations.urls")),
    path("students/", include("students.urls")),
    path("grading/", include("grading.urls")),
    path("transcripts/", include("transcripts.urls")),
    path("accessibility/", views.accessibility, name="accessibility"),
    path("styleguide/", views.styleguide, name="styleguide"),
    path("healthz/", views.healthz, name="healthz"),
]

handler400 = "sers.views.bad_request"
handler403 = "sers.views.permission_denied"
handler404 = "sers.views.page_not_found"
handler500 = "sers.views.server_error"
