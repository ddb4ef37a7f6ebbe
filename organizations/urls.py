"""Consortia and colleges, how the programme works, grade scales, and which seat a person works as."""

from django.urls import path

from organizations import views

app_name = "organizations"
urlpatterns = [
    # how it works
    path("for-students/", views.for_students, name="for_students"),
    path("for-teachers/", views.for_teachers, name="for_teachers"),
    # places
    path("consortia/", views.consortia, name="consortia"),
    path("consortia/<uuid:public_id>/", views.consortium, name="consortium"),
    path("colleges/<uuid:public_id>/", views.college, name="college"),
    path("colleges/<uuid:public_id>/answers/", views.answers, name="answers"),
    # seats
    path("seats/choose/", views.choose_seat, name="choose_seat"),
    # grade scales
    path("scales/", views.scales, name="scales"),
    path("scales/<uuid:public_id>/", views.scale, name="scale"),
    path("scales/<uuid:public_id>/new/", views.new_scale, name="new_scale"),
]
