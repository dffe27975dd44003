"""Sentence splitting: hand-written cases, then properties on made-up text and on all the data."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.corpus.sentences import split_sentences
from rag.types import Language

SHARED = Path(__file__).parents[3] / "shared"
SEEDS = Path(__file__).parents[2] / "seeds"

# A bar shows where the sentence ends; a space beside a bar is white space between sentences.
CHINESE = [
    "他来了。|她走了。",
    "真的吗？|真的！|好吧。",
    "真的吗？！|怎么会！！|好。",
    "小组不能解决的，由车间解决；|车间不能解决的，由工厂解决。",
    "产量提高了3.5%。|成本下降了。",
    "全国产钢1,070.5万吨。|超额完成计划。",
    "见第2版。|第3版另有报道。",
    "他说：“我们来了。”|大家鼓掌。",
    "他说：“我们来了”。|大家鼓掌。",
    "他说：「我們來了！」|大家鼓掌。",
    "他说：“我来了！”，就坐下了。|大家鼓掌。",
    "他们提出“大干快上！”的口号。|工人纷纷响应。",
    "他们问：“怎么办？”等等。|没有人回答。",
    "“听不见？”|“听不见。”|“她呢？”",
    "“为什么？”这个问题没有答案。|大家沉默。",
    "“今天收成不错。”赵红高兴地说。|她种了三亩地。",
    "赵红说：“今天收成不错。”|李四说，他也一样。",
    "群众说：“芝麻要拣，西瓜要抱；小的要抓，大的也要抓”。|干劲很足。",
    "《怎么办？》是一部小说。|他读了两遍。",
    "他读了《怎么办？》。|又读了《谁之罪？》。",
    "工人（包括临时工。学徒不计）三百名。|干部十名。",
    "他笑了（真的！）然后走了。|门关上了。",
    "他走了。|（全场鼓掌。）|会议结束。",
    "苹果、梨、桃……|大家都带来了。",
    "“我不知道……”他低下头说。|大家不作声。",
    "参加的有张三、李四……等人。|会开了两天。",
    "他说：“[油价]当然会上涨......当然！这是怎么回事！”|记者无言以对。",
    "提价300％，糖和水泥也一样......|你们购买我们的原油。",
    "他住在U.S.大使馆。|后来搬走了。",
    "采用X.25协议。|速度每秒64.5千字节。",
    "拉瓦锡的学生E.I.杜邦创办了公司。|公司很大。",
    "网址是http://example.com/a?b=1;c=2。|请访问。",
    "桥梁主持新建.|桥梁立于河畔.",
    "涡轮机效率低; |汽轮机更高。",
    "价格是什么?|免费的么?|不知道。",
    "他走了。”|多余的引号。|不影响后文。",
    "他说：“没有收尾。|后面照样分开。|再来一句。",
    "一、生产。|二、学习。",
    "五十吨到六十吨重的大型机件。[3]|事实证明：支援不妨碍发展。",
    "“播种队”帮助了群众。|“巧姑娘”也来了。",
    "！！！他来了。|走了",
    "注意抓两头——先进的与落后的——以带动中间。|很好。",
    "他喊道：“冲啊！”——枪声响了。|天亮了。",
]
ENGLISH = [
    "He came. |She left.",
    "Really? |Yes! |All right.",
    "Output rose 3.5 percent. |Costs fell by 1,070.5 yuan.",
    "He lives in the U.S. Army barracks. |She does not.",
    "He lives in the U.S. |She does not.",
    "In the Tianjin No. 6 Dyeing and Chemical Factory, work goes on. |It is fast.",
    "His answer was no. |They left.",
    "State-owned Cotton Mills No. 3, 5, and 6 are advanced. |Others lag.",
    "Mr. Wang met Dr. Li. |They talked.",
    "The work of J. Smith is known. |He died in 1950.",
    "T. S. Eliot wrote it. |It is long.",
    "Use tools, e.g. Lathes. |They help.",
    "See p. 3 and pp. 5-7. |Also see vol. 2.",
    "See Fig. 2 for details. |It is clear.",
    "He was born on Jan. 5 in Beijing. |He died there.",
    "The train left at 5 p.m. |The rain stopped.",
    "The train left at 5 p.m. sharp. |The rain stopped.",
    "The firm Smith Inc. makes tools. |It is old.",
    "They need copper, steel, etc. |Workers gave basins.",
    "They need copper, steel, etc. for the plant. |Workers gave basins.",
    'He said, "We came." |They clapped.',
    "He said, “We came.” |They clapped.",
    'He said, "We came". |They clapped.',
    '"Stop!" he cried. |They stopped.',
    '"Stop! Stop at once!" he cried. |They stopped.',
    'They took up the slogan "Work hard!", and won. |It was late.',
    'We say: "The masses pick seeds; the factories hold melons." |All laughed.',
    "The group could not solve it; |the workshop did.",
    "He left (nobody knew why. It was late) and slept. |Morning came.",
    "He laughed (really!) and left. |The door shut.",
    "He left. |(Applause.) |The meeting ended.",
    "He waited... and left. |Nobody came.",
    "He waited... |Nobody came.",
    "Yahoo! is a firm. |It is old.",
    "Read http://example.com/a.b?c=d!e;f now. |Then rest.",
    "Read www.example.com. |Then rest.",
    "Version 2.0.1 is out. |Get it.",
    "1. The plan is good. |2. The plan is cheap.",
    "That was in 1956. |Profit rose in 1957.",
    "It is known.[12] |Others doubt it.[3][4] |So it goes.",
    'He left." |A stray quote. |It does no harm.',
    'He said "nothing at all. |It goes on. |And on.',
    "The rock 'n' roll era. |It's over. |The workers' hall is shut.",
    "AT&amp;T is a firm. |It is old.",
    "He asked why?! |Nobody knew!! |Well.",
    "At 3.30 the Rev. King spoke vs. Adams. |St. Paul was full.",
    "After World War I. |The war ended.",
]


def sentences(text: str, language: Language) -> list[str]:
    return [text[start:end] for start, end in split_sentences(text, language)]


@pytest.mark.parametrize(
    ("marked", "language"),
    [*((text, "zh") for text in CHINESE), *((text, "en") for text in ENGLISH)],
)
def test_cases(marked: str, language: Language) -> None:
    expected = [piece.strip() for piece in marked.split("|")]
    assert sentences(marked.replace("|", ""), language) == expected


def test_seed_sentences_that_are_easily_got_wrong() -> None:
    zh = "既不深入。说他们下去是“要材料的”，“要数字的”。这时候，干部苦闷了。"
    assert sentences(zh, "zh")[1] == "说他们下去是“要材料的”，“要数字的”。"
    en = 'They said they went down to "ask for materials" and "ask for numbers." At this time, no.'
    assert len(sentences(en, "en")) == 2


def test_a_long_quotation_is_cut_inside_and_a_short_one_is_not() -> None:
    said = "我们要抓紧时间把任务完成好。" * 6
    assert len(sentences(f"他说：“{said}”大家鼓掌。", "zh")) == 7
    assert sentences("他说：“好。就这样。走吧。”大家鼓掌。", "zh")[0].endswith("走吧。”")


def test_paragraphs_end_sentences() -> None:
    assert sentences("没有句号\n\n  下一段。 \n", "zh") == ["没有句号", "下一段。"]
    assert sentences("", "en") == sentences(" \n\u3000", "zh") == []


@pytest.mark.parametrize(
    "unit", [".", '"', "“", '."', ". ", "“。”", "(.)", "。”他", "a“a。”", ".[1]", "A.B", "《「"]
)
@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.timeout(30)
def test_a_megabyte_on_one_line_is_no_trap(unit: str, language: Language) -> None:
    """Far under a second each; a quadratic pass would take an hour and meet the time limit."""
    check(unit * (1_000_000 // len(unit)), language)


def check(body: str, language: Language) -> None:
    spans = split_sentences(body, language)
    at = 0
    for start, end in spans:
        assert at <= start < end <= len(body)
        assert not body[at:start].strip()
        piece = body[start:end]
        assert piece == piece.strip()
        assert "\n" not in piece
        at = end
    assert not body[at:].strip()


FRAGMENTS = [
    *"。！？；…”“’‘」「』』）（)([]】【》《〈〉\"'.!?;:，、,—% \n\t\u3000",
    *("......", "……", "3.5", "U.S.", "No. 6", "Mr.", "e.g.", "第2版", "p. 3", "J. ", "[12]"),
    *(
        "工人",
        "说",
        "的",
        "他来了",
        "The",
        "men ",
        "work",
        "http://a.b?c",
        "&nbsp;",
        "𠀀",
        "e\u0301",
    ),
]
TEXTS = st.lists(st.one_of(st.sampled_from(FRAGMENTS), st.text(max_size=4)), max_size=60).map(
    "".join
)


@settings(max_examples=300, deadline=None)
@given(TEXTS, st.sampled_from(["zh", "en"]))
def test_properties_hold_on_any_text(body: str, language: Language) -> None:
    check(body, language)


@pytest.mark.parametrize("path", sorted(SEEDS.glob("*.txt")), ids=lambda path: path.name[:3])
def test_properties_hold_on_the_seeds(path: Path) -> None:
    english, chinese = path.read_text(encoding="utf-8").split("<hr />")
    check(english, "en")
    check(chinese, "zh")


@pytest.mark.skipif(not SHARED.is_dir(), reason="needs ../shared")
def test_properties_hold_on_the_bench() -> None:
    files = [
        p for p in sorted((SHARED / "bench" / "xquad").rglob("*")) if p.suffix in {".md", ".txt"}
    ]
    assert len(files) > 36
    for path in files:
        body = path.read_text(encoding="utf-8")
        check(body, "zh")
        check(body, "en")
