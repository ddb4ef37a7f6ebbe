"""Signing in and out, and how; one's own sessions; the language; in the demo state its people and its mailbox."""

from django.urls import path

from accounts import views

app_name = "accounts"
urlpatterns = [
    # signing in
    path("sign-in/", views.sign_in, name="sign_in"),
    path("second-step/", views.second_step, name="second_step"),
    path("passkey/", views.passkey, name="passkey"),
    path("openid/return/", views.openid_return, name="openid_return"),
    path("openid/<str:provider>/", views.openid, name="openid"),
    path("connect/", views.connect, name="connect"),
    path("sign-out/", views.sign_out, name="sign_out"),
    # the ways to sign in
    path("prove/", views.prove, name="prove"),
    path("second-factor/", views.second_factor, name="second_factor"),
    path("second-factor/app/", views.new_app, name="new_app"),
    path("second-factor/passkey/", views.new_passkey, name="new_passkey"),
    path("second-factor/<uuid:public_id>/", views.remove_factor, name="remove_factor"),
    # sessions
    path("sessions/", views.sessions, name="sessions"),
    path("session/", views.session, name="session"),
    # mail
    path("sent/", views.sent, name="sent"),
    path("sent/<uuid:public_id>/again/", views.send_again, name="send_again"),
    # the language
    path("language/", views.choose_language, name="choose_language"),
    # ways back in
    path("forgot-user-name/", views.forgot_user_name, name="forgot_user_name"),
    path("forgot-password/", views.forgot_password, name="forgot_password"),
    path("mail-sent/", views.mail_sent, name="mail_sent"),
    # mailed links
    path("links/<str:token>/", views.link, name="link"),
    path("security/", views.security, name="security"),
    path("security/saved/", views.security_saved, name="security_saved"),
    path("verify/", views.verify, name="verify"),
    path("confirm-email/", views.confirm_email, name="confirm_email"),
    path("recover/", views.recover, name="recover"),
    path("new-password/", views.new_password, name="new_password"),
    # my account
    path("me/", views.my_account, name="my_account"),
    path("me/password/", views.change_password, name="change_password"),
    path("me/questions/", views.change_questions, name="change_questions"),
    path("me/email/", views.change_email, name="change_email"),
    path("me/codes/", views.recovery_codes, name="recovery_codes"),
    # the demo state
    path("demo/", views.demo_people, name="demo_people"),
    path("mailbox/", views.mailbox, name="mailbox"),
    path("mailbox/<uuid:public_id>/", views.mail, name="mail"),
]
