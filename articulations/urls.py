"""Articulations, requests for new ones, and the classes that are taught under them."""

from django.urls import path

from articulations import views

app_name = "articulations"
urlpatterns = [
    path("", views.search, name="search"),
    path("new/", views.new, name="new"),
    path("sections/", views.sections, name="sections"),
    path("sections/new/", views.new_section, name="new_section"),
    path("sections/roll-over/", views.roll_over, name="roll_over"),
    path("sections/rollovers/<uuid:public_id>/", views.rollover, name="rollover"),
    path("sections/hand-over/", views.hand_over, name="hand_over"),
    path("sections/<uuid:public_id>/teachers/", views.section_teachers, name="section_teachers"),
    path("schools/", views.schools, name="schools"),
    path("schools/<uuid:public_id>/", views.school, name="school"),
    path("catalog/", views.catalog, name="catalog"),
    path("catalog/openapi.json", views.catalog_api, name="catalog_api"),
    path("catalog/<str:name>", views.catalog_data, name="catalog_data"),
    path("assurances/", views.assurances, name="assurances"),
    path("assurances/mine/", views.my_assurances, name="my_assurances"),
    path("assurances/file/", views.assurances_file, name="assurances_file"),
    path("assurances/countersign/", views.countersign, name="countersign"),
    path("assurances/college/<uuid:public_id>/", views.assurance, name="assurance"),
    path("assurances/college/<uuid:public_id>/text/", views.assurance_text, name="assurance_text"),
    path("assurances/<uuid:public_id>/", views.signed_assurance, name="signed_assurance"),
    path("requests/", views.requests, name="requests"),
    path("requests/new/", views.new_request, name="new_request"),
    path("requests/steps/<uuid:public_id>/", views.request_steps, name="request_steps"),
    path("requests/files/<uuid:public_id>/", views.request_file, name="request_file"),
    path("requests/<uuid:public_id>/", views.request, name="request"),
    path("requests/<uuid:public_id>/check/", views.check_request, name="check_request"),
    path("requests/<uuid:public_id>/versions/", views.request_versions, name="request_versions"),
    path("requests/<uuid:public_id>/alignment/", views.alignment, name="alignment"),
    path("requests/<uuid:public_id>/enter/", views.enter_request, name="enter_request"),
    path("requests/<uuid:public_id>/pages/<str:page>/", views.request_page, name="request_page"),
    path("<uuid:public_id>/", views.articulation, name="articulation"),
]
