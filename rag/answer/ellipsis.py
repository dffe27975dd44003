"""What a follow-up leaves out, by rules: whether a question is one, and what it means. Pure.

A question that can stand alone is left alone: what speaks against a follow-up (a name, a noun a
pronoun may refer to) goes before what speaks for one.
"""

from __future__ import annotations

import re

from rag.answer.moments import is_time, stepped
from rag.answer.slots import fill, person_in, place_in
from rag.language import detect_language, words
from rag.retrieve.question import names_in
from rag.types import Language

_ENDS = " ?？.。!！,，"
# May is an auxiliary with a subject behind it: no month ("in May", "May 1958", "May?").
_MAY = r"(?<!in )(?<!of )may(?= +(?:$|(?!(?:and|or|to|until|this|last|next|of|in)\b)[^\W\d]))"
_AUX = (
    r"(?:did|do|does|was|were|is|are|has|have|had|can|could|will|would|should|might|must"
    rf"|{_MAY})"
)
_WH = r"(?:who|whom|whose|what|which|when|where|why|how)"
_LEAD = re.compile(
    r"(?:(?:and|but|so|or|also|then|ok(?:ay)?|well)\b,?\s*)*"
    r"(?:(?P<about>(?:what|how) about|what of)\b)?\s*",
    re.IGNORECASE,
)
_BARE = re.compile(
    r"(?:(?:(?:since|until|by|to|for|from|at|in|on|of|with|about|under|against) )?"
    r"(?:(?:who|whom|what|when|where|why|how)(?: exactly)?"
    r"|(?:what|which) (?:years?|months?|days?|dates?|time|places?|cit(?:y|ies)|province|country"
    r"|prices?|cost|age|reasons?|purpose)"
    r"|how (?:many|much|long|far|often|old|big|large|high|soon)"
    r"(?: (?:people|workers|times|money|years|months|weeks|days|hours))?)"
    r"|how (?:so|come)|why not|(?:who|what|where) else|which ones?"
    r"|(?:and )?(?:what|then what)(?: happened)?(?: then| next| after(?:wards?| that)"
    r"| (?:on |in )?the (?:next|following|previous) (?:day|month|year)"
    r"| the (?:day|month|year) (?:before|after)))",
    re.IGNORECASE,
)
_HEADLESS = re.compile(
    rf"how (?:many|much)(?: of (?:them|these|those))? {_AUX}\b(?! (?:the|a|an|there|his)\b)",
    re.IGNORECASE,
)
_PRONOUN = re.compile(
    r"\b(?:he|she|him|her|hers|his|they|them|their|theirs"
    r"|its?(?! (?:true|possible|necessary|likely|take \w+|that|said|like|about|mean|worth|important"
    r"|known|reported)\b))\b",
    re.IGNORECASE,
)
_THERE = re.compile(
    rf"(?<!\bis )(?<!are )(?<!was )(?<!were )(?<!be )(?<!been )\bthere\b"
    rf"(?! (?:{_AUX}|any|an?|been?|ever|many|such|no|more)\b)",
    re.IGNORECASE,
)
_POINTING = re.compile(
    rf"\b(?:in|at|of|by|to|for|from|about|on|with|during|after|before|{_AUX}) "
    r"(?:this|that|these|those)(?: (?!who\b|which\b|of\b|the\b|there\b|he\b|she\b)\w+|$)"
    r"|\b(?:this|these) (?!year|month|week|paper|archive|newspaper)\w{3,}"
    r"|\b(?:this|that|these|those)$|\bthe (?:latter|former)\b"
    r"|\bin the same (?:year|month|place|factory|district|city|province|village)\b",
    re.IGNORECASE,
)
_NOUN = re.compile(
    rf"\b(?:the|an?|which|what|whose|every|each|most|these|those)\s(?!{_AUX}\b)\w{{3,}}",
    re.IGNORECASE,
)
_PLURAL = re.compile(r"\b(?!(?:was|does|has|this|plus|towards|always)\b)\w{3,}(?<!s)s\b|\bpeople\b")

_ASKS_ZH = re.compile(r"谁|什么|何|哪|几|多[少大长久高远重]|怎|吗|是否|能否|是不是|有没有|多少")
_LEAD_ZH = re.compile(
    r"(?:那么|那(?![里年时个些位次家种天座项件批样儿边场名段曲坡])|然后|还有|另外|以及|而(?!且)|但是|但|可是)[,，、]?"
)
# A question that begins with what it asks, and says of nothing that it was found or took long.
_HEADLESS_ZH = re.compile(
    r"(?:[是又都才]?[在于从由到往给向跟和被]?(?:哪里|哪儿|何处|何时|谁|哪一?[年月天]|什么(?:地方|时候|时间|人))"
    r"[\u4e00-\u9fff]{1,4}的"
    r"|(?:什么时候|何时|[在从到]哪[里儿]|[由被跟和]谁)[\u4e00-\u9fff]{1,2}了?"
    r"|(?:大[约概]|一共|总共|[共需得能])?要?[用花费]?(?:持续|延续|坚持)?了?"
    r"(?:多久|多[长少]时间|多少钱|几[天年]|几个月|多少[天年](?!级))(?:时间)?了?"
    r"|有?多少人[\u4e00-\u9fff]{1,2}了?)(?:呢|啊)?"
)
_BARE_ZH = re.compile(
    r"(?:为什么|为何|什么时候|何时|(?:是)?在?(?:哪里|哪儿|何处|哪年|哪一年|几月)|(?:有)?多少[人件个项次钱年吨]?"
    r"|(?:是)?谁(?!是)[^，。]{0,4}的?|结果(?:如何|怎样|怎么样|呢)?|怎么(?:办|样|做|回事)?|后来(?:如何|怎样|怎么样|呢)?"
    r"|还有(?:谁|什么|哪些)"
    r"|(?:第二[天年]|次[日月年]|翌[日年]|前一[天年])[又还]?(?:发生|出|有)[了过]?(?:什么|哪些)(?:事情?|新闻|消息)?"
    r"|原因(?:是什么|何在)?|(?:一共|总共|共|又|还)?[提实完增生建修造捐][\u4e00-\u9fff]{0,2}了"
    r"(?:多少|几)[\u4e00-\u9fff]{0,1})(?:的)?(?:呢|啊)?"
)
_PERSON_ZH = r"(?<![吉其维])(?:他|她)们?(?![国乡人日杀])"
_PRONOUN_ZH = re.compile(
    rf"{_PERSON_ZH}|(?<!其)它们?|^其(?![他实余次])"
    r"|(?:这|那)(?:[个些位次家种年里时天座项件批儿边场名段篇本](?!达慕)|一[年次天])"
    r"|此(?:人|事|举|厂|地|后)|(?<!应)该(?:厂|区|市|县|省|社|校|院|人|公司|矿|村|队|地|国|书|文|运动)"
    r"|当时|当年|同年|上述|前者|后者"
)
_FILLERS_ZH = "请问 知道 告诉 介绍 后来 当时 到底 究竟 最后 一共 总共 具体 主要 还有 那么"
_FILLER_ZH = frozenset(_FILLERS_ZH.split())
_DATE_ZH = re.compile(r"[\d○〇零一二三四五六七八九十]+[年月日号]|[上下]半年")


def is_follow_up(text: str) -> bool:
    """Whether a question cannot be understood without the one before it."""
    if detect_language(text) == "zh":
        return _follows_zh(text)
    lead = _LEAD.match(text)
    rest = text[lead.end() if lead else 0 :].strip(_ENDS)
    led = rest != text.strip(_ENDS)
    count = len(rest.split())
    if _BARE.fullmatch(rest) or fragment(text):
        return True
    if not names_in(rest) and count <= 8 and (_HEADLESS.match(rest) or (led and _asks(rest))):
        return True
    return _refers_back(text.strip(_ENDS))


def fragment(text: str) -> str:
    """The words of a question that is no sentence: `Chongqing` of "And in Chongqing?"; or ""."""
    if detect_language(text) == "zh":
        return _fragment_zh(text)
    lead = _LEAD.match(text)
    rest = text[lead.end() if lead else 0 :].strip(_ENDS)
    led = rest != text.strip(_ENDS)
    asks = re.search(rf"\b(?:{_WH}|{_AUX})\b", rest, re.IGNORECASE)
    if not rest or len(rest.split()) > 7 or not (led or text.rstrip().endswith(("?", "？"))):
        return ""
    return "" if asks and not (lead and lead["about"]) else rest


def resolve(text: str, earlier: str, years: str = "") -> str:
    """A follow-up made to stand alone by the question before it.

    A slot of the question before is filled anew where the follow-up names another of its type
    (place for place, year for year); else its topic is put beside the follow-up.

    Args:
        earlier: the question before, standing alone.
        years: older text in which a year may stand, for "the next year".
    """
    language = detect_language(text) if re.search(r"[^\W\d_]", text) else detect_language(earlier)
    left_out = fragment(text)
    if left_out and language == detect_language(earlier):
        return fill(left_out, _without_tail(earlier), years, language)
    if language == "zh":
        return _resolve_zh(text, earlier, years)
    rest = _LEAD.sub("", text, count=1).strip(_ENDS)
    rest = stepped(rest, earlier, years, "en")
    rest = _put_names(rest, earlier)
    if _refers_back(rest) or not names_in(rest) or is_follow_up(rest + "?"):
        return f"{rest[:1].upper()}{rest[1:]}? ({topic(earlier)})"
    return f"{rest[:1].upper()}{rest[1:]}?"


def topic(question: str) -> str:
    """What a question is about: the question without the words that ask."""
    if detect_language(question) == "zh":
        head, _, tail = question.strip(_ENDS).rpartition("，")
        if head and is_follow_up(tail + "？"):
            return head
        rest = re.sub(
            r"为什么|为何|什么时候|何时|(?:是)?(?:谁|什么人)|[在于]?(?:哪里|哪儿|何处|哪[一]?[年月天])"
            r"|什么(?:样子?)?|(?:多少|几)[件个项名人次座台吨年天条种位家]?|哪些|哪个|怎么样?|怎样|如何|[吗呢？?]",
            "",
            question,
        )
        return (
            re.sub(r"(?:叫做|被叫做|是的?|的|了|在)$", "", rest.strip(_ENDS)).strip(_ENDS) or rest
        )
    if inner := re.search(r"\(([^()]+)\)$", question):
        return inner[1]
    asking = rf"(?:how (?:many|much|long|far|old|often)|{_WH}|{_AUX})\b\s*"
    rest = re.sub(rf"^(?:{asking})+", "", question.strip(_ENDS), flags=re.IGNORECASE)
    return rest or question.strip(_ENDS)


def _asks(rest: str) -> bool:
    return re.match(rf"(?:{_WH}|{_AUX})\b", rest, re.IGNORECASE) is not None


def _refers_back(text: str) -> bool:
    """Whether an English question has a word for what only an earlier one can have named."""
    for found in _PRONOUN.finditer(text):
        before = text[: found.start()]
        if names_in(before):
            return False
        if re.search(rf"\b{_AUX}\s$", before, re.IGNORECASE):
            return "," not in before
        if re.search(r"\bby\s$", before):
            return True
        plural = found.group().lower().startswith("the") and _PLURAL.search(before)
        return not (_NOUN.search(before) or plural)
    for pattern in (_THERE, _POINTING):
        if pointing := pattern.search(text):
            before = text[: pointing.start()]
            return not (names_in(before) or re.search(r"\b(?:in|at) the \w", before))
    return False


def _put_names(rest: str, earlier: str) -> str:
    """Pronouns replaced by the one person, and `there` by the one place, of the question before."""
    if person := person_in(earlier):
        after = r"(?! (?:in|at|on|by|to|for|from|when|where|after|before|and|or|with)\b)(?= \w)"
        rest = re.sub(rf"\b(?:his\b|her\b{after})", f"{person}'s", rest, count=1, flags=re.I)
        rest = re.sub(r"\b(?:he|she|him|her)\b", person, rest, count=1, flags=re.I)
    if (place := place_in(earlier, "en")) and (there := _THERE.search(rest)):
        rest = f"{rest[: there.start()]}in {place}{rest[there.end() :]}"
    return rest


def _without_tail(earlier: str) -> str:
    """The question before, without what an earlier follow-up hung on it."""
    cut = re.sub(r"(?<=\?) And [^?]*\?$|(?<=[？?])[^？?]{1,14}呢？$", "", earlier)
    return cut or earlier


def _follows_zh(text: str) -> bool:
    body = text.strip(_ENDS)
    lead = _LEAD_ZH.match(body)
    rest = body[lead.end() :] if lead else body
    bare = _BARE_ZH.fullmatch(rest) or _HEADLESS_ZH.fullmatch(rest)
    if bare or _fragment_zh(text) or _refers_back_zh(rest):
        return True
    return bool(lead) and bool(_ASKS_ZH.match(rest)) and len(rest) <= 8 and not place_in(rest, "zh")


def _refers_back_zh(text: str) -> bool:
    if text.startswith("其中"):
        return True
    found = _PRONOUN_ZH.search(text)
    if not found:
        return False
    before = _DATE_ZH.sub("", text[: found.start()])
    if found.group()[0] in "他她" and (place := place_in(before, "zh")):
        before = before.replace(place, "")
    return not [word for word in words(before) if word not in _FILLER_ZH]


def _fragment_zh(text: str) -> str:
    body = text.strip(_ENDS)
    lead = _LEAD_ZH.match(body)
    rest = body[lead.end() :] if lead else body
    particle = rest.endswith("呢")
    rest = rest.removesuffix("呢").strip(_ENDS)
    short = len(rest) <= (12 if particle else 7) or is_time(rest)
    asked = particle or text.rstrip().endswith(("?", "？"))
    plain = not _ASKS_ZH.search(rest) and not _PRONOUN_ZH.search(rest)
    return rest if rest and short and asked and plain else ""


def _resolve_zh(text: str, earlier: str, years: str) -> str:
    rest = text.strip(_ENDS)
    rest = _LEAD_ZH.sub("", rest, count=1) if _LEAD_ZH.match(rest) else rest
    dated = stepped(rest, earlier, years, "zh")
    if dated != rest and not _follows_zh(dated):
        return f"{dated}？"
    rest = dated
    if person := person_in(earlier):
        put = re.sub(rf"{_PERSON_ZH}(?<!们)", person, rest, count=1)
        if put != rest and not put.replace(person, "").count("们"):
            return f"{put}？"
    return f"{topic(earlier)}，{rest.removesuffix('呢') or rest}？"


def language_of(text: str, earlier: str) -> Language:
    """The language of a follow-up; one without letters ("1958?") speaks that of the question."""
    return detect_language(text if re.search(r"[^\W\d_]", text) else earlier)
