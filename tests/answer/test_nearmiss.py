"""Near misses: a question of which one slot stands nowhere is refused, and told what stands."""

from __future__ import annotations

import time
from datetime import date
from typing import get_args

import pytest

from rag.answer.demand import Demand
from rag.answer.ground import ground, numbered
from rag.answer.naming import names_of
from rag.answer.nearmiss import Site, SlotKind, compares, missing_slots
from rag.answer.standing import name_stands
from rag.answer.wording import REFUSED
from rag.archive import Archive
from rag.types import Language

DAY = date(1959, 11, 24)
ZH = (
    "天津市染化六厂的三百名职工在最近几天内提出了两千多件革新建议。"
    "重庆建设机床厂的革新能手廖世刚在今年第一季度里实现了六十多项革新，"
    "三十五车间只用了两个月零七天。黄荣昌在重庆钢铁公司。美国总统尼克松访问了华北。"
)
EN = (
    "The three hundred workers of the Tianjin No. 6 Dyeing and Chemical Factory put forward 2,000 "
    "suggestions. Liao Shigang of the Chongqing Construction Machine Tool Factory realised sixty "
    "innovations in the first quarter; Workshop 35 needed two months and seven days. "
    "President Nixon of the United States visited North China."
)


def site(*texts: tuple[Language, str]) -> Site:
    read = ground(texts, DAY)
    return Site(read, read)


ON_ZH, ON_EN = site(("zh", ZH)), site(("en", EN))
SWISS_ZH = site(("zh", "瑞士的罗马人读圣经，唱国歌，看超级碗。佛罗里达与亚马逊在美洲。"))
GAMES_ZH = site(("zh", "第19届亚运会在杭州举行。诺贝尔文学奖得主来了。"))
PLAYERS_ZH = site(("zh", "亚洲的游戏玩家在上海。"))
SWISS_EN = site(("en", "The Romans of Switzerland read the Bible; Florida and the Amazon lie far."))
FAR_EN = site(
    ("en", "Carl Peters wrote to Kublai Khan from the new museum on the canal at Wittenberg.")
)
FREE_EN = site(("en", "Chinese advisers and African Americans met."))
BOTH = site(("zh", "法国的新报纸讲了南方的事。"), ("en", "The new French paper told of the south."))
HOME_ZH = site(("zh", "天津的工人提出了建议。"))
ABROAD_ZH = site(("zh", "苏联的工人提出了建议。"))


def missing(question: str, language: Language, *sites: Site) -> list[str]:
    return [slot.said for slot in missing_slots(question, language, sites)]


@pytest.mark.parametrize(
    "question",
    [
        "天津染化六厂有多少职工？",
        "津市染化六厂有多少职工？",
        "廖世刚在1959年实现了多少项革新？",
        "第35车间用了多久？",
        "重慶鋼鐵公司的黃榮昌是谁？",
        "1959年11月24日的报纸说了什么？",
        "尼克松访问了哪里？",
        "该法令是何时宣布的？",
        "职工们为什么提建议，是不是为了应有的奖励？",
        "职工修建铁路用了多久？",
        "哪条铁路通到那里？",
    ],
)
def test_what_stands_in_chinese_is_not_missing(question: str) -> None:
    assert missing(question, "zh", ON_ZH) == []


@pytest.mark.parametrize(
    "question",
    [
        "How many workers did the No. 6 Dyeing and Chemical Factory in Tientsin have?",
        "How many innovations did Liao Shih-kang realise in 1959?",
        "How many innovations did Shigang Liao realise?",
        "How long did Workshop 35 need?",
        "What did the Tianjin factory do?",
        "Besides Liao Shigang, who innovated?",
        "On 24 November 1959, what was reported?",
    ],
)
def test_what_stands_in_english_is_not_missing(question: str) -> None:
    assert missing(question, "en", ON_EN) == []


@pytest.mark.parametrize(
    ("question", "language", "there"),
    [
        ("Who is Liao Shih-kang of Chungking?", "en", ON_ZH),
        ("What did Liao Shigang realise in 1959 in Workshop 35?", "en", ON_ZH),
        ("Which places in North China did Nixon visit?", "en", ON_ZH),
        ("廖世刚在重庆做了什么？", "zh", ON_EN),
        ("染化六厂在天津吗？", "zh", ON_EN),
        ("尼克松访问了美国吗？", "zh", ON_EN),
        ("What did the Swiss read?", "en", SWISS_ZH),
        ("Who plays the Super Bowl in Florida?", "en", SWISS_ZH),
        ("Who sang the National Anthem of the Amazon?", "en", SWISS_ZH),
        ("Where were the Asian Games held?", "en", GAMES_ZH),
        ("Who holds the Nobel Prize?", "en", GAMES_ZH),
        ("罗马人在瑞士读圣经吗？", "zh", SWISS_EN),
        ("亚马逊和佛罗里达离得多远？", "zh", SWISS_EN),
        ("中医的基础是什么？", "zh", SWISS_EN),  # may be put in other words
        ("卡尔·彼得斯给忽必烈写了什么？", "zh", FAR_EN),
        ("谁在威腾博格写信？", "zh", FAR_EN),
        ("汉族顾问见了谁？", "zh", FREE_EN),
        ("非洲裔美国人见了谁？", "zh", FREE_EN),
        ("Who met the Chinese?", "en", site(("zh", "非洲人见了汉族顾问。"))),
        ("法兰西的报纸讲了什么？", "zh", BOTH),
    ],
)
def test_a_name_stands_across_languages(question: str, language: Language, there: Site) -> None:
    assert missing(question, language, there) == []


def test_a_name_stands_in_either_reading_of_its_characters() -> None:
    there = site(("zh", "位于宝山区杨行镇的项目奠基，入选百强区。"))
    assert missing("What was built in Yanghang, Baoshan?", "en", there) == []
    assert missing("What was built in Yangxing?", "en", there) == []
    assert missing("What was built in Yangshan?", "en", there) == ["Yangshan"]
    assert missing("How many of the top 100 districts lie there?", "en", there) == []
    assert missing("How many of the top 10 districts lie there?", "en", there) == ["10"]


def test_a_year_is_no_number_of_people() -> None:
    assert missing("2000年展出了什么？", "zh", site(("zh", "展出时来了2000名嘉宾。"))) == ["2000年"]
    assert missing("2000年展出了什么？", "zh", site(("zh", "展出于2000。"))) == []


def test_a_relative_must_be_told_of() -> None:
    assert missing("廖世刚的妻子是谁？", "zh", ON_ZH, ON_EN) == ["妻子"]
    assert missing("Who is the wife of Liao Shigang?", "en", ON_ZH, ON_EN) == ["wife"]
    couple = site(("zh", "廖世刚夫妇来了。"))
    assert missing("Who is the wife of Liao Shigang?", "en", couple) == []


def test_what_asks_is_no_part_of_a_name() -> None:
    there = site(("zh", "小娄今年28岁，在长春。"))
    assert missing("长春被砖头砸中的小娄多大年纪？", "zh", there) == []


def test_a_month_that_may_be_of_two_years_tells_no_year() -> None:
    held = ground((("zh", "到12月底任务可以完成。"),), DAY)
    there = Site(held, held)
    assert missing("1958年完成了什么任务？", "zh", there) == ["1958年"]
    assert missing("1959年完成了什么任务？", "zh", there) == []
    assert missing("1958年12月完成了什么任务？", "zh", there) == []


@pytest.mark.parametrize(
    ("question", "lost"),
    [
        ("1959年一季度增长多少？", []),
        ("今年第一季度增长多少？", []),
        ("1958年一季度增长多少？", ["1958年一季度"]),
        ("1959年三季度增长多少？", ["1959年三季度"]),
    ],
)
def test_a_quarter_stands_as_papers_write_it(question: str, lost: list[str]) -> None:
    assert missing(question, "zh", site(("zh", "一季度增长4.5%，二季度增长6.3%。"))) == lost


@pytest.mark.parametrize(
    ("question", "language", "lost"),
    [
        ("天津染化四厂有多少职工？", "zh", "四厂"),
        ("廖世刚在1957年实现了多少项革新？", "zh", "1957年"),
        ("马海清实现了多少项革新？", "zh", "马海清"),
        ("武汉的职工提了多少建议？", "zh", "武汉"),
        ("三十二车间用了多久？", "zh", "三十二车间"),
        ("天津自行车厂有多少职工？", "zh", "自行车厂"),
        ("雅万高铁全长多少公里？", "zh", "雅万高铁"),
        ("How many innovations did Ma Haiqing realise?", "en", "Ma Haiqing"),
        ("How many did Liao Shih-ch'iang realise?", "en", "Liao Shih-ch'iang"),
        ("How long did Workshop 32 need?", "en", "Workshop 32"),
        ("How many workers did the Tianjin Bicycle Factory have?", "en", "Tianjin Bicycle Factory"),
        ("What happened in Wuhan in 1959?", "en", "Wuhan"),
        ("What happened across Southwest China?", "en", "Southwest China"),
    ],
)
@pytest.mark.parametrize("there", ["same", "both"])
def test_what_does_not_stand_is_missing(
    question: str, language: Language, lost: str, there: str
) -> None:
    same = ("zh", ZH) if language == "zh" else ("en", EN)
    read = site(same) if there == "same" else site(("zh", ZH), ("en", EN))
    assert lost in missing(question, language, read)


@pytest.mark.parametrize(
    ("question", "language", "there", "lost"),
    [
        ("Who is Ma Haiqing?", "en", ON_ZH, "Ma Haiqing"),
        ("What happened in Wuhan?", "en", ON_ZH, "Wuhan"),
        ("What did Liao Shigang do in 1957?", "en", ON_ZH, "1957"),
        ("马海清是谁？", "zh", ON_EN, "马海清"),
        ("武汉发生了什么？", "zh", ON_EN, "武汉"),
        ("廖世刚1957年做了什么？", "zh", ON_EN, "1957年"),
        ("Which city in Florida grew?", "en", ON_ZH, "Florida"),
        ("How long is the Amazon?", "en", ON_ZH, "Amazon"),
        ("Who won the Super Bowl?", "en", ON_ZH, "Super Bowl"),
        ("Where were the Asian Games held?", "en", PLAYERS_ZH, "Asian Games"),
        ("亚马逊雨林有多大？", "zh", ON_EN, "亚马逊"),
        ("丹佛在哪里？", "zh", ON_EN, "丹佛"),
        ("Construction Digital是什么？", "zh", ON_EN, "Construction Digital"),
        ("谁访问了美国？", "zh", SWISS_EN, "美国"),
        ("新西兰的报纸讲了什么？", "zh", FAR_EN, "新西兰"),
        ("新西兰的报纸讲了什么？", "zh", BOTH, "新西兰"),
        ("谁看了超级碗？", "zh", FAR_EN, "超级碗"),
        ("亚马逊有多长？", "zh", FAR_EN, "亚马逊"),
        ("杰克逊维尔有多大？", "zh", FAR_EN, "杰克逊维尔"),
        ("谁给约翰·麦特琳写信？", "zh", FAR_EN, "约翰·麦特琳"),
    ],
)
def test_what_does_not_stand_is_missing_across_languages(
    question: str, language: Language, there: Site, lost: str
) -> None:
    assert missing(question, language, there) == [lost]


def test_the_year_that_stands_instead_is_told() -> None:
    [slot] = missing_slots("What did Liao Shigang do in 1957?", "en", [ON_EN])
    assert (slot.kind, slot.said, slot.instead) == ("time", "1957", "1959")


def test_a_person_must_stand_near_the_answer_and_a_place_need_not() -> None:
    near, whole = ground((("zh", "他实现了六十项革新。"),), DAY), ground((("zh", ZH),), DAY)
    question = "廖世刚在重庆实现了六十项革新吗？"
    assert missing(question, "zh", Site(near, whole)) == ["廖世刚"]


def test_two_things_compared_may_stand_at_two_sites() -> None:
    one, other = site(("en", "Tianjin has ten factories.")), site(("en", "Wuhan has twelve."))
    question = "Which has more factories, Tianjin or Wuhan?"
    assert compares(question)
    assert missing(question, "en", one) == ["Wuhan"]
    assert missing(question, "en", one, other) == []


def test_what_is_numbered_is_told_by_its_number() -> None:
    for text in ("染化六厂", "第六厂", "No. 6 Factory", "Factory 6"):
        assert [value for _, value in numbered(text)] == [6]
    assert numbered("六十项 and 6 innovations") == []
    assert [value for _, value in numbered("Mills No. 3, 5, and 6")] == [3, 5, 6]


def test_what_is_asked_for_is_told_from_what_is_asked_about() -> None:
    assert set(get_args(SlotKind)).isdisjoint(get_args(Demand))


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("一个厂干不了的事怎么解决？", []),
        ("一家公司关门了吗？", []),
        ("其他大学做了什么？", []),
        ("他被送往医院了吗？", []),
        ("最大银行有多少存款？", []),
        ("向阳厂干不了的事怎么解决？", ["向阳厂"]),
        ("跃进公司关门了吗？", ["跃进公司"]),
        ("首都医院有多少病床？", ["首都医院"]),
    ],
)
def test_what_tells_a_factory_from_no_other_is_no_name(question: str, names: list[str]) -> None:
    assert [name.text for name in names_of(question, "zh")] == names


@pytest.mark.parametrize("text", ["·" * 500, "何" * 2_000, "A" * 2_000, "1年" * 500, "厂" * 2_000])
def test_any_question_is_read(text: str) -> None:
    for language in ("zh", "en"):
        names = names_of(text, language)  # type: ignore[arg-type]
        assert all(isinstance(name_stands(name, ON_ZH.near), bool) for name in names)


def test_whether_two_are_compared_is_told_at_once() -> None:
    start = time.perf_counter()
    assert not compares("谁" * 700 + "，" * 1_290)
    assert time.perf_counter() - start < 1
    assert compares("甲厂有多少人，地点在哪里，乙厂有多少人？")


# -- through the archive


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("三十二车间原先缺多少劳动力？", "“三十二车间”"),
        ("How many major technical innovations did Liao Shigang realize in 1957?", "“1957”"),
        # A number stands nearby, but not in what would be quoted.
        ("嘉兴纸筋厂雇了多少临时工？", "所问的数目"),
    ],
)
def test_it_is_refused_and_told_what_was_found(archive: Archive, question: str, said: str) -> None:
    answer = archive.ask(question)
    assert answer.state == "refused"
    assert answer.text.startswith(REFUSED[answer.language])
    assert said in answer.text
    [citation] = answer.citations
    assert citation.quote.language == answer.language
    assert citation.quote.text in answer.text
    assert citation.masthead.published.isoformat() in answer.text
    assert [verdict.support for verdict in answer.verdicts] == ["supported"]
    assert answer.hits


@pytest.mark.parametrize(
    "question", ["How many hands was Workshop 35 short of to begin with?", "廖世刚在哪儿工作？"]
)
def test_the_question_it_comes_from_is_answered(archive: Archive, question: str) -> None:
    assert archive.ask(question).state == "complete"


@pytest.mark.parametrize(
    ("question", "language", "at", "lost"),
    [
        # Of what happens at home no article says that it is in China.
        ("How many suggestions did workers in China put forward?", "en", HOME_ZH, []),
        ("中国的工人提出了多少建议？", "zh", HOME_ZH, []),
        ("How many suggestions did workers in China put forward?", "en", ABROAD_ZH, ["China"]),
        ("中国的工人提出了多少建议？", "zh", ABROAD_ZH, ["中国"]),
        # Nor which newspaper it stands in, nor which decade it is.
        ("人民日报说天津的工人提出了什么？", "zh", HOME_ZH, []),
        ("What did the People's Daily say of workers in Tianjin?", "en", HOME_ZH, []),
        ("光明日报说天津的工人提出了什么？", "zh", HOME_ZH, ["光明日报"]),
        ("五十年代天津的工人提出了什么？", "zh", HOME_ZH, []),
        ("What did workers in Tianjin put forward in the 1950s?", "en", HOME_ZH, []),
        ("六十年代天津的工人提出了什么？", "zh", HOME_ZH, ["六十年代"]),
        # A word that opens a sentence is no name, an abbreviation ends none.
        ("Workers met. Afterwards, who led Tianjin?", "en", HOME_ZH, []),
        ("What did Dr. Smith see at Wittenberg?", "en", FAR_EN, ["Smith"]),
    ],
)
def test_what_goes_without_saying(
    question: str, language: Language, at: Site, lost: list[str]
) -> None:
    assert missing(question, language, at) == lost
