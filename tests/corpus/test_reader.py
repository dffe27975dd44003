"""The reader against the five samples, every bad file we can think of, and whole archives."""

from __future__ import annotations

import json
import time
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.corpus.decoding import decode
from rag.corpus.reader import MAX_BYTES, read_article
from rag.errors import UnreadableFile
from rag.types import Article

REPO = Path(__file__).parents[2]
SHARED = REPO.parent / "shared"
SEEDS = sorted((REPO / "seeds").glob("*.txt")) or sorted((SHARED / "seeds").glob("*.txt"))

PLAIN = """### 增产节约  天津在前进
王强　李明
1953-10-31
第1版()
专栏：

    增产节约
    天津在前进
    王强　李明
    新华社天津30日电　天津市的工厂正在开展增产节约运动，成绩很大。
    会议指出，领导必须深入下去，解决生产中的问题。
"""


def read(text: str) -> Article:
    return read_article(text.encode(), "a.md")


def folded(text: str) -> str:
    return " ".join(text.split())


def assert_stands_in(article: Article, source: str) -> None:
    source = folded(source)
    for text in article.texts:
        kept = [text.title, text.subtitle, text.dateline, *text.credits, *text.body.split("\n")]
        for piece in (*kept, *(heading.text for heading in text.headings)):
            assert folded(piece) in source
        for heading in text.headings:
            assert text.body[heading.offset - 1] == "\n"


# --- the five samples, by hand: what a reader of the paper would write down -----------------

GOLD = [
    {
        "zh": ("上下齐动手　大小一齐抓", "天津红桥区组织全区工厂开展技术革新大协作"),
        "en": (
            "Top and Bottom Work Together, Big and Small Grasped Together",
            "Hongqiao District, Tianjin Organizes District-Wide Factories to Carry Out Technical "
            "Innovation Collaboration",
        ),
        "authors": ("舒倜", "Shu Ti"),
        "printed": (date(1959, 11, 24), 2),
        "datelines": ("新华社天津23日电", "Xinhua News Agency, Tianjin, 23rd"),
        "credits": ((), ()),
        "opens": ("记者舒倜报道：在天津市染化六厂里", "Reporter Shu Ti reports: In the Tianjin"),
        "closes": ("遍开革新花”。", 'innovation flowers bloom everywhere."'),
        "paragraphs": (4, 4),
    },
    {
        "zh": ("重庆钢铁公司和建设机床厂树立标兵带动全面", "先进人物先进集体不断涌现"),
        "en": (
            "Chongqing Steel Company and Construction Machine Tool Factory Set Up Pace-Setters to "
            "Drive Overall Progress",
            "Advanced Figures and Advanced Collectives Emerge Continuously",
        ),
        "authors": (),
        "printed": (date(1959, 6, 5), 2),
        "datelines": ("本报重庆4日电", "Chongqing, June 4 (report from our newspaper)"),
        "credits": ((), ()),
        "opens": ("重庆钢铁公司和建设机床厂采取", "Chongqing Steel Company and"),
        "closes": ("一千二百多项。", "1,200 major technical improvements."),
        "paragraphs": (3, 3),
    },
    {
        "zh": ("深入深入再深入", "嘉兴市委工业部改进领导工作的经过"),
        "en": (
            "Deeper, Deeper, and Still Deeper",
            "The Jiaxing Municipal Party Committee Industry Department's Improvement of "
            "Leadership Work",
        ),
        "authors": ("陈心海", "石在", "Chen Xinhai", "Shi Zai"),
        "printed": (date(1957, 1, 30), 2),
        "datelines": ("", ""),
        "credits": (
            ("（原载浙江日报，本报略有删改。）",),
            (
                "(Originally published in Zhejiang Daily, this newspaper has made some deletions "
                "and revisions.)",
            ),
        ),
        "opens": ("曾经被工厂企业称为“查火表的”", "The Jiaxing Municipal Party Committee"),
        "closes": ("先进生产者运动结合起来。", "the advanced producer movement."),
        "paragraphs": (10, 10),
    },
    {
        "zh": ("全力支援云南贵州和四川各地发展工业", "重庆在整风中加强协作教育"),
        "en": (
            "Fully Support the Development of Industry in Yunnan, Guizhou, and Sichuan",
            "Chongqing Strengthens Collaborative Education in Rectification",
        ),
        "authors": ("廖永祥", "Liao Yongxiang"),
        "printed": (date(1958, 7, 23), 7),
        "datelines": ("本报重庆22日电", "(Our newspaper, Chongqing, July 22nd)"),
        "credits": (("（廖永祥）",), ("(Liao Yongxiang)",)),
        "opens": ("重庆市最近针对中央大批厂矿", "Chongqing recently, in light of"),
        "closes": ("全市广大职工的行动口号。", "workers in the city."),
        "paragraphs": (6, 6),
    },
    {
        "zh": ("中共中央华北局召开汇报会议", "推动工业增产节约竞赛"),
        "en": (
            "The CCP Central Committee North China Bureau Convenes Reporting Meeting to Promote "
            "Increased Industrial Production and Economy Campaign",
            "",
        ),
        "authors": (),
        "printed": (date(1953, 10, 31), 1),
        "datelines": ("【新华社三十日讯】", "Xinhua News Agency, October 30th"),
        "credits": ((), ()),
        "opens": ("为及时推动工矿企业增产节约竞赛", "To promptly promote the in-depth"),
        "closes": ("要为明年做好准备。", "and to prepare for next year."),
        "paragraphs": (9, 9),
    },
]

# Each heading with the first words of the paragraph it stands above.
HEADINGS_002 = {
    "zh": [
        ("下去不等于深入", "去年8月以后"),
        ("分片定点", "工业部的同志研究了这个情况"),
        ("蹲了“点”要带起“面”", "分片下去以后"),
        ("要对症下药", "工业部自从重视了"),
        ("一环扣一环", "嘉兴市委工业部在领导工业生产中"),
    ],
    "en": [
        ("Going Down is Not Equal to Going Deep", "After August last year"),
        ("Dividing into Areas and Fixing Points", "After studying this situation"),
        ('Staying at a "Point" Requires Leading the "Surface"', "After dividing into areas, some"),
        ("Must Prescribe the Right Medicine", "Since the Industry Department attached"),
        ("One Link After Another", "The Jiaxing Municipal Party Committee Industry"),
    ],
}


@pytest.mark.parametrize("number", range(5))
def test_samples(number: int) -> None:
    gold, path = GOLD[number], SEEDS[number]
    article = read_article(path.read_bytes(), path.name)
    masthead = article.masthead
    assert [(text.language, text.role) for text in article.texts] == [
        ("zh", "original"),
        ("en", "translation"),
    ]
    assert masthead.authors == gold["authors"]
    assert (masthead.published, masthead.page) == gold["printed"]
    assert (masthead.section, masthead.source, article.pairs) == ("", path.name, ())
    for at, text in enumerate(article.texts):
        assert (text.title, text.subtitle) == gold[text.language]
        assert text.dateline == gold["datelines"][at]
        assert text.credits == gold["credits"][at]
        assert text.body.startswith(gold["opens"][at])
        assert text.body.endswith(gold["closes"][at])
        assert len(text.body.split("\n")) == gold["paragraphs"][at]
        below = [(h.text, text.body[h.offset :].split("\n")[0]) for h in text.headings]
        expected = HEADINGS_002[text.language] if number == 2 else []
        assert len(below) == len(expected)
        for (heading, paragraph), (name, first_words) in zip(below, expected, strict=True):
            assert heading == name
            assert paragraph.startswith(first_words)
    assert_stands_in(article, path.read_text(encoding="utf-8"))


def test_whole_headlines() -> None:
    title = read_article(SEEDS[2].read_bytes(), "a").masthead.title
    assert title["zh"] == "深入深入再深入 嘉兴市委工业部改进领导工作的经过"
    assert title["en"].startswith("Deeper, Deeper, and Still Deeper: The Jiaxing")


# --- one article, many files ------------------------------------------------------------------


@pytest.mark.parametrize(
    "encode",
    [
        lambda text: text.encode("utf-8-sig"),
        lambda text: text.encode("gb18030"),
        lambda text: text.encode("utf-16"),
        lambda text: b"\xfe\xff" + text.encode("utf-16-be"),
        lambda text: text.replace("\n", "\r\n").encode(),
        lambda text: text.replace("\n", "\r").encode(),
        lambda text: text.replace("\n", "\r\n").encode("gb18030"),
        lambda text: text[text.index("### ") :].encode(),
        lambda text: text[text.index("### ") :].encode("gb18030"),
    ],
)
@pytest.mark.parametrize("seed", SEEDS, ids=lambda path: path.name[:3])
def test_every_copy_is_the_same_article(seed: Path, encode) -> None:
    text = seed.read_text(encoding="utf-8")
    article, copy = read_article(text.encode(), "a"), read_article(encode(text), "b")
    assert copy.masthead.article_id == article.masthead.article_id
    assert copy.original == article.original


def test_identity_follows_day_page_and_words() -> None:
    ids = {
        read(text).masthead.article_id
        for text in (
            PLAIN,
            PLAIN.replace("10-31", "11-01"),
            PLAIN.replace("第1版", "第2版"),
            PLAIN.replace("成绩很大", "成绩不大"),
            PLAIN.replace("### 增产", "### 减产"),
        )
    }
    assert len(ids) == 5
    assert read(PLAIN.replace("    ", "　　")).masthead.article_id in ids
    assert read(PLAIN).masthead.article_id.startswith("1953-10-31.p1.")


# --- the plain format's ways --------------------------------------------------------------------


def test_plain_alone() -> None:
    article = read(PLAIN)
    text = article.original
    assert (text.title, text.subtitle) == ("增产节约", "天津在前进")
    assert article.masthead.authors == ("王强", "李明")
    assert text.dateline == "新华社天津30日电"
    assert text.body == (
        "天津市的工厂正在开展增产节约运动，成绩很大。\n"
        "会议指出，领导必须深入下去，解决生产中的问题。"
    )


@pytest.mark.parametrize("gap", ["  ", "　　", " 　", "\t\t"])
def test_subtitle_after_a_wide_gap(gap: str) -> None:
    text = read(PLAIN.replace("节约  天津", f"节约{gap}天津")).original
    assert (text.title, text.subtitle) == ("增产节约", "天津在前进")


def test_one_wide_space_is_no_gap() -> None:
    text = read(PLAIN.replace("节约  天津", "节约　天津")).original
    assert (text.title, text.subtitle) == ("增产节约　天津在前进", "")
    assert text.body.startswith("天津市的工厂")  # the headline printed over two lines is one


@pytest.mark.parametrize(
    ("line", "authors"),
    [
        ("王强、李明", ("王强", "李明")),
        ("石　在", ("石在",)),
        ("本报记者　王强　李明", ("王强", "李明")),
        ("作者：王强", ("王强",)),
        ("约翰·史密斯", ("约翰·史密斯",)),
        ("", ()),
    ],
)
def test_authors(line: str, authors: tuple[str, ...]) -> None:
    text = PLAIN.replace("王强　李明\n1953", f"{line}\n1953")
    assert read(text).masthead.authors == authors


@pytest.mark.parametrize(
    ("page", "column", "section"),
    [
        ("第1版()", "专栏：", ""),
        ("第1版(要闻)", "专栏：", "要闻"),
        ("第1版()", "专栏：读者来信", "读者来信"),
    ],
)
def test_section(page: str, column: str, section: str) -> None:
    text = PLAIN.replace("第1版()", page).replace("专栏：", column)
    assert (read(text).masthead.section, read(text).masthead.page) == (section, 1)


def test_no_page_is_unknown() -> None:
    masthead = read(PLAIN.replace("第1版()\n", "")).masthead
    assert masthead.page is None
    assert masthead.article_id.startswith("1953-10-31.p0.")


def test_a_derived_title_repeats_once_and_the_sentence_stays() -> None:
    text = "### 当地时间30日\n\n2023-07-01\n第6版()\n专栏：\n\n    当地时间30日\n    当地时间30日。"
    assert read(text + "\n").original.body == "当地时间30日。"
    longer = text.replace("30日。", "30日，某地发生了一场地震，无人受伤。")
    assert read(longer).original.body == "当地时间30日，某地发生了一场地震，无人受伤。"


@pytest.mark.parametrize(
    ("opening", "dateline", "rest"),
    [
        ("据新华社北京7月1日电　铁路通车。", "据新华社北京7月1日电", "铁路通车。"),
        ("（新华社北京电）铁路通车。", "（新华社北京电）", "铁路通车。"),
        ("新华社莫斯科二十日电　铁路通车。", "新华社莫斯科二十日电", "铁路通车。"),
        ("本报讯　铁路通车。", "本报讯", "铁路通车。"),
        ("中新网7月25日电(记者 王强)铁路通车。", "中新网7月25日电", "(记者 王强)铁路通车。"),
        ("据法新社7月1日电，铁路通车。", "", "据法新社7月1日电，铁路通车。"),
        ("新华社1日报道了铁路通车的消息。", "", "新华社1日报道了铁路通车的消息。"),
        ("7月1日，铁路通车。", "", "7月1日，铁路通车。"),
    ],
)
def test_chinese_datelines(opening: str, dateline: str, rest: str) -> None:
    text = read(f"### 题目\n\n1953-10-31\n第1版()\n专栏：\n\n    {opening}\n").original
    assert (text.dateline, text.body) == (dateline, rest)


@pytest.mark.parametrize(
    ("opening", "dateline", "rest"),
    [
        ("Xinhua, Lhasa, 4th – Snow fell.", "Xinhua, Lhasa, 4th", "Snow fell."),
        ("Xinhua News Agency, July 4th. Snow fell.", "Xinhua News Agency, July 4th", "Snow fell."),
        ("[Xinhua News Agency, 3rd] Snow fell.", "[Xinhua News Agency, 3rd]", "Snow fell."),
        ("Our newspaper, Tianjin, 23rd: Snow fell.", "Our newspaper, Tianjin, 23rd", "Snow fell."),
        ("Xinhua, Lhasa, 4th, said it snowed.", "", "Xinhua, Lhasa, 4th, said it snowed."),
        ("Chongqing, June 4, was cold.", "", "Chongqing, June 4, was cold."),
    ],
)  # fmt: skip
def test_english_datelines(opening: str, dateline: str, rest: str) -> None:
    text = read(f"Title: Snow\nAuthor:\nDate: 1953-10-31\nPage: 1\n\n{opening}\n").original
    assert (text.language, text.dateline, text.body) == ("en", dateline, rest)


def test_short_lines_in_a_row_are_a_poem_and_stay() -> None:
    poem = "    红军不怕远征难\n    万水千山只等闲\n    五岭逶迤腾细浪\n"
    text = read(PLAIN + poem + "    这首诗写的是长征，人人会背，大家都很喜欢。\n").original
    assert text.headings == ()
    assert "红军不怕远征难\n万水千山只等闲\n五岭逶迤腾细浪" in text.body


def test_what_a_colon_announces_is_no_heading() -> None:
    text = read(
        PLAIN.replace("成绩很大。", "提出的口号是：").replace("会议指出", "人人动手\n    会议指出")
    ).original
    assert text.headings == ()
    assert "\n人人动手\n" in text.body


def test_a_closing_sentence_in_brackets_is_prose() -> None:
    sentence = "（以上数字到七月底为止，不包括外省。）"
    text = read(f"{PLAIN}    {sentence}\n").original
    assert text.credits == ()
    assert text.body.endswith(sentence)


def test_characters_stay_and_white_space_folds() -> None:
    said = "Ａ１％，﹏ﬁ、①  两格　　两个全角，\t制表，　一个。"
    body = read(PLAIN.rstrip() + f"\n    {said}\n").original.body
    assert body.endswith("Ａ１％，﹏ﬁ、① 两格 两个全角， 制表，　一个。")


def test_english_alone_and_translation_missing() -> None:
    english = read(
        "Title: Snow\nAuthor: Li Ming and Wang Qiang\nDate: 1953-10-31\nPage: 3\n\nSnow fell.\n"
    )
    assert english.masthead.authors == ("Li Ming", "Wang Qiang")
    assert (english.original.role, dict(english.masthead.title)) == ("original", {"en": "Snow"})
    lone = read(
        f"Title: Snow\nAuthor:\nDate: 1953-10-31\nPage: 3\n\n<hr />\n\nOriginal:\n\n{PLAIN}"
    )
    assert [text.language for text in lone.texts] == ["zh"]


def test_the_originals_date_wins() -> None:
    text = f"Title: Snow\nDate: 1953-11-02\nPage: 9\n\nSnow fell.\n<hr />\nOriginal:\n{PLAIN}"
    masthead = read(text).masthead
    assert (masthead.published, masthead.page) == (date(1953, 10, 31), 1)
    undated = read(text.replace("1953-10-31\n", ""))
    assert undated.masthead.published == date(1953, 11, 2)


# --- what cannot be read, and why ---------------------------------------------------------------

HEADER = "Title: Snow\nAuthor:\nDate: 1953-10-31\nPage: 1\n\nSnow fell in the night.\n"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "is empty"),
        (b"\xe2\x80\x8b\n\xe2\x80\x8b", "is empty"),  # white space that shows nowhere
        (b" \r\n\t\n", "is empty"),
        (b"\xef\xbb\xbf\n", "is empty"),
        (b"\xff\xfe", "is empty"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "is binary"),
        (HEADER.replace("fell", "f\0ll").encode(), "is binary"),
        (b"%PDF-1.4 " + bytes(range(1, 9)) * 4, "is binary"),
        (PLAIN.encode("utf-16-le"), "is binary"),
        (b"x" * (MAX_BYTES + 1), "larger than 8 MiB"),
        (PLAIN.encode()[:-2], "cut off: its last character"),
        (PLAIN.rstrip("\n").encode("gb18030")[:-1], "cut off: its last character"),
        (PLAIN.encode("utf-16")[:-1], "cut off: its last character"),
        (PLAIN.encode().replace("成绩".encode(), b"\xff\xff"), "neither UTF-8 nor GB18030"),
        (PLAIN.replace("约", "約").encode("big5", "ignore"), "neither UTF-8 nor GB18030"),
        ("新聞です。これは日本語の記事。".encode("shift_jis"), "neither UTF-8 nor GB18030"),
        ("Déjà vu à l'été où naît la forêt".encode("latin-1"), "neither UTF-8 nor GB18030"),
        (b"Once upon a time.", "begins neither with"),
        (PLAIN[4:].encode(), "begins neither with"),
        (b"###\n\n1953-10-31\n", "begins neither with"),
        (b"Title:\nDate: 1953-10-31\n\nSnow fell.", "no title"),
        (f"### {'长' * 2000}\n1953-10-31\n\n    雪。".encode(), "title is longer"),
        (b"Title: Snow\nDate: 1953-10-31\nPage: 1\n", "a title but no text"),
        (b"Title: Snow\nDate: 1953-10-31\nPage: 1\n\nSnow\n", "a title but no text"),
        (PLAIN[: PLAIN.index("    新华社")].encode(), "a title but no text"),
        (PLAIN[: PLAIN.index("\n    增产")].encode(), "a title but no text"),
        (f"{HEADER}\n<hr />\n\nOriginal:\n\n\n".encode(), "no original after"),
        (f"{HEADER}\n<hr />\n".encode(), "no original after"),
        (f"{HEADER}\n<hr />\n\nOrigi".encode(), "no original after"),
        (f"{HEADER}\n<hr".encode(), "no original after"),
        (f"{HEADER}\n<hr />\n\nOriginal:\n\n雪下了一夜。".encode(), "does not begin with"),
        (f"{HEADER}\n<hr />\n\nOriginal:\n\n### 雪\n\n1953-10-31\n".encode(), "title but no text"),
        (PLAIN.replace("1953-10-31\n", "").encode(), "no date"),
        (b"Title: Snow\nDate:\nPage: 1\n\nSnow fell.", "no date"),
        (PLAIN.replace("10-31", "02-30").encode(), "impossible"),
        (PLAIN.replace("1953-10-31", "0000-10-31").encode(), "impossible"),
        (b"Title: Snow\nDate: soon\nPage: 1\n\nSnow fell.", "impossible"),
        ((PLAIN + PLAIN).encode(), "more than one article"),
    ],
)  # fmt: skip
def test_bad_files_say_why(data: bytes, reason: str) -> None:
    with pytest.raises(UnreadableFile, match=reason) as raised:
        read_article(data, "a.txt")
    assert "\n" not in str(raised.value)
    assert raised.value.remedy


# --- properties ---------------------------------------------------------------------------------


@st.composite
def mutated_seeds(draw: st.DrawFn) -> bytes:
    data = bytearray(draw(st.sampled_from(SEEDS)).read_bytes())
    for _ in range(draw(st.integers(1, 6))):
        start = draw(st.integers(0, len(data)))
        end = min(len(data), start + draw(st.integers(0, 400)))
        middle = draw(
            st.one_of(
                st.binary(max_size=8),
                st.sampled_from([b"\n", b"\n\n\t", b"<hr />\n", b"Original:\n", b"### "]),
                st.just(bytes(data[start:end][::-1])),
            )
        )  # fmt: skip
        data[start:end] = middle
    return bytes(data)


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.binary(max_size=400), mutated_seeds()))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    started = time.monotonic()
    try:
        article = read_article(data, "a")
    except UnreadableFile:
        pass
    else:
        assert_stands_in(article, decode(data))
        assert all(text.body.strip() for text in article.texts)
    assert time.monotonic() - started < 5


@pytest.mark.parametrize(
    "line",
    ["a: " * 300, "1" * 10**6, " " * 10**6 + "x", "新华社" * 10**5, "(" * 10**5, "　 " * 10**5],
)
def test_long_lines_take_no_long_time(line: str) -> None:
    started = time.monotonic()
    for text in (f"### {line}\n{PLAIN}", PLAIN + line, HEADER.replace("Snow", line) + line):
        try:
            read(text)
        except UnreadableFile:
            continue
    assert time.monotonic() - started < 10  # a regular expression gone quadratic takes minutes


# --- the public sets ----------------------------------------------------------------------------


def shared(name: str) -> Path:
    path = SHARED / "bench" / name
    if not path.exists():
        pytest.skip(f"../shared/bench/{name} is not here")
    return path


@pytest.mark.slow
def test_every_answer_of_xquad_stands_in_one_paragraph() -> None:
    bench = shared("xquad")
    articles = {
        (folder, path.stem): read_article(path.read_bytes(), path.name)
        for folder in ("bilingual", "zh", "en")
        for path in sorted((bench / folder).iterdir())
    }
    for (folder, stem), article in articles.items():
        if folder == "zh":
            twin = articles["bilingual", stem]
            assert article.masthead.article_id == twin.masthead.article_id
        for text in article.texts:
            assert (text.headings, text.credits, text.dateline, text.subtitle) == ((), (), "", "")
    questions = (bench / "questions.dev.jsonl").read_text(encoding="utf-8").splitlines()
    checked = 0
    for question in map(json.loads, questions):
        if not question["answerable"]:
            continue
        for folder, language in (
            ("bilingual", "zh"),
            ("bilingual", "en"),
            ("zh", "zh"),
            ("en", "en"),
        ):
            text = articles[folder, question["article"]].text(language)
            window = folded(question["window"][language])
            assert any(window in folded(paragraph) for paragraph in text.body.split("\n"))
            checked += 1
    assert checked == 4 * 410


@pytest.mark.slow
def test_twenty_thousand_news_articles_lose_no_prose() -> None:
    from rag.corpus.walker import walk

    read_files = 0
    for file in walk(shared("news-zh-20k.tar.xz")):
        article = read_article(file.data, file.source)
        text = article.original
        assert (text.language, text.subtitle) == ("zh", "")
        lines = file.data.decode().split("专栏：", 1)[1]
        removed = [text.title, text.dateline, *text.credits, *(h.text for h in text.headings)]
        assert max(map(len, removed)) <= 60
        # All that is gone from the page was put in a field, but for the stop after a dateline.
        printed = Counter("".join(lines.split()))
        kept = Counter("".join("".join([*removed, text.body]).split()))
        lost = "".join((printed - kept).elements())
        assert lost in (("", "：", ":") if text.dateline else ("",)), file.source
        read_files += 1
    assert read_files == 20_000
