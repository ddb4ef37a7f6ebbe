"""/accounts/recover/: what is asked beside the mailed link before a new password."""

from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django import Settings

from accounts import actions, rules
from accounts.models import MailedLink, RateLimit
from tests.accounts.pages import Purpose, open_link, subjects, text
from tests.people import ANSWERS, Cast, make_answers
from tests.policing import PolicingClient

URL = "/accounts/recover/"
NEXT = "/accounts/new-password/"


def right_answer(client: PolicingClient) -> str:
    """The answer to the question that is asked."""
    page = client.get(URL)
    (answer,) = [answer for question, answer in ANSWERS if label_of(question) in text(page)]
    return answer


def label_of(question: str) -> str:
    from accounts.models import Question

    return str(Question(question).label)


def test_one_of_the_three_questions_is_asked(client: PolicingClient, cast: Cast) -> None:
    open_link(client, cast.colleague, Purpose.RECOVER)
    page = text(client.get(URL))
    assert sum(label_of(question) in page for question, _ in ANSWERS) == 1
    assert cast.colleague.username in page
    answer = right_answer(client)
    response = client.post(URL, {"typed": answer})
    assert (response.status_code, response["Location"]) == (302, NEXT)
    assert client.get(NEXT).status_code == 200


def test_a_link_asks_the_same_question_each_time(client: PolicingClient, cast: Cast) -> None:
    """Opening it again, or in another browser, finds no easier one."""
    token = open_link(client, cast.colleague, Purpose.RECOVER)
    first = right_answer(client)
    for _ in range(5):
        other = PolicingClient()
        other.get(f"/accounts/links/{token}/")
        assert right_answer(other) == first


@pytest.mark.parametrize("change", [str.upper, str.lower, lambda text: f"  {text.replace(' ', '   ')}. "])
def test_how_an_answer_is_written_does_not_matter(client: PolicingClient, cast: Cast, change) -> None:
    open_link(client, cast.colleague, Purpose.RECOVER)
    assert client.post(URL, {"typed": change(right_answer(client))}).status_code == 302


def test_a_wrong_answer_is_told_and_uses_nothing_up(client: PolicingClient, cast: Cast) -> None:
    token = open_link(client, cast.colleague, Purpose.RECOVER)
    response = client.post(URL, {"typed": "Rex"})
    assert response.status_code == 422
    assert "This is not the answer you gave" in text(response)
    assert client.get(NEXT)["Location"] == URL
    assert client.post(NEXT, {"password": "x"})["Location"] == URL
    assert actions.look_at_link(token) is not None
    assert client.post(URL, {"typed": right_answer(client)}).status_code == 302


def test_the_answer_to_another_question_is_wrong(client: PolicingClient, cast: Cast) -> None:
    open_link(client, cast.colleague, Purpose.RECOVER)
    right = right_answer(client)
    others = [answer for _, answer in ANSWERS if answer != right]
    assert [client.post(URL, {"typed": answer}).status_code for answer in others] == [422, 422]


def test_answers_are_counted_for_themselves_for_a_day(client: PolicingClient, cast: Cast) -> None:
    """Neither a new link, another network, a right sign-in nor a right answer gives new tries."""
    open_link(client, cast.colleague, Purpose.RECOVER)
    assert client.post(URL, {"typed": right_answer(client)}).status_code == 302
    actions.recognize(username=cast.colleague.username, password="wrong", address="192.0.2.1")
    for number in range(rules.ANSWER_TRIES - 1):
        browser = PolicingClient()
        open_link(browser, cast.colleague, Purpose.RECOVER)
        assert browser.post(URL, {"typed": "Rex"}, REMOTE_ADDR=f"192.0.2.{number}").status_code == 422
    browser = PolicingClient()
    open_link(browser, cast.colleague, Purpose.RECOVER)
    refused = browser.post(URL, {"typed": right_answer(browser)})
    assert refused.status_code == 429
    assert "There were too many answers that did not fit. Try again after " in text(refused)
    tomorrow = timezone.now() + rules.ANSWER_WITHIN
    assert RateLimit.objects.filter(ends_at__gt=tomorrow - timedelta(minutes=1)).exists()


def test_nobody_without_the_link_can_use_the_tries_up(client: PolicingClient, cast: Cast) -> None:
    for _ in range(rules.ANSWER_TRIES + 1):
        assert client.post(URL, {"typed": "Rex"}).status_code == 404
    open_link(client, cast.colleague, Purpose.RECOVER)
    assert client.post(URL, {"typed": right_answer(client)}).status_code == 302


def test_a_recovery_code_stands_for_the_answer_once(client: PolicingClient, cast: Cast) -> None:
    code, *_ = actions.new_recovery_codes(user=cast.colleague, by=cast.colleague)
    open_link(client, cast.colleague, Purpose.RECOVER)
    assert 'href="?by=code"' in client.get(URL).content.decode()
    page = client.get(f"{URL}?by=code")
    assert "Recovery code" in text(page)
    typed = code.lower().replace("-", " ").replace("0", "o")
    assert client.post(f"{URL}?by=code", {"typed": typed})["Location"] == NEXT
    other = PolicingClient()
    open_link(other, cast.colleague, Purpose.RECOVER)
    assert other.post(f"{URL}?by=code", {"typed": code}).status_code == 422
    assert subjects(cast.colleague.email)[-1] == "A SERS recovery code was used"


def test_a_code_of_somebody_else_opens_nothing(client: PolicingClient, cast: Cast) -> None:
    actions.new_recovery_codes(user=cast.colleague, by=cast.colleague)
    code, *_ = actions.new_recovery_codes(user=cast.teacher, by=cast.teacher)
    open_link(client, cast.colleague, Purpose.RECOVER)
    assert client.post(f"{URL}?by=code", {"typed": code}).status_code == 422


def test_who_has_neither_question_nor_code_goes_on_with_the_link_alone(
    client: PolicingClient, cast: Cast
) -> None:
    open_link(client, cast.teacher, Purpose.RECOVER)
    assert client.get(URL)["Location"] == NEXT
    assert client.get(NEXT).status_code == 200


def test_with_questions_switched_off_they_are_not_asked(
    client: PolicingClient, cast: Cast, settings: Settings
) -> None:
    settings.SECURITY_QUESTIONS = False
    open_link(client, cast.colleague, Purpose.RECOVER)
    assert client.get(URL)["Location"] == NEXT
    actions.new_recovery_codes(user=cast.colleague, by=cast.colleague)
    assert "Recovery code" in text(client.get(URL))
    assert client.get(NEXT)["Location"] == URL


def test_proof_given_for_one_link_is_none_for_the_next(client: PolicingClient, cast: Cast) -> None:
    make_answers(cast.teacher)
    open_link(client, cast.colleague, Purpose.RECOVER)
    client.post(URL, {"typed": right_answer(client)})
    assert client.get(NEXT).status_code == 200
    open_link(client, cast.teacher, Purpose.RECOVER)
    assert client.get(NEXT)["Location"] == URL
    open_link(client, cast.colleague, Purpose.RECOVER)
    assert client.get(NEXT)["Location"] == URL


def test_nothing_typed_is_named_and_not_counted(client: PolicingClient, cast: Cast) -> None:
    open_link(client, cast.colleague, Purpose.RECOVER)
    before = RateLimit.objects.count()
    response = client.post(URL, {"typed": ""})
    assert (response.status_code, "Enter your answer" in text(response)) == (422, True)
    assert RateLimit.objects.count() == before
    assert "Shorten it to 200" in text(client.post(URL, {"typed": "x" * 201}))


def test_the_page_ends_with_the_link(client: PolicingClient, cast: Cast) -> None:
    open_link(client, cast.colleague, Purpose.RECOVER)
    MailedLink.objects.filter(user=cast.colleague).update(ended_at=timezone.now())
    assert client.get(URL).status_code == 404
    assert client.get(NEXT).status_code == 404
