"""Addresses of grading, by noun."""

from django.urls import path

from grading import views

app_name = "grading"

urlpatterns = [
    path("rosters/", views.rosters, name="rosters"),
    path("rosters/<uuid:public_id>/", views.roster, name="roster"),
    path("rosters/<uuid:public_id>/reopen/", views.reopen, name="reopen"),
    path("rosters/<uuid:public_id>/verification/", views.verification, name="verification"),
    path("progress/", views.progress, name="progress"),
    path("progress/file/", views.progress_file, name="progress_file"),
    path("settings/", views.settings, name="settings"),
    path("colleges/<uuid:public_id>/", views.college_year, name="college_year"),
    path("consortia/<uuid:public_id>/windows/", views.windows, name="windows"),
    path("extensions/", views.extensions, name="extensions"),
    path("extensions/<uuid:public_id>/", views.extension, name="extension"),
    path("late-claims/", views.late_claims, name="late_claims"),
    path("late-claims/<uuid:public_id>/", views.late_claim, name="late_claim"),
    path("changes/", views.changes, name="changes"),
    path("changes/<uuid:public_id>/", views.change, name="change"),
    path("changes/<uuid:public_id>/file/", views.change_file, name="change_file"),
    path("registrations/<uuid:public_id>/change/", views.new_change, name="new_change"),
    path("registrations/<uuid:public_id>/comments/", views.comments, name="comments"),
    path("rosters/<uuid:public_id>/draft/", views.draft, name="draft"),
    path("rosters/<uuid:public_id>/paste/", views.paste, name="paste"),
    path("rosters/<uuid:public_id>/list.csv", views.sheet, name="sheet"),
    path("rosters/<uuid:public_id>/receipts/", views.receipts, name="receipts"),
    path("rosters/<uuid:public_id>/receipts/<str:reference>/", views.receipt, name="receipt"),
]
