from datetime import UTC, datetime, timedelta

from triage.board.chart import BOTTOM, LEFT, TOP, Hour, draw, round_up, spark

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
    assert chart.went_out.startswith(f"M{float(LEFT)} {float(BOTTOM)}")


def test_a_day_without_mail_says_so() -> None:
    assert draw(hours((0, 0), (0, 0))).is_empty


def test_the_chart_names_its_peak_and_since_when_answers_are_ahead() -> None:
    chart = draw(hours((5, 0), (40, 10), (20, 30), (10, 30)))
    assert chart.peak is not None
    assert (chart.peak.text, chart.peak.at) == ("40", NOON + timedelta(hours=1))
    assert chart.overtook_at == NOON + timedelta(hours=2)


def test_who_fell_behind_again_is_not_ahead() -> None:
    assert draw(hours((10, 20), (20, 10))).overtook_at is None


def test_the_words_at_the_ends_never_cover_each_other() -> None:
    chart = draw(hours((10, 10), (50, 50)))
    assert abs(chart.came_in_end.y - chart.went_out_end.y) >= 14


def test_a_quiet_queue_lies_flat_in_its_small_chart() -> None:
    small = spark(hours((0, 0), (0, 0)))
    assert small.came_in == small.went_out == "M2.0 21.0L82.0 21.0"
