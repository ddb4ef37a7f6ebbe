"""Addresses of transcription and transcripts."""

from django.urls import path

from transcripts import views

app_name = "transcripts"
urlpatterns = [
    path("runs/", views.runs, name="runs"),
    path("runs/<uuid:public_id>/", views.run, name="run"),
    path("runs/<uuid:public_id>/stop/", views.stop, name="stop"),
    path("runs/<uuid:public_id>/resume/", views.resume, name="resume"),
    path("runs/<uuid:public_id>/ledger/", views.ledger, name="ledger"),
    path("plan/", views.plan, name="plan"),
    path("not-yet/", views.not_yet, name="not_yet"),
    path("not-yet/<uuid:public_id>/", views.eligibility, name="eligibility"),
    path("request/", views.request, name="request"),
    path("request/<uuid:public_id>/withdraw/", views.withdraw_request, name="withdraw_request"),
    path("identities/", views.identities, name="identities"),
    path("identities/<uuid:public_id>/undo/", views.undo_identity, name="undo_identity"),
    path("conflicts/", views.conflicts, name="conflicts"),
    path("conflicts/<uuid:public_id>/", views.conflict, name="conflict"),
    path("imports/", views.imports, name="imports"),
    path("imports/<uuid:public_id>/", views.sheet, name="sheet"),
    path("worksheets/", views.worksheets, name="worksheets"),
    path("worksheets/columns/", views.columns, name="columns"),
    path("worksheets/<uuid:public_id>/", views.worksheet, name="worksheet"),
    path("worksheets/<uuid:public_id>/take/", views.take_worksheet, name="take_worksheet"),
    path("reposts/", views.reposts, name="reposts"),
    path("reconciliation/", views.reconciliation, name="reconciliation"),
    path("mine/", views.mine, name="mine"),
    path("<uuid:public_id>/", views.transcript, name="transcript"),
    path("verify/", views.verify, name="verify"),
    path("verify/<str:code>/", views.verify_code, name="verify_code"),
]
