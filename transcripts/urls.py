"""Addresses of transcription and transcripts."""

from django.urls import path

from transcripts import views

app_name = "transcripts"
urlpatterns = [
    path("runs/", views.runs, name="runs"),
    path("runs/<uuid:public_id>/", views.run, name="run"),
    path("runs/<uuid:public_id>/stop/", views.stop, name="stop"),
    path("runs/<uuid:public_id>/resume/", views.resume, name="resume"),
    path("mine/", views.mine, name="mine"),
    path("<uuid:public_id>/", views.transcript, name="transcript"),
    path("verify/", views.verify, name="verify"),
    path("verify/<str:code>/", views.verify_code, name="verify_code"),
]
