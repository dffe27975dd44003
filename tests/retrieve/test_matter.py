"""What a question is about, without what is said around it."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.retrieve.matter import asks_nothing, to_the_point, topic_of

EN = "How many furnaces did Liao build?"
INDIRECT = "how many furnaces did Liao build?"
ZH = "廖世刚造了多少座炉子？"


@pytest.mark.parametrize(
    ("asked", "around"),
    [
        (EN, "{}"),
        (EN, "Hello! {}"),
        (EN, "Hi jiubao! {} Thanks!"),
        (EN, "{} Thank you very much in advance."),
        (EN, "{} Please cite your sources."),
        (EN, "{} Please answer in English."),
        (EN, "{} Cite your sources."),
        (EN, "I'm writing a paper. {}"),
        (EN, "1. {}"),
        (EN, "“{}”"),
        (EN, "Question: {}"),
        (INDIRECT, "Please tell me {}"),
        (INDIRECT, "Can you tell me, {}"),
        (INDIRECT, "I'd like to know {}"),
        (INDIRECT, "I wonder {}"),
        (INDIRECT, "According to the People's Daily, {}"),
        (INDIRECT, "As reported in the newspaper, {}"),
        (INDIRECT, "In the archive, {}"),
        (INDIRECT, "As a historian, I need to know {}"),
        (INDIRECT, "Sorry to bother you, but {}"),
        (INDIRECT, "For my thesis: {}"),
        (INDIRECT, "Quick question: {}"),
        (ZH, "{}"),
        (ZH, "请问，{}"),
        (ZH, "你好，请问{}谢谢！"),
        (ZH, "你能告诉我{}"),
        (ZH, "麻烦您告诉我，{}"),
        (ZH, "我想知道{}"),
        (ZH, "作为历史学者，我想弄清楚{}"),
        (ZH, "我在写论文，{}"),
        (ZH, "帮我查一下{}"),
        (ZH, "据人民日报报道，{}"),
        (ZH, "据《人民日报》报道{}"),
        (ZH, "根据档案记载，{}"),
        (ZH, "文章里说，{}"),
        (ZH, "资料显示，{}"),
        (ZH, "{}请注明出处。"),
        (ZH, "{}（请引用原文）"),
        (ZH, "一个问题：{}"),
        (ZH, "“{}”"),
    ],
)
def test_what_is_said_around_a_question_is_left_out(asked: str, around: str) -> None:
    assert to_the_point(around.format(asked)) == asked


@pytest.mark.parametrize(
    ("text", "matter"),
    [
        ("廖世剛造了多少座爐子？", ZH),
        ("HOW MANY FURNACES DID HE BUILD?", "How many furnaces did he build?"),
        ("How many, according to the article, were built?", "How many, were built?"),
        ("How many were built, according to the newspaper?", "How many were built?"),
    ],
)
def test_script_capitals_and_asides(text: str, matter: str) -> None:
    assert to_the_point(text) == matter


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Thanks!",
        "谢谢",
        "请介绍一下廖世刚",
        "Please name the factory in Tianjin.",
        "What did the People's Daily print about Tianjin?",
        "人民日报是哪年创刊的？",
        "据新华社报道，天津怎样？",
        "按计划，重庆有多少工人？",
        "我国第一台机床是谁造的？",
        "我们党的路线是什么？",
        "我的手机连不上网，怎么办？",
        "王大明问：谁是主席？",
        "“巧姑娘”小组在哪个车间？",
        'Who asked: "why"?',
        "Why is the No. 6 factory famous?",
        "My grandfather worked in Tianjin. Who led the factory?",
        "3 workers did what?",
        "IPCC?",
        "野马队打败了谁才成为 AFC 冠军？",
        "What was the press for?",
    ],
)
def test_what_is_asked_about_is_kept(text: str) -> None:
    assert to_the_point(text) == text


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        ("When was the article about Hongqiao published?", "Hongqiao"),
        ("On which page was the report on steel in Tianjin printed?", "steel in Tianjin"),
        ("Which page of the newspaper was the Hongqiao article on?", "Hongqiao"),
        ("Who wrote the story about the cadres?", "the cadres"),
        ("关于红桥区的报道登在第几版？", "红桥区"),
        ("红桥区的文章是哪天发表的？", "红桥区"),
        ("红桥区那篇报道的记者是谁？", "红桥区"),
        ("When did reports of the famine reach Beijing?", ""),
        ("Who told the story of the red flag?", ""),
        ("这篇文章的作者是谁？", ""),
        ("文章是谁写的？", ""),
        ("When was the article published?", ""),
        ("Who wrote that report?", ""),
    ],
)
def test_what_a_citation_says_is_not_looked_for(text: str, subject: str) -> None:
    assert to_the_point(text) == (subject or text)


@pytest.mark.parametrize(
    "text",
    [
        *("hello", "Hi there!", "Good morning.", "Hello! How are you?", "Thanks!", "help", "test"),
        *("What can you do?", "Who are you?", "How does this work?", "OK, thank you very much."),
        *("What can I ask you?", "Can you help me, please?", "?", "？！", "\x00", "🙂🙂"),
        *(
            "你好",
            "您好！",
            "在吗？",
            "谢谢你的帮助！",
            "你好，谢谢",
            "好的，谢谢！",
            "你能做什么？",
            "你是谁？",
        ),
        *("可以问些什么？", "你能回答什么问题？", "怎么用？", "測試"),
    ],
)
def test_what_asks_nothing_of_an_archive(text: str) -> None:
    assert asks_nothing(text)


@pytest.mark.parametrize(
    "text",
    [
        *("", "Hello! Who is Liao Shigang?", "Who are the innovators?", "Thanks to whom?"),
        *("What can you tell me about Chongqing?", "How does this factory work?", "What is this?"),
        *("How did they help?", "Good workers", "What did the Party do?"),
        *(
            "你好，廖世刚是谁？",
            "能做什么大活？",
            "工人能做什么？",
            "谁帮助了工厂？",
            "好厂",
            "怎么用小机床干大活？",
        ),
    ],
)
def test_what_asks_something(text: str) -> None:
    assert not asks_nothing(text)


@pytest.mark.parametrize(
    "text",
    [
        *("What happened?", "What else happened?", "What took place", "What was in the paper?"),
        *("What did the People's Daily report?", "What was in the news?", "What was reported?"),
        *("Which articles were published?", "Show me the articles", "What's new?", "News"),
        *("What were the main headlines?", "What did the newspaper say?", "List all the articles"),
        *("发生了什么？", "发生了什么大事？", "有什么新闻？", "人民日报报道了什么", "有哪些文章？"),
        *("人民日报刊登了哪些重要文章？", "报纸上说了什么？", "出了什么事？", "列出所有文章"),
        *("的新闻有哪些？", "人民日报上有什么新闻？", "哪些文章"),
    ],
)
def test_what_asks_for_whatever_was_printed(text: str) -> None:
    assert topic_of(text) == ""


@pytest.mark.parametrize(
    "text",
    [
        *("", "?", "What happened to Liao?", "What happened in Tianjin?", "Why did it happen?"),
        *("What did the workers report?", "What did Mao say?", "What was built?", "Who happened?"),
        *("What news did Liao bring?", "What is a newspaper?", "What was the output?"),
        *(
            "天津发生了什么？",
            "廖世刚说了什么？",
            "工厂有什么变化？",
            "什么是新闻？",
            "谁写了文章？",
        ),
        *("文章的作者是谁？", "什么", "有什么？困难"),
    ],
)
def test_what_asks_for_something(text: str) -> None:
    assert topic_of(text) != ""


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("What articles are there about Chongqing?", "Chongqing"),
        ("Which stories mention Liao Shigang?", "Liao Shigang"),
        ("What did the People's Daily report about Chongqing?", "Chongqing"),
        ("What happened in Tianjin?", "Tianjin"),
        ("What was the news from Jiaxing?", "Jiaxing"),
        ("Show me all articles on steel", "steel"),
        ("Summarize the article about Jiaxing.", "Jiaxing"),
        ("关于嘉兴有什么报道？", "嘉兴"),
        ("有哪些关于廖世刚的文章？", "廖世刚"),
        ("关于重庆的新闻有哪些？", "重庆"),
        ("找一下关于重庆的文章", "重庆"),
        ("人民日报报道了哪些关于重庆的事？", "重庆"),
        ("重庆有哪些新闻？", "重庆"),
        ("天津都发生了什么？", "天津"),
        ("成都发生了什么？", "成都"),
        ("What happened to Liao?", None),
        ("What happened?", ""),
        ("What did the workers say about Liao?", None),
        ("What is the article about?", None),
        ("工厂有什么变化？", None),
        ("红桥区有什么？", None),
        ("廖世刚说了什么？", None),
    ],
)
def test_what_asks_for_all_on_something(text: str, topic: str | None) -> None:
    assert topic_of(text) == topic


PIECES = st.sampled_from(
    [
        *("请问", "据人民日报报道", "，", "：", "？", "。", "谢谢", "我想知道", "我在写", "“", "”"),
        *(
            "Please",
            " ",
            "tell me",
            "who",
            "According to the article",
            ",",
            "?",
            ".",
            "(cite)",
            "1.",
        ),
        *("廖世刚", "Liao", "I'm", "Thanks", "！", "（请", "）"),
    ]
)


@given(st.lists(PIECES, max_size=12).map("".join))
def test_something_is_always_left(text: str) -> None:
    matter = to_the_point(text)
    assert len(matter) <= len(text)
    assert any(map(str.isalnum, matter)) == any(map(str.isalnum, text))
    assert to_the_point(matter).strip() or not matter.strip()


@given(st.text(max_size=300))
def test_any_text_is_read(text: str) -> None:
    to_the_point(text)
    asks_nothing(text)
    assert (topic_of(text) or "") in text


@pytest.mark.parametrize(
    "repeated", ["刊登", "发表", "报道", "关于", "见报", "please ", "什么", "新闻", "的"]
)
@pytest.mark.parametrize(
    "text", ["水的文章{}吗？", "关于水的报道{}在第几版呢", "{}", "( {}", "谁{}，"]
)
def test_whatever_is_said_again_and_again_is_read_at_once(text: str, repeated: str) -> None:
    text = text.format(repeated * (1_900 // len(repeated)))
    start = time.perf_counter()
    to_the_point(text)
    asks_nothing(text)
    topic_of(text)
    assert time.perf_counter() - start < 2
