"""Articulations, requests for new ones, and the classes that are taught under them."""

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
    path("agreements/", views.agreements, name="agreements"),
    path("agreements/new/", views.new_agreement, name="new_agreement"),
    path("agreements/partners/<uuid:public_id>/", views.partners, name="partners"),
    path("agreements/links/<str:token>/", views.signing_link, name="signing_link"),
    path("agreements/verify/<str:code>/", views.verify_agreement, name="verify_agreement"),
    path("agreements/sign/", views.sign_outside, name="sign_outside"),
    path("agreements/<uuid:public_id>/", views.agreement, name="agreement"),
    path("agreements/<uuid:public_id>/text/", views.agreement_text, name="agreement_text"),
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
    path("reviews/", views.reviews, name="reviews"),
    path("reviews/<str:name>", views.reviews_file, name="reviews_file"),
    path("courses/", views.courses, name="courses"),
    path("courses/<uuid:public_id>/", views.course, name="course"),
    path("<uuid:public_id>/review/", views.review, name="review"),
    path("<uuid:public_id>/document/", views.agreement_file, name="agreement_file"),
    path("<uuid:public_id>/amend/", views.amend, name="amend"),
    path("<uuid:public_id>/terminate/", views.terminate, name="terminate"),
]
