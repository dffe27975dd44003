"""Publication periods in questions: half of what names a time must not filter."""

from __future__ import annotations

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.archive import Archive
from rag.retrieve.dates import find_times, plain
from rag.retrieve.periods import Reading, publication_period, read_period
from rag.retrieve.question import understand
from rag.types import Filter, Period


def span(start: str, end: str) -> Period:
    return Period(
        date.fromisoformat(start) if start else None, date.fromisoformat(end) if end else None
    )


# Each question and the publication dates it filters by.
FILTERS = [
    ("What was reported about Tianjin in June 1958?", "1958-06-01", "1958-06-30"),
    ("What did workers do in June 1958 to raise output?", "1958-06-01", "1958-06-30"),
    ("In February 1956, who visited the factory?", "1956-02-01", "1956-02-29"),
    ("What happened on June 5, 1959?", "1959-06-05", "1959-06-05"),
    ("What did the newspaper of 5 June 1959 say?", "1959-06-05", "1959-06-05"),
    ("What happened on 1959-11-24?", "1959-11-24", "1959-11-24"),
    ("Which articles from June 1958 mention steel?", "1958-06-01", "1958-06-30"),
    ("Which editorials were published in 1958?", "1958-01-01", "1958-12-31"),
    ("What did the People's Daily say in 1957?", "1957-01-01", "1957-12-31"),
    ("How did prices move after August 1957?", "1957-09-01", ""),
    ("Who led the bureau since August 1957?", "1957-08-01", ""),
    ("Who ran the factory before 1953?", "", "1952-12-31"),
    ("How were factories run in the 1950s?", "1950-01-01", "1959-12-31"),
    ("How were factories run in the fifties?", "1950-01-01", "1959-12-31"),
    ("How did output grow between 1953 and 1956?", "1953-01-01", "1956-12-31"),
    ("How did output grow from 1953 to 1956?", "1953-01-01", "1956-12-31"),
    ("What was built from March 1957 to May 1958?", "1957-03-01", "1958-05-31"),
    ("What was built in June to August 1958?", "1958-06-01", "1958-08-31"),
    ("1958年6月天津发生了什么？", "1958-06-01", "1958-06-30"),
    ("天津在1958年6月有哪些革新？", "1958-06-01", "1958-06-30"),
    ("1959年11月24日的报道说了什么？", "1959-11-24", "1959-11-24"),
    ("人民日报1959年11月24日登载了什么？", "1959-11-24", "1959-11-24"),
    ("一九五九年十一月二十四日发生了什么？", "1959-11-24", "1959-11-24"),
    ("1957年8月以后工厂有什么变化？", "1957-09-01", ""),
    ("1953年以前工厂由谁管理？", "", "1952-12-31"),
    ("五十年代工厂怎样管理？", "1950-01-01", "1959-12-31"),
    ("在20世纪50年代，工厂怎样管理？", "1950-01-01", "1959-12-31"),
    ("一九五三年至一九五六年产量有什么变化？", "1953-01-01", "1956-12-31"),
    ("1956—1958年产量有什么变化？", "1956-01-01", "1958-12-31"),
    ("从1953年到1956年，产量怎样变化？", "1953-01-01", "1956-12-31"),
    ("1953年和1956年之间，产量怎样变化？", "1953-01-01", "1956-12-31"),
    ("1958年6月上旬工厂完成了什么？", "1958-06-01", "1958-06-10"),
    ("1958年2月下旬工厂完成了什么？", "1958-02-21", "1958-02-28"),
    ("58年6月工厂完成了什么？", "1958-06-01", "1958-06-30"),
    ("1958年的报道怎样谈天津？", "1958-01-01", "1958-12-31"),
    ("１９５８年６月天津发生了什么？", "1958-06-01", "1958-06-30"),
    ("What did the papers report in the first quarter of 1958?", "1958-01-01", "1958-03-31"),
    ("1958年上半年的报道怎样谈天津？", "1958-01-01", "1958-06-30"),
    ("What did newspapers say in June 1958 about the 1956 plan?", "1958-06-01", "1958-06-30"),
    # ends that borrow the year or the month of the other
    ("1958年6月1日至15日工厂完成了什么？", "1958-06-01", "1958-06-15"),
    ("1958年6月1日到6月15日工厂完成了什么？", "1958-06-01", "1958-06-15"),
    ("1958年6月1日至7月15日的报道说了什么？", "1958-06-01", "1958-07-15"),
    ("从1958年6月1日到15日，工厂完成了什么？", "1958-06-01", "1958-06-15"),
    ("1958年6月5日和6日发生了什么？", "1958-06-05", "1958-06-06"),
    ("1958年6月5、6日发生了什么？", "1958-06-05", "1958-06-06"),
    ("1958年6月5日和8日之间发生了什么？", "1958-06-05", "1958-06-08"),
    ("1958年6月30日、7月1日发生了什么？", "1958-06-30", "1958-07-01"),
    ("1958年6月和7月工厂完成了什么？", "1958-06-01", "1958-07-31"),
    ("1958年6月5日以及6日发生了什么？", "1958-06-05", "1958-06-06"),
    ("1958年6月5日晚至6日晨发生了什么？", "1958-06-05", "1958-06-06"),
    ("1958年6、7月间发生了什么？", "1958-06-01", "1958-07-31"),
    ("1958年6、7、8月发生了什么？", "1958-06-01", "1958-08-31"),
    ("1958年6月至8月发生了什么？", "1958-06-01", "1958-08-31"),
    ("1958年6月底至7月初发生了什么？", "1958-06-01", "1958-07-31"),
    ("1958年12月到次年2月发生了什么？", "1958-12-01", "1959-02-28"),
    ("1958年6月下旬至7月上旬发生了什么？", "1958-06-21", "1958-07-10"),
    ("一九五八年六月二十日至二十五日发生了什么？", "1958-06-20", "1958-06-25"),
    ("1958年6月至今有什么变化？", "1958-06-01", ""),
    ("1957年8月及以后工厂有什么变化？", "1957-08-01", ""),
    ("1957年8月5日或之前工厂有什么变化？", "", "1957-08-05"),
    ("What happened from June 1 to June 15, 1958?", "1958-06-01", "1958-06-15"),
    ("What happened from June 1 to 15, 1958?", "1958-06-01", "1958-06-15"),
    ("What happened on June 5-8, 1959?", "1959-06-05", "1959-06-08"),
    ("What happened on June 5 and 6, 1959?", "1959-06-05", "1959-06-06"),
    ("What happened between June 5 and June 8, 1959?", "1959-06-05", "1959-06-08"),
    ("What was reported between 5 and 8 June 1959?", "1959-06-05", "1959-06-08"),
    ("What happened from the 1st to the 15th of June 1958?", "1958-06-01", "1958-06-15"),
    ("What happened from 5 June to 8 July 1959?", "1959-06-05", "1959-07-08"),
    ("What happened from June 5, 1959 to July 8?", "1959-06-05", "1959-07-08"),
    ("What happened between June 5 and July 1958?", "1958-06-05", "1958-07-31"),
    ("What happened in mid-June to mid-July 1958?", "1958-06-01", "1958-07-31"),
    ("In June and July 1958, what was reported about steel?", "1958-06-01", "1958-07-31"),
    ("What happened in June, July and August 1958?", "1958-06-01", "1958-08-31"),
    ("What happened between July and August 2023?", "2023-07-01", "2023-08-31"),
    ("What happened after June 5-8, 1959?", "1959-06-09", ""),
    ("What happened on and after June 5, 1959?", "1959-06-05", ""),
    ("What happened on or before June 5, 1959?", "", "1959-06-05"),
    ("What happened up to and including June 5, 1959?", "", "1959-06-05"),
    ("What has changed from June 1958 to the present?", "1958-06-01", ""),
    ("What did the papers report from November 1958 to February 1959?", "1958-11-01", "1959-02-28"),
]  # fmt: skip

# Each question names a time or none, and filters by nothing.
FILTERS_NOT = [
    "What did Mao say at Lushan in 1959?",
    "In 1973, what was found at Mawangdui?",
    "1959年，毛泽东在庐山说了什么？",
    "1959年发生了什么？",
    "How much was the 1956 profit plan exceeded by?",
    "What caused the 1973 oil crisis?",
    "Who won the 1958 World Cup?",
    "1956年利润计划超额多少？",
    "1959年计划是什么？",
    "What led to the 1911 Revolution?",
    "How many died of the Black Death in 1348?",
    "How many died in June 1348?",
    "Why did 1958 workers strike?",
    "1950名工人做了什么？",
    "What is the model 1956 tractor?",
    "1956型拖拉机是什么？",
    "What changed in the first half of 1958?",
    "What was built in the first quarter of 1958?",
    "1958年上半年工厂完成了什么？",
    "1958年第一季度工厂完成了什么？",
    "What was done in the first quarter of this year?",
    "今年第一季度完成了什么？",
    "去年产量是多少？",
    "Compare output in 1957 and in 1958.",
    "1957年6月和1958年6月的产量有什么不同？",
    "What is the plan for June 1958?",
    "What was said at the conference of July 1959?",
    "What is the name of the storm that hit Jacksonville in May of 2012?",
    "2012年5月袭击杰克逊维尔的风暴叫什么名字？",
    "As of January 2016 how many digits does it have?",
    "截至2016年1月有多少位？",
    "关于1958年6月有什么说法？",
    "19世纪50年代发生了什么？",
    "三十年战争何时结束？",
    "50年来有什么变化？",
    "五六年有什么变化？",
    "How hot was it in the 80s?",
    "What happened on February 30, 1958?",
    "1958年13月发生了什么？",
    "What does page 1958 say?",
    "How did 1959's harvest go?",
    "Did the factory cost $1958?",
    "第一个五年计划期间建了什么？",
    "What was the 2001-02 identity?",
    "In what year was the plant built?",
    # days and months apart are two times, as two years are
    "1958年6月5日和8日发生了什么？",
    "1958年6月和8月的产量有什么不同？",
    "What happened on June 5 and 10, 1959?",
    "Compare output in June and August 1958.",
    "What happened in June 1958 and July 1959?",
    "1957年和1958年产量是多少？",
    # around a day is neither that day nor what came after
    "What happened before and after June 5, 1959?",
    "What was printed before and after June 5, 1959?",
    "What happened around June 5, 1959?",
    "What happened in the week of June 5, 1959?",
    "1958年6月5日前后发生了什么？",
    "1958年6月5日前后的报道说了什么？",
    "1958年6月5日那一周发生了什么？",
    # what joined to it is not read
    "What happened from November to February 1959?",
    "1958年6月30日至5日发生了什么？",
    "1958年6月5日至35日发生了什么？",
    "What happened from June 25 to 35, 1958?",
    "What did the reports of the first quarter and second quarter of 1958 say?",
    "What changed between the spring and June 1958?",
    "1958年6月至年底发生了什么？",
    "1958年6月5日至月底发生了什么？",
    "",
]

UNCLEAR = [
    ("What happened last October?", "last October"),
    ("What was reported last month?", "last month"),
    ("What was decided recently?", "recently"),
    ("What happened yesterday?", "yesterday"),
    ("上个月发生了什么？", "上个月"),
    ("最近有什么消息？", "最近"),
    ("昨天发生了什么？", "昨天"),
]


@pytest.mark.parametrize(("question", "start", "end"), FILTERS)
def test_a_period_named_unmistakably_filters(question: str, start: str, end: str) -> None:
    reading = read_period(question)
    assert reading.strict
    assert reading.period == span(start, end)
    assert reading.text
    assert reading.text in question
    assert understand(question).period == span(start, end)


@pytest.mark.parametrize("question", FILTERS_NOT)
def test_other_times_do_not_filter(question: str) -> None:
    reading = read_period(question)
    assert not reading.strict
    assert not reading.unclear
    assert publication_period(question) is None


@pytest.mark.parametrize(
    "question", ["What happened around June 5, 1959?", "1958年6月至年底怎样？"]
)
def test_what_is_only_about_a_time_is_no_period(question: str) -> None:
    assert read_period(question) == Reading()


@pytest.mark.parametrize(("question", "words"), UNCLEAR)
def test_what_depends_on_today_is_unclear(question: str, words: str) -> None:
    reading = read_period(question)
    assert reading.period is None
    assert words in reading.unclear
    assert publication_period(question) is None


@pytest.mark.parametrize("question", ["What did Mao say in 1959?", "1959年，毛泽东说了什么？"])
def test_the_year_of_an_event_is_kept_and_not_applied(question: str) -> None:
    reading = read_period(question)
    assert reading.period == span("1959-01-01", "1959-12-31")
    assert not reading.strict


# What only looks like an end borrowed, and is read as before.
@pytest.mark.parametrize(
    ("question", "start", "end"),
    [
        ("1958年6月5日，7名工人做了什么？", "1958-06-05", "1958-06-05"),
        ("1958年6月、7名工人做了什么？", "1958-06-01", "1958-06-30"),
        ("In June 1958, 5 workers did what?", "1958-06-01", "1958-06-30"),
        ("What did Mao and 6 others say on June 5, 1959?", "1959-06-05", "1959-06-05"),
        ("In June 1958 and later, what did they make?", "1958-06-01", "1958-06-30"),
    ],
)
def test_a_number_beside_a_time_is_no_end_of_it(question: str, start: str, end: str) -> None:
    assert read_period(question).period == span(start, end)


def test_a_time_before_the_archive_filters_only_where_publishing_is_spoken_of() -> None:
    since = date(2016, 1, 1)
    assert publication_period("How were factories run in the 1950s?", since) is None
    assert publication_period("Who wrote articles from the 1950s?", since)
    assert publication_period("How were factories run in March 2017?", since)
    assert publication_period("Who led it since 2005?", since) == span("2005-01-01", "")


def test_the_period_asked_for_goes_before_the_one_in_the_question() -> None:
    period = span("1957-01-01", "1957-12-31")
    assert understand("What happened in June 1958?", Filter(period=period)).period == period


def test_an_understood_period_filters_a_search(archive: Archive) -> None:
    result = archive.find("What did the newspapers report in 1959?")
    assert result.question.period == span("1959-01-01", "1959-12-31")
    assert {hit.passage.masthead.published.year for hit in result.hits} == {1959}
    assert archive.search("天津在1966年6月有哪些革新？") == []


PIECES = st.sampled_from(
    re.findall(
        r"\S+",
        "1958 1956 58 年 月 6 十二 日 上旬 年代 五十 以后 以前 至 到 从 - between and from June 31 "
        ", the in of 1950s fifties after before 世纪 20 第一季度 的 报道 计划 一九五九 第 季度 九 "
        "1日 15日 7月 和 、 次年 July 1 15 through to around week 前后",
    )
)


@given(st.lists(PIECES, max_size=12), st.sampled_from(["", " "]))
def test_any_mixture_is_read(pieces: list[str], between: str) -> None:
    text = between.join(pieces)
    for time in find_times(plain(text)):
        assert 0 <= time.start < time.end <= len(text)
        assert not (time.first and time.last) or time.first <= time.last
    reading = read_period(text)
    assert reading.text in text
    assert not reading.strict or reading.period


@given(st.text(max_size=200))
def test_any_text_is_read(text: str) -> None:
    assert len(plain(text)) == len(text)
    read_period(text)
