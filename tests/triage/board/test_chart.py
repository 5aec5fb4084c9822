from datetime import UTC, datetime, timedelta

from triage.board.chart import BOTTOM, TOP, Hour, draw, round_up

NOON = datetime(2027, 1, 15, 12, 0, tzinfo=UTC)


def hours(*numbers: tuple[int, int]) -> list[Hour]:
    return [
        Hour(start=NOON + timedelta(hours=i), came_in=came, went_out=went)
        for i, (came, went) in enumerate(numbers)
    ]


def test_the_axis_ends_on_a_pleasant_number() -> None:
    assert [round_up(n) for n in (0, 7, 11, 99, 101, 430, 1150)] == [
        10,
        10,
        20,
        100,
        200,
        500,
        2000,
    ]


def test_the_highest_hour_touches_the_top_and_nothing_lies_on_the_ground() -> None:
    chart = draw(hours((0, 0), (100, 50)))
    assert chart.came_in.endswith(f" {float(TOP)}")
    assert chart.went_out.startswith(f"M40.0 {float(BOTTOM)}")


def test_a_day_without_mail_says_so() -> None:
    assert draw(hours((0, 0), (0, 0))).is_empty
