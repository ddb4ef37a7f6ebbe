"""Articulations, and the classes that are taught under them."""

from django.urls import path

from articulations import views

app_name = "articulations"
urlpatterns = [
    path("", views.search, name="search"),
    path("new/", views.new, name="new"),
    path("sections/", views.sections, name="sections"),
    path("sections/new/", views.new_section, name="new_section"),
    path("schools/", views.schools, name="schools"),
    path("schools/<uuid:public_id>/", views.school, name="school"),
    path("catalog/", views.catalog, name="catalog"),
    path("catalog/openapi.json", views.catalog_api, name="catalog_api"),
    path("catalog/<str:name>", views.catalog_data, name="catalog_data"),
    path("<uuid:public_id>/", views.articulation, name="articulation"),
]
