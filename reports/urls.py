"""Home, figures, lists, how SERS runs, and everything SERS holds about a student."""

from django.urls import path

from reports.views import figures, homes, lists, mailings, operations, records, standing

app_name = "reports"
urlpatterns = [
    path("", homes.home, name="home"),
    path("reports/figures/", figures.figures, name="figures"),
    path("reports/figures/count/", figures.count_again, name="count_again"),
    path("reports/figures/sheet/", figures.figures_file, name="figures_file"),
    path("reports/standing/", standing.standing, name="standing"),
    path("reports/standing/sheet/", standing.standing_file, name="standing_file"),
    path("reports/lists/", lists.lists, name="lists"),
    path("reports/lists/<uuid:public_id>/", lists.list_file, name="list_file"),
    path("reports/mailings/", mailings.mailings, name="mailings"),
    path("reports/mailings/<uuid:public_id>/", mailings.mailing, name="mailing"),
    path("reports/no-letters/<uuid:public_id>/", mailings.no_letters, name="no_letters"),
    path("reports/operations/", operations.operations, name="operations"),
    path("reports/operations/job/", operations.resume_job, name="resume_job"),
    path("reports/mine/", records.mine, name="mine"),
    path("reports/records/<uuid:public_id>/", records.record, name="record"),
    path("reports/inspections/<uuid:public_id>/", records.record_for, name="record_for"),
    path("reports/files/<uuid:public_id>/", records.record_file, name="record_file"),
]
