"""Language, words and stems: a clause of Chinese is several words, and widths do not count."""

from __future__ import annotations

import pytest

from rag.language import detect_language, fold, stem, words


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("天津红桥区四天里提出了多少件技术革新建议？", "zh"),
        ("How many suggestions were made in Hongqiao?", "en"),
        ("Who is 廖世刚?", "zh"),
        ("What did the paper 人民日报 say about the harvest in Tianjin?", "en"),
        ("嘉兴市委 (Jiaxing Party Committee)", "en"),
        ("１９５９年", "zh"),
        ("1959", "en"),
        ("", "en"),
    ],
)
def test_the_language_of_a_text(text: str, language: str) -> None:
    assert detect_language(text) == language


def test_a_chinese_clause_is_several_words_long_ones_with_those_in_them() -> None:
    found = words("天津红桥区四天里提出了多少件技术革新建议？")
    assert {"天津", "红桥", "红桥区", "技术", "革新", "技术革新", "建议"} <= set(found)
    assert not any("？" in word or len(word) > 4 for word in found)


def test_scripts_that_touch_are_kept_apart() -> None:
    assert words("Liao Shigang廖世刚") == ["liao", "shigang", "廖世刚"]
    assert words("第2版，60,000名职工")[:2] == ["第", "2"]


def test_widths_and_case_are_folded() -> None:
    assert words("ＴＩＡＮＪＩＮ　１９５９") == words("Tianjin 1959") == ["tianjin", "1959"]
    assert fold("ＡＢＣ，！") == "abc,!"


def test_words_that_carry_no_meaning_are_left_out() -> None:
    assert words("的了是") == []
    assert words("What did the workers in Tianjin do?") == ["worker", "tianjin"]
    assert words("……！？ -- ") == []


def test_words_stay_in_order_and_repeat() -> None:
    assert words("steel, iron and steel") == ["steel", "iron", "steel"]


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("factories", "factori"),
        ("suggestions", "suggest"),
        ("horses", "hors"),
        ("worker's", "worker"),
        ("worker’s", "worker"),
        ("glass", "glass"),
        ("bus", "bus"),
        ("gas", "gas"),
        ("trees", "tree"),
        ("built", "build"),
        ("1950s", "1950s"),
    ],
)
def test_stems(word: str, expected: str) -> None:
    assert stem(word) == expected
