"""Who gets what from every address: the policy of access on one page. tests/test_access.py holds it against SERS.

A row is an address and a method; a column is a person of the standing cast. The object in the address, if there is
one, is Columbia Basin's (see OBJECTS), so that `teacher` is its own teacher and `o.teacher` the neighbour's.

    .   answered (200)                      0   not there, as far as this person can tell (404)
    >   done or already there: goes on (302)  x   not for this person's seat (403)
    s   sent to sign in (302)               !   refused with words: the form was sent empty (422)
    c   refused with words: what stands does not allow it (409)
"""

#: The standing cast in the order of the columns: anonymous first, then by role, own before other.
PEOPLE = (
    "anonymous",
    "student", "classmate", "other_student",
    "teacher", "colleague", "other_teacher",
    "counselor", "other_counselor",
    "district", "other_district",
    "faculty", "other_faculty",
    "registrar", "other_registrar",
    "consortium", "other_consortium",
    "state",
    "former_teacher", "locked_teacher", "nobody", "many_hats",
)  # fmt: skip

TABLE = """
                                  anon | student     | teacher     | couns. | distr. | faculty| regis. | consor.| st | former locked nobody hats
                                       | own mate o. | own coll o. | own o. | own o. | own o. | own o. | own o. |    |
reports:home             GET      .    | >   >    >  | .   .    .  | .   .  | .   .  | .   .  | .   .  | .   .  | .  | .      .      .      .
accounts:sign_in         GET      .    | >   >    >  | >   >    >  | >   >  | >   >  | >   >  | >   >  | >   >  | >  | >      .      >      >
accounts:sign_in         POST     !    | >   >    >  | >   >    >  | >   >  | >   >  | >   >  | >   >  | >   >  | >  | >      !      >      >
accounts:sign_out        POST     >    | >   >    >  | >   >    >  | >   >  | >   >  | >   >  | >   >  | >   >  | >  | >      >      >      >
accounts:second_step     GET      s    | >   >    >  | >   >    >  | >   >  | >   >  | >   >  | >   >  | >   >  | >  | >      s      >      >
accounts:second_step     POST     s    | >   >    >  | >   >    >  | >   >  | >   >  | >   >  | >   >  | >   >  | >  | >      s      >      >
accounts:passkey         GET      .    | .   .    .  | .   .    .  | .   .  | .   .  | .   .  | .   .  | .   .  | .  | .      .      .      .
accounts:passkey         POST     !    | !   !    !  | !   !    !  | !   !  | !   !  | !   !  | !   !  | !   !  | !  | !      !      !      !
accounts:openid          GET      0    | 0   0    0  | 0   0    0  | 0   0  | 0   0  | 0   0  | 0   0  | 0   0  | 0  | 0      0      0      0
accounts:openid_return   GET      s    | >   >    >  | >   >    >  | >   >  | >   >  | >   >  | >   >  | >   >  | >  | >      s      >      >
accounts:connect         GET      s    | >   >    >  | >   >    >  | >   >  | >   >  | >   >  | >   >  | >   >  | >  | >      s      >      >
accounts:connect         POST     s    | >   >    >  | >   >    >  | >   >  | >   >  | >   >  | >   >  | >   >  | >  | >      s      >      >
accounts:prove           GET      s    | .   .    .  | .   .    .  | .   .  | .   .  | .   .  | .   .  | .   .  | .  | .      s      .      .
accounts:prove           POST     s    | !   !    !  | !   !    !  | !   !  | !   !  | !   !  | !   !  | !   !  | !  | !      s      !      !
accounts:second_factor   GET      s    | .   .    .  | .   .    .  | .   .  | .   .  | .   .  | .   .  | .   .  | .  | .      s      .      .
accounts:new_app         GET      s    | .   .    .  | .   .    .  | .   .  | .   .  | .   .  | .   .  | .   .  | .  | .      s      .      .
accounts:new_app         POST     s    | !   !    !  | !   !    !  | !   !  | !   !  | !   !  | !   !  | !   !  | !  | !      s      !      !
accounts:new_passkey     GET      s    | .   .    .  | .   .    .  | .   .  | .   .  | .   .  | .   .  | .   .  | .  | .      s      .      .
accounts:new_passkey     POST     s    | !   !    !  | !   !    !  | !   !  | !   !  | !   !  | !   !  | !   !  | !  | !      s      !      !
accounts:remove_factor   GET      s    | 0   0    0  | .   0    0  | 0   0  | 0   0  | 0   0  | 0   0  | 0   0  | 0  | 0      s      0      0
accounts:remove_factor   POST     s    | 0   0    0  | >   0    0  | 0   0  | 0   0  | 0   0  | 0   0  | 0   0  | 0  | 0      s      0      0
accounts:sessions        GET      s    | .   .    .  | .   .    .  | .   .  | .   .  | .   .  | .   .  | .   .  | .  | .      s      .      .
accounts:sessions        POST     s    | >   >    >  | >   >    >  | >   >  | >   >  | >   >  | >   >  | >   >  | >  | >      s      >      >
accounts:session         GET      s    | .   .    .  | .   .    .  | .   .  | .   .  | .   .  | .   .  | .   .  | .  | .      s      .      .
accounts:session         POST     s    | .   .    .  | .   .    .  | .   .  | .   .  | .   .  | .   .  | .   .  | .  | .      s      .      .
accounts:forgot_user_name GET    .    | .   .    .  | .   .    .  | .   .  | .   .  | .   .  | .   .  | .   .  | .  | .      .      .      .
accounts:forgot_user_name POST   !    | !   !    !  | !   !    !  | !   !  | !   !  | !   !  | !   !  | !   !  | !  | !      !      !      !
accounts:forgot_password GET    .    | .   .    .  | .   .    .  | .   .  | .   .  | .   .  | .   .  | .   .  | .  | .      .      .      .
accounts:forgot_password POST   !    | !   !    !  | !   !    !  | !   !  | !   !  | !   !  | !   !  | !   !  | !  | !      !      !      !
accounts:mail_sent       GET    .    | .   .    .  | .   .    .  | .   .  | .   .  | .   .  | .   .  | .   .  | .  | .      .      .      .
accounts:link            GET    0    | 0   0    0  | 0   0    0  | 0   0  | 0   0  | 0   0  | 0   0  | 0   0  | 0  | 0      0      0      0
accounts:security        GET    0    | 0   0    0  | 0   0    0  | 0   0  | 0   0  | 0   0  | 0   0  | 0   0  | 0  | 0      0      0      0
accounts:security        POST   0    | 0   0    0  | 0   0    0  | 0   0  | 0   0  | 0   0  | 0   0  | 0   0  | 0  | 0      0      0      0
accounts:security_saved  GET    s    | .   .    .  | .   .    .  | .   .  | .   .  | .   .  | .   .  | .   .  | .  | .      s      .      .
accounts:verify          GET    s    | .   .    .  | .   .    .  | .   .  | .   .  | .   .  | .   .  | .   .  | .  | .      s      .      .
accounts:verify          POST   s    | >   >    >  | !   !    !  | !   !  | !   !  | !   !  | !   !  | !   !  | !  | !      s      !      !
accounts:confirm_email   GET    0    | 0   0    0  | 0   0    0  | 0   0  | 0   0  | 0   0  | 0   0  | 0   0  | 0  | 0      0      0      0
accounts:confirm_email   POST   0    | 0   0    0  | 0   0    0  | 0   0  | 0   0  | 0   0  | 0   0  | 0   0  | 0  | 0      0      0      0
accounts:recover         GET    0    | 0   0    0  | 0   0    0  | 0   0  | 0   0  | 0   0  | 0   0  | 0   0  | 0  | 0      0      0      0
accounts:recover         POST   0    | 0   0    0  | 0   0    0  | 0   0  | 0   0  | 0   0  | 0   0  | 0   0  | 0  | 0      0      0      0
accounts:new_password    GET    0    | 0   0    0  | 0   0    0  | 0   0  | 0   0  | 0   0  | 0   0  | 0   0  | 0  | 0      0      0      0
accounts:new_password    POST   0    | 0   0    0  | 0   0    0  | 0   0  | 0   0  | 0   0  | 0   0  | 0   0  | 0  | 0      0      0      0
accounts:my_account      GET    s    | .   .    .  | .   .    .  | .   .  | .   .  | .   .  | .   .  | .   .  | .  | .      s      .      .
accounts:my_account      POST   s    | >   >    >  | !   !    !  | !   !  | !   !  | !   !  | !   !  | !   !  | !  | !      s      !      !
accounts:change_password GET    s    | .   .    .  | .   .    .  | .   .  | .   .  | .   .  | .   .  | .   .  | .  | .      s      .      .
accounts:change_password POST   s    | !   !    !  | !   !    !  | !   !  | !   !  | !   !  | !   !  | !   !  | !  | !      s      !      !
accounts:change_questions GET    s    | .   .    .  | .   .    .  | .   .  | .   .  | .   .  | .   .  | .   .  | .  | .      s      .      .
accounts:change_questions POST   s    | !   !    !  | !   !    !  | !   !  | !   !  | !   !  | !   !  | !   !  | !  | !      s      !      !
accounts:change_email    GET    s    | .   .    .  | .   .    .  | .   .  | .   .  | .   .  | .   .  | .   .  | .  | .      s      .      .
accounts:change_email    POST   s    | !   !    !  | !   !    !  | !   !  | !   !  | !   !  | !   !  | !   !  | !  | !      s      !      !
accounts:recovery_codes  GET    s    | .   .    .  | .   .    .  | .   .  | .   .  | .   .  | .   .  | .   .  | .  | .      s      .      .
accounts:recovery_codes  POST   s    | .   .    .  | .   .    .  | .   .  | .   .  | .   .  | .   .  | .   .  | .  | .      s      .      .
accounts:demo_people     GET      .    | .   .    .  | .   .    .  | .   .  | .   .  | .   .  | .   .  | .   .  | .  | .      .      .      .
accounts:sent            GET      s    | x   x    x  | x   x    x  | x   x  | x   x  | x   x  | x   x  | .   .  | .  | x      s      x      x
accounts:send_again      POST     s    | x   x    x  | x   x    x  | x   x  | x   x  | x   x  | x   x  | >   0  | >  | x      s      x      x
accounts:choose_language POST     0    | 0   0    0  | 0   0    0  | 0   0  | 0   0  | 0   0  | 0   0  | 0   0  | 0  | 0      0      0      0
accounts:demo_people     POST     0    | 0   0    0  | 0   0    0  | 0   0  | 0   0  | 0   0  | 0   0  | 0   0  | 0  | 0      0      0      0
accounts:mailbox         GET      .    | .   .    .  | .   .    .  | .   .  | .   .  | .   .  | .   .  | .   .  | .  | .      .      .      .
accounts:mail            GET      .    | .   .    .  | .   .    .  | .   .  | .   .  | .   .  | .   .  | .   .  | .  | .      .      .      .
organizations:choose_seat POST    s    | >   >    >  | >   >    >  | >   >  | >   >  | >   >  | >   >  | >   >  | >  | >      s      >      >
organizations:for_students GET      .    | .   .    .  | .   .    .  | .   .  | .   .  | .   .  | .   .  | .   .  | .  | .      .      .      .
organizations:for_teachers GET      .    | .   .    .  | .   .    .  | .   .  | .   .  | .   .  | .   .  | .   .  | .  | .      .      .      .
organizations:consortia  GET      .    | .   .    .  | .   .    .  | .   .  | .   .  | .   .  | .   .  | .   .  | .  | .      .      .      .
organizations:consortium GET      .    | .   .    .  | .   .    .  | .   .  | .   .  | .   .  | .   .  | .   .  | .  | .      .      .      .
organizations:college    GET      .    | .   .    .  | .   .    .  | .   .  | .   .  | .   .  | .   .  | .   .  | .  | .      .      .      .
organizations:answers    GET      s    | x   x    x  | x   x    x  | x   x  | x   x  | x   x  | .   0  | .   0  | .  | x      s      x      0
organizations:answers    POST     s    | x   x    x  | x   x    x  | x   x  | x   x  | x   x  | !   0  | !   0  | !  | x      s      x      0
organizations:codes      GET      s    | x   x    x  | x   x    x  | x   x  | x   x  | x   x  | x   x  | x   x  | .  | x      s      x      x
organizations:codes      POST     s    | x   x    x  | x   x    x  | x   x  | x   x  | x   x  | x   x  | x   x  | !  | x      s      x      x
organizations:scales     GET      s    | x   x    x  | x   x    x  | x   x  | x   x  | x   x  | .   .  | .   .  | .  | x      s      x      .
organizations:scale      GET      s    | x   x    x  | x   x    x  | x   x  | x   x  | x   x  | .   .  | .   .  | .  | x      s      x      .
organizations:new_scale  GET      s    | x   x    x  | x   x    x  | x   x  | x   x  | x   x  | .   .  | .   .  | x  | x      s      x      .
organizations:new_scale  POST     s    | x   x    x  | x   x    x  | x   x  | x   x  | x   x  | !   !  | !   !  | x  | x      s      x      !
organizations:people     GET     s | x  x  x | x  x  x | .  . | .  . | x  x | .  . | .  . | . | x  s  x  .
organizations:people     POST    s | x  x  x | x  x  x | >  > | >  > | x  x | >  > | >  > | > | x  s  x  >
organizations:person     GET     s | x  x  x | x  x  x | .  0 | .  0 | x  x | 0  0 | .  0 | . | x  s  x  0
organizations:new_person GET     s | x  x  x | x  x  x | x  x | .  . | x  x | x  x | .  . | . | x  s  x  x
organizations:new_person POST    s | x  x  x | x  x  x | x  x | !  ! | x  x | x  x | !  ! | ! | x  s  x  x
organizations:send_link  POST    s | x  x  x | x  x  x | x  x | >  0 | x  x | x  x | >  0 | > | x  s  x  x
organizations:new_seat   GET     s | x  x  x | x  x  x | x  x | .  0 | x  x | x  x | .  0 | . | x  s  x  x
organizations:new_seat   POST    s | x  x  x | x  x  x | x  x | !  0 | x  x | x  x | !  0 | ! | x  s  x  x
organizations:invited    GET     s | x  x  x | x  x  x | .  . | .  . | x  x | .  . | .  . | . | x  s  x  .
organizations:invited    POST    s | x  x  x | x  x  x | x  x | >  > | x  x | x  x | >  > | > | x  s  x  x
organizations:new_people GET     s | x  x  x | x  x  x | x  x | .  . | x  x | x  x | .  . | . | x  s  x  x
organizations:new_people POST    s | x  x  x | x  x  x | x  x | !  ! | x  x | x  x | !  ! | ! | x  s  x  x
organizations:template   GET     s | x  x  x | x  x  x | x  x | .  . | x  x | x  x | .  . | . | x  s  x  x
organizations:people_file GET     s | x  x  x | x  x  x | x  x | 0  0 | x  x | x  x | .  0 | 0 | x  s  x  x
organizations:people_file POST    s | x  x  x | x  x  x | x  x | 0  0 | x  x | x  x | >  0 | 0 | x  s  x  x
organizations:my_seats   GET     s | .  .  . | .  .  . | .  . | .  . | .  . | .  . | .  . | . | .  s  .  .
organizations:seat       GET     s | x  x  x | x  x  x | x  x | .  0 | x  x | x  x | .  0 | . | x  s  x  x
organizations:seat       POST    s | x  x  x | x  x  x | x  x | !  0 | x  x | x  x | !  0 | ! | x  s  x  x
organizations:end_seat   GET     s | x  x  x | x  x  x | x  x | .  0 | x  x | x  x | .  0 | . | x  s  x  x
organizations:end_seat   POST    s | x  x  x | x  x  x | x  x | !  0 | x  x | x  x | !  0 | ! | x  s  x  x
articulations:search     GET      .    | .   .    .  | .   .    .  | .   .  | .   .  | .   .  | .   .  | .   .  | .  | .      .      .      .
articulations:alternatives GET    .    | .   .    .  | .   .    .  | .   .  | .   .  | .   .  | .   .  | .   .  | .  | .      .      .      .
articulations:articulation GET    .    | .   .    .  | .   .    .  | .   .  | .   .  | .   .  | .   .  | .   .  | .  | .      .      .      .
articulations:schools    GET      .    | .   .    .  | .   .    .  | .   .  | .   .  | .   .  | .   .  | .   .  | .  | .      .      .      .
articulations:school     GET      .    | .   .    .  | .   .    .  | .   .  | .   .  | .   .  | .   .  | .   .  | .  | .      .      .      .
articulations:catalog    GET      .    | .   .    .  | .   .    .  | .   .  | .   .  | .   .  | .   .  | .   .  | .  | .      .      .      .
articulations:catalog_api GET      .    | .   .    .  | .   .    .  | .   .  | .   .  | .   .  | .   .  | .   .  | .  | .      .      .      .
articulations:catalog_data GET      .    | .   .    .  | .   .    .  | .   .  | .   .  | .   .  | .   .  | .   .  | .  | .      .      .      .
articulations:new        GET      s    | x   x    x  | x   x    x  | x   x  | x   x  | x   x  | x   x  | .   .  | x  | x      s      x      x
articulations:new        POST     s    | x   x    x  | x   x    x  | x   x  | x   x  | x   x  | x   x  | !   !  | x  | x      s      x      x
articulations:sections   GET      s    | x   x    x  | x   x    x  | .   .  | .   .  | .   .  | x   x  | .   .  | .  | x      s      x      x
articulations:new_section GET     s    | x   x    x  | x   x    x  | x   x  | x   x  | x   x  | x   x  | .   .  | x  | x      s      x      x
articulations:new_section POST    s    | x   x    x  | x   x    x  | x   x  | x   x  | x   x  | x   x  | !   !  | x  | x      s      x      x
articulations:high_school_course GET s  | x   x    x  | .   .    0  | .   0  | .   0  | .   0  | .   0  | .   0  | .  | x      s      x      .
articulations:edit_class GET      s    | x   x    x  | x   x    x  | x   x  | .   0  | x   x  | x   x  | .   0  | .  | x      s      x      x
articulations:edit_class POST     s    | x   x    x  | x   x    x  | x   x  | !   0  | x   x  | x   x  | !   0  | !  | x      s      x      x
articulations:new_classes GET     s    | x   x    x  | x   x    x  | x   x  | .   .  | x   x  | x   x  | .   .  | .  | x      s      x      x
articulations:new_classes POST    s    | x   x    x  | x   x    x  | x   x  | !   !  | x   x  | x   x  | !   !  | !  | x      s      x      x
articulations:classes_file GET    s    | x   x    x  | x   x    x  | x   x  | !   !  | x   x  | x   x  | !   !  | !  | x      s      x      x
articulations:class_file GET      s    | x   x    x  | x   x    x  | x   x  | .   0  | x   x  | x   x  | .   0  | .  | x      s      x      x
articulations:class_file POST     s    | x   x    x  | x   x    x  | x   x  | c   0  | x   x  | x   x  | c   0  | c  | x      s      x      x
articulations:agreements GET      s    | x   x    x  | .   .    .  | .   .  | .   .  | .   .  | .   .  | .   .  | .  | x      s      x      .
articulations:agreement  GET      s    | x   x    x  | 0   0    0  | .   0  | .   0  | .   0  | .   0  | .   0  | .  | x      s      x      0
articulations:agreement  POST     s    | x   x    x  | 0   0    0  | 0   0  | 0   0  | 0   0  | 0   0  | 0   0  | 0  | x      s      x      0
articulations:new_agreement GET   s    | x   x    x  | x   x    x  | x   x  | x   x  | x   x  | x   x  | .   .  | x  | x      s      x      x
articulations:new_agreement POST  s    | x   x    x  | x   x    x  | x   x  | x   x  | x   x  | x   x  | !   !  | x  | x      s      x      x
articulations:agreement_text GET  s    | x   x    x  | x   x    x  | x   x  | x   x  | x   x  | x   x  | .   0  | x  | x      s      x      x
articulations:agreement_text POST s    | x   x    x  | x   x    x  | x   x  | x   x  | x   x  | x   x  | !   0  | x  | x      s      x      x
articulations:partners   GET      s    | x   x    x  | x   x    x  | x   x  | x   x  | x   x  | x   x  | .   0  | x  | x      s      x      x
articulations:partners   POST     s    | x   x    x  | x   x    x  | x   x  | x   x  | x   x  | x   x  | !   0  | x  | x      s      x      x
articulations:amend      GET      s    | x   x    x  | x   x    x  | x   x  | x   x  | x   x  | x   x  | .   x  | x  | x      s      x      x
articulations:amend      POST     s    | x   x    x  | x   x    x  | x   x  | x   x  | x   x  | x   x  | !   x  | x  | x      s      x      x
articulations:terminate  GET      s    | x   x    x  | x   x    x  | x   x  | x   x  | x   x  | x   x  | .   x  | x  | x      s      x      x
articulations:terminate  POST     s    | x   x    x  | x   x    x  | x   x  | x   x  | x   x  | x   x  | !   x  | x  | x      s      x      x
articulations:signing_link GET    >    | >   >    >  | >   >    >  | >   >  | >   >  | >   >  | >   >  | >   >  | >  | >      >      >      >
articulations:sign_outside GET    0    | 0   0    0  | 0   0    0  | 0   0  | 0   0  | 0   0  | 0   0  | 0   0  | 0  | 0      0      0      0
articulations:sign_outside POST   0    | 0   0    0  | 0   0    0  | 0   0  | 0   0  | 0   0  | 0   0  | 0   0  | 0  | 0      0      0      0
articulations:agreement_file GET  0    | 0   0    0  | 0   0    0  | 0   0  | 0   0  | 0   0  | 0   0  | 0   0  | 0  | 0      0      0      0
articulations:verify_agreement GET 0   | 0   0    0  | 0   0    0  | 0   0  | 0   0  | 0   0  | 0   0  | 0   0  | 0  | 0      0      0      0
articulations:reviews    GET      s    | x   x    x  | x   x    x  | x   x  | .   .  | .   .  | x   x  | .   .  | .  | x      s      x      x
articulations:reviews_file GET    s    | x   x    x  | x   x    x  | x   x  | .   .  | .   .  | x   x  | .   .  | .  | x      s      x      x
articulations:review     GET      s    | x   x    x  | x   x    x  | x   x  | .   0  | .   0  | x   x  | .   0  | .  | x      s      x      x
articulations:review     POST     s    | x   x    x  | x   x    x  | x   x  | x   0  | !   0  | x   x  | !   0  | x  | x      s      x      x
articulations:courses    GET      s    | x   x    x  | x   x    x  | x   x  | x   x  | .   .  | .   .  | .   .  | .  | x      s      x      .
articulations:course     GET      s    | x   x    x  | x   x    x  | x   x  | x   x  | .   0  | .   0  | .   0  | .  | x      s      x      0
articulations:edit_course GET     s    | x   x    x  | x   x    x  | x   x  | x   x  | .   0  | .   0  | .   0  | x  | x      s      x      0
articulations:edit_course POST    s    | x   x    x  | x   x    x  | x   x  | x   x  | !   0  | !   0  | !   0  | x  | x      s      x      0
articulations:new_course GET      s    | x   x    x  | x   x    x  | x   x  | x   x  | .   .  | .   .  | .   .  | x  | x      s      x      .
articulations:new_course POST     s    | x   x    x  | x   x    x  | x   x  | x   x  | !   !  | !   !  | !   !  | x  | x      s      x      !
articulations:new_courses GET     s    | x   x    x  | x   x    x  | x   x  | x   x  | .   .  | .   .  | .   .  | x  | x      s      x      .
articulations:new_courses POST    s    | x   x    x  | x   x    x  | x   x  | x   x  | !   !  | !   !  | !   !  | x  | x      s      x      !
articulations:courses_file GET    s    | x   x    x  | x   x    x  | x   x  | x   x  | 0   0  | 0   0  | 0   0  | x  | x      s      x      0
articulations:course_file GET     s    | x   x    x  | x   x    x  | x   x  | x   x  | .   0  | .   0  | .   0  | x  | x      s      x      0
articulations:course_file POST    s    | x   x    x  | x   x    x  | x   x  | x   x  | c   0  | c   0  | c   0  | x  | x      s      x      0
articulations:requests   GET      s    | x   x    x  | .   .    .  | .   .  | .   .  | .   .  | x   x  | .   .  | .  | x      s      x      .
articulations:new_request GET     s    | x   x    x  | .   .    .  | x   x  | .   .  | x   x  | x   x  | .   .  | x  | x      s      x      .
articulations:new_request POST    s    | x   x    x  | !   !    !  | x   x  | !   !  | x   x  | x   x  | !   !  | x  | x      s      x      !
articulations:request    GET      s    | x   x    x  | .   0    0  | .   0  | .   0  | .   0  | x   x  | .   0  | .  | x      s      x      0
articulations:request    POST     s    | x   x    x  | 0   0    0  | 0   0  | 0   0  | 0   0  | x   x  | 0   0  | 0  | x      s      x      0
articulations:check_request GET   s    | x   x    x  | >   0    0  | x   x  | >   0  | x   x  | x   x  | >   0  | x  | x      s      x      0
articulations:check_request POST  s    | x   x    x  | >   0    0  | x   x  | >   0  | x   x  | x   x  | >   0  | x  | x      s      x      0
articulations:request_alternatives GET s | x   x    x  | .   0    0  | .   0  | .   0  | .   0  | x   x  | .   0  | .  | x      s      x      0
articulations:request_alternatives POST s | x   x    x  | 0   0    0  | 0   0  | 0   0  | 0   0  | x   x  | 0   0  | 0  | x      s      x      0
articulations:request_page GET    s    | x   x    x  | >   0    0  | x   x  | >   0  | x   x  | x   x  | >   0  | x  | x      s      x      0
articulations:request_page POST   s    | x   x    x  | >   0    0  | x   x  | >   0  | x   x  | x   x  | >   0  | x  | x      s      x      0
articulations:request_versions GET s   | x   x    x  | .   0    0  | .   0  | .   0  | .   0  | x   x  | .   0  | .  | x      s      x      0
articulations:request_file GET    s    | x   x    x  | .   0    0  | .   0  | .   0  | .   0  | x   x  | .   0  | .  | x      s      x      0
articulations:alignment  GET      s    | x   x    x  | .   0    0  | .   0  | .   0  | .   0  | x   x  | .   0  | .  | x      s      x      0
articulations:alignment  POST     s    | x   x    x  | x   0    0  | x   0  | x   0  | c   0  | x   x  | x   0  | x  | x      s      x      0
articulations:enter_request GET   s    | x   x    x  | x   x    x  | x   x  | x   x  | x   x  | x   x  | c   0  | x  | x      s      x      x
articulations:enter_request POST  s    | x   x    x  | x   x    x  | x   x  | x   x  | x   x  | x   x  | c   0  | x  | x      s      x      x
articulations:request_steps GET   s    | x   x    x  | x   x    x  | x   x  | x   x  | x   x  | x   x  | .   0  | x  | x      s      x      x
articulations:request_steps POST  s    | x   x    x  | x   x    x  | x   x  | x   x  | x   x  | x   x  | !   0  | x  | x      s      x      x
students:new             GET      .    | .   .    .  | .   .    .  | .   .  | .   .  | .   .  | .   .  | .   .  | .  | .      .      .      .
students:new             POST     >    | >   >    >  | >   >    >  | >   >  | >   >  | >   >  | >   >  | >   >  | >  | >      >      >      >
students:question        GET      .    | .   .    .  | .   .    .  | .   .  | .   .  | .   .  | .   .  | .   .  | .  | .      .      .      .
students:question        POST     !    | !   !    !  | !   !    !  | !   !  | !   !  | !   !  | !   !  | !   !  | !  | !      !      !      !
students:check           GET      >    | >   >    >  | >   >    >  | >   >  | >   >  | >   >  | >   >  | >   >  | >  | >      >      >      >
students:password        GET      >    | >   >    >  | >   >    >  | >   >  | >   >  | >   >  | >   >  | >   >  | >  | >      >      >      >
students:password        POST     >    | >   >    >  | >   >    >  | >   >  | >   >  | >   >  | >   >  | >   >  | >  | >      >      >      >
students:created         GET      .    | .   .    .  | .   .    .  | .   .  | .   .  | .   .  | .   .  | .   .  | .  | .      .      .      .
students:confirm         GET      0    | 0   0    0  | 0   0    0  | 0   0  | 0   0  | 0   0  | 0   0  | 0   0  | 0  | 0      0      0      0
students:confirm         POST     0    | 0   0    0  | 0   0    0  | 0   0  | 0   0  | 0   0  | 0   0  | 0   0  | 0  | 0      0      0      0
students:send_link       POST     s    | >   >    >  | x   x    x  | x   x  | x   x  | x   x  | x   x  | x   x  | x  | x      s      x      x
students:join            GET      .    | .   .    .  | .   .    .  | .   .  | .   .  | .   .  | .   .  | .   .  | .  | .      .      .      .
students:class_sheet     GET      s    | x   x    x  | .   0    0  | .   0  | .   0  | x   x  | x   x  | .   0  | .  | x      s      x      0
articulations:assurances GET      s    | x   x    x  | x   x    x  | .   .  | .   .  | .   .  | .   .  | .   .  | .  | x      s      x      .
articulations:assurances POST     s    | x   x    x  | x   x    x  | x   x  | >   >  | x   x  | >   >  | >   >  | x  | x      s      x      >
articulations:my_assurances GET      s    | x   x    x  | .   .    .  | x   x  | x   x  | x   x  | x   x  | x   x  | x  | x      s      x      .
articulations:assurance  GET      s    | x   x    x  | .   .    0  | x   x  | x   x  | x   x  | x   x  | x   x  | x  | x      s      x      .
articulations:assurance  POST     s    | x   x    x  | !   >    0  | x   x  | x   x  | x   x  | x   x  | x   x  | x  | x      s      x      !
articulations:countersign GET      s    | x   x    x  | x   x    x  | x   x  | .   x  | x   x  | x   x  | x   x  | x  | x      s      x      x
articulations:countersign POST     s    | x   x    x  | x   x    x  | x   x  | !   x  | x   x  | x   x  | x   x  | x  | x      s      x      x
articulations:assurance_text GET      s    | x   x    x  | x   x    x  | x   x  | x   x  | x   x  | .   0  | .   0  | .  | x      s      x      0
articulations:assurances_file GET      s    | x   x    x  | x   x    x  | .   .  | .   .  | .   .  | .   .  | .   .  | .  | x      s      x      .
articulations:signed_assurance GET      s    | x   x    x  | 0   .    0  | .   0  | .   0  | .   0  | .   0  | .   0  | .  | x      s      x      0
articulations:assurance_text POST     s    | x   x    x  | x   x    x  | x   x  | x   x  | x   x  | !   0  | !   0  | x  | x      s      x      0
articulations:roll_over  GET      s    | x   x    x  | x   x    x  | x   x  | x   x  | x   x  | x   x  | .   .  | x  | x      s      x      x
articulations:roll_over  POST     s    | x   x    x  | x   x    x  | x   x  | x   x  | x   x  | x   x  | !   !  | x  | x      s      x      x
articulations:rollover   GET      s    | x   x    x  | x   x    x  | x   x  | x   x  | x   x  | x   x  | .   0  | .  | x      s      x      x
articulations:rollover   POST     s    | x   x    x  | x   x    x  | x   x  | x   x  | x   x  | x   x  | c   0  | x  | x      s      x      x
articulations:hand_over  GET      s    | x   x    x  | x   x    x  | x   x  | x   x  | x   x  | x   x  | .   .  | x  | x      s      x      x
articulations:hand_over  POST     s    | x   x    x  | x   x    x  | x   x  | x   x  | x   x  | x   x  | !   !  | x  | x      s      x      x
articulations:credentials GET    s    | x   x    x  | x   x    x  | x   x  | x   x  | x   x  | x   x  | x   x  | .  | x      s      x      x
articulations:new_credential GET s    | x   x    x  | x   x    x  | x   x  | x   x  | x   x  | x   x  | x   x  | .  | x      s      x      x
articulations:new_credential POST s   | x   x    x  | x   x    x  | x   x  | x   x  | x   x  | x   x  | x   x  | !  | x      s      x      x
articulations:credential GET     s    | x   x    x  | x   x    x  | x   x  | x   x  | x   x  | x   x  | x   x  | .  | x      s      x      x
articulations:credential POST    s    | x   x    x  | x   x    x  | x   x  | x   x  | x   x  | x   x  | x   x  | !  | x      s      x      x
articulations:class_credentials GET s | x   x    x  | x   x    x  | x   x  | .   0  | x   x  | x   x  | .   0  | .  | x      s      x      x
articulations:class_credentials POST s | x  x    x  | x   x    x  | x   x  | c   0  | x   x  | x   x  | c   0  | c  | x      s      x      x
articulations:section_teachers GET      s    | x   x    x  | x   x    x  | x   x  | x   x  | x   x  | x   x  | .   0  | x  | x      s      x      x
articulations:section_teachers POST     s    | x   x    x  | x   x    x  | x   x  | x   x  | x   x  | x   x  | !   0  | x  | x      s      x      x
students:register        GET      s    | .   .    .  | x   x    x  | x   x  | x   x  | x   x  | x   x  | x   x  | x  | x      s      x      x
students:register        POST     s    | !   !    !  | x   x    x  | x   x  | x   x  | x   x  | x   x  | x   x  | x  | x      s      x      x
students:choose          GET      s    | >   >    >  | x   x    x  | x   x  | x   x  | x   x  | x   x  | x   x  | x  | x      s      x      x
students:choose          POST     s    | >   >    >  | x   x    x  | x   x  | x   x  | x   x  | x   x  | x   x  | x  | x      s      x      x
students:my_classes      GET      s    | .   .    .  | x   x    x  | x   x  | x   x  | x   x  | x   x  | x   x  | x  | x      s      x      x
students:registration    GET      s    | .   0    0  | .   0    0  | .   0  | .   0  | x   x  | .   0  | .   0  | .  | x      s      x      0
students:answers         GET      s    | >   >    >  | x   x    x  | x   x  | x   x  | x   x  | x   x  | x   x  | x  | x      s      x      x
students:consent         GET      s    | .   0    0  | .   0    0  | .   0  | .   0  | x   x  | .   0  | .   0  | .  | x      s      x      0
students:registration_forms GET   s    | 0   0    0  | 0   0    0  | 0   0  | 0   0  | x   x  | 0   0  | 0   0  | 0  | x      s      x      0
students:take_form       GET      s    | >   0    0  | >   0    0  | >   0  | >   0  | x   x  | >   0  | .   0  | >  | x      s      x      0
students:take_form       POST     s    | >   0    0  | >   0    0  | >   0  | >   0  | x   x  | >   0  | !   0  | >  | x      s      x      0
students:consents        GET      s    | x   x    x  | x   x    x  | x   x  | x   x  | x   x  | x   x  | .   .  | .  | x      s      x      x
students:new_consent     GET      s    | x   x    x  | x   x    x  | x   x  | x   x  | x   x  | x   x  | x   x  | .  | x      s      x      x
students:new_consent     POST     s    | x   x    x  | x   x    x  | x   x  | x   x  | x   x  | x   x  | x   x  | !  | x      s      x      x
students:change_teacher  GET      s    | .   0    0  | x   x    x  | x   x  | x   x  | x   x  | x   x  | x   x  | x  | x      s      x      x
students:change_teacher  POST     s    | !   0    0  | x   x    x  | x   x  | x   x  | x   x  | x   x  | x   x  | x  | x      s      x      x
students:change_college  GET      s    | .   0    0  | x   x    x  | x   x  | x   x  | x   x  | x   x  | x   x  | x  | x      s      x      x
students:change_college  POST     s    | c   0    0  | x   x    x  | x   x  | x   x  | x   x  | x   x  | x   x  | x  | x      s      x      x
students:withdraw        GET      s    | .   0    0  | x   x    x  | x   x  | x   x  | x   x  | x   x  | x   x  | x  | x      s      x      x
students:withdraw        POST     s    | >   0    0  | x   x    x  | x   x  | x   x  | x   x  | x   x  | x   x  | x  | x      s      x      x
students:new_claim       GET    s | .  .  . | x  x  x | x  x | x  x | x  x | x  x | x  x | x | x  s  x  x
students:new_claim       POST   s | c  c  c | x  x  x | x  x | x  x | x  x | x  x | x  x | x | x  s  x  x
students:claim_for       GET    s | x  x  x | x  x  x | .  0 | x  x | x  x | x  x | x  x | x | x  s  x  x
students:claim_for       POST   s | x  x  x | x  x  x | c  0 | x  x | x  x | x  x | x  x | x | x  s  x  x
students:claim           GET    s | .  0  0 | x  x  x | .  0 | x  x | x  x | x  x | x  x | x | x  s  x  x
students:claim           POST   s | 0  0  0 | x  x  x | 0  0 | x  x | x  x | x  x | x  x | x | x  s  x  x
students:claim_file      GET    s | .  0  0 | x  x  x | .  0 | x  x | x  x | .  0 | .  0 | x | x  s  x  0
grading:late_claims      GET    s | x  x  x | x  x  x | x  x | x  x | x  x | .  . | .  . | . | x  s  x  .
grading:late_claims      POST   s | x  x  x | x  x  x | x  x | x  x | x  x | >  > | >  > | > | x  s  x  >
grading:late_claim       GET    s | x  x  x | x  x  x | x  x | x  x | x  x | .  0 | .  0 | . | x  s  x  0
grading:late_claim       POST   s | x  x  x | x  x  x | x  x | x  x | x  x | x  0 | 0  0 | x | x  s  x  0
students:notice          GET    . | .  .  . | .  .  . | .  . | .  . | .  . | .  . | .  . | . | .  .  .  .
students:rights          GET    s | .  .  . | x  x  x | x  x | x  x | x  x | x  x | x  x | x | x  s  x  x
students:inspections     GET    s | x  x  x | x  x  x | x  x | .  . | x  x | .  . | .  . | . | x  s  x  .
students:new_inspection  GET    s | .  .  . | x  x  x | x  x | x  x | x  x | x  x | x  x | x | x  s  x  x
students:new_inspection  POST   s | >  >  > | x  x  x | x  x | x  x | x  x | x  x | x  x | x | x  s  x  x
students:inspection      GET    s | .  0  0 | x  x  x | x  x | .  0 | x  x | .  0 | .  0 | . | x  s  x  0
students:inspection      POST   s | 0  0  0 | x  x  x | x  x | 0  0 | x  x | 0  0 | 0  0 | 0 | x  s  x  0
students:enter_inspection GET   s | x  x  x | x  x  x | x  x | .  0 | x  x | .  0 | .  0 | . | x  s  x  0
students:enter_inspection POST  s | x  x  x | x  x  x | x  x | !  0 | x  x | !  0 | !  0 | ! | x  s  x  0
students:amendments      GET    s | x  x  x | x  x  x | x  x | .  . | x  x | .  . | .  . | . | x  s  x  .
students:new_amendment   GET    s | .  .  . | x  x  x | x  x | x  x | x  x | x  x | x  x | x | x  s  x  x
students:new_amendment   POST   s | !  !  ! | x  x  x | x  x | x  x | x  x | x  x | x  x | x | x  s  x  x
students:amendment       GET    s | .  0  0 | x  x  x | x  x | .  0 | x  x | 0  0 | .  0 | . | x  s  x  0
students:amendment       POST   s | 0  0  0 | x  x  x | x  x | 0  0 | x  x | 0  0 | 0  0 | 0 | x  s  x  0
students:enter_amendment GET    s | x  x  x | x  x  x | x  x | .  0 | x  x | .  0 | .  0 | . | x  s  x  0
students:enter_amendment POST   s | x  x  x | x  x  x | x  x | !  0 | x  x | !  0 | !  0 | ! | x  s  x  0
transcripts:statement    GET    s | .  0  0 | x  x  x | x  x | x  0 | x  x | 0  0 | x  0 | x | x  s  x  0
transcripts:statement    POST   s | !  0  0 | x  x  x | x  x | x  0 | x  x | 0  0 | x  0 | x | x  s  x  0
reports:record_for       POST   s | x  x  x | x  x  x | x  x | >  0 | x  x | >  0 | >  0 | > | x  s  x  0
students:school_rosters GET     s | x  x  x | .  .  . | .  . | .  . | x  x | x  x | x  x | x | x  s  x  .
students:new_school_roster GET  s | x  x  x | .  .  . | .  . | .  . | x  x | x  x | x  x | x | x  s  x  .
students:new_school_roster POST s | x  x  x | !  !  ! | !  ! | !  ! | x  x | x  x | x  x | x | x  s  x  !
students:school_roster   GET    s | x  x  x | .  0  0 | 0  0 | 0  0 | x  x | x  x | x  x | x | x  s  x  0
students:school_roster   POST   s | x  x  x | >  0  0 | 0  0 | 0  0 | x  x | x  x | x  x | x | x  s  x  0
students:credentials     GET    s | x  x  x | .  0  0 | .  0 | .  0 | x  x | x  x | .  0 | . | x  s  x  0
students:credentials     POST   s | x  x  x | !  0  0 | !  0 | !  0 | x  x | x  x | !  0 | x | x  s  x  0
students:in_class        GET    s | x  x  x | .  0  0 | .  0 | .  0 | x  x | x  x | x  x | x | x  s  x  0
students:in_class        POST   s | x  x  x | !  0  0 | !  0 | !  0 | x  x | x  x | x  x | x | x  s  x  0
students:no_reminders    GET    . | .  .  . | .  .  . | .  . | .  . | .  . | .  . | .  . | . | .  .  .  .
students:no_reminders    POST   > | >  >  > | >  >  > | >  > | >  > | >  > | >  > | >  > | > | >  >  >  >
students:requirements    GET      s    | x   x    x  | x   x    x  | x   x  | x   x  | x   x  | x   x  | .   .  | x  | x      s      x      x
students:requirements    POST     s    | x   x    x  | x   x    x  | x   x  | x   x  | x   x  | x   x  | !   !  | x  | x      s      x      x
students:receipt         GET      s    | x   x    x  | x   x    x  | x   x  | x   x  | x   x  | x   x  | .   0  | x  | x      s      x      x
students:receipt         POST     s    | x   x    x  | x   x    x  | x   x  | x   x  | x   x  | x   x  | >   0  | x  | x      s      x      x
students:guardian_text   GET      s    | x   x    x  | x   x    x  | x   x  | x   x  | x   x  | x   x  | .   0  | .  | x      s      x      x
students:guardian_text   POST     s    | x   x    x  | x   x    x  | x   x  | x   x  | x   x  | x   x  | !   0  | x  | x      s      x      x
students:terms           GET      s    | x   x    x  | x   x    x  | x   x  | x   x  | x   x  | x   x  | .   0  | .  | x      s      x      x
students:terms           POST     s    | x   x    x  | x   x    x  | x   x  | x   x  | x   x  | x   x  | !   0  | x  | x      s      x      x
students:fees            GET      s    | .   .    .  | x   x    x  | x   x  | x   x  | x   x  | x   x  | x   x  | x  | x      s      x      x
students:fees            POST     s    | >   >    >  | x   x    x  | x   x  | x   x  | x   x  | x   x  | x   x  | x  | x      s      x      x
students:checkout        GET      s    | .   0    0  | x   x    x  | x   x  | x   x  | x   x  | x   x  | x   x  | x  | x      s      x      x
students:local_provider  GET      .    | .   .    .  | .   .    .  | .   .  | .   .  | .   .  | .   .  | .   .  | .  | .      .      .      .
students:local_provider  POST     >    | >   >    >  | >   >    >  | >   >  | >   >  | >   >  | >   >  | >   >  | >  | >      >      >      >
students:provider_news   POST     !    | !   !    !  | !   !    !  | !   !  | !   !  | !   !  | !   !  | !   !  | !  | !      !      !      !
students:payments        GET      s    | x   x    x  | x   x    x  | x   x  | x   x  | x   x  | x   x  | .   .  | x  | x      s      x      x
students:payment         GET      s    | .   0    0  | x   x    x  | x   x  | x   x  | x   x  | x   x  | .   0  | x  | x      s      x      x
students:payment         POST     s    | .   0    0  | x   x    x  | x   x  | x   x  | x   x  | x   x  | !   0  | x  | x      s      x      x
students:statements      GET      s    | x   x    x  | x   x    x  | x   x  | x   x  | x   x  | x   x  | .   .  | x  | x      s      x      x
students:statements      POST     s    | x   x    x  | x   x    x  | x   x  | x   x  | x   x  | x   x  | !   !  | x  | x      s      x      x
students:statement       GET      s    | x   x    x  | x   x    x  | x   x  | x   x  | x   x  | x   x  | .   0  | x  | x      s      x      x
students:statement       POST     s    | x   x    x  | x   x    x  | x   x  | x   x  | x   x  | x   x  | .   0  | x  | x      s      x      x
students:statement_line  GET      s    | x   x    x  | x   x    x  | x   x  | x   x  | x   x  | x   x  | .   0  | x  | x      s      x      x
students:statement_line  POST     s    | x   x    x  | x   x    x  | x   x  | x   x  | x   x  | x   x  | !   0  | x  | x      s      x      x
students:invoices        GET      s    | x   x    x  | x   x    x  | x   x  | x   x  | x   x  | x   x  | .   .  | x  | x      s      x      x
students:invoice         GET      s    | x   x    x  | x   x    x  | x   x  | x   x  | x   x  | x   x  | .   0  | x  | x      s      x      x
students:invoice         POST     s    | x   x    x  | x   x    x  | x   x  | x   x  | x   x  | x   x  | !   0  | x  | x      s      x      x
students:ask_guardian    GET      s    | .   0    0  | x   x    x  | x   x  | x   x  | x   x  | x   x  | .   0  | x  | x      s      x      x
students:ask_guardian    POST     s    | !   0    0  | x   x    x  | x   x  | x   x  | x   x  | x   x  | !   0  | x  | x      s      x      x
students:guardian        GET      0    | 0   0    0  | 0   0    0  | 0   0  | 0   0  | 0   0  | 0   0  | 0   0  | 0  | 0      0      0      0
students:guardian        POST     0    | 0   0    0  | 0   0    0  | 0   0  | 0   0  | 0   0  | 0   0  | 0   0  | 0  | 0      0      0      0
students:registered      GET      s    | x   x    x  | .   .    .  | .   .  | .   .  | x   x  | .   .  | .   .  | .  | x      s      x      .
students:new_students    GET      s    | x   x    x  | x   x    x  | x   x  | x   x  | x   x  | x   x  | .   .  | .  | x      s      x      x
students:new_students    POST     s    | x   x    x  | x   x    x  | x   x  | x   x  | x   x  | x   x  | !   !  | !  | x      s      x      x
students:student_file    GET      s    | x   x    x  | x   x    x  | x   x  | x   x  | x   x  | x   x  | .   0  | 0  | x      s      x      x
students:student_file    POST     s    | x   x    x  | x   x    x  | x   x  | x   x  | x   x  | x   x  | >   0  | 0  | x      s      x      x
students:twins           GET      s    | x   x    x  | x   x    x  | x   x  | x   x  | x   x  | x   x  | .   .  | .  | x      s      x      x
students:twin            GET      s    | x   x    x  | x   x    x  | x   x  | x   x  | x   x  | x   x  | .   0  | .  | x      s      x      x
students:twin            POST     s    | x   x    x  | x   x    x  | x   x  | x   x  | x   x  | x   x  | !   0  | !  | x      s      x      x
students:search          GET      s    | x   x    x  | .   .    .  | .   .  | .   .  | x   x  | .   .  | .   .  | .  | x      s      x      .
students:search          POST     s    | x   x    x  | !   !    !  | !   !  | !   !  | x   x  | !   !  | !   !  | !  | x      s      x      !
students:student         GET      s    | .   0    0  | .   0    0  | .   0  | .   0  | x   x  | .   0  | .   0  | .  | x      s      x      0
students:student         POST     s    | !   0    0  | x   0    0  | !   0  | !   0  | x   x  | x   0  | !   0  | x  | x      s      x      0
students:history         GET      s    | .   0    0  | .   0    0  | .   0  | .   0  | x   x  | .   0  | .   0  | .  | x      s      x      0
students:mine            GET      s    | >   >    >  | x   x    x  | x   x  | x   x  | x   x  | x   x  | x   x  | x  | x      s      x      x
students:purpose         GET      s    | x   x    x  | x   x    x  | x   x  | x   x  | x   x  | x   x  | x   x  | .  | x      s      x      x
students:purpose         POST     s    | x   x    x  | x   x    x  | x   x  | x   x  | x   x  | x   x  | x   x  | !  | x      s      x      x
students:open_record     GET      s    | x   x    x  | 0   0    0  | 0   0  | 0   0  | x   x  | 0   0  | 0   0  | x  | x      s      x      0
students:open_record     POST     s    | x   x    x  | 0   0    0  | 0   0  | 0   0  | x   x  | 0   0  | 0   0  | x  | x      s      x      0
students:readers         GET      s    | .   0    0  | x   x    x  | x   x  | .   0  | x   x  | x   x  | .   0  | .  | x      s      x      x
students:reset_account   GET      s    | x   x    x  | .   0    0  | .   0  | .   0  | x   x  | x   x  | .   0  | .  | x      s      x      0
students:reset_account   POST     s    | x   x    x  | c   0    0  | c   0  | c   0  | x   x  | x   x  | c   0  | c  | x      s      x      0
students:changes         GET      s    | .   0    0  | x   x    x  | .   0  | .   0  | x   x  | x   x  | .   0  | .  | x      s      x      x
students:addresses       GET      s    | x   x    x  | x   x    x  | .   .  | .   .  | x   x  | x   x  | .   .  | .  | x      s      x      x
students:address         GET      s    | x   x    x  | x   x    x  | .   0  | .   0  | x   x  | x   x  | .   0  | .  | x      s      x      x
students:address         POST     s    | x   x    x  | x   x    x  | c   0  | >   0  | x   x  | x   x  | >   0  | >  | x      s      x      x
grading:rosters          GET      s    | x   x    x  | .   .    .  | x   x  | x   x  | x   x  | x   x  | x   x  | x  | x      s      x      .
grading:roster           GET      s    | x   x    x  | .   0    0  | .   0  | .   0  | x   x  | .   0  | .   0  | .  | x      s      x      0
grading:roster           POST     s    | x   x    x  | >   0    0  | x   0  | x   0  | x   x  | x   0  | x   0  | x  | x      s      x      0
grading:reopen           GET      s    | x   x    x  | .   0    0  | x   x  | x   x  | x   x  | x   x  | x   x  | x  | x      s      x      0
grading:reopen           POST     s    | x   x    x  | c   0    0  | x   x  | x   x  | x   x  | x   x  | x   x  | x  | x      s      x      0
grading:verification     GET      s    | x   x    x  | .   0    0  | .   0  | .   0  | x   x  | .   0  | .   0  | .  | x      s      x      0
grading:verification     POST     s    | x   x    x  | c   0    0  | x   0  | x   0  | x   x  | x   0  | x   0  | x  | x      s      x      0
grading:progress         GET      s    | x   x    x  | x   x    x  | x   x  | x   x  | x   x  | x   x  | .   .  | .  | x      s      x      x
grading:progress_file    GET      s    | x   x    x  | x   x    x  | x   x  | x   x  | x   x  | x   x  | .   .  | .  | x      s      x      x
grading:settings         GET      s    | x   x    x  | x   x    x  | x   x  | x   x  | x   x  | .   .  | .   .  | .  | x      s      x      .
grading:college_year     GET      s    | x   x    x  | x   x    x  | x   x  | x   x  | x   x  | .   0  | .   0  | .  | x      s      x      0
grading:college_year     POST     s    | x   x    x  | x   x    x  | x   x  | x   x  | x   x  | !   0  | !   0  | x  | x      s      x      0
grading:windows          GET      s    | x   x    x  | x   x    x  | x   x  | x   x  | x   x  | x   x  | .   0  | .  | x      s      x      x
grading:windows          POST     s    | x   x    x  | x   x    x  | x   x  | x   x  | x   x  | x   x  | !   0  | x  | x      s      x      x
grading:extensions       GET      s    | x   x    x  | .   .    .  | x   x  | x   x  | x   x  | x   x  | .   .  | .  | x      s      x      .
grading:extension        GET      s    | x   x    x  | .   0    0  | x   x  | x   x  | x   x  | x   x  | .   0  | .  | x      s      x      0
grading:extension        POST     s    | x   x    x  | 0   0    0  | x   x  | x   x  | x   x  | x   x  | 0   0  | 0  | x      s      x      0
grading:changes          GET      s    | .   .    .  | .   .    .  | .   .  | x   x  | x   x  | .   .  | .   .  | .  | x      s      x      .
grading:change           GET      s    | 0   0    0  | .   0    0  | .   0  | x   x  | x   x  | .   0  | .   0  | .  | x      s      x      0
grading:change           POST     s    | 0   0    0  | 0   0    0  | 0   0  | x   x  | x   x  | 0   0  | 0   0  | 0  | x      s      x      0
grading:change_file      GET      s    | 0   0    0  | 0   0    0  | 0   0  | x   x  | x   x  | 0   0  | 0   0  | 0  | x      s      x      0
grading:new_change       GET      s    | .   0    0  | .   0    0  | .   0  | x   x  | x   x  | x   x  | x   x  | x  | x      s      x      0
grading:new_change       POST     s    | c   0    0  | c   0    0  | c   0  | x   x  | x   x  | x   x  | x   x  | x  | x      s      x      0
grading:comments         GET      s    | x   x    x  | .   0    0  | .   0  | x   x  | x   x  | x   x  | .   0  | .  | x      s      x      0
grading:comments         POST     s    | x   x    x  | !   0    0  | x   0  | x   x  | x   x  | x   x  | !   0  | x  | x      s      x      0
grading:draft            POST   s    | x   x    x  | .   0    0  | x   x  | x   x  | x   x  | x   x  | x   x  | x  | x      s      x      0
grading:paste            GET    s    | x   x    x  | .   0    0  | x   x  | x   x  | x   x  | x   x  | x   x  | x  | x      s      x      0
grading:paste            POST   s    | x   x    x  | !   0    0  | x   x  | x   x  | x   x  | x   x  | x   x  | x  | x      s      x      0
grading:sheet            GET    s    | x   x    x  | .   0    0  | x   x  | x   x  | x   x  | x   x  | x   x  | x  | x      s      x      0
grading:receipts         GET    s    | x   x    x  | .   0    0  | x   x  | x   x  | x   x  | x   x  | x   x  | x  | x      s      x      0
grading:receipt          GET    s    | x   x    x  | .   0    0  | x   x  | x   x  | x   x  | x   x  | x   x  | x  | x      s      x      0
grading:receipt          POST   s    | x   x    x  | >   0    0  | x   x  | x   x  | x   x  | x   x  | x   x  | x  | x      s      x      0
transcripts:runs         GET      s    | x   x    x  | x   x    x  | x   x  | x   x  | x   x  | .   .  | x   x  | .  | x      s      x      .
transcripts:runs         POST     s    | x   x    x  | x   x    x  | x   x  | x   x  | x   x  | !   !  | x   x  | x  | x      s      x      !
transcripts:run          GET      s    | x   x    x  | x   x    x  | x   x  | x   x  | x   x  | .   0  | x   x  | .  | x      s      x      0
transcripts:stop         POST     s    | x   x    x  | x   x    x  | x   x  | x   x  | x   x  | >   0  | x   x  | x  | x      s      x      0
transcripts:resume       POST     s    | x   x    x  | x   x    x  | x   x  | x   x  | x   x  | >   0  | x   x  | x  | x      s      x      0
transcripts:ledger       GET      s    | x   x    x  | x   x    x  | x   x  | x   x  | x   x  | .   0  | x   x  | .  | x      s      x      0
transcripts:plan         GET      s    | x   x    x  | x   x    x  | x   x  | x   x  | x   x  | .   .  | x   x  | x  | x      s      x      .
transcripts:plan         POST     s    | x   x    x  | x   x    x  | x   x  | x   x  | x   x  | !   !  | x   x  | x  | x      s      x      !
transcripts:not_yet      GET      s    | x   x    x  | x   x    x  | x   x  | x   x  | x   x  | .   .  | .   .  | .  | x      s      x      .
transcripts:eligibility  GET      s    | x   x    x  | x   x    x  | x   x  | x   x  | x   x  | .   0  | .   0  | .  | x      s      x      0
transcripts:settle_repeat POST    s    | x   x    x  | x   x    x  | x   x  | x   x  | x   x  | >   0  | x   x  | x  | x      s      x      0
transcripts:request      GET      s    | .   .    .  | x   x    x  | x   x  | x   x  | x   x  | x   x  | x   x  | x  | x      s      x      x
transcripts:request      POST     s    | c   c    c  | x   x    x  | x   x  | x   x  | x   x  | x   x  | x   x  | x  | x      s      x      x
transcripts:withdraw_request POST s    | >   0    0  | x   x    x  | x   x  | x   x  | x   x  | x   x  | x   x  | x  | x      s      x      x
transcripts:identities   GET      s    | x   x    x  | x   x    x  | x   x  | x   x  | x   x  | .   .  | x   x  | .  | x      s      x      .
transcripts:identities   POST     s    | x   x    x  | x   x    x  | x   x  | x   x  | x   x  | !   !  | x   x  | x  | x      s      x      !
transcripts:undo_identity POST    s    | x   x    x  | x   x    x  | x   x  | x   x  | x   x  | >   0  | x   x  | x  | x      s      x      0
transcripts:replace_identity GET  s    | x   x    x  | x   x    x  | x   x  | x   x  | x   x  | .   0  | x   x  | x  | x      s      x      0
transcripts:replace_identity POST s    | x   x    x  | x   x    x  | x   x  | x   x  | x   x  | c   0  | x   x  | x  | x      s      x      0
transcripts:replacements GET      s    | x   x    x  | x   x    x  | x   x  | x   x  | x   x  | .   .  | x   x  | .  | x      s      x      .
transcripts:replacement  GET      s    | x   x    x  | x   x    x  | x   x  | x   x  | x   x  | .   0  | x   x  | .  | x      s      x      0
transcripts:replacement  POST     s    | x   x    x  | x   x    x  | x   x  | x   x  | x   x  | 0   0  | x   x  | 0  | x      s      x      0
transcripts:conflicts    GET      s    | x   x    x  | x   x    x  | x   x  | x   x  | x   x  | .   .  | x   x  | .  | x      s      x      .
transcripts:conflict     GET      s    | x   x    x  | x   x    x  | x   x  | x   x  | x   x  | .   0  | x   x  | .  | x      s      x      0
transcripts:conflict     POST     s    | x   x    x  | x   x    x  | x   x  | x   x  | x   x  | !   0  | x   x  | x  | x      s      x      0
transcripts:merges       GET      s    | x   x    x  | x   x    x  | x   x  | x   x  | x   x  | x   x  | .   .  | .  | x      s      x      x
transcripts:new_merge    GET      s    | x   x    x  | x   x    x  | x   x  | x   x  | x   x  | x   x  | .   .  | .  | x      s      x      x
transcripts:new_merge    POST     s    | x   x    x  | x   x    x  | x   x  | x   x  | x   x  | x   x  | !   !  | !  | x      s      x      x
transcripts:merge        GET      s    | x   x    x  | x   x    x  | x   x  | x   x  | x   x  | x   x  | .   0  | .  | x      s      x      x
transcripts:merge        POST     s    | x   x    x  | x   x    x  | x   x  | x   x  | x   x  | x   x  | !   0  | !  | x      s      x      x
transcripts:imports      GET      s    | x   x    x  | x   x    x  | x   x  | x   x  | x   x  | .   .  | x   x  | .  | x      s      x      .
transcripts:imports      POST     s    | x   x    x  | x   x    x  | x   x  | x   x  | x   x  | !   !  | x   x  | x  | x      s      x      !
transcripts:sheet        GET      s    | x   x    x  | x   x    x  | x   x  | x   x  | x   x  | .   0  | x   x  | .  | x      s      x      0
transcripts:sheet        POST     s    | x   x    x  | x   x    x  | x   x  | x   x  | x   x  | >   0  | x   x  | x  | x      s      x      0
transcripts:worksheets   GET      s    | x   x    x  | x   x    x  | x   x  | x   x  | x   x  | .   .  | x   x  | .  | x      s      x      .
transcripts:worksheets   POST     s    | x   x    x  | x   x    x  | x   x  | x   x  | x   x  | c   c  | x   x  | x  | x      s      x      c
transcripts:columns      GET      s    | x   x    x  | x   x    x  | x   x  | x   x  | x   x  | .   .  | x   x  | x  | x      s      x      .
transcripts:columns      POST     s    | x   x    x  | x   x    x  | x   x  | x   x  | x   x  | !   !  | x   x  | x  | x      s      x      !
transcripts:worksheet    GET      s    | x   x    x  | x   x    x  | x   x  | x   x  | x   x  | .   0  | x   x  | .  | x      s      x      0
transcripts:take_worksheet POST   s    | x   x    x  | x   x    x  | x   x  | x   x  | x   x  | .   0  | x   x  | x  | x      s      x      0
transcripts:reconciliation GET    s    | x   x    x  | x   x    x  | x   x  | x   x  | x   x  | .   .  | x   x  | .  | x      s      x      .
transcripts:reconciliation POST   s    | x   x    x  | x   x    x  | x   x  | x   x  | x   x  | >   >  | x   x  | x  | x      s      x      >
transcripts:reposts      GET      s    | x   x    x  | x   x    x  | x   x  | x   x  | x   x  | .   .  | x   x  | .  | x      s      x      .
transcripts:reposts      POST     s    | x   x    x  | x   x    x  | x   x  | x   x  | x   x  | 0   0  | x   x  | x  | x      s      x      0
transcripts:mine         GET      s    | .   .    .  | x   x    x  | x   x  | x   x  | x   x  | x   x  | x   x  | x  | x      s      x      x
transcripts:transcript   GET      s    | 0   0    0  | x   x    x  | x   x  | x   x  | x   x  | .   0  | x   x  | .  | x      s      x      0
transcripts:paper        POST     s    | >   >    >  | x   x    x  | x   x  | x   x  | x   x  | x   x  | x   x  | x  | x      s      x      x
transcripts:badges       GET      s    | .   .    .  | x   x    x  | x   x  | x   x  | x   x  | x   x  | x   x  | x  | x      s      x      x
transcripts:badges       POST     s    | !   !    !  | x   x    x  | x   x  | x   x  | x   x  | x   x  | x   x  | x  | x      s      x      x
transcripts:badge        GET      s    | 0   0    0  | x   x    x  | x   x  | x   x  | x   x  | x   x  | x   x  | x  | x      s      x      x
transcripts:issuer       GET      .    | .   .    .  | .   .    .  | .   .  | .   .  | .   .  | .   .  | .   .  | .  | .      .      .      .
transcripts:badge_status GET      .    | .   .    .  | .   .    .  | .   .  | .   .  | .   .  | .   .  | .   .  | .  | .      .      .      .
transcripts:letter       GET      s    | 0   0    0  | x   x    x  | x   x  | x   x  | x   x  | .   0  | x   x  | .  | x      s      x      0
transcripts:issued       GET      s    | x   x    x  | x   x    x  | x   x  | x   x  | x   x  | .   .  | x   x  | .  | x      s      x      .
transcripts:new_ids      GET      s    | x   x    x  | x   x    x  | x   x  | x   x  | x   x  | .   .  | x   x  | x  | x      s      x      .
transcripts:new_ids      POST     s    | x   x    x  | x   x    x  | x   x  | x   x  | x   x  | >   >  | x   x  | x  | x      s      x      >
transcripts:document     GET      s    | x   x    x  | x   x    x  | x   x  | x   x  | x   x  | .   0  | x   x  | .  | x      s      x      0
transcripts:reissue      GET      s    | x   x    x  | x   x    x  | x   x  | x   x  | x   x  | .   0  | x   x  | x  | x      s      x      0
transcripts:reissue      POST     s    | x   x    x  | x   x    x  | x   x  | x   x  | x   x  | !   0  | x   x  | x  | x      s      x      0
transcripts:retry_reissue POST    s    | x   x    x  | x   x    x  | x   x  | x   x  | x   x  | >   0  | x   x  | x  | x      s      x      0
transcripts:revoke       GET      s    | x   x    x  | x   x    x  | x   x  | x   x  | x   x  | .   0  | x   x  | x  | x      s      x      0
transcripts:revoke       POST     s    | x   x    x  | x   x    x  | x   x  | x   x  | x   x  | !   0  | x   x  | x  | x      s      x      0
transcripts:paper_facts  GET      s    | x   x    x  | x   x    x  | x   x  | x   x  | x   x  | .   0  | x   x  | .  | x      s      x      0
transcripts:paper_facts  POST     s    | x   x    x  | x   x    x  | x   x  | x   x  | x   x  | >   0  | x   x  | >  | x      s      x      0
transcripts:pesc         POST     s    | x   x    x  | x   x    x  | x   x  | x   x  | x   x  | .   0  | x   x  | x  | x      s      x      0
transcripts:pesc_batch   POST     s    | x   x    x  | x   x    x  | x   x  | x   x  | x   x  | .   0  | x   x  | x  | x      s      x      0
transcripts:acknowledge  GET      s    | x   x    x  | x   x    x  | x   x  | x   x  | x   x  | .   0  | x   x  | x  | x      s      x      0
transcripts:acknowledge  POST     s    | x   x    x  | x   x    x  | x   x  | x   x  | x   x  | !   0  | x   x  | x  | x      s      x      0
transcripts:letterhead   GET      s    | x   x    x  | x   x    x  | x   x  | x   x  | x   x  | .   0  | x   x  | x  | x      s      x      0
transcripts:letterhead   POST     s    | x   x    x  | x   x    x  | x   x  | x   x  | x   x  | !   0  | x   x  | x  | x      s      x      0
transcripts:logo         GET      s    | x   x    x  | x   x    x  | x   x  | x   x  | x   x  | .   0  | x   x  | x  | x      s      x      0
transcripts:wording      GET      s    | x   x    x  | x   x    x  | x   x  | x   x  | x   x  | .   0  | x   x  | x  | x      s      x      0
transcripts:wording      POST     s    | x   x    x  | x   x    x  | x   x  | x   x  | x   x  | !   0  | x   x  | x  | x      s      x      0
transcripts:mailings     GET      s    | x   x    x  | x   x    x  | x   x  | x   x  | x   x  | .   .  | x   x  | .  | x      s      x      .
transcripts:mailings     POST     s    | x   x    x  | x   x    x  | x   x  | x   x  | x   x  | !   !  | x   x  | x  | x      s      x      !
transcripts:mailing      GET      s    | x   x    x  | x   x    x  | x   x  | x   x  | x   x  | .   0  | x   x  | .  | x      s      x      0
transcripts:remake_mailing POST   s    | x   x    x  | x   x    x  | x   x  | x   x  | x   x  | >   0  | x   x  | x  | x      s      x      0
transcripts:mailing_file POST     s    | x   x    x  | x   x    x  | x   x  | x   x  | x   x  | .   0  | x   x  | x  | x      s      x      0
transcripts:mark_mailed  POST     s    | x   x    x  | x   x    x  | x   x  | x   x  | x   x  | !   0  | x   x  | x  | x      s      x      0
transcripts:verify       GET      .    | .   .    .  | .   .    .  | .   .  | .   .  | .   .  | .   .  | .   .  | .  | .      .      .      .
transcripts:verify_code  GET      0    | 0   0    0  | 0   0    0  | 0   0  | 0   0  | 0   0  | 0   0  | 0   0  | 0  | 0      0      0      0
reports:figures          GET      s    | x   x    x  | x   x    x  | .   .  | .   .  | .   .  | .   .  | .   .  | .  | x      s      x      .
reports:figures_file     POST     s    | x   x    x  | x   x    x  | .   .  | .   .  | 0   0  | .   .  | .   .  | .  | x      s      x      .
reports:count_again      POST     s    | x   x    x  | x   x    x  | 0   0  | 0   0  | 0   0  | 0   0  | 0   0  | 0  | x      s      x      0
reports:standing         GET      s    | x   x    x  | x   x    x  | .   .  | .   .  | .   .  | .   .  | .   .  | .  | x      s      x      .
reports:standing_file    POST     s    | x   x    x  | x   x    x  | .   .  | .   .  | .   .  | .   .  | .   .  | .  | x      s      x      .
reports:lists            GET      s    | x   x    x  | .   .    .  | .   .  | .   .  | x   x  | .   .  | .   .  | .  | x      s      x      .
reports:lists            POST     s    | x   x    x  | !   !    !  | !   !  | !   !  | x   x  | !   !  | !   !  | !  | x      s      x      !
reports:list_file        POST     s    | x   x    x  | 0   0    0  | 0   0  | 0   0  | x   x  | 0   0  | .   0  | 0  | x      s      x      0
reports:mailings         GET      s    | x   x    x  | x   x    x  | x   x  | x   x  | x   x  | x   x  | .   .  | x  | x      s      x      x
reports:mailings         POST     s    | x   x    x  | x   x    x  | x   x  | x   x  | x   x  | x   x  | !   !  | x  | x      s      x      x
reports:mailing          GET      s    | x   x    x  | x   x    x  | x   x  | x   x  | x   x  | x   x  | .   0  | x  | x      s      x      x
reports:mailing          POST     s    | x   x    x  | x   x    x  | x   x  | x   x  | x   x  | x   x  | !   0  | x  | x      s      x      x
reports:no_letters       GET      .    | .   .    .  | .   .    .  | .   .  | .   .  | .   .  | .   .  | .   .  | .  | .      .      .      .
reports:no_letters       POST     >    | >   >    >  | >   >    >  | >   >  | >   >  | >   >  | >   >  | >   >  | >  | >      >      >      >
reports:operations       GET      s    | x   x    x  | x   x    x  | x   x  | x   x  | x   x  | x   x  | x   x  | .  | x      s      x      x
reports:resume_job       POST     s    | x   x    x  | x   x    x  | x   x  | x   x  | x   x  | x   x  | x   x  | >  | x      s      x      x
reports:mine             GET      s    | >   >    >  | x   x    x  | x   x  | x   x  | x   x  | x   x  | x   x  | x  | x      s      x      x
reports:record           GET      s    | .   0    0  | x   x    x  | x   x  | x   x  | x   x  | x   x  | .   0  | .  | x      s      x      x
reports:record           POST     s    | >   0    0  | x   x    x  | x   x  | x   x  | x   x  | x   x  | !   0  | !  | x      s      x      x
reports:record_file      POST     s    | .   0    0  | x   x    x  | x   x  | 0   0  | x   x  | 0   0  | 0   0  | 0  | x      s      x      0
accessibility            GET      .    | .   .    .  | .   .    .  | .   .  | .   .  | .   .  | .   .  | .   .  | .  | .      .      .      .
transcripts:check_file   POST     !    | !   !    !  | !   !    !  | !   !  | !   !  | !   !  | !   !  | !   !  | !  | !      !      !      !
styleguide               GET      .    | .   .    .  | .   .    .  | .   .  | .   .  | .   .  | .   .  | .   .  | .  | .      .      .      .
healthz                  GET      .    | .   .    .  | .   .    .  | .   .  | .   .  | .   .  | .   .  | .   .  | .  | .      .      .      .
"""

#: The object in each address: the attribute of the cast, and what of it stands in the address.
OBJECTS = {
    "accounts:mail": "letter",
    "accounts:send_again": "letter",
    "accounts:remove_factor": "identity",
    "organizations:scale": "cbc_scale",
    "organizations:new_scale": "cbc_scale",
    "organizations:person": "invited",
    "organizations:send_link": "invited",
    "organizations:new_seat": "invited",
    "organizations:people_file": "people_file",
    "organizations:seat": "teacher_seat",
    "organizations:end_seat": "teacher_seat",
    "articulations:articulation": "agreement",
    "articulations:school": "kamiakin",
    "articulations:assurance": "home_college",
    "articulations:rollover": "rollover",
    "articulations:section_teachers": "section",
    "articulations:credential": "credential",
    "articulations:class_credentials": "accounting",
    "students:credentials": "section",
    "articulations:assurance_text": "home_college",
    "articulations:signed_assurance": "assurance",
    "organizations:consortium": "columbia_basin",
    "organizations:college": "cbc",
    "organizations:answers": "cbc",
    "articulations:agreement": "agreement_text",
    "articulations:agreement_text": "agreement_text",
    "articulations:partners": "home_consortium",
    "articulations:review": "agreement",
    "articulations:course": "acct_201",
    "articulations:high_school_course": "accounting",
    "articulations:edit_class": "accounting",
    "articulations:class_file": "class_file",
    "articulations:edit_course": "acct_201",
    "articulations:course_file": "course_file",
    "articulations:agreement_file": "agreement",
    "articulations:amend": "agreement",
    "articulations:terminate": "agreement",
    "articulations:request": "articulation_request",
    "articulations:request_alternatives": "articulation_request",
    "articulations:check_request": "articulation_request",
    "articulations:request_page": "articulation_request",
    "articulations:request_versions": "articulation_request",
    "articulations:request_file": "request_file",
    "articulations:alignment": "articulation_request",
    "articulations:enter_request": "articulation_request",
    "articulations:request_steps": "home_consortium",
    "students:registered": "agreement",
    "students:class_sheet": "section",
    "students:claim_for": "student",
    "students:claim": "late_claim",
    "students:claim_file": "late_claim_paper",
    "grading:late_claim": "late_claim",
    "students:amendment": "amendment",
    "students:enter_amendment": "student",
    "transcripts:statement": "amendment",
    "students:inspection": "inspection",
    "students:enter_inspection": "student",
    "reports:record_for": "inspection",
    "students:school_roster": "roster_import",
    "students:in_class": "section",
    "students:no_reminders": "roster_entry",
    "students:consent": "registration",
    "students:take_form": "registration",
    "students:receipt": "fee_receipt",
    "students:terms": "home_consortium",
    "students:guardian_text": "home_consortium",
    "students:checkout": "checkout",
    "students:local_provider": "checkout",
    "students:payment": "payment",
    "students:statement": "statement",
    "students:statement_line": "statement_line",
    "students:invoice": "home_district",
    "students:ask_guardian": "registration",
    "students:registration": "registration",
    "students:change_teacher": "registration",
    "students:change_college": "registration",
    "students:withdraw": "registration",
    "students:student": "student",
    "students:history": "student",
    "students:open_record": "student",
    "students:readers": "student",
    "students:changes": "student",
    "students:address": "address_change",
    "students:reset_account": "student",
    "students:twin": "twins",
    "transcripts:merge": "merge",
    "students:student_file": "student_file",
    "grading:roster": "section",
    "grading:college_year": "home_college",
    "grading:windows": "home_consortium",
    "grading:reopen": "section",
    "grading:verification": "section",
    "grading:extension": "extension",
    "grading:change": "grade_change",
    "grading:change_file": "grade_change",
    "grading:new_change": "registration",
    "grading:comments": "registration",
    "grading:draft": "section",
    "grading:paste": "section",
    "grading:sheet": "section",
    "grading:receipts": "section",
    "grading:receipt": "section",
    "transcripts:run": "run",
    "transcripts:stop": "run",
    "transcripts:resume": "run",
    "transcripts:transcript": "transcript",
    "transcripts:ledger": "run",
    "transcripts:eligibility": "registration",
    "transcripts:settle_repeat": "registration",
    "transcripts:withdraw_request": "asked",
    "transcripts:undo_identity": "college_identity",
    "transcripts:replace_identity": "college_identity",
    "transcripts:replacement": "replacement",
    "transcripts:conflict": "conflict",
    "transcripts:sheet": "sheet",
    "transcripts:worksheet": "batch",
    "transcripts:take_worksheet": "batch",
    "transcripts:letter": "transcript",
    "transcripts:document": "transcript",
    "transcripts:reissue": "transcript",
    "transcripts:retry_reissue": "transcript",
    "transcripts:revoke": "transcript",
    "transcripts:paper_facts": "transcript",
    "transcripts:badge": "badge",
    "transcripts:issuer": "college",
    "transcripts:badge_status": "college",
    "transcripts:pesc": "transcript",
    "transcripts:pesc_batch": "run",
    "transcripts:acknowledge": "transcript",
    "transcripts:letterhead": "college",
    "transcripts:logo": "college",
    "transcripts:wording": "college",
    "transcripts:mailing": "paper_mailing",
    "transcripts:remake_mailing": "paper_mailing",
    "transcripts:mailing_file": "paper_mailing",
    "transcripts:mark_mailed": "paper_mailing",
    "reports:record": "student",
    "reports:record_file": "export",
    "reports:list_file": "list_export",
    "reports:mailing": "mailing",
    "reports:no_letters": "mailed",
}
#: A reference in an address beside the object: its name, how it begins, and the attribute of the cast it counts.
REFERENCES = {"grading:receipt": ("reference", "R-", "receipt")}
#: Texts in an address that name no object of the cast; beside its object where it has one.
TEXTS = {
    "articulations:catalog_data": {"name": "agreements.json"},
    "articulations:request_page": {"page": "class"},
    "accounts:openid": {"provider": "a-district-that-has-none"},
    "articulations:reviews_file": {"name": "reviews.csv"},
    "articulations:verify_agreement": {"code": "0" * 26},
    "articulations:signing_link": {"token": "not-a-token-that-was-mailed"},
    "accounts:link": {"token": "not-a-token-that-was-mailed"},
    "students:question": {"page": "name"},
    "students:join": {"code": "ACCTG23"},
    "students:confirm": {"token": "not-a-token-that-was-mailed"},
    "students:guardian": {"token": "not-a-token-that-was-mailed"},
    "transcripts:verify_code": {"code": "0" * 26},
}


def rows() -> dict[tuple[str, str], str]:
    """Each address and method with its cells, one letter a person."""
    table = {}
    for line in TABLE.strip().splitlines():
        words = line.replace("|", " ").split()
        if len(words) > 2 and words[1].isupper() and words[1].isalpha():
            name, method, *cells = words
            assert len(cells) == len(PEOPLE), (
                f"{name} {method} has {len(cells)} cells, there are {len(PEOPLE)} people"
            )
            assert (name, method) not in table, f"{name} {method} stands twice"
            table[name, method] = "".join(cells)
    return table
