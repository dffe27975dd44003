"""Whether a name of a question stands in a text of either language. Pure.

A name stands under any of its forms: another listed one (Tientsin, 天津), its sound (Liao
Shih-kang, 廖世刚), its consonants (Mackinder, 麦金德), its translation (Steel Company, 钢铁公司), a
word of the same stem (German, 德国), with something left out (天津车辆厂, 天津市车辆厂). Across
languages what cannot be told counts as standing: an ordinary word may be put in other words.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.answer.countries import bases
from rag.answer.entities import han_stands, is_name, latin_stands
from rag.answer.ground import Ground
from rag.answer.naming import REGIONS, Named, is_listed
from rag.answer.proper import only_names, proper_names
from rag.answer.spelled import stand_together
from rag.language import HAN, fold, han_words, stem, words
from rag.retrieve.dictionary import translation_together, translations
from rag.retrieve.gazetteer import gazetteer, key
from rag.retrieve.syllables import read_pinyin, read_wade
from rag.surnames import SURNAMES
from rag.transliteration import han_names as foreign_names
from rag.transliteration import han_rows, latin_rows
from rag.types import Group

# Rows of fewer consonants are too easily written otherwise.
_TELLING = 4
# So many characters are a given name and a surname run together, and the surname is enough.
_TWO_NAMES = 6
# A translation that is less than this share of its gloss names something else.
_SHARE = 0.3
_TOO_SHORT = 2  # letters that begin too many words
# Letters that names are spelled with either way: Karl and Carl, Sibyl and Sibil.
_SPELT = str.maketrans("cyz", "kis")
_HAN_RUN = re.compile(f"[{HAN}]+")
_LETTERS = re.compile("[A-Z]{2,}s?")
_TAIL_ZH = re.compile("(?:人|族|语|裔|市|省|帝国)$")


def name_stands(name: Named, held: Ground) -> bool:
    """Whether a name stands in what was read, under whatever form."""
    there = [_part_stands(part, held) for part in name.parts]
    if len(there) > 1 and True not in there and all(map(_in_dictionary, name.parts)):
        return False  # of several words one at least is translated as the dictionary has it
    if len(there) > 1 and not held.spelled.has_en and (called := _called(name)):
        # The Asian Games are 亚运会: other games in Asia are none.
        return any(_spelled_out(word).search(held.lexis.zh_text) for word in called)
    missing = [one is False for one in there]
    if len(there) > 1 and True not in there and False in there:
        return False  # none can be seen to stand, and one is seen not to
    if name.every:
        return not any(missing)
    return not missing[-1] or 2 * sum(missing) <= len(missing)


def _called(name: Named) -> frozenset[str]:
    """What the dictionary calls several words together, where that is a name and nothing else."""
    known = translation_together([word for part in name.parts for word in words(part)])
    return frozenset(known) if known.keys() <= proper_names() else frozenset()


def _spelled_out(name: str) -> re.Pattern[str]:
    """A Chinese name, with more said before its last character: 诺贝尔奖, 诺贝尔文学奖."""
    return re.compile(rf"{name[:2]}[{HAN}]{{0,8}}{name[-1]}" if len(name) > 2 else name)


def _part_stands(part: str, held: Ground) -> bool | None:
    """Whether a word of a name stands; None where it cannot be told."""
    if _HAN_RUN.fullmatch(part):
        return _in_chinese(part, held) or (not held.spelled.has_zh and _across_from_zh(part, held))
    if region := REGIONS.get(fold(part)):
        own = held.spelled.has_en and stem(fold(part)) in held.lexis.en
        return own or region in held.lexis.zh_text
    if " " in part:
        return stand_together(part.split(), held.spelled) or _listed_stands(part, held)
    return _word_stands(part, held)


def _word_stands(part: str, held: Ground) -> bool | None:
    """Whether a word in Latin letters stands; None where it cannot be told."""
    if is_name(part) and latin_stands(part, held.spelled, held.lexis):
        return True
    native = is_name(part) and (read_pinyin(part) or read_wade(part))
    pieces = [piece for piece in part.split("-") if 1 < len(piece) < len(part)]
    if not native and _literal(part, held):
        return True
    if pieces:
        there = [_part_stands(piece, held) for piece in pieces]
        return True in there or (None if None in there else False)
    if native or held.spelled.has_en:
        return False
    return _across_from_en(part, held)


def _literal(part: str, held: Ground) -> bool:
    """Whether a word stands as it is written, in another form (Indian, India) or by its
    consonants."""
    if stem(fold(part)) in held.lexis.en or key(part) in held.spelled.keys:
        return True
    if _same_row(latin_rows(part), held):
        return True
    start = key(part)[: max(4, len(part) - 3)]
    return len(part) > 4 and any(word.startswith(start) for word in held.spelled.keys)


def _across_from_en(part: str, held: Ground) -> bool | None:
    """Whether a word of English stands in Chinese; None where it cannot be told."""
    if _LETTERS.fullmatch(part):
        return None  # an abbreviation that the other language need not write
    if latin_stands(part, held.spelled, held.lexis):
        return True
    known = translations([stem(fold(part)), *bases(part)], "zh")
    across = {word for group in known.values() for word, share in group.items() if share > _SHARE}
    if any(word[:2] in held.lexis.zh_text for word in across if len(word) > 1):
        return True
    if across:  # an ordinary word may be put in other words
        return False if only_names(known) else None
    return False if is_name(part) else _sounds_alike(latin_rows(part), held)


def _in_dictionary(part: str) -> bool:
    return bool(translations([stem(fold(part))], "zh"))


def _in_chinese(part: str, held: Ground) -> bool:
    """Whether a Chinese name stands in Chinese."""
    text, bare = held.lexis.zh_text, _bare(part)
    if part in text or bare in text:
        return True
    if not held.spelled.has_zh:
        return False
    foreign = bare in foreign_names(bare) and bare[0] not in SURNAMES
    if foreign and _same_row(han_rows(bare), held):
        return True
    if is_listed(part):
        return han_stands(bare, held.spelled, held.lexis)
    return _called_alike(bare, held) if part in proper_names() else _abbreviates(part, text)


def _called_alike(name: str, held: Ground) -> bool:
    """Whether a Chinese text has another name that is translated alike (法兰西, 法国), or the
    English beside it the translation."""
    known = translations([name], "en").get(name, {})
    whole = {term for term, share in known.items() if share == 1}
    if whole & held.lexis.pivots:
        return True
    return held.spelled.has_en and bool(known) and _name_translated(known, held) is True


def _across_from_zh(part: str, held: Ground) -> bool | None:
    """Whether a Chinese name stands in English; None where it cannot be told."""
    bare = _bare(part)
    listed = is_listed(part) or is_listed(bare)
    known = translations([bare], "en").get(bare, {})
    if not listed and known and part in proper_names():
        return _name_translated(known, held)
    if han_stands(bare, held.spelled, held.lexis) or _translated(bare, held):
        return True
    if not listed and known:
        return None  # an ordinary word may be put in other words
    if not listed and any(piece in foreign_names(piece) for piece in (bare, bare[1:])):
        return _sounds_alike(han_rows(bare), held, len(bare) >= _TWO_NAMES)
    pieces = [word for word in han_words(bare) if len(word) > 1]
    return len(pieces) > 1 and any(_part_stands(piece, held) for piece in pieces)


def _name_translated(known: Group, held: Ground) -> bool | None:
    """Whether a name stands in English as the dictionary has it: in one word, or in several, of
    which those must that are names themselves (New Zealand), and all where none is (Super Bowl).
    None where the dictionary has it in several ways of several words (圣经).

    Args:
        known: its translations.
    """
    whole = [term for term, share in known.items() if share == 1]
    if whole:
        return any(_term_stands(term, held) for term in whole)
    if sum(known.values()) > 1:
        return True if any(_term_stands(term, held) for term in known) else None
    names = [_term_stands(term, held) for term in known if _names_alone(term)]
    return any(names) if names else all(_term_stands(term, held) for term in known)


def _names_alone(term: str) -> bool:
    """Whether an English word is a name and nothing else, or one that the dictionary gives none
    other for."""
    known = translations([term], "zh")
    return not known or only_names(known)


def _term_stands(term: str, held: Ground) -> bool:
    """Whether an English word stands, in another form or another spelling (Khubilai, Kublai)."""
    if _form_stands(term, held):
        return True
    rows = latin_rows(term)
    alike = (word for word in held.spelled.keys if word[:1] == term[:1])
    return _same_row(rows, held) and any(set(rows) & set(latin_rows(word)) for word in alike)


def _form_stands(term: str, held: Ground) -> bool:
    """Whether an English word stands, or one from the same stem (German, Germany)."""
    keys = held.spelled.keys
    if term in keys or len(term) <= _TOO_SHORT:
        return term in keys
    start = _start(term).translate(_SPELT)
    return any(word.translate(_SPELT).startswith(start) for word in keys)


def _bare(part: str) -> str:
    """A Chinese name without what follows a place's or a people's."""
    return _TAIL_ZH.sub("", part) if len(part) > 2 else part


def _same_row(rows: Sequence[str], held: Ground) -> bool:
    """Whether what may be a foreign name has one of the rows of consonants."""
    return any(f"^{row}" in held.rows for row in rows)


def _sounds_alike(rows: Sequence[str], held: Ground, two: bool = False) -> bool | None:
    """Whether a foreign name stands in the other script: by its consonants, give or take what one
    of the scripts leaves out. None where its rows are too short to tell anything against it.

    Args:
        two: whether it may be a given name and a surname run together.
    """
    if _same_row(rows, held):
        return True
    if not rows or min(map(len, rows)) < _TELLING:
        return None
    others = [row[1:] for row in held.rows]
    return any(
        (row[0] == other[0] and (_within(row, other) or _within(other, row)))
        or (two and row.endswith(other))
        for row in rows
        for other in others
    )


def _within(short: str, long: str) -> bool:
    """Whether the letters of one stand in the other in order, at most a third left out."""
    left = iter(long)
    return 0 <= len(long) - len(short) <= len(long) // 3 and all(x in left for x in short)


def _translated(part: str, held: Ground) -> bool:
    """Whether the English text has a translation, or a word from the same stem (德国, German)."""
    group = translations([part], "en").get(part, {})
    terms = {term for term, share in group.items() if share > _SHARE}
    terms |= {key(f) for _, e in gazetteer().in_chinese(part) for f in e.english}
    return any(_form_stands(term, held) for term in terms)


def _start(term: str) -> str:
    """What the words of a name's stem begin with: Roman and Rome, Asian and Asia."""
    bare = term.rstrip("aeiouy")
    return bare[: max(4, len(term) - 2)] if len(bare) > _TOO_SHORT else term


def _abbreviates(part: str, text: str) -> bool:
    """Whether a name stands with something left out or put in: 天津市车辆 and 天津车辆."""
    if not 2 <= len(part) <= 8:
        return False
    gap = f"[{HAN}]{{0,3}}"
    return bool(re.search(gap.join(map(re.escape, part)), text))


def _listed_stands(phrase: str, held: Ground) -> bool:
    listed = gazetteer()
    for line in listed.english.get(key(phrase), ()):
        entry = listed.entries[line]
        if any(form in held.lexis.zh_text for form in entry.chinese):
            return True
        if any(key(form) in held.spelled.keys for form in entry.english):
            return True
    return False
