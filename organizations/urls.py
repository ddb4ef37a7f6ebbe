"""How the programme works, consortia and colleges, grade scales; people, their seats, and which one a person works as."""

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
    path("codes/", views.codes, name="codes"),
    # people
    path("people/", views.people, name="people"),
    path("people/new/", views.new_person, name="new_person"),
    path("people/invited/", views.invited, name="invited"),
    path("people/files/new/", views.new_people, name="new_people"),
    path("people/files/template/", views.template, name="template"),
    path("people/files/<uuid:public_id>/", views.people_file, name="people_file"),
    path("people/<uuid:public_id>/", views.person, name="person"),
    path("people/<uuid:public_id>/link/", views.send_link, name="send_link"),
    path("people/<uuid:public_id>/seat/", views.new_seat, name="new_seat"),
    # seats
    path("seats/", views.my_seats, name="my_seats"),
    path("seats/choose/", views.choose_seat, name="choose_seat"),
    path("seats/<uuid:public_id>/", views.seat, name="seat"),
    path("seats/<uuid:public_id>/end/", views.end_seat, name="end_seat"),
    # grade scales
    path("scales/", views.scales, name="scales"),
    path("scales/<uuid:public_id>/", views.scale, name="scale"),
    path("scales/<uuid:public_id>/new/", views.new_scale, name="new_scale"),
]
