"""Numerals of both languages: found where they are, equal where they mean the same."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.numerals import Numeral, canonical, find_numerals

# A text, and each number in it: its canonical form, and its bound where it is not exact.
CASES = [
    ("提出了二十多万件建议", "200000 over"),
    ("more than 200,000 suggestions", "200000 over"),
    ("20多万件", "200000 over"),
    ("六十多项", "60 over"),
    ("more than 60", "60 over"),
    ("more than two thousand suggestions", "2000 over"),
    ("两千多件", "2000 over"),
    ("three hundred employees", "300"),
    ("三百名职工", "300"),
    ("六万工业职工", "60000"),
    ("60,000 industrial employees", "60000"),
    ("二十二项", "22"),
    ("twenty-six factories", "26"),
    ("廿六日，卅年", "26 30"),
    ("1,500", "1500"),
    ("3.5", "3.5"),
    ("60万", "600000"),
    ("４.５亿", "450000000"),
    ("1亿5千万", "150000000"),
    ("三亿二千万", "320000000"),
    ("三点五万吨", "35000"),
    ("一千零五", "1005"),
    ("三百五", "350"),
    ("一万二", "12000"),
    ("百分之三十到四十", "30% 40%"),
    ("30 to 40 percent", "30% 40%"),
    ("between 30 and 40 per cent", "30% 40%"),
    ("30%", "30%"),
    ("３．５％", "3.5%"),
    ("六成", "60%"),
    ("三分之一", "1/3"),
    ("one-third", "1/3"),
    ("a third of the workers", "1/3"),
    ("三分之二, two thirds", "2/3 2/3"),
    ("1/3", "1/3"),
    ("二分之一强", "0.5 over"),
    ("half of them", "0.5"),
    ("一半以上", "0.5 over"),
    ("提高了一倍到四倍", "1 4"),
    ("by one to four times", "1 4"),
    ("一九五九年", "1959"),
    ("1959年", "1959"),
    ("二〇〇一年, 一九○零年", "2001 1900"),
    ("nineteen fifty-nine", "1959"),
    ("one hundred and five", "105"),
    ("two million three hundred thousand and six", "2300006"),
    ("forty-one thousand two hundred", "41200"),
    ("half a million, 2.5 million, two and a half", "500000 2500000 2.5"),
    ("a hundred, two dozen", "100 24"),
    ("two and three", "2 3"),
    ("第二, second, 2nd", "#2 #2 #2"),
    ("第2版, 第 49 届", "#2 #49"),
    ("twenty-first", "#21"),
    ("近二十万, nearly 200,000", "200000 under 200000 under"),
    ("约三百人, about 300 people", "300 about 300 about"),
    ("不到五百, fewer than 500", "500 under 500 under"),
    ("二十万件以上, at least 200,000", "200000 over 200000 over"),
    ("六十来个, 三百人左右", "60 about 300 about"),
    ("十几万", "100000 over"),
    ("萬億兩, 貳拾萬", "200000"),
    ("10千米, 三千米", "10 3000"),
    ("二两", "2"),
    ("三十分之一, 三十分钟", "1/30 30"),
    ("几十, 数百, several dozen, a few hundred, hundreds of thousands, 几十万", ""),
    ("三四十个，五六千人，三四天", ""),
    ("一些一样，一般，统一一致，第一，一个，唯一，之一", ""),
    ("千方百计，四面八方，七上八下，千千万万，百花齐放，万水千山", ""),
    ("the one that, a worker, one of them, at first", ""),
    ("十分重视，四川，百货，万岁，成千上万", ""),
    ("the 1950s, B52, 1959.11.24", ""),
    ("30 seconds, a second", "30"),
    ("first half, the nineteen fifties", ""),
    # The sign of excess within a number: nothing is multiplied by what stands behind it.
    ("六亿五千多万人口", "650000000 over"),
    ("一亿二千余万元", "120000000 over"),
    ("两万三千多亿, 一万多亿", "2300000000000 over 1000000000000 over"),
    ("一千几百人, 三百几十人", "1000 over 300 over"),
    ("一亿几千万, 三万几千人", "100000000 over 30000 over"),
    ("一百几十万, 一千几百万", "1000000 over 10000000 over"),
    ("三百多万, 十几亿, 三点五多万吨", "3000000 over 1000000000 over 35000 over"),
    ("5千多万元, 5千几百人", "50000000 over 5000 over"),
    ("1百几十万, 1亿几千万", "1000000 over 100000000 over"),
    ("1亿5千多万, 1亿5千万以上", "150000000 over 150000000 over"),
    ("超过1亿5千万", "150000000 over"),
    ("一千多, 一万二千余人, 三亿多, 六十多万", "1000 over 12000 over 300000000 over 600000 over"),
    ("20几万, 5千多人, 1.2多亿", "200000 over 5000 over 120000000 over"),
    ("多年, 很多人, 许多工厂, 多种", ""),
    # Both ends of a range count by what only the second tells.
    ("十五至二十万人", "150000 200000"),
    ("三至五万, 三至五千万", "30000 50000 30000000 50000000"),
    ("五百至一千万, 五千至六千万", "5000000 10000000 50000000 60000000"),
    ("5到6千人, 10—20万, 10到20多万", "5000 6000 100000 200000 100000 200000 over"),
    ("20-30 million, two to three hundred thousand", "20000000 30000000 200000 300000"),
    ("between 20 and 30 million", "20000000 30000000"),
    ("三到五成, 百分之三十几", "30% 50% 30% over"),
    ("十五万至二十万, 三万至五千万", "150000 200000 30000 50000000"),
    ("三百至四百元, 一百至二千, 五至二百", "300 400 100 2000 5 200"),
    ("一至二十, 五至十人, 一到一百", "1 20 5 10 1 100"),
    ("二至三千二百人, 二至三亿五千万, 5至1000万", "2 3200 2 350000000 50000 10000000"),
    ("500 to 5 million, 20 and 30 million", "500 5000000 20 30000000"),
    ("第三至五千, 1958年至六万", "#3 5000 1958 60000"),
    # A half beside what is counted in.
    ("一个半小时, 两个半月, 3个半星期", "1.5 2.5 3.5"),
    ("两年半, 十五年半, 一倍半", "2.5 15.5 1.5"),
    ("两个钟头半, 三小时半, 三个月半, 一分半钟", "2.5 3.5 3.5 1.5"),
    ("三里半山腰, 两个月半工半读, 五天半夜", "3 2 5"),
    ("三斤半, 2里半路, 一百二十公里半", "3.5 2.5 120.5"),
    ("三成半, 一成半以上", "35% 15% over"),
    ("三点半, 两年半数以上, 一个半成品, 一个半导体", "3 2 0.5 over"),
    ("一年半载, 一个半天, 一个半月形, 三月半", "1 0.5 3"),
    ("9.5元半斤, 3元半, 第三个半月", "9.5 3.5 #3"),
    ("1958年半数, 1958年半, 一九五八年半", "1958 0.5 1958 1958"),
    ("半小时, 半年, 一半, 半个月, 上半年", "0.5 0.5 0.5 0.5"),
    ("a year and a half, an hour and a half", "1.5 1.5"),
    ("two years and a half, 2 and a half hours", "2.5 2.5"),
    ("a year and half of the workers", "0.5"),
    ("two and a half million, 2 and a half million", "2500000 2500000"),
    ("a million and a half, a half million", "1500000 500000"),
    ("half of a million workers", "0.5 1000000"),
    # Chinese and Arabic figures in one number.
    ("1千5百斤, 3百50人, 2千8百6十", "1500 350 2860"),
    ("1万5, 1亿零5万, 3百零5", "15000 100050000 305"),
    ("1千 5百, 5百1千", "1000 500 500 1000"),
    ("罚款十万7月26日, 1.5亿7人, 1750亿3个版本", "100000 7 26 150000000 7 175000000000 3"),
    ("6万陆海军, 400万两", "60000 6 4000000 2"),
    ("六万万人民, 四万万五千万, 6万万", "600000000 450000000 600000000"),
    ("万万没有想到, 三十五车间", "35"),
    ("023-6378, 一九五八, 5月1日", "23 6378 1958 5 1"),
]


def shown(numeral: Numeral) -> str:
    return canonical(numeral) + ("" if numeral.bound == "exact" else f" {numeral.bound}")


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_numbers_are_found_and_comparable(text: str, expected: str) -> None:
    assert " ".join(shown(numeral) for numeral in find_numerals(text)) == expected


def chinese(n: int) -> str:
    """0..99,999,999 as Chinese writes it."""
    if n >= 10_000:
        high, low = divmod(n, 10_000)
        rest = ("零" if low < 1_000 else "") + chinese(low) if low else ""
        return f"{chinese(high)}万{rest}"
    result = ""
    for scale, name in ((1_000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, rest = n // scale % 10, n % scale
        if digit:
            result += "零一二三四五六七八九"[digit] + name
        elif result and rest and not result.endswith("零"):
            result += "零"
    return result or "零"


NUMBERS = st.integers(0, 99_999_999)


@given(NUMBERS)
def test_chinese_and_arabic_are_equal(n: int) -> None:
    for text in (f"{n}吨", f"{n:,} tons", f"{chinese(n)}吨"):
        (numeral,) = find_numerals(text)
        assert (numeral.value, canonical(numeral), numeral.start) == (n, str(n), 0), text


@given(NUMBERS, st.sampled_from(["超过{}吨", "{}吨以上", "more than {} tons"]))
def test_the_bound_is_seen_beside_any_number(n: int, text: str) -> None:
    (numeral,) = find_numerals(text.format(n))
    assert (numeral.value, numeral.bound) == (n, "over")


@given(st.integers(1, 999))
def test_a_sign_of_excess_within_a_number_multiplies_nothing(tens: int) -> None:
    n = 10 * tens
    for text in (f"{chinese(n)}多万人", f"{n}多万人", f"{chinese(n)}万多人"):
        (numeral,) = find_numerals(text)
        assert (numeral.value, numeral.bound) == (n * 10_000, "over"), text


@given(st.integers(10, 9_998), st.integers(1, 9_999), st.sampled_from(["万", "亿"]))
def test_both_ends_of_a_range_count_by_one_scale(low: int, more: int, scale: str) -> None:
    high = min(low + more, 9_999)
    for text in (f"{low}至{high}{scale}", f"{chinese(low)}至{chinese(high)}{scale}人"):
        values = [numeral.value for numeral in find_numerals(text)]
        assert values == [n * {"万": 10**4, "亿": 10**8}[scale] for n in (low, high)], text


PIECES = st.sampled_from(
    [
        *"一二两十百千万亿零〇多几点第半年至19,.%/-成强５廿 ",
        "个半",
        "小时",
        "分之",
        "百分之",
        "two",
        "twenty",
        "hundred",
        "thousand",
        "and",
        "a",
        "half",
        "third",
        "percent",
        "million",
        "ſixth",
        "to",
    ]
)


@given(st.one_of(st.text(max_size=80), st.lists(PIECES, max_size=15).map("".join),
                 st.lists(PIECES, max_size=15).map(" ".join)))  # fmt: skip
def test_any_text_gives_valid_spans(text: str) -> None:
    end = 0
    for numeral in find_numerals(text):
        assert end <= numeral.start < numeral.end
        assert text[numeral.start : numeral.end] == numeral.text
        assert isinstance(numeral.value, Fraction)
        assert numeral.value >= 0
        assert canonical(numeral)
        end = numeral.end


@pytest.mark.parametrize(
    "piece", ["一", "9", "一百", "1,000,", "9.", "百分之", "one hundred ", "两 ", "0亿", "1到"]
)
def test_a_million_characters_of_one_kind_are_read(piece: str) -> None:
    """Quadratic work here would take hours, and run into the limit of the suite."""
    assert len(find_numerals(piece * (1_000_000 // len(piece)))) <= 1_000_000


def test_a_number_of_a_million_places_is_none() -> None:
    """Multiplying by each of them would take hours."""
    assert find_numerals("1" + "万" * 1_000_000) == []


@pytest.mark.parametrize("text", ["陆续提出", "拾到", "伍子胥", "大陆", "肆意"])
def test_a_cheque_s_numeral_that_stands_alone_is_a_word(text: str) -> None:
    assert find_numerals(text) == []


@pytest.mark.parametrize(
    ("text", "value"), [("叁佰元", 300), ("壹万元", 10_000), ("陆仟零伍", 6_005)]
)
def test_in_a_row_they_are_numbers(text: str, value: int) -> None:
    assert [numeral.value for numeral in find_numerals(text)] == [value]
