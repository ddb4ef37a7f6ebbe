"""Which seat a person works as, and the grade scales."""

from django.urls import path

from organizations import views

app_name = "organizations"
urlpatterns = [
    path("seats/choose/", views.choose_seat, name="choose_seat"),
    path("scales/", views.scales, name="scales"),
    path("scales/<uuid:public_id>/", views.scale, name="scale"),
    path("scales/<uuid:public_id>/new/", views.new_scale, name="new_scale"),
]
