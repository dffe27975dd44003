"""Question -> groups of index terms in the language of the passages.

A group stands for one word or name of the question and holds every index term that may stand for
it, with its weight; however many of them a passage holds, the group counts once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from rag.index.index import Index
from rag.language import words
from rag.retrieve.dictionary import phrase_translations, wide_translations
from rag.retrieve.names import Name, name_groups, read_names
from rag.romanise import simplified
from rag.surnames import people_in
from rag.terms import number_terms, standing
from rag.transliteration import han_names, han_rows, latin_rows
from rag.types import Group, Language, Question


def term_groups(question: Question, target: Language) -> list[Group]:
    """Groups for passages in `target`, in the question's order, names last.

    In the question's own language a word is its own group. Across languages it is the group of its
    translations, with itself where both languages write it alike (figures, Latin names), and with
    the consonants of a foreign name. Names have groups of their other spellings; any Chinese word
    could be a name, and its romanised spellings join its translations.
    """
    terms = list(dict.fromkeys(words(simplified(question.text))))
    numbers: list[Group] = [{term: 1.0} for term in number_terms(question.text, terms)]
    if target == question.language:
        return [*({term: 1.0} for term in terms), *numbers, *_names(question, target)]
    sounds = _sounds(question)
    if target == "en":
        return [*_from_chinese(terms, sounds), *numbers]
    names = read_names(question, target)
    groups = _from_english(question, terms, names, sounds)
    return [*groups, *numbers, *_spelled(names, sounds)]


def _from_chinese(terms: Sequence[str], sounds: Mapping[str, Group]) -> list[Group]:
    """Each word with its translations and spellings, and foreign names that the cutter has
    split."""
    known = wide_translations(terms, "en")
    groups = [
        {**_spellings(term, "en"), **sounds.get(term, {}), **known.get(term, {}), term: 1.0}
        for term in terms
    ]
    own = set(terms)
    return [*groups, *(rows for word, rows in sounds.items() if word not in own)]


def _from_english(
    question: Question,
    terms: Sequence[str],
    names: Sequence[Name],
    sounds: Mapping[str, Group],
) -> Iterator[Group]:
    """Each word with its translations and its consonants; what a name explains is not looked for
    word by word too."""
    known, phrases = wide_translations(terms, "zh"), phrase_translations(terms)
    named = {word for name in question.names for word in words(name)} if names else set()
    explained = {word for name in names for word in name.words}
    for term in terms:
        if term not in explained and (term in known or term in sounds or term not in named):
            yield {
                **sounds.get(term, {}),
                **known.get(term, {}),
                **phrases.get(term, {}),
                term: 1.0,
            }


def _spelled(names: Sequence[Name], sounds: Mapping[str, Group]) -> Iterator[Group]:
    """Names read as syllables; one that need not be Chinese may be a foreign name all the same."""
    for name in names:
        rows = (sounds.get(word, {}) for word in (() if name.native else sorted(name.words)))
        yield {term: 1.0 for row in rows for term in row} | dict.fromkeys(name.spellings, 1.0)


def groups_in(question: Question, language: Language, index: Index) -> list[Group]:
    """The groups of `term_groups`, by what Chinese passages of the index have: a name whose pinyin
    stands there is looked for as no foreign name; and beside the words of a Chinese question, names
    that the cutter has taken apart."""
    groups = term_groups(question, language)
    if language != "zh":
        return groups
    native = index.has(language, ({t: 1.0 for t in group if t[0] == "~"} for group in groups))
    groups = [
        {t: share for t, share in group.items() if t[0] != "^"} if there else group
        for group, there in zip(groups, native, strict=True)
    ]
    names: list[Group] = [{name: 1.0} for name in people_in(simplified(question.text))]
    there = index.has(language, names)
    return [*groups, *(n for n, has in zip(names, there, strict=True) if has and n not in groups)]


def weighted_groups(
    question: Question, languages: Iterable[Language], index: Index
) -> dict[Language, list[tuple[Group, float]]]:
    """The groups with their weights (inverse document frequencies), by language of the passages."""
    return {
        language: index.weigh(language, groups_in(question, language, index))
        for language in set(languages)
    }


def shares(text: str, weighted: Sequence[tuple[Group, float]]) -> tuple[float, ...]:
    """What each group adds to how much of the question stands in a text; 1 if all of it does."""
    total = sum(weight for _, weight in weighted) or 1.0
    present = standing(text, {term for group, _ in weighted for term in group})
    return tuple(
        weight / total * max((share for term, share in group.items() if term in present), default=0)
        for group, weight in weighted
    )


def by_name(question: Question, language: Language, groups: Sequence[Group], index: Index) -> float:
    """What part of a question's weight is in names that no list and no dictionary has, and Chinese
    passages of the index have: people and places in pinyin, people in characters.

    Args:
        groups: the question's, in the language of the passages.
    """
    if language != "zh":
        return 0.0
    people = {(name,) for name in people_in(simplified(question.text))}
    named = [all(term[0] == "~" for term in group) or tuple(group) in people for group in groups]
    there = index.has(language, groups)
    weights = [weight for _, weight in index.weigh(language, groups)]
    known = sum(w for w, name, has in zip(weights, named, there, strict=True) if name and has)
    return known / (sum(weights) or 1.0)


def coverage(text: str, weighted: Sequence[tuple[Group, float]]) -> float:
    """Share of the question's words, by weight, that stand in a text; from 0 to 1."""
    return sum(shares(text, weighted))


def _names(question: Question, target: Language) -> list[Group]:
    return [dict.fromkeys(group, 1.0) for group in name_groups(question, target)]


def _spellings(term: str, target: Language) -> Group:
    """Index terms under which a word would go if it were a name."""
    groups = _names(Question(term, "zh"), target)
    return {spelling: weight for group in groups for spelling, weight in group.items()}


def _sounds(question: Question) -> dict[str, Group]:
    """What may be foreign names in the question, by word, as rows of consonants."""
    if question.language == "zh":
        rows: Mapping[str, tuple[str, ...]] = {
            name: han_rows(name) for name in han_names(simplified(question.text))
        }
    else:
        rows = {
            term: latin_rows(part)
            for name in question.names
            for part in name.split()
            for term in words(part)
        }
    return {word: {f"^{row}": 1.0 for row in found} for word, found in rows.items() if found}
