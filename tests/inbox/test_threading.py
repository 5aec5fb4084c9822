"""A mail joins the conversation it answers only when its sender is that conversation's customer."""

from inbox.conversations import Known, Newcomer, Opened, Place, parents_of, place

ANN, BOB = "ann@example.org", "bob@example.org"


def mail(message_id: str, sender: str, *parents: str) -> Newcomer:
    return Newcomer(message_id, sender, parents)


def test_a_first_mail_opens_a_conversation() -> None:
    assert place([mail("a", ANN)], {}) == [Place(Opened(0, ANN))]


def test_an_answer_of_the_customer_joins() -> None:
    known = Known(7, ANN)
    assert place([mail("b", ANN, "a")], {"a": [known]}) == [Place(known)]


def test_an_answer_of_somebody_else_opens_its_own_and_says_what_it_claims() -> None:
    known = Known(7, ANN)
    assert place([mail("b", BOB, "a")], {"a": [known]}) == [Place(Opened(0, BOB), known)]


def test_a_sender_that_cannot_be_read_never_joins() -> None:
    known = Known(7, "")
    assert place([mail("b", "", "a")], {"a": [known]})[0].thread == Opened(0, "")


def test_a_stranger_who_reuses_a_message_id_does_not_capture_the_answer() -> None:
    mine, theirs = Known(7, ANN), Known(8, BOB)
    assert place([mail("c", ANN, "a")], {"a": [theirs, mine]}) == [Place(mine)]


def test_follow_ups_of_one_batch_join_in_whatever_order_they_come() -> None:
    batch = [mail("c", ANN, "b"), mail("b", ANN, "a"), mail("a", ANN)]
    assert {found.thread for found in place(batch, {})} == {Opened(2, ANN)}


def test_a_follow_up_of_a_follow_up_joins_the_known_conversation() -> None:
    known = Known(7, ANN)
    batch = [mail("b", ANN, "a"), mail("c", ANN, "b")]
    assert [found.thread for found in place(batch, {"a": [known]})] == [known, known]


def test_mails_that_answer_each_other_in_a_circle_are_placed() -> None:
    found = place([mail("a", ANN, "b"), mail("b", ANN, "a")], {})
    assert len({place.thread for place in found}) == 1


def test_a_mail_that_answers_itself_opens_a_conversation() -> None:
    assert place([mail("a", ANN, "a")], {}) == [Place(Opened(0, ANN))]


def test_a_chain_of_thousands_is_placed_without_recursion() -> None:
    batch = [mail(str(n), ANN, str(n + 1)) for n in range(5_000)]
    assert {found.thread for found in place(batch, {})} == {Opened(4_999, ANN)}


def test_the_nearest_parent_is_the_one_named_last() -> None:
    assert parents_of(["c"], ["a", "b", "c"]) == ("c", "b", "a")


def test_at_most_twenty_parents_are_looked_for() -> None:
    assert len(parents_of([], [str(n) for n in range(200)])) == 20


def test_a_mail_that_comes_after_its_follow_up_joins_it() -> None:
    known = Known(7, ANN)
    assert place([mail("a", ANN)], {}, {"a": [known]}) == [Place(known)]


def test_a_mail_does_not_join_a_strangers_answer_to_it() -> None:
    strange = Known(7, BOB)
    assert place([mail("a", ANN)], {}, {"a": [strange]}) == [Place(Opened(0, ANN))]
