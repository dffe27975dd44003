"""English number words: the patterns that find them, and what they count. Pure.

twenty-six, two million three hundred thousand, two and a half million, nineteen fifty-nine.
"""

from __future__ import annotations

import re
from fractions import Fraction

_UNITS, _TENS, ORDINALS = (
    line.split()
    for line in (
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
        "fifteen sixteen seventeen eighteen nineteen",
        "twenty thirty forty fifty sixty seventy eighty ninety",
        "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth",
    )
)
_BIG = {"thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}
TIMES = {**_BIG, "hundred": 100, "dozen": 12}
ADD = {word: value for value, word in enumerate(_UNITS)} | {
    word: 10 * value for value, word in enumerate(_TENS, 2)
}
PLACE = {word: value for value, word in enumerate(ORDINALS, 1)} | {"quarter": 4}

SEP = r"[\s-]{1,3}"
ONES, TEN_WORDS, BIGS = "|".join(_UNITS[1:10]), "|".join(_TENS), "|".join(_BIG)
_SMALL = rf"(?:(?:{TEN_WORDS})(?:{SEP}(?:{ONES}))?|{'|'.join(reversed(_UNITS))})\b"
_HUNDREDS = rf"(?:(?:{_SMALL}|a){SEP}(?:hundred(?:{SEP}(?:and{SEP})?{_SMALL})?|dozen)\b|{_SMALL})"
# What was built in 1958 and a half million others are two numbers.
AND_HALF = rf"(?<![0-9]{{4}}){SEP}and{SEP}a{SEP}half\b"
_MEASURE = (
    "(?:(?:year|month|week|day|hour|minute|mile|ton|tonne|kilomet(?:er|re)|met(?:er|re)|acre"
    "|hectare|yuan|dollar|pound|time|decade)s?|foot|feet|mu|li|jin|catty|catties|centur(?:y|ies))"
)
# Half of one more, also behind what is counted: two years and a half.
HALVED = rf"(?:{AND_HALF}|{SEP}{_MEASURE}{AND_HALF}(?!{SEP}{_MEASURE}\b))"
_LARGE = rf"(?:{_HUNDREDS}(?:{AND_HALF})?|(?:a{SEP})?half(?:{SEP}a)?|a){SEP}(?:{BIGS})\b"
_YEAR = rf"(?:{'|'.join(_UNITS[10:])}|twenty){SEP}(?:{TEN_WORDS})(?:{SEP}(?:{ONES}))?"
PHRASE = (
    rf"(?:{_YEAR}|{_LARGE}(?:{SEP}(?:and{SEP})?{_LARGE}){{0,3}}(?:{SEP}(?:and{SEP})?{_HUNDREDS})?"
    rf"|{_HUNDREDS}|an?(?={SEP}{_MEASURE}{AND_HALF}))"
)


def phrase_value(phrase: str) -> Fraction:
    """What a `PHRASE` in small letters counts."""
    if re.fullmatch(_YEAR, phrase):
        century, *rest = re.split(r"[\s-]+", phrase)
        return Fraction(100 * ADD[century] + sum(ADD[word] for word in rest))
    total, section = Fraction(0), Fraction(phrase in ("a", "an"))
    for word in re.findall("[a-z]+", phrase):
        section += ADD.get(word, 0) + (Fraction(1, 2) if word == "half" else 0)
        if word in _BIG:
            total += (section or 1) * _BIG[word]
            section = Fraction(0)
        elif word in TIMES:
            section = Fraction((section or 1) * TIMES[word])
    return total + section


def half_of(phrase: str) -> Fraction:
    """What “and a half” adds: a million and a half is 1,500,000, two and a half 2.5."""
    return Fraction(_BIG.get(re.split(r"[\s-]", phrase)[-1], 1), 2)
