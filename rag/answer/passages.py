"""Evidence -> the numbered sentences a model is shown, each of which is a citation. Pure.

Every sentence has its own number, so that a mark stands for exactly one sentence of the file: the
sentences that answer, and their neighbours, without which they may not be understood. Sentences
that speak to a machine instead of a reader (orders, markup, encoded text) are withheld: a second
line of defence, for whoever hides orders well gets through; the first is that no sentence of a
reply is shown that its quotes do not carry.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from rag.answer.cite import cite
from rag.answer.prompts import harmless, is_visible
from rag.corpus.sentences import paragraph_sentences
from rag.types import Article, Citation, Language, Span

# Where a sentence stands: article_id, language, offsets.
Place = tuple[str, Language, Span]

MOST_SENTENCES = 24
_BEHIND, _AHEAD = 1, 1  # neighbours shown with a sentence that answers

_ORDERS = re.compile(
    r"""
    \b(?:ignore|disregard|forget|override|bypass)\b.{0,40}
        \b(?:above|previous|prior|earlier|preceding|instructions?|prompts?|rules|guidelines)\b
    | \b(?:system|developer)\s?(?:prompt|message|mode|instructions?)\b | \bjailbr[eo]ak
    | \byou\sare\s(?:now|a\shelpful|an?\s(?:ai|assistant|language\smodel))\b
    | \b(?:language|chat)\s?(?:model|bot)\b | \b(?:as|to)\s(?:an?|the)\sAI\b | \bchatgpt\b
    | \b(?:new|updated|following|hidden|these)\sinstructions?\b
    | \b(?:print|output|reply|respond|repeat|write|say|answer)\s(?:only|exactly|verbatim|with\b)
    | \b(?:decode|base64|rot13)\b
    | \b(?:please|must|should|shall|always|only|just|now|instead)\s(?:\w+\s){0,2}
        (?:answer|reply|respond|output|print|display|repeat)\b
    | (?:^|[;:]\s?)(?:answer|reply|respond|output|print|repeat)\s
    | \byour\s(?:answer|reply|response|output|instructions?|prompt)\b
    | \bthe\s(?:answer|reply|response|output)\s(?:is|must|should|shall)\b
    | (?:^|[\s.;])(?:system|assistant|user|human|developer|instructions?)\s?[:：]
    | (?:忽略|无视|忘记|忘掉|不要理会|不必理会|抛开|绕过)[^。！？]{0,12}
        (?:以上|上述|上面|之前|前面|先前|此前|所有|一切|全部)?[^。！？]{0,8}
        (?:指令|指示|提示|规则|要求|命令|设定|内容)
    | 系统(?:提示|消息|指令|信息) | 提示词
    | (?:语言|对话)模型 | 人工智能助手 | AI\s?助手 | 聊天机器人
    | (?:你|您)(?:现在)?(?:是|扮演)(?:一个|一名)?[^。！？]{0,6}(?:助手|机器人|模型)
    | (?:只|仅|必须|务必|直接|原样)(?:需|要|能|须)?(?:输出|回复|回答|打印|复述|显示)
    | (?:请|并|然后|改为)(?:输出|打印|显示|复述) | 解码
    | (?:请|务必|必须|一律|改为|改成)[^。！？]{0,12}(?:回答|答复|回复|输出|打印|复述|答案)
    | (?:回答|答复|回复|答案|输出)(?:应|必须|须|一律|只能|都)(?:是|为|改|写成|变成)
    | (?:系统|助手|用户|开发者|指令)\s?[:：]
    """,
    re.IGNORECASE | re.VERBOSE,
)
_MARKUP = re.compile(
    r"<[!/?|a-z]|＜[!/?|a-z]|\|>|!\[|\]\s?\(|\[/?(?:inst|sys|system)\b|```|&#?\w+;",
    re.IGNORECASE,
)
# A run that no newspaper prints: base64, hexadecimal, escapes.
_ENCODED = re.compile(
    r"[A-Za-z0-9+/_=-]{32,}|(?:\\x[0-9a-f]{2}){3}|(?:\\u[0-9a-f]{4}){3}|%[0-9A-F]{2}%"
)
_ROT13 = str.maketrans(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
    "NOPQRSTUVWXYZABCDEFGHIJKLMnopqrstuvwxyzabcdefghijklm",
)


def number(places: Sequence[Place], article: Callable[[str], Article]) -> tuple[Citation, ...]:
    """The citations a model may use, marked from 1: the best first, each with its neighbours.

    Args:
        places: the sentences that answer, best first.
        article: gives an article by its id.
    """
    chosen: dict[Place, None] = {}
    for article_id, language, span in places:
        text = article(article_id).text(language)
        if text is None:
            continue
        window = [
            (article_id, language, near)
            for near in neighbours(text.body, language, span)
            if not speaks_to_a_machine(text.body[near.start : near.end])
        ]
        chosen.update(dict.fromkeys(window))
        if len(chosen) >= MOST_SENTENCES:
            break
    kept = list(chosen)[:MOST_SENTENCES]
    return tuple(
        cite(mark, article(article_id), language, span)
        for mark, (article_id, language, span) in enumerate(_grouped(kept), 1)
    )


def neighbours(body: str, language: Language, span: Span) -> list[Span]:
    """The sentences of `span` and those beside them in their paragraph, in reading order."""
    spans, inside = paragraph_sentences(body, language, span)
    if not inside:
        return [span]
    return spans[max(0, inside[0] - _BEHIND) : inside[-1] + 1 + _AHEAD]


def speaks_to_a_machine(text: str) -> bool:
    """Whether a sentence gives orders to a model, or hides text, rather than tells a reader."""
    seen = "".join(character for character in text if character.isspace() or is_visible(character))
    hidden = sum(character not in "\u200b\ufeff\u00ad" for character in text) - len(seen)
    if hidden > 0 or _MARKUP.search(seen) or _ENCODED.search(seen):
        return True
    turned = (seen.translate(_ROT13), seen[::-1])
    return any("://" in read for read in turned) or any(map(_ORDERS.search, (seen, *turned)))


def show(citations: Sequence[Citation]) -> str:
    """The numbered sentences as delimited data for a prompt: a block a stretch of an article."""
    blocks: list[str] = []
    for head, lines in _blocks(citations):
        blocks.append(f"<article {head}>\n" + "\n".join(lines) + "\n</article>")
    return "\n".join(blocks)


def _blocks(citations: Sequence[Citation]) -> Iterator[tuple[str, list[str]]]:
    before: tuple[str, Language] | None = None
    lines: list[str] = []
    head = ""
    for citation in citations:
        masthead, language = citation.masthead, citation.quote.language
        if (masthead.article_id, language) != before:
            if lines:
                yield head, lines
            before, lines = (masthead.article_id, language), []
            title = masthead.title.get(language) or next(iter(masthead.title.values()), "")
            if speaks_to_a_machine(title):
                title = ""
            shown = harmless(title, 200).replace('"', "'")
            head = f'date="{masthead.published.isoformat()}" title="{shown}"'
        lines.append(f"[{citation.mark}] {harmless(citation.quote.text, 1_500)}")
    if lines:
        yield head, lines


def _grouped(places: Sequence[Place]) -> list[Place]:
    """Sentences of one text together and in reading order; the texts as they came."""
    texts = list(dict.fromkeys((article_id, language) for article_id, language, _ in places))
    return sorted(places, key=lambda place: (texts.index(place[:2]), place[2]))
