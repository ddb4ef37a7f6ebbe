"""Which seat a person works as."""

from django.urls import path

from organizations import views

app_name = "organizations"
urlpatterns = [path("seats/choose/", views.choose_seat, name="choose_seat")]
