from datetime import date

import pytest

from rag.errors import BadQuestion
from rag.types import Filter, Period
from ui.filters import LONGEST_QUESTION, check_question, days_of, make_filter


@pytest.mark.parametrize(
    ("written", "first", "last"),
    [
        ("1959", date(1959, 1, 1), date(1959, 12, 31)),
        ("1959-02", date(1959, 2, 1), date(1959, 2, 28)),
        ("1960-2", date(1960, 2, 1), date(1960, 2, 29)),
        ("1959-11-24", date(1959, 11, 24), date(1959, 11, 24)),
        ("9999", date(9999, 1, 1), date(9999, 12, 31)),
        ("1959年", date(1959, 1, 1), date(1959, 12, 31)),
        ("1959年6月", date(1959, 6, 1), date(1959, 6, 30)),
        ("1959年06月5日", date(1959, 6, 5), date(1959, 6, 5)),
        ("1959年6月5号", date(1959, 6, 5), date(1959, 6, 5)),
    ],
)
def test_a_year_a_month_and_a_day_cover_their_days(written, first, last):
    assert days_of(written) == Period(first, last)


@pytest.mark.parametrize(
    "written",
    [
        "",
        "59",
        "1959-13",
        "1959-02-30",
        "0000",
        "1959-11-24-1",
        "yesterday",
        "１９５９",
        "1959年-6",
        "1959年6",
        "1959-6月",
        "1959年13月",
    ],
)
def test_what_is_no_date_is_refused(written):
    with pytest.raises(BadQuestion, match="is not a date"):
        days_of(written)


def test_the_period_runs_to_the_end_of_what_is_named():
    chosen = make_filter(since="1958-03", until="1959", page=2, language="zh", author=" 舒堤 ")
    assert chosen == Filter(Period(date(1958, 3, 1), date(1959, 12, 31)), 2, "zh", "舒堤")
    assert make_filter() == Filter()


@pytest.mark.parametrize(
    "given", [{"since": "1960", "until": "1959"}, {"page": 0}, {"author": " "}]
)
def test_filters_that_cannot_be_meant_are_refused(given):
    with pytest.raises(BadQuestion):
        make_filter(**given)


@pytest.mark.parametrize("question", ["", " \n", "x" * (LONGEST_QUESTION + 1), "\udc80"])
def test_questions_that_are_none_are_refused(question):
    with pytest.raises(BadQuestion):
        check_question(question)
