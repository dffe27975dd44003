"""What the page says, in both languages. `{}` stands for what is filled in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from rag.types import Language


@dataclass(frozen=True, slots=True)
class PageWords:
    """The page's own words in one language."""

    # the frame
    chat: str
    evidence: str
    article: str
    conversations: str
    parts: str
    other_language: str
    theme: str
    greeting: str
    begin: str
    years: str
    year_of: str
    # asking
    box: str
    placeholder: str
    ask: str
    stop: str
    filters: str
    since: str
    until: str
    page: str
    text_language: str
    author: str
    languages: Mapping[str, str]
    any_time: str
    model: str
    quote_only: str
    quote_health: str
    from_question: str
    drop: str
    years_hint: str
    # an answer
    understood: str
    change: str
    as_asked: str
    across: str
    ask_again: str
    waiting: str
    reading: str
    stopped: str
    unkept: str
    unclear: str
    looked_for: str
    widen: str
    any_period: str
    nearest: str
    open_nearest: str
    helpful: str
    unhelpful: str
    comment: str
    save: str
    answered_by: str
    quoted_by: str
    keys: str
    timeline: str
    first: str
    articles: str
    one_article: str
    only_year: str
    # evidence and reader
    sources: str
    no_sources: str
    found: str
    cutting: str
    open: str
    cite: str
    link: str
    back: str
    previous: str
    following: str
    columns: str
    moved: str
    gone: str
    gone_page: str
    elsewhere: str
    no_article: str
    # conversations
    new: str
    search: str
    none_kept: str
    none_match: str
    answers: str
    one_answer: str
    more: str
    rename: str
    name: str
    delete: str
    really_delete: str
    export: str


_ZH = PageWords(
    chat="对话",
    evidence="出处",
    article="文章",
    conversations="往日对话",
    parts="页面各部分",
    other_language="English",
    theme="明暗",
    greeting="用中文或英文提问。每句回答都附原文出处，档案没有说的，这里也不说。",
    begin="可以这样问",
    years="各年文章数",
    year_of="{} 年，{}",
    box="问题",
    placeholder="用中文或英文提问",
    ask="提问",
    stop="停止",
    filters="筛选",
    since="自（年、月或日）",
    until="至（年、月或日）",
    page="版",
    text_language="文本语言",
    author="作者",
    languages={"": "中文与英文", "zh": "中文", "en": "英文"},
    any_time="不限时间",
    model="模型",
    quote_only="只引原文",
    quote_health="随时可用，不需要模型",
    from_question="{}（由问题得出）",
    drop="去掉：{}",
    years_hint="点一年，只查那一年；再点另一年，查两年之间。",
    understood="理解为",
    change="修改：{}",
    as_asked="照原话",
    across="也按译文检索：“{}”",
    ask_again="再问一次",
    waiting="正在查找……",
    reading="找到 {} 段，正在细读……",
    stopped="已停止。以上不是完整的回答。",
    unkept="这个回答没有保存下来，重新打开页面就不见了：{}",
    unclear="“{}”说不清是哪一天，没有按时间筛选：请写出年份或月份。",
    looked_for="查的是“{}”，范围：{}。",
    widen="改查 {}",
    any_period="不限时间再查",
    nearest="最接近的文章在旁边的“出处”栏里，但它们没有回答这个问题。",
    open_nearest="看最接近的文章",
    helpful="有用",
    unhelpful="无用",
    comment="写一句意见",
    save="保存",
    answered_by="作答：{}",
    quoted_by="直接引自档案，未用模型",
    keys="按 / 键写问题，Esc 停止；在出处里，方向键换卡片，Enter 打开全文。",
    timeline="各年提到的文章",
    first="最早一篇：",
    articles="{} 篇",
    one_article="{} 篇",
    only_year="只问 {} 年",
    sources="回答的出处",
    no_sources="回答的出处会摆在这里：报纸、日期、版次、标题和原句。",
    found="找到的段落",
    cutting="出处 {}",
    open="打开全文",
    cite="复制引文",
    link="复制链接",
    back="回到出处",
    previous="上一篇",
    following="下一篇",
    columns="全文，中英对照",
    moved="这篇文章的日期或版次已更正，现在在这里。",
    gone="档案中已没有这篇文章，它可能被修改或移走了。",
    gone_page="同日的文章：",
    elsewhere="这个链接所指的句子已不在原处，从头显示全文。",
    no_article="还没有打开文章。在出处里点“打开全文”。",
    new="新对话",
    search="查找往日对话",
    none_kept="问过的问题会留在这里。",
    none_match="没有相符的对话。",
    answers="{} 答",
    one_answer="{} 答",
    more="更多：{}",
    rename="改名",
    name="名称",
    delete="删除……",
    really_delete="确实删除",
    export="导出",
)

_EN = PageWords(
    chat="Chat",
    evidence="Evidence",
    article="Article",
    conversations="Conversations",
    parts="Parts of the page",
    other_language="中文",
    theme="Light or dark",
    greeting="Ask in Chinese or English. Every statement comes with its source; "
    "what the archive does not say is not said here.",
    begin="Questions to begin with",
    years="Articles by year",
    year_of="{}: {}",
    box="Question",
    placeholder="Ask in Chinese or English",
    ask="Ask",
    stop="Stop",
    filters="Filters",
    since="From (year, month or day)",
    until="To (year, month or day)",
    page="Page",
    text_language="Language of the text",
    author="Author",
    languages={"": "Chinese and English", "zh": "Chinese", "en": "English"},
    any_time="Any time",
    model="Model",
    quote_only="quotes only",
    quote_health="always ready, needs no model",
    from_question="{} (from the question)",
    drop="Drop: {}",
    years_hint="Click a year to search it alone, then another for all between.",
    understood="Understood as",
    change="Change: {}",
    as_asked="as asked",
    across="also looked for as “{}”",
    ask_again="Ask again",
    waiting="Searching…",
    reading="{} passages found, reading them…",
    stopped="Stopped. This is not a whole answer.",
    unkept="This answer could not be kept; it is gone once the page is opened anew: {}",
    unclear="“{}” names no date, so nothing was filtered by it: give a year or a month.",
    looked_for="Looked for “{}” in {}.",
    widen="Search {} instead",
    any_period="Search all years",
    nearest="The nearest articles stand under Evidence, but none of them answers this.",
    open_nearest="See the nearest articles",
    helpful="Helpful",
    unhelpful="Not helpful",
    comment="Add a comment",
    save="Save",
    answered_by="Answered by {}",
    quoted_by="Quoted from the archive, no model",
    keys="Keys: / to the question, Esc stops; arrows move through the evidence, Enter opens.",
    timeline="Articles that speak of it, by year",
    first="Earliest: ",
    articles="{} articles",
    one_article="{} article",
    only_year="Ask of {} only",
    sources="Sources of the answer",
    no_sources="The sources of an answer stand here: newspaper, date, page, title "
    "and the very sentence.",
    found="Passages found",
    cutting="Source {}",
    open="Open article",
    cite="Copy citation",
    link="Copy link",
    back="Back to the evidence",
    previous="Previous",
    following="Next",
    columns="The article, Chinese beside English",
    moved="The date or page of this article was corrected: it now stands here.",
    gone="This article is no longer in the archive: it was changed or removed.",
    gone_page="Articles of that day: ",
    elsewhere="The sentence of this link no longer stands where it did: "
    "here is the article from its head.",
    no_article="No article is open. Choose “Open article” under Evidence.",
    new="New conversation",
    search="Search conversations",
    none_kept="What you ask is kept here.",
    none_match="No conversation matches.",
    answers="{} answers",
    one_answer="{} answer",
    more="More: {}",
    rename="Rename",
    name="Name",
    delete="Delete…",
    really_delete="Yes, delete it",
    export="Export",
)

PAGE: Mapping[Language, PageWords] = {"zh": _ZH, "en": _EN}
