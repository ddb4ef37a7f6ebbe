"""Addresses of students: their accounts, their registrations, and those who look after them."""

from django.urls import path

from students.views import (
    accounts,
    addresses,
    amendments,
    codes,
    consents,
    credentials,
    fees,
    files,
    guardians,
    inspections,
    invoices,
    late_claims,
    notices,
    papers,
    purposes,
    records,
    registered,
    registering,
    requirements,
    resetting,
    school_rosters,
    searching,
    statements,
    terms,
    twins,
)

app_name = "students"

urlpatterns = [
    # accounts
    path("new/", accounts.new, name="new"),
    path("new/check/", accounts.check, name="check"),
    path("new/password/", accounts.password, name="password"),
    path("new/<str:page>/", accounts.question, name="question"),
    path("created/", accounts.created, name="created"),
    path("confirm/", accounts.send_link, name="send_link"),
    path("confirm/<str:token>/", accounts.confirm, name="confirm"),
    # a class by its code
    path("class/<str:code>/", codes.join, name="join"),
    path("class-sheets/<uuid:public_id>/", codes.class_sheet, name="class_sheet"),
    # registering
    path("register/", registering.register, name="register"),
    path("register/choose/", registering.choose, name="choose"),
    path("register/answers/", registering.answers, name="answers"),
    path("classes/", registering.my_classes, name="my_classes"),
    path("registrations/<uuid:public_id>/", registering.registration, name="registration"),
    path("registrations/<uuid:public_id>/teacher/", registering.change_teacher, name="change_teacher"),
    path("registrations/<uuid:public_id>/college/", registering.change_college, name="change_college"),
    path("registrations/<uuid:public_id>/withdraw/", registering.withdraw, name="withdraw"),
    path("registrations/<uuid:public_id>/consent/", papers.consent, name="consent"),
    # late claims
    path("claims/new/", late_claims.new_claim, name="new_claim"),
    path("claims/<uuid:public_id>/", late_claims.claim, name="claim"),
    path("claims/papers/<uuid:public_id>/", late_claims.claim_file, name="claim_file"),
    path("<uuid:public_id>/claim/", late_claims.claim_for, name="claim_for"),
    # registrations on paper
    path("forms/", papers.registration_forms, name="registration_forms"),
    path("forms/<uuid:public_id>/", papers.take_form, name="take_form"),
    # texts that are agreed to
    path("consents/", consents.consents, name="consents"),
    path("consents/new/", consents.new_consent, name="new_consent"),
    path("guardian-texts/<uuid:public_id>/", consents.guardian_text, name="guardian_text"),
    # forms and fees
    path("requirements/", requirements.requirements, name="requirements"),
    path("receipts/<uuid:public_id>/", requirements.receipt, name="receipt"),
    path("terms/<uuid:public_id>/", terms.terms, name="terms"),
    # money
    path("fees/", fees.fees, name="fees"),
    path("fees/<uuid:public_id>/", fees.checkout, name="checkout"),
    path("local-provider/<uuid:public_id>/", fees.local_provider, name="local_provider"),
    path("provider-news/", fees.provider_news, name="provider_news"),
    path("payments/", fees.payments, name="payments"),
    path("payments/<uuid:public_id>/", fees.payment, name="payment"),
    path("statements/", statements.statements, name="statements"),
    path("statements/<uuid:public_id>/", statements.statement, name="statement"),
    path("statement-lines/<uuid:public_id>/", statements.statement_line, name="statement_line"),
    path("invoices/", invoices.invoices, name="invoices"),
    path("invoices/<uuid:public_id>/", invoices.invoice, name="invoice"),
    # a parent or guardian signs
    path("registrations/<uuid:public_id>/guardian/", guardians.ask_guardian, name="ask_guardian"),
    path("guardian/<str:token>/", guardians.guardian, name="guardian"),
    # those registered under an agreement
    path("registered/<uuid:public_id>/", registered.registered, name="registered"),
    # students of the former system
    path("files/", files.new_students, name="new_students"),
    path("files/<uuid:public_id>/", files.student_file, name="student_file"),
    # rosters from schools, and who of a class is not registered
    path("rosters/", school_rosters.school_rosters, name="school_rosters"),
    path("rosters/new/", school_rosters.new_school_roster, name="new_school_roster"),
    path("rosters/<uuid:public_id>/", school_rosters.school_roster, name="school_roster"),
    path("in-class/<uuid:public_id>/", school_rosters.in_class, name="in_class"),
    # industry credentials of a class
    path("credentials/<uuid:public_id>/", credentials.credentials, name="credentials"),
    path("reminders/<uuid:public_id>/", school_rosters.no_reminders, name="no_reminders"),
    # likely twins
    path("twins/", twins.twins, name="twins"),
    path("twins/<uuid:public_id>/", twins.twin, name="twin"),
    # changed addresses
    path("addresses/", addresses.addresses, name="addresses"),
    path("addresses/<uuid:public_id>/", addresses.address, name="address"),
    # rights in a record
    path("notice/", notices.notice, name="notice"),
    path("rights/", inspections.rights, name="rights"),
    path("inspections/", inspections.inspections, name="inspections"),
    path("inspections/new/", inspections.new_inspection, name="new_inspection"),
    path("inspections/<uuid:public_id>/", inspections.inspection, name="inspection"),
    path("amendments/", amendments.amendments, name="amendments"),
    path("amendments/new/", amendments.new_amendment, name="new_amendment"),
    path("amendments/<uuid:public_id>/", amendments.amendment, name="amendment"),
    path("<uuid:public_id>/amendment/", amendments.enter_amendment, name="enter_amendment"),
    path("<uuid:public_id>/inspection/", inspections.enter_inspection, name="enter_inspection"),
    # records
    path("", searching.search, name="search"),
    path("purpose/", purposes.purpose, name="purpose"),
    path("<uuid:public_id>/open/", searching.open_record, name="open_record"),
    path("<uuid:public_id>/reset/", resetting.reset_account, name="reset_account"),
    path("<uuid:public_id>/readers/", records.readers, name="readers"),
    path("mine/", records.mine, name="mine"),
    path("<uuid:public_id>/", records.student, name="student"),
    path("<uuid:public_id>/changes/", records.changes, name="changes"),
    path("<uuid:public_id>/history/", records.history, name="history"),
]
