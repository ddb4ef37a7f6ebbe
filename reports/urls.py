"""Home, and everything SERS holds about a student."""

from django.urls import path

from reports.views import homes, records

app_name = "reports"
urlpatterns = [
    path("", homes.home, name="home"),
    path("reports/mine/", records.mine, name="mine"),
    path("reports/records/<uuid:public_id>/", records.record, name="record"),
    path("reports/files/<uuid:public_id>/", records.record_file, name="record_file"),
]
