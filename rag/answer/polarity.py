"""Whether a statement affirms what its quotes deny, or the other way round. Pure.

A negation is held by the words after it in its clause. Words that only look negative (不但, 不断,
"not only") are none, and two in a row (不能不, "not without") are none either. Opposites (rose and
fell, 增加 and 减少) are compared in the same spirit; one that is denied is none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rag.answer.wordmatch import Lexis, content_words, holds, lexis
from rag.romanise import simplified
from rag.types import Language, Support

_NO_NEGATION = (
    "不但|不仅仅|不仅|不断|不久|不少|不同|不过|不管|不论|不得不|不能不|不会不|不可不|无不"
    "|莫不|不锈钢|不足|(?<![得想找做达看办听收])不到|不下|不止|不只|不光|不料|不禁|不惜|不妨"
    "|不愧|不外|不时|不免|不由得|不一|不已|差不多|了不起|对不起|要不|举不胜举|数不胜数"
    "|层出不穷|川流不息|络绎不绝|无论|无数|无产|无缝|无线|无私|无机|无比|无穷|无非|非常|非洲"
    "|南非|北非|除非|莫非|未来|未必|没收|没落|沉没|淹没|是不是|能不能|不等|不住|奋不顾身"
    "|坚持不懈|坚定不移|永垂不朽|并不是没有|不是没有|不无"
    r"|\bnot (?:only|just|merely|simply|least)\b|\bno\. ?(?=\d)"
    r"|\bno (?:less|fewer|more) than\b|\bno matter\b|\bno doubt\b|\bnot without\b"
    r"|\bcan(?:no|')t help\b|\bwithout (?:doubt|exception)\b|\bnothing but\b|\bno sooner\b"
    r"|\bnot (?:fewer|less|more) than\b|\bno other than\b|\bnumber\b"
)
_NEGATION = (
    "并没有|从未|从没|没有|毫无|并非|并不|决不|绝不|未能|不|没|未|无(?!锡)|非(?![常洲])|勿"
    "|否认|拒绝|缺乏|缺少"
    r"|\bnot\b|\bcannot\b|n['’]t\b|\bnever\b|\bno\b|\bnone\b|\bnobody\b|\bnothing\b|\bneither\b|\bnor\b"
    r"|\bwithout\b|\bfail(?:s|ed|ing|ure)?\b|\black(?:s|ed|ing)?\b|\bunable\b|\brefus(?:e|es|ed|ing)\b"
    r"|\bden(?:y|ies|ied|ying)\b|\bimpossible\b|\bincapable\b|\bunsuccessful(?:ly)?\b|\bhardly\b|\brarely\b"
)
_FIND = re.compile(f"(?P<none>{_NO_NEGATION})|(?P<no>{_NEGATION})", re.IGNORECASE)
_CLAUSE = re.compile(r"[，,。；;：:！？!?\n、]|\b(?:but|that|and|which)\b|[并而且]")
_SCOPE = 60  # characters behind a negation

# Opposite directions; a side is left out of account where the quote has both.
_OPPOSITES = tuple(
    (re.compile(one, re.IGNORECASE), re.compile(other, re.IGNORECASE))
    for one, other in (
        (
            r"增加|增长|上升|上涨|提高|扩大|高涨|增多"
            r"|\b(?:increas\w+|ris(?:e|es|en|ing)|rose|gr[eo]w\w*|rais\w+|expand\w*|improv\w+"
            r"|higher|doubl\w+)\b",
            r"减少|下降|下滑|降低|缩小|缩减|下跌"
            r"|\b(?:decreas\w+|f[ae]ll(?:s|en|ing)?|dropp?\w*|declin\w+|reduc\w+|lower(?:ed"
            r"|ing)?|shr[aiu]nk\w*)\b",
        ),
        (
            r"提前|以前|之前"
            r"|\b(?:ahead of|early|before)\b",
            r"推迟|延期|落后于|以后|之后"
            r"|\b(?:behind schedule|later?|after|delay\w*)\b",
        ),
        (
            r"胜利|战胜|打败|获胜"
            r"|\b(?:won|wins?|victor\w+|defeated)\b",
            r"失败|输给|败给"
            r"|\b(?:lost|loses?|defeat by)\b",
        ),
        (
            r"支持|赞成|通过了|批准"
            r"|\b(?:support\w*|approv\w+|adopt\w+|passed|ratif\w+)\b",
            r"反对|否决|驳回"
            r"|\b(?:oppos\w+|reject\w*|veto\w*)\b",
        ),
        (
            r"最大|最高|最多"
            r"|\b(?:largest|biggest|highest|most|best)\b",
            r"最小|最低|最少"
            r"|\b(?:smallest|lowest|least|worst)\b",
        ),
        (
            r"开始|开工"
            r"|\b(?:open(?:ed|s)?|start\w*|beg[aiu]n\w*)\b",
            r"停止|停工|结束"
            r"|\b(?:clos(?:ed|es)|stopp\w*|end(?:ed|s))\b",
        ),
        (
            r"加速|加快|\b(?:accelerat\w+|sp(?:e|ee)d(?:s|ed|ing)? up)\b",
            r"放缓|放慢|减缓|减速|\b(?:slow(?:s|ed|ing|down)?|decelerat\w+)\b",
        ),
        (
            r"允许|准许|许可|\b(?:allow\w*|permit\w*)\b",
            r"禁止|\b(?:ban(?:s|ned|ning)?|prohibit\w*|forb[ai]d\w*)\b",
        ),
        (
            r"有罪|定罪|\b(?:guilty|convict(?:s|ed|ing|ions?))\b",
            r"无罪|\b(?:innocen\w+|not guilty|acquit\w*)\b",
        ),
        (
            r"盈利|赢利|获利|利润|\bprofit\w*",
            r"亏损|亏本|\bloss(?:es)?\b",
        ),
        (
            r"上午|早上|早晨|清晨|凌晨|\bmornings?\b|\d\s?a\.?m\b",
            r"下午|傍晚|晚上|晚间|\b(?:afternoon|evening)s?\b|\d\s?p\.?m\b",
        ),
    )
)


@dataclass(frozen=True, slots=True)
class Negation:
    """A negating word and the content words it may deny."""

    text: str
    scope: tuple[str, ...]


def find_negations(text: str) -> list[Negation]:
    """The negations of a text of either language, in order. Linear in the text."""
    text = simplified(text)
    found = []
    for match in _FIND.finditer(text):
        if not match["no"]:
            continue
        clause = _CLAUSE.split(text[match.end() : match.end() + _SCOPE], maxsplit=1)[0]
        found.append(Negation(match["no"], tuple(content_words(clause)[:4])))
    return found


def check_negation(
    statement: str, language: Language, texts: Sequence[tuple[Language, str]]
) -> Iterator[tuple[Support, str]]:
    """What is wrong with a statement's polarity.

    Args:
        texts: the quotes and their counterparts; those of the statement's language decide what
            was left out, since a translation may turn a sentence round.
    """
    own = [text for text in texts if text[0] == language] or list(texts)
    said = find_negations(statement)
    held = [negation for _, text in own for negation in find_negations(text)]
    if said and not any(find_negations(text) for _, text in texts):
        # A translation may find a word for what the original denies.
        support: Support = "unsupported" if own[0][0] == language else "partial"
        yield support, f"“{said[0].text}”: what is cited denies nothing"
    elif said and len(said) > len(held):
        yield "partial", f"“{said[-1].text}” denies more than what is cited"
    elif said:
        for negation in said:
            if not any(_meet(negation, other) for other in held):
                yield "partial", f"“{negation.text}” may deny something else than what is cited"
                break
    mine = lexis([(language, statement)])
    for negation in held:
        if any(_meet(negation, other) for other in said):
            continue
        share = _asserted(negation, mine)
        if 2 * share >= 1 and own[0][0] == language:
            yield "unsupported", f"what is cited denies this (“{negation.text}”)"
        elif share or len(said) < len(held):
            yield "partial", f"what is cited may deny this (“{negation.text}”)"
    yield from _opposed(statement, [text for _, text in texts])


def _meet(one: Negation, other: Negation) -> bool:
    """Whether two negations deny the same, by the first words behind each."""
    if not one.scope or not other.scope:
        return one.scope == other.scope
    words = lexis([(_language(one.scope), " ".join(one.scope[:3]))])
    return any(holds(word, words) for word in other.scope[:3])


def _language(scope: Sequence[str]) -> Language:
    return "en" if scope[0].isascii() else "zh"


def _asserted(negation: Negation, statement: Lexis) -> float:
    """The share of the first words behind a negation that a statement has."""
    scope = negation.scope[:3]
    return sum(holds(word, statement) for word in scope) / len(scope) if scope else 0.0


def _opposed(statement: str, texts: Sequence[str]) -> Iterator[tuple[Support, str]]:
    quoted = "\n".join(texts)
    for one, other in _OPPOSITES:
        for mine, theirs in ((one, other), (other, one)):
            found = mine.search(statement)
            if found and not theirs.search(statement) and not mine.search(quoted):
                against = theirs.search(quoted)
                if against and not _denied(statement, found) and not _denied(quoted, against):
                    yield "unsupported", f"“{found.group()}”, but the quote has “{against.group()}”"


def _denied(text: str, word: re.Match[str]) -> bool:
    """Whether a negation stands before a word in its clause: what is not allowed is banned."""
    clause = _CLAUSE.split(text[max(0, word.start() - _SCOPE) : word.start()])[-1]
    return any(match["no"] for match in _FIND.finditer(clause))
