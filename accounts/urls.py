"""Signing in and out; the language; in the demo state its people and its mailbox."""

from django.urls import path

from accounts import views

app_name = "accounts"
urlpatterns = [
    path("sign-in/", views.sign_in, name="sign_in"),
    path("sign-out/", views.sign_out, name="sign_out"),
    path("language/", views.choose_language, name="choose_language"),
    path("demo/", views.demo_people, name="demo_people"),
    path("mailbox/", views.mailbox, name="mailbox"),
    path("mailbox/<uuid:public_id>/", views.mail, name="mail"),
]
