"""Names across languages, scripts and spellings: by syllables, by the list, and never by chance."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.language import words
from rag.retrieve.gazetteer import gazetteer
from rag.retrieve.names import name_groups
from rag.retrieve.question import understand
from rag.retrieve.syllables import SYLLABLES, read_pinyin, read_wade, segment, wade
from rag.romanise import index_term, syllables
from rag.terms import index_terms
from rag.types import Language, Question


def groups(question: str, target: Language) -> list[tuple[str, ...]]:
    return name_groups(understand(question), target)


def terms(question: str, target: Language) -> set[str]:
    return {term for group in groups(question, target) for term in group}


@pytest.fixture(scope="module")
def articles() -> dict[str, set[str]]:
    """The index terms of the Chinese text of each seed, by the file's number."""
    folder = Path(__file__).resolve().parents[2] / "seeds"
    found: dict[str, set[str]] = {}
    for path in folder.glob("*.txt"):
        found[path.name[:3]] = set(index_terms(path.read_text("utf-8").split("Original:")[1]))
    return found


@pytest.mark.parametrize(
    ("name", "article"),
    [
        ("Liao Shigang", "001"), ("Liaoshigang", "001"), ("LIAO SHIGANG", "001"),
        ("Shigang Liao", "001"), ("Liào Shìgāng", "001"), ("Liao4 Shi4gang1", "001"),
        ("Liao Shih-kang", "001"), ("liaoshigang", "001"), ("liao shigang", "001"),
        ("Liao Shi-gang", "001"), ("Liao Shi Gang", "001"), ("廖世剛", "001"),
        ("Huang Rongchang", "001"), ("Huang Jung-ch'ang", "001"), ("Huang Jung-chang", "001"),
        ("Zhang Wenjin", "001"), ("Chang Wen-chin", "001"), ("Ma Haiqing", "001"),
        ("Ma Hai-ch'ing", "001"), ("Ma Hai-ch’ing", "001"), ("Chongqing", "001"),
        ("Chungking", "003"), ("Ch'ung-ch'ing", "003"), ("重慶", "003"), ("Tientsin", "000"),
        ("T'ien-chin", "000"), ("Hung-ch'iao", "000"), ("hung-ch'iao", "000"),
        ("Hungchiao", "000"), ("Hongqiao District", "000"), ("紅橋區", "000"), ("Shu T'i", "000"),
        ("Shu Ti", "000"), ("Chen Xinhai", "002"), ("Ch'en Hsin-hai", "002"),
        ("Chia-hsing", "002"), ("Jiaxing", "002"), ("Kashing", "002"), ("嘉興", "002"),
        ("Liao Yung-hsiang", "003"), ("Liao Yongxiang", "003"), ("Tangshan", "004"),
        ("T'ang-shan", "004"), ("Taiyuan", "004"), ("T'ai-yüan", "004"),
        ("Xinhua", "004"), ("Hsinhua", "004"), ("North China, Central Committee", "004"),
    ],
)  # fmt: skip
def test_names_in_other_spellings_find_their_article(
    name: str, article: str, articles: dict[str, set[str]]
) -> None:
    found = terms(f"What does the paper say of {name}?", "zh")
    assert found & articles[article]


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Mao Tse-tung", "~maozedong"), ("Mao Tsetung", "毛泽东"), ("Chou En-lai", "~zhouenlai"),
        ("Teng Hsiao-p'ing", "~dengxiaoping"), ("Teng Hsiao-ping", "~dengxiaoping"),
        ("Chiang Ching-kuo", "~jiangjingguo"), ("Liu Shao-ch'i", "~liushaoqi"),
        ("Lin Piao", "林彪"), ("Peking", "北平"), ("Canton", "广州"), ("Mukden", "奉天"),
        ("Sian", "西安"), ("Hankow", "汉口"), ("Hankow", "武汉"), ("Port Arthur", "旅顺"),
        ("Hong Kong", "香港"), ("Szechwan", "四川"), ("Inner Mongolia", "内蒙古"),
        ("Formosa", "台湾"), ("the Politburo", "政治局"), ("the New China News Agency", "新华社"),
        ("the PLA", "解放军"), ("people's communes", "人民公社"), ("great leap forward", "大跃进"),
        ("Khrushchev's visit", "赫鲁晓夫"), ("Soviet Union", "苏联"), ("Kim Il-sung", "金日成"),
        ("Shan Guoqiang", "~danguoqiang"), ("Ou Shounian", "~qushounian"),
        ("Lü Zhengcao", "~luzhengcao"),
        ("Lv Zhengcao", "~luzhengcao"), ("Lyu Zhengcao", "~luzhengcao"), ("Wu County", "~wuxian"),
        ("Xi'an", "~xian"), ("Ouyang Hai", "~ouyanghai"), ("Sima Xiangru", "~simaxiangru"),
        ("Who is 廖世剛?", "廖世刚"), ("Paoting", "~baoding"),
        ("Hsü Hsiang-ch'ien", "~xuxiangqian"),
    ],
)  # fmt: skip
def test_english_names_in_chinese(question: str, expected: str) -> None:
    assert expected in terms(question, "zh")


def indexed(spellings: tuple[str, ...]) -> tuple[str, ...]:
    """Spellings as the keyword index holds them, none twice."""
    return tuple(dict.fromkeys(term for name in spellings for term in words(name)))


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("廖世刚实现了多少项革新？", ("liaoshigang", "shigang")),
        ("廖世剛是誰", ("liaoshigang", "shigang")),
        ("黄荣昌", ("rongchang", "huangrongchang")),
        ("北京", ("beijing", "peking", "peiping", "pekin")),
        ("苏联", ("soviet", "ussr")),
        ("重慶", ("chongqing", "chungking")),
        ("红桥", ("hongqiao",)),
        ("毛泽东", ("zedong", "maozedong", "tung", "mao")),
        ("西安", ("xi'an", "xi’an", "xian", "sian", "hsian")),
    ],
)
def test_chinese_names_in_english(question: str, expected: tuple[str, ...]) -> None:
    assert indexed(expected) in groups(question, "en")


def test_the_same_language_gets_other_spellings_alone() -> None:
    assert groups("Chungking", "en") == [indexed(("chongqing", "chungking"))]
    assert groups("Stalin", "en") == []
    assert groups("北平", "zh") == [("北京", "北平", "~beijing", "~beiping")]
    assert groups("重庆的钢铁", "zh") == []
    assert ("重庆", "~chongqing") in groups("重慶的鋼鐵", "zh")


@pytest.mark.parametrize(
    "question",
    [
        "Sun", "Long", "He", "Change", "Can women change?", "Women",
        "Did the machine make June late?",
        "Why are same-size cakes made here?", "Steel Company", "the long march of time",
        "How can he take the pipe?", "Banana", "Police reside here",
    ],
)  # fmt: skip
def test_english_words_that_look_like_pinyin_are_no_names(question: str) -> None:
    assert groups(question, "zh") == []


def test_words_that_are_english_when_romanised_are_not_searched() -> None:
    assert not terms("我们改变了", "en") & {"women", "change", "men"}


def test_neighbours_are_people_or_places() -> None:
    assert groups("Tianjin Hongqiao", "zh") == [("天津", "~tianjin"), ("~hongqiao",)]
    assert groups("Huang Rongchang, Zhang Wenjin", "zh") == [
        ("~huangrongchang",), ("~zhangwenjin",),
    ]  # fmt: skip
    assert groups("Hongqiao District", "zh") == [("~hongqiao", "~hongqiaoqu")]


def test_a_title_spelled_by_syllables_is_looked_for_whole() -> None:
    assert groups("Who wrote San Guo Yan Yi?", "zh") == [("~sanguoyanyi",)]
    assert groups("The He Yuan Ji Tong Zhi", "zh") == [("~heyuanjitong", "~yuanjitongzhi")]
    assert groups("Is Zhang Xue Liang here?", "zh") == [("~zhangxueliang",)]


@pytest.mark.parametrize(
    ("letters", "cuts"),
    [
        ("xian", [("xian",), ("xi", "an")]), ("xi'an", [("xi", "an")]),
        ("tiananmen", [("tian", "an", "men")]), ("shanghai", [("shang", "hai")]),
        ("liaoshigang", [("liao", "shi", "gang")]), ("fangan", [("fan", "gan"), ("fang", "an")]),
        ("lvliang", [("lu", "liang")]), ("zhuang", [("zhuang",)]), ("emei", [("e", "mei")]),
        ("london", []), ("hanoi", []), ("strength", []), ("", []), ("'", []), ("x" * 50, []),
    ],
)  # fmt: skip
def test_words_are_cut_into_syllables(letters: str, cuts: list[tuple[str, ...]]) -> None:
    assert list(segment(letters))[: len(cuts) or None] == cuts


@pytest.mark.parametrize(
    ("spelled", "syllable"),
    [
        ("pa", "ba"), ("p'a", "pa"), ("ta", "da"), ("t'a", "ta"), ("ka", "ga"), ("k'ang", "kang"),
        ("chang", "zhang"), ("ch'ang", "chang"), ("chi", "ji"), ("ch'i", "qi"), ("chih", "zhi"),
        ("ch'ih", "chi"), ("shih", "shi"), ("jih", "ri"), ("tzu", "zi"), ("tz'u", "ci"),
        ("ssu", "si"), ("szu", "si"), ("tsai", "zai"), ("ts'ai", "cai"), ("ts'ung", "cong"),
        ("hsi", "xi"), ("hsiao", "xiao"), ("hsieh", "xie"), ("hsüeh", "xue"), ("hsiung", "xiong"),
        ("chieh", "jie"), ("ch'üan", "quan"), ("chün", "jun"), ("yü", "yu"), ("yu", "you"),
        ("yeh", "ye"), ("yen", "yan"), ("yung", "yong"), ("jen", "ren"), ("jung", "rong"),
        ("kuo", "guo"), ("k'uei", "kui"), ("lo", "luo"), ("to", "duo"), ("tung", "dong"),
        ("ho", "he"), ("erh", "er"), ("lien", "lian"), ("teh", "de"), ("kwang", "guang"),
        ("lüeh", "lue"), ("t'ieh", "tie"), ("cho", "zhuo"), ("tse", "ze"),
    ],
)  # fmt: skip
def test_wade_giles(spelled: str, syllable: str) -> None:
    found = {reading for (reading,) in read_wade(spelled)}
    assert syllable in found
    if "'" in spelled:
        assert found == {syllable} or "ü" in spelled


def test_an_apostrophe_left_out_leaves_both_readings() -> None:
    assert wade("ching") == (("jing",), ("qing",))
    assert wade("ching", False) == (("jing",),)


def test_every_word_of_the_seeds_is_made_of_known_syllables(
    articles: dict[str, set[str]],
) -> None:
    cut = {word for found in articles.values() for word in found if index_term(word)}
    assert len(cut) > 500
    assert {syllable for word in cut for syllable in syllables(word)[0]} <= SYLLABLES
    assert "lu" in SYLLABLES
    assert read_pinyin("Lǜ") == (("lu",),)


def test_the_list_is_whole() -> None:
    for entry in gazetteer().entries:
        assert entry.chinese_terms
        assert entry.english_terms, entry
        assert all(term.islower() and " " not in term for term in entry.english_terms), entry
        assert not {*"[]"} & set("".join(entry.english)), "the mark of the word that stands for it"


def test_a_section_of_the_list() -> None:
    [mongolia] = [each for each in gazetteer().of("places") if "内蒙古" in each.chinese]
    assert "Inner Mongolia" in mongolia.english
    assert mongolia.english_terms == ("mongolia", "neimenggu")
    assert mongolia not in gazetteer().of("people")


@settings(max_examples=150)
@given(
    st.text(max_size=80) | st.text("Ch'iang -aeiou重慶廖世剛12.", max_size=200),
    st.sampled_from(["zh", "en"]),
    st.sampled_from(["zh", "en"]),
)
def test_any_question_is_taken(text: str, asked: Language, target: Language) -> None:
    question = Question(text, asked, names=tuple(text.split()))
    found = name_groups(question, target)
    assert found == name_groups(question, target)
    assert len(set(found)) == len(found)
    for group in found:
        assert group
        assert all(group)
        assert len(set(group)) == len(group)
    if target == "en":  # a listed name's stem may have a stem of its own: chines, chine
        listed = {term for entry in gazetteer().entries for term in entry.english_terms}
        terms = {term for group in found for term in group}
        assert all(words(term) == [term] for term in terms - listed)
        assert all(len(words(term)) == 1 for term in terms)


@pytest.mark.parametrize(
    "piece", ["Chang Wen-chin ", "a", "chang-", "ch'", "重慶", "liao4", "'", "Xi'an ", "A B "]
)
def test_long_questions_end(piece: str) -> None:
    question = Question((piece * 2000)[:2000], "en", names=((piece * 2000)[:2000],))
    assert len(name_groups(question, "zh")) <= 64
    assert len(name_groups(question, "en")) <= 64
