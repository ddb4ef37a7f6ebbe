"""Addresses of grading: the classes of a teacher, and the roster of one class."""

from django.urls import path

from grading import views

app_name = "grading"

urlpatterns = [
    path("rosters/", views.rosters, name="rosters"),
    path("rosters/<uuid:public_id>/", views.roster, name="roster"),
]
