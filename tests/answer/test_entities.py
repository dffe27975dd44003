"""Names of a statement against the quotes it cites, in either language."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.answer.countries import called, countries_of, spoken_of
from rag.answer.entities import check_names
from rag.answer.spelled import spelled
from rag.answer.wordmatch import lexis
from rag.romanise import syllables
from rag.types import Language


def missing(statement: str, zh: str = "", en: str = "") -> list[str]:
    """What is wrong with a statement's names, given what it cites."""
    texts: list[tuple[Language, str]] = [("zh", zh)] * bool(zh) + [("en", en)] * bool(en)
    return [reason for _, reason in check_names(statement, spelled(zh, en), lexis(texts))]


LIAO = "重庆建设机床厂的革新能手廖世刚在今年第一季度里实现六十多项革新，为国家出力。"
HUANG = "Comrade Huang Rongchang of Chongqing works there with Wang Li."
MANY = "曾庆红和单国强在唐山会见了李强、王毅。"


@pytest.mark.parametrize(
    ("statement", "zh", "en"),
    [
        ("Liao Shigang works in Chongqing.", LIAO, ""),
        ("Shigang Liao works in Chongqing.", LIAO, ""),
        ("Liao Shih-kang works in Chungking.", LIAO, ""),
        ("In Chongqing Liao Shigang works.", LIAO, ""),
        ("Chongqing's Liao works.", LIAO, ""),
        ("Chongqing's Liao Shigang works.", LIAO, ""),
        ("Liao Shi Gang works.", LIAO, ""),
        ("Zeng Qinghong met Shan Guoqiang.", MANY, ""),
        ("In Tangshan Li Qiang met Wang Yi.", MANY, ""),
        ("Huang Rongchang works in Chongqing.", "", HUANG),
        ("黄荣昌在重庆工作。", "", HUANG),
        ("黄荣昌在重庆工作。", "", "Comrade Rongchang works in Chongqing."),
        ("荣昌同志在重庆工作。", "", HUANG),
        ("黄荣昌在重庆工作。", "", "Rongchang Huang works in Chongqing."),
        ("中欧关系", "", "The guanxi of China and Europe."),
    ],
)
def test_a_person_stands_under_surname_and_given_name(statement: str, zh: str, en: str) -> None:
    assert missing(statement, zh, en) == []


@pytest.mark.parametrize(
    ("statement", "zh", "en"),
    [
        ("Li Shigang works in Chongqing.", LIAO, ""),
        ("In Chongqing Shigang Li works.", LIAO, ""),
        ("He Shigang works in Chongqing.", LIAO, ""),
        ("Li Liao works.", LIAO, ""),
        ("Li Shi Gang works.", LIAO, ""),
        ("In Tangshan Wang Qiang met Li Yi.", MANY, ""),
        ("Wang Rongchang works in Chongqing.", "", HUANG),
        ("王荣昌在重庆工作。", "", HUANG),
        ("李荣昌在重庆工作。", "", HUANG),
        ("李荣昌在重庆工作。", "", "Rongchang Huang works with Li Wang in Chongqing."),
    ],
)
def test_another_person_does_not(statement: str, zh: str, en: str) -> None:
    assert missing(statement, zh, en)


_GIVEN = st.sampled_from(["世刚", "文斌", "荣昌", "海清", "强", "毅", "国藩", "庆红"])
_SURNAME = st.sampled_from("王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高")


@settings(max_examples=200, deadline=None)
@given(_SURNAME, _SURNAME, _GIVEN, st.booleans())
def test_a_romanised_name_stands_for_its_own_sound_alone(
    one: str, other: str, given_name: str, reverse: bool
) -> None:
    """Every syllable stands somewhere; the name only where they stand in a row."""
    said = [_spelt(other), _spelt(given_name)]
    statement = f"It was {' '.join(reversed(said) if reverse else said)} who came."
    quote = f"姓{other}的、叫{given_name}的，{one}{given_name}来了。"
    assert bool(missing(statement, quote)) == (_spelt(one) != _spelt(other))


def _spelt(name: str) -> str:
    return "".join(syllables(name)[0]).capitalize()


TRUE_OF_COUNTRIES = [
    ("中方表示反对。", "China said it opposes it."),
    ("中方表示反对。", "The Chinese side said so."),
    ("美方对此表示关注。", "The US expressed concern."),
    ("美方对此表示关注。", "The U.S. side was concerned."),
    ("日方已经同意。", "Japan has agreed."),
    ("日方已经同意。", "Japan's government has agreed."),
    ("中美两国领导人会晤。", "The leaders of China and the United States met."),
    ("中苏友好协会成立。", "The society of friendship of China with the Soviet Union."),
    ("美英法三国发表声明。", "The United States, Britain and France spoke."),
    ("俄军袭击了港口。", "Russian forces attacked the port."),
    ("对华政策没有变。", "The policy towards China has not changed."),
    ("他赴日访问。", "He went to Japan."),
    ("美总统发表讲话。", "The American president spoke."),
    ("日本首相来了。", "The Japanese prime minister came."),
    ("英国首相来了。", "The British prime minister came."),
    ("美国军队离开了。", "American troops left."),
    ("以色列军队来了。", "Israeli troops came."),
    ("印度总统来了。", "The Indian president came."),
    ("新西兰政府宣布。", "The New Zealand government announced it."),
    ("韩国总统来了。", "The South Korean president came."),
    ("韩国总统来了。", "The president of South Korea came."),
    ("朝鲜领导人来了。", "The North Korean leader came."),
    ("苏联专家来了。", "Soviet experts came."),
    ("俄罗斯军队来了。", "Russian troops came."),
    ("法国总统来了。", "The French president came."),
    ("德国总统来了。", "The German president came."),
    ("挪威国王来了。", "The Norwegian king came."),
    ("伊朗总统来了。", "The Iranian president came."),
    ("匈牙利专家来了。", "Hungarian experts came."),
    ("越南代表团来了。", "The Vietnamese delegation came."),
]


@pytest.mark.parametrize(("zh", "en"), TRUE_OF_COUNTRIES)
def test_a_country_stands_by_whatever_it_is_called(zh: str, en: str) -> None:
    assert missing(en, zh=zh) == []
    assert missing(zh, en=en) == []


@pytest.mark.parametrize(
    ("zh", "en"),
    [
        ("韩国总统来了。", "The Japanese president came."),
        ("韩国总统来了。", "The president of Japan came."),
        ("韩国总统来了。", "The North Korean president came."),
        ("美方表示反对。", "The Chinese side opposed it."),
        ("我们表示反对。", "The US opposed it."),
        ("日方已经同意。", "South Korea has agreed."),
        ("中日两国同意。", "The leaders of China and the United States agreed."),
        ("法德两国同意。", "France and Britain agreed."),
        ("俄军袭击了港口。", "Ukrainian forces attacked the port."),
        ("苏联专家来了。", "American experts came."),
        ("印度总统来了。", "The Pakistani president came."),
        ("澳大利亚政府宣布。", "The New Zealand government announced it."),
    ],
)
def test_another_country_does_not(zh: str, en: str) -> None:
    assert missing(en, zh=zh)
    assert missing(zh, en=en) or zh[0] == "我"


@pytest.mark.parametrize(
    "zh",
    [
        "其中美国来了。", "心中日益明白。", "空中英雄。", "手中法律。", "中美洲。",
        "他以总理身份讲话。", "讨论中以多数通过。", "对华为公司有利。", "集中方面。",
        "中学法院印象。", "美元和日元涨了。", "会议中官员说明。", "调查中政府说明。",
        "7月15日政府宣布。", "十五日政府宣布。", "执法官员来了。",
    ],
)  # fmt: skip
def test_a_character_in_another_word_calls_no_country(zh: str) -> None:
    assert called(zh) == frozenset()
    assert spoken_of(zh, []) == frozenset()


@pytest.mark.parametrize("word", ["Eastern", "Francis", "Putin", "Premier", "Woman", "Republican"])
def test_a_word_that_ends_like_a_peoples_is_of_no_country(word: str) -> None:
    assert countries_of(word) == frozenset()


def test_a_day_is_not_japan() -> None:
    assert called("7月15日中美两国会谈。") == {"中国", "美国"}
    assert called("15日美军撤离，15日中方同意。") == {"中国", "美国"}


def test_the_countries_written_together_are_told_apart() -> None:
    assert countries_of("South Korean") & countries_of("North Korean") == frozenset()
    assert spoken_of("", ["South", "Korean"]) == countries_of("South Korea")
