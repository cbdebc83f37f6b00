"""Which offers fit a request, and which requests an offer, each with its reasons.

Projects are compared by the terms of their texts, those rare in the catalogue counting most, and
what adds to that is a shared sector, a shared mode of cooperation and a matching maturity. Every
reason is named, and nothing else counts: ``strength`` says how much of a project the other one
has, between 0 and 1 (Okapi BM25, divided by the most that there could be), plus the fixed weights
below. `make bench ONLY=matches` measures it against the judgement of readers.

A project that is told in one language only meets those told in the other one through the
projects that have both: what stands in the English of those whose Chinese holds a term, and
hardly in any other, is taken for its translation.
"""

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from projects.domain import empty_words
from summit.lib.i18n.likeness import HAN, fold

SECTOR, MODE, STAGE = 0.02, 0.005, 0.005
# How soon more of the same term adds little (Okapi BM25, of texts of the mean length).
_SATURATION = 1.2
# A translation is as sure as the pair is exclusive (Dice's coefficient), and counts for less
# than the term itself.
_LEAST_TOGETHER, _LEAST_SURE, _MOST_TRANSLATIONS = 2, 0.45, 2
_OF_TRANSLATION, _MOST_TIMES = 0.7, 2

_CHINESE = re.compile(f"[{HAN}]+")
_LATIN = re.compile(r"[a-z0-9]+")
_ENDINGS = ("ations", "ation", "ings", "ing", "ers", "ies", "es", "s", "ed", "er")


@dataclass(frozen=True)
class Described:
    """What a project is compared by: titles and texts in English and in Chinese.

    ``stage`` is from 0 to 4, ``level`` the TRL; of a request the least that it looks for.
    """

    key: Any
    is_request: bool
    titles: tuple[str, str]
    texts: tuple[str, ...]
    keywords: tuple[str, ...] = ()
    sectors: frozenset[Any] = frozenset()
    modes: frozenset[Any] = frozenset()
    stage: int | None = None
    level: int | None = None

    @property
    def is_in_both(self) -> bool:
        return all(self.titles)

    @property
    def language(self) -> int | None:
        """In which language alone it is told: 0 in English, 1 in Chinese; ``None`` in both."""
        return None if self.is_in_both else int(not self.titles[0])

    @cached_property
    def terms(self) -> tuple[Counter[str], Counter[str]]:
        """How often each term stands there: English ones, then Chinese ones."""
        english, chinese = Counter[str](), Counter[str]()
        for text in (*self.titles, *self.keywords, *self.texts):
            for term in terms_of(text):
                (chinese if _CHINESE.match(term) else english)[term] += 1
        return english, chinese


def terms_of(text: str) -> list[str]:
    """Return the terms of a text: pairs of neighbouring Chinese characters, and English stems."""
    found = []
    # Apart, since what is folded has no marks left between Chinese characters.
    for run in _CHINESE.findall(text):
        run = fold(run)
        pairs = [run[at : at + 2] for at in range(len(run) - 1)] or [run]
        found += [pair for pair in pairs if pair not in empty_words.CHINESE]
    words = fold(_CHINESE.sub(" ", text))
    found += [_stem(word) for word in _LATIN.findall(words) if _is_term(word)]
    return found


def _is_term(word: str) -> bool:
    return len(word) > 1 and not word.isdigit() and word not in empty_words.ENGLISH


def _stem(word: str) -> str:
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word.removesuffix(ending)
    return word


@dataclass(frozen=True)
class Match:
    """A project that fits another one, and why."""

    key: Any
    strength: float
    # What both texts hold, by what it adds, the most first.
    terms: tuple[str, ...]
    sectors: frozenset[Any]
    modes: frozenset[Any]
    # Whether the offer is as mature as is asked for; ``None`` where either does not say.
    stage_fits: bool | None


class Catalogue:
    """The projects that are compared. Costs some milliseconds of CPU a project, once."""

    def __init__(self, projects: Iterable[Described]) -> None:
        self.projects = list(projects)
        translations = _Translations(self.projects)
        self._terms = {
            each.key: dict(each.terms[0]) | dict(each.terms[1]) | translations.of(each)
            for each in self.projects
        }
        known = Counter(term for terms in self._terms.values() for term in terms)
        number = len(self.projects)
        self._rarity = {
            term: math.log(1 + (number - count + 0.5) / (count + 0.5))
            for term, count in known.items()
        }
        lengths = {key: sum(terms.values()) for key, terms in self._terms.items()}
        mean = sum(lengths.values()) / (number or 1)
        self._slack = {key: _SATURATION * length / mean for key, length in lengths.items() if mean}

    def matches(self, project: Described, number: int = 5) -> list[Match]:
        """Return so many of the projects of the other kind at most, the strongest first.

        ``project`` is one of those that are compared.
        """
        own = self._terms[project.key].keys()
        whole = sum(self._rarity[term] for term in own)
        found = [
            self._match(project, other, whole)
            for other in self.projects
            if other.is_request != project.is_request and own & self._terms[other.key].keys()
        ]
        return sorted(found, key=lambda match: -match.strength)[:number]

    def _match(self, project: Described, other: Described, whole: float) -> Match:
        own, theirs = self._terms[project.key], self._terms[other.key]
        slack = self._slack[other.key]
        shared = {
            term: self._rarity[term] * theirs[term] / (theirs[term] + slack)
            for term in own
            if term in theirs
        }
        sectors, modes = project.sectors & other.sectors, project.modes & other.modes
        request, offer = (project, other) if project.is_request else (other, project)
        fits = _is_far_enough(request, offer)
        strength = sum(shared.values()) / whole
        strength += SECTOR * bool(sectors) + MODE * bool(modes) + STAGE * (fits is not False)
        return Match(
            key=other.key,
            strength=strength,
            terms=tuple(sorted(shared, key=lambda term: -shared[term])),
            sectors=sectors,
            modes=modes,
            stage_fits=fits,
        )


def _is_far_enough(request: Described, offer: Described) -> bool | None:
    """Whether the offer is as mature as is asked for; ``None`` where that is not said."""
    if request.stage is not None and offer.stage is not None:
        return offer.stage >= request.stage
    if request.level is not None and offer.level is not None:
        return offer.level >= request.level
    return None


class _Translations:
    """What terms of one language are in the other, as the projects told in both say."""

    def __init__(self, projects: Sequence[Described]) -> None:
        self._known = Counter[str]()
        # By the terms that a project told in one language has: no others are looked up.
        wanted = {
            term
            for project in projects
            if project.language is not None
            for term in project.terms[project.language]
        }
        self._together: dict[str, Counter[str]] = {term: Counter() for term in wanted}
        for project in projects:
            if not project.is_in_both:
                continue
            english, chinese = project.terms
            self._known.update(english.keys())
            self._known.update(chinese.keys())
            for own, other in ((english, chinese), (chinese, english)):
                for term in own.keys() & wanted:
                    self._together[term].update(other.keys())
        self._found: dict[str, list[tuple[float, str]]] = {}

    def of(self, project: Described) -> dict[str, float]:
        """Return terms of the language that a project lacks, with how often each counts."""
        found: dict[str, float] = {}
        if project.language is None:
            return found
        for term, times in project.terms[project.language].items():
            for sureness, other in self._surest(term):
                weight = sureness * _OF_TRANSLATION * min(times, _MOST_TIMES)
                if other not in project.terms[1 - project.language]:
                    found[other] = max(weight, found.get(other, 0.0))
        return found

    def _surest(self, term: str) -> list[tuple[float, str]]:
        if term not in self._found:
            own = self._known[term]
            pairs = [
                (2 * count / (own + self._known[other]), other)
                for other, count in self._together[term].items()
                if count >= _LEAST_TOGETHER
            ]
            sure = sorted((pair for pair in pairs if pair[0] > _LEAST_SURE), reverse=True)
            self._found[term] = sure[:_MOST_TRANSLATIONS]
        return self._found[term]


def words_of(project: Described, terms: Sequence[str], number: int = 6) -> list[str]:
    """Return the words of a project's texts in which terms stand, in the order of the terms.

    Neighbouring pairs of Chinese characters are one word, as they stand there: 干电极.
    """
    rank = {term: place for place, term in enumerate(terms[: 2 * number])}
    found: dict[str, int] = {}
    for text in (*project.titles, *project.keywords, *project.texts):
        for word, places in [*_chinese_words(text, rank), *_english_words(text, rank)]:
            found[word] = min(found.get(word, len(terms)), *places)
    words = sorted(found, key=lambda word: (found[word], -len(word)))
    # A word that another one holds says nothing more.
    whole = [word for word in words if not any(word in other for other in words if other != word)]
    return whole[:number]


def _chinese_words(text: str, rank: dict[str, int]) -> Iterator[tuple[str, list[int]]]:
    for run in _CHINESE.findall(text):
        word, places = "", list[int]()
        for at in range(len(run)):
            place = rank.get(fold(run[at : at + 2]))
            if place is not None:
                word = word or run[at]
                word += run[at + 1 : at + 2]
                places.append(place)
            elif places:
                yield word, places
                word, places = "", []
        if places:
            yield word, places


def _english_words(text: str, rank: dict[str, int]) -> Iterator[tuple[str, list[int]]]:
    for word in re.findall(r"[^\W\d_][\w-]*", _CHINESE.sub(" ", text)):
        places = [rank[term] for term in terms_of(word) if term in rank]
        if places:
            yield word if word.isupper() else word.lower(), places
