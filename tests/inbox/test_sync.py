"""What to list and fetch next, from numbers alone."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from inbox.sync import FolderState, ListedMail, Range, batches, first_uid_since, next_range

NOON = datetime(2026, 1, 15, 12, tzinfo=UTC)


def state(*, uidnext: int, exists: int = 1) -> FolderState:
    return FolderState(uidvalidity=1, uidnext=uidnext, exists=exists)


def test_nothing_is_listed_when_the_cursor_is_at_the_end() -> None:
    assert next_range(state(uidnext=8), cursor=7) is None


def test_an_empty_folder_is_not_asked_for_its_list() -> None:
    assert next_range(state(uidnext=0, exists=0), cursor=0) is None


def test_one_range_spans_at_most_five_thousand_numbers() -> None:
    assert next_range(state(uidnext=9_000), cursor=10) == Range(11, 5_010)


def test_the_last_range_ends_with_the_last_mail() -> None:
    assert next_range(state(uidnext=9_000), cursor=5_010) == Range(5_011, 8_999)


def test_a_server_that_hides_its_next_number_is_asked_to_the_end() -> None:
    assert next_range(state(uidnext=0), cursor=4) == Range(5, None)


def test_a_gap_in_the_numbers_is_crossed_with_longer_strides() -> None:
    assert next_range(state(uidnext=10**9), cursor=0, empty_so_far=1) == Range(1, 50_000)


def test_the_start_is_the_lowest_number_received_since() -> None:
    listed = [ListedMail(n, NOON + timedelta(hours=n - 5), 10) for n in (3, 5, 6, 9)]
    assert first_uid_since(listed, NOON) == 5
    assert first_uid_since(listed, NOON + timedelta(days=1)) is None


def test_a_mail_larger_than_a_batch_travels_alone() -> None:
    assert list(batches([("a", 1), ("b", 99), ("c", 1)], count=9, size=10)) == [
        ["a"],
        ["b"],
        ["c"],
    ]


@given(st.lists(st.integers(0, 50)), st.integers(1, 5), st.integers(1, 60))
def test_batches_lose_nothing_and_keep_their_limits(
    weights: list[int], count: int, size: int
) -> None:
    items = list(enumerate(weights))
    cut = list(batches([(item, item[1]) for item in items], count=count, size=size))
    assert [item for batch in cut for item in batch] == items
    for batch in cut:
        assert 0 < len(batch) <= count
        assert len(batch) == 1 or sum(weight for _, weight in batch) <= size
