"""Names of a statement against the quotes it cites, in either language."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

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
