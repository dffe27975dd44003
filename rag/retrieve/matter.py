"""What a question is about, without what is said around it. Pure.

People greet, thank and ask politely, they say where they expect the answer (据人民日报报道,
"according to the article") and how they want it ("Please cite your sources."); some write in
capitals, some in Traditional characters. None of it stands in the passage that answers, and what
does not stand there speaks against it.
"""

from __future__ import annotations

import re

from rag.language import HAN
from rag.romanise import simplified

_WORD = re.compile(r"\w")
_HAN = re.compile(f"[{HAN}]")
_SENTENCE = re.compile(r"(?<=[!?！？。])(?![!?！？。])\s*|(?<=[^\W\d_]{3}\.)\s+")
_CLAUSE = re.compile("[.,!?;。，！？；、\n]")
_ENDS = " \t.!?。！？，,;；:：~～"
_QUOTED = re.compile(r"[\"“‘「『]([^\"“”‘「」『』]*)[\"”’」』]")

_HELLO = r"(?:hello|hi|hey|greetings|good\s(?:morning|afternoon|evening|day))"
_HELLO_ZH = "(?:你|您|大家|早上|下午|晚上)好"
_THANKS = r"(?:many\s)?(?:thanks|thank\syou)"
_THANKS_ZH = "(?:非常|十分|多)?(?:谢谢|感谢|多谢|谢了)"
# Sentences beside the question: greetings, thanks, who is asking, how the answer is wanted.
_BESIDE = re.compile(
    rf"""{_HELLO}(?:\s\w+)?
    | {_THANKS}\b.{{0,40}}
    | (?:cite|quote|give|name|show|list)\s(?:me\s)?(?:your|the|all|any)\s(?:sources?|references?)
    | (?:and\s|also\s)?(?:please|kindly|be\ssure\sto|make\ssure\sto)\b.{{0,40}}
      \b(?:sources?|citations?|cite|references?|quotes?|brief(?:ly)?|concise(?:ly)?|short|details?
      |(?:one|two|three|a\sfew)\s(?:words?|sentences?|lines?)|english|chinese)\b.{{0,40}}
    | (?:answer|reply)\b.{{0,20}}\b(?:briefly|english|chinese|sentences?|words?|details?)\b.{{0,20}}
    | i(?:['’]\w+)?\s(?-i:[^A-Z]{{0,80}})
    | {_HELLO_ZH}
    | {_THANKS_ZH}.{{0,8}}
    | 请(?:你|您)?(?:务必|简要|简单|简短|详细|具体|尽量|一并)?地?
      (?:注明|附上|给出|列出|标明|说明|提供|引用|用|以)?.{{0,6}}
      (?:出处|来源|原文|引文|依据|[中英][文语]|汉语|句话|回答|作答|说明)(?:回答|作答|一下)?
    | 我(?:在|正|是|要|想|有|需).{{0,20}}
    """,
    re.IGNORECASE | re.VERBOSE,
)
# What asks nothing of any archive, as all of what is said.
_NOTHING = re.compile(
    rf"""(?:{_HELLO}|howdy|good\sbye|(?:good)?bye)
      (?:\s(?:there|all|everyone|jiubao|again))?
    | (?:{_THANKS}|(?:many\s)?(?:thx|cheers))
      (?:\s(?:so|very)\smuch|\sa\slot|\sagain|\sfor\s(?:your|the)\s(?:help|answer))?
    | ok(?:ay)?|great|please|test(?:ing)?
    | (?:help|(?:(?:can|could|will)\syou\s)?help\sme)(?:\splease)?
    | (?:who|what)\s(?:are\syou|is\sjiubao)
    | what\s(?:can|do)\s(?:you|i)\s(?:do|ask|know)(?:\s(?:here|you|about))?
    | how\s(?:are\syou|do(?:es)?\s(?:you|this|it)\swork|(?:do|can)\si\suse\s(?:you|this|it))
    | (?:{_HELLO_ZH}|你们好)[啊呀吗]?|哈喽|嗨|您?早|早安|晚安|再见|拜拜|在吗|好的?|测试
    | {_THANKS_ZH}(?:你们?|您|大家|啦|了|的?帮助|的?回答){{0,2}}
    | 帮助|帮帮我|[你您]是(?:谁|什么)|旧报是什么|[你您]叫什么(?:名字)?
    | (?:[你您]|这里|旧报)?(?:能|会|可以)(?:帮我)?(?:做|干|回答)?(?:些|点)?(?:什么|啥)(?:问题)?
    | (?:我)?(?:该|能|可以)(?:问|怎么问)[你您]?(?:些|点)?(?:什么|啥)?|怎么[用问]
    """,
    re.IGNORECASE | re.VERBOSE,
)
# The newspaper, by any name, and how one refers to it.
_PAPER = (
    r"(?:the\s|this\s|these\s|your\s|our\s)?(?:people['’]?s\sdaily|renmin\sribao|newspapers?|papers?"
    r"|articles?|archives?|press|news|reports?|documents?|texts?|passages?|sources?)(?:['’]s?)?"
    r"(?:\s(?:articles?|reports?|archives?|newspapers?|coverage))?"
)
_BY = r"(?:according\sto|based\son|as\s(?:reported|told|stated|mentioned|described)\s(?:in|by))"
_PAPER_ZH = (
    r"(?:[这那该贵][篇份些]?)?《?(?:人民日报|报纸|报刊|报道|报导|文章|档案|资料|材料|新闻|旧报|文献)》?"
    r"(?:里面|[里中上内])?的?(?:报道|报导|记载|文章|档案|资料|材料|消息|内容)?"
)
_NEWS_EN = (
    r"(?:(?:big|main|major|important|top|front[-\s]page|other)\s)*"
    r"(?:articles?|news|stories|headlines?|reports?|events?|things?|topics?)"
)
_PRINTED = r"(?:printed|published|reported|written|covered|carried|said|told|announced)"
_NEWS_ZH = (
    "(?:(?:重大|重要|主要|大|新|别的|其他)的?)*"
    "(?:事情|事件|大事|事|新闻|消息|文章|报道|报导|社论|内容|头条)"
)
_SOME_ZH = "(?:什么|哪些|啥|哪几件|哪几篇|哪一些)"
# What asks for whatever was printed at a time, once the time is left out.
_NEWS = re.compile(
    rf"""(?:so\s)?what(?:\selse)?\s
      (?:happened|occurred|took\splace|went\son|was\s(?:going\son|happening))
    | (?:what|which)\s{_NEWS_EN}\s(?:happened|occurred|took\splace|appeared|came\sout
      |(?:was|were|are)(?:\sthere|\s{_PRINTED})?
      |did\s{_PAPER}\s(?:print|publish|carry|run|report))
    | what(?:['’]s|\s(?:was|is|were|are))(?:\s(?:there|in|on))*\s(?:the\s)?
      (?:{_NEWS_EN}|{_PAPER}|{_PRINTED}|new)(?:\s(?:in|by)\s{_PAPER})?
    | what\s(?:did|does|do)\s{_PAPER}\s(?:report|print|publish|say|write|tell|cover|carry|run)
      (?:\s(?:on|about|of|us))?
    | (?:(?:show|give|list|find|tell)\s(?:me\s|us\s)?)?(?:(?:all|some|the|any|of)\s)*{_NEWS_EN}
      (?:\s(?:in|from|of|by)\s{_PAPER})?
    | (?:当天|那天|那[年月])?(?:{_PAPER_ZH})?上?(?:都|还|曾|又)?
      (?:发生|出|有|报道|报导|刊登|登载|刊载|发表|登|讲|说|写|记载)(?:了|过)?
      {_SOME_ZH}{_NEWS_ZH}?
    | {_SOME_ZH}{_NEWS_ZH}(?:发生)?
    | (?:列出|给出|看看?|查找?|找)?(?:一下)?(?:所有|全部|主要)?的?{_NEWS_ZH}
      (?:都|还)?(?:有|是)?{_SOME_ZH}?
    """,
    re.IGNORECASE | re.VERBOSE,
)
# What asks for whatever was printed on something.
_ABOUT = r"(?:about|on|regarding|concerning|mentioning|(?:that|which)\smention)"
_TOPIC = re.compile(
    rf"""(?:what|which)\s{_NEWS_EN}
      (?:\s(?:are\sthere|(?:was|were|are)\s{_PRINTED}|do(?:es)?\s(?:you|{_PAPER})\shave|appeared))?
      \s(?:{_ABOUT}|mention(?:s|ed)?)\s(?P<listed>.+)
    | what\s(?:did|does)\s{_PAPER}\s(?:report|print|publish|say|write|tell)(?:\sus)?
      \s(?:{_ABOUT}|of)\s(?P<said>.+)
    | what\s(?:happened|took\splace|occurred|went\son|was\s(?:going\son|happening))
      \sin\s(?P<place>.+)
    | what(?:['’]s|\s(?:is|was))\s(?:the\s)?{_NEWS_EN}\s(?:{_ABOUT}|from|in)\s(?P<news>.+)
    | (?:(?:show|give|list|find|tell)\s(?:me\s|us\s)?|summari[sz]e\s)
      (?:(?:all|some|the|any|of|an?)\s)*{_NEWS_EN}\s{_ABOUT}\s(?P<shown>.+)
    | (?:有?(?:哪些|什么))?(?:关于|有关)(?P<on>.+?)的?
      (?:都|还)?(?:有|是)?(?:{_SOME_ZH}{_NEWS_ZH}|{_NEWS_ZH}(?:有|是)?{_SOME_ZH}?)
    | (?:列出|给出|看看?|查找?|找|概括|总结)(?:一下)?(?:所有|全部)?
      (?:关于|有关)(?P<found>.+?)的{_NEWS_ZH}
    | (?:{_PAPER_ZH})?(?:报道|报导|刊登|说|写)(?:了|过)?{_SOME_ZH}?
      (?:关于|有关)(?P<told>.+?)的?{_NEWS_ZH}
    | (?P<at>[{HAN}]+?)(?:(?<![成首丰新于京武])都|还)?
      (?:发生(?:了|过)?{_SOME_ZH}{_NEWS_ZH}?|有{_SOME_ZH}{_NEWS_ZH})
    """,
    re.IGNORECASE | re.VERBOSE,
)
# What an indirect question goes on with.
_ASKS = (
    r"(?=(?:exactly\s)?"
    r"(?:who|whom|whose|what|when|where|why|which|how|whether|if|in|on|at|by|did|was)\b)"
)
# What a question opens with; one may follow the other.
_LEAD = re.compile(
    rf"""(?:hello|hi|hey|good\s(?:morning|afternoon|evening))\b[,!.]*\s+
    | (?:please\s|kindly\s)?(?:(?:can|could|would|will)\syou\s(?:please\s|kindly\s)?)?
      (?:tell|show|inform|explain\sto)\s(?:me|us)(?:\splease)?[,:]?\s+{_ASKS}
    | (?:please|kindly|(?:do|would)\syou\s(?:happen\sto\s)?know)[,:]?\s+{_ASKS}
    | (?:please\s)?help\sme\s(?:to\s)?(?:find(?:\sout)?|understand|see|learn)[,:]?\s+{_ASKS}
    | i(?:['’]d|\swould)?\s(?:like|want|need)\sto\s(?:know|find\sout|understand)[,:]?\s+{_ASKS}
    | i(?:['’]m|\sam|\swas)?\s(?:wonder(?:ing)?|curious)[,:]?\s+{_ASKS}
    | (?:sorry|excuse\sme|pardon)\b[^,?:]{{0,30}},\s(?:but\s)?
    | as\san?\s(?:\w+\s)?(?:historian|journalist|reporter|student|researcher|scholar|teacher),\s+
    | for\smy\s\w+[,:]\s+
    | (?:(?:a|one|my|quick|another|here(?:['’]s|\sis))\s)*(?:question|query|q|search):\s+
    | {_BY}\s{_PAPER}[,:]?\s+
    | (?:in|from|using)\s{_PAPER}(?:[,:]|,\s(?:please\s)?answer(?:\sthis)?:)\s+
    | (?:你|您|大家)好[，,！!。\s]*
    | (?:对不起|不好意思|打扰).{{0,4}}[，,！!。]
    | 作为[^，。？]{{0,6}}(?:学者|学家|学生|记者|研究者|研究员|教师|老师|爱好者|作者)，
    | (?:想?请[问教]|想问|我?[很也]?[想要](?:知道|了解|[弄搞]清楚?|明白|问问?|请教))(?:一下)?
      [，,：:\s]*
    | 我(?:在|正|是|要|想|有|需)[^，。？?]{{0,16}}[，,]
    | (?:一个|有个)?(?:提?问|问题|搜索|查询|请(?:根据{_PAPER_ZH})?回答)[：:]\s*
    | (?:请|麻烦)?[你您]?(?:能不能|可不可以|能|可以|可否|能否)?请?(?:告诉|告知)(?:我们?|一下)*
      [，,：:\s]*
    | (?:请|麻烦)?[你您]?帮我?[查找看搜]{{1,2}}(?:一下)?[，,：:\s]*
    | (?:根据|依据|按照|据|按|从|在)?{_PAPER_ZH}
      (?:说|讲|称|提到|指出|记载|显示|表明|来?看)?[，,：:]\s*
    | (?:根据|依据|按照|据){_PAPER_ZH}(?<=报道|报导|记载)\s*
    | [(（]?\d{{1,2}}[.)、）]\s*(?=\D)
    """,
    re.IGNORECASE | re.VERBOSE,
)
# What it ends with, or has between commas or in brackets.
_TAIL = re.compile(
    rf"""[,，]?\s+(?:{_BY}\s{_PAPER}|in\s(?:the|this|your)\s(?:archives?|newspaper|article))
      (?=\s*[?.!]*$)
    | ,\s{_BY}\s{_PAPER}(?=,)
    | [,，]?\s+(?:please|thanks|thank\syou)(?=\s*[?.!]*$)
    | [,，。]?\s*(?:谢谢|多谢|感谢)[你您了啦]*(?=[！!。.]*$)
    | \s*[(（][^()（）]*(?:\b(?:please|citations?|cite|sources?)\b|请)[^()（）]*[)）]
    """,
    re.IGNORECASE | re.VERBOSE,
)
# When, on which page or by whom an article on something was printed: its citation says all of that.
_PIECE = r"(?:article|report|story|piece|news\sitem)s?"
_ON = (
    rf"(?:the\s|an?\s|this\s)?"
    rf"(?:{_PIECE}\s(?:about|on|of|regarding|concerning)\s([^?]+?)"
    rf"|(?!(?:the|this|that|these|those)\s)([^?]+?)\s{_PIECE})"
)
_PIECE_ZH = "(?:[那这一]?篇)?(?:文章|报道|报导|新闻|消息)"
_OF_ARTICLE = re.compile(
    rf"""when\s(?:was|were|did)\s{_ON}\s(?:first\s)?(?:published|printed|written|appear)
      (?:\sin\sthe\s\w+)?\??
    | (?:on\s|in\s)?(?:what|which)\s(?:day|date|page|issue)(?:\sof\sthe\s\w+)?
      \s(?:is|was|were|did)\s{_ON}(?:\s(?:on|in|published|printed|appear))*\??
    | who\s(?:wrote|signed|authored|(?:is|was)\sthe\sauthor\sof)\s{_ON}\??
    | (?:关于)?(?![这那该本])([^？?]+?)的?{_PIECE_ZH}(?:是|登|刊|发表|见报){{0,4}}在?
      (?:第?几版|哪一?[天年月日版期]|什么时候|何时|几月几[日号]|谁)
      (?:上|登|刊|发表|见报|刊出|写|报道|署名){{0,4}}的?[？?]?
    | (?:关于)?(?![这那该本])([^？?]+?)的?{_PIECE_ZH}的?(?:作者|记者|标题|题目)
      (?:是谁|是什么|叫什么)[？?]?
    """,
    re.IGNORECASE | re.VERBOSE,
)


def to_the_point(text: str) -> str:
    """A question's text without what is said around it, in Simplified characters, not in capitals;
    all of it where nothing else would be left."""
    text = simplified(text)
    if whole := _QUOTED.fullmatch(text):
        text = whole[1]
    sentences = [sentence for sentence in _SENTENCE.split(text) if sentence.strip()]
    asking = [each for each in sentences if _asks(each)]
    rest = " ".join(asking) if 0 < len(asking) < len(sentences) else text
    while lead := _LEAD.match(rest):
        rest = rest[lead.end() :]
    rest = _TAIL.sub("", rest).strip()
    if printed := _OF_ARTICLE.fullmatch(rest):
        rest = next(filter(None, printed.groups()))
    if not _WORD.search(rest):
        rest = text
    shouting = rest.isupper() and rest.count(" ") > 1 and not _HAN.search(rest)
    return rest.capitalize() if shouting else rest


def asks_nothing(text: str) -> bool:
    """Whether what is said has no word, or is all greetings, thanks or what one may ask: nothing to
    look for."""
    if text.strip() and not _WORD.search(text):
        return True
    clauses = _CLAUSE.split(simplified(text))
    said = [clause.strip(_ENDS) for clause in clauses if clause.strip(_ENDS)]
    return bool(said) and all(_NOTHING.fullmatch(clause) for clause in said)


def topic_of(text: str) -> str | None:
    """What a question, to the point and without its time, asks for all articles on: empty where it
    is whatever was printed, None where it asks for anything else.

    "What happened in Tianjin?" asks for no one thing.
    """
    text = text.strip(_ENDS)
    if _NEWS.fullmatch(text):
        return ""
    asked = _TOPIC.fullmatch(text)
    return next(filter(None, asked.groups())) if asked else None


def _asks(sentence: str) -> bool:
    """Whether a sentence is the question, or belongs to it."""
    return sentence.rstrip().endswith(("?", "？")) or not _BESIDE.fullmatch(sentence.strip(_ENDS))
