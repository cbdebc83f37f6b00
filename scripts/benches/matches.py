"""How well the matches of requests and offers agree with two readers: scripts/benches/labelled/."""

import json
import math
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from projects.domain.matching import Catalogue, Described, terms_of
from scripts.benches.measuring import verdict

FOLDER = Path(__file__).parent / "labelled"
SHOWN = 5
AIM = 0.7
STAGES = ["research", "sample", "lab", "pilot", "mass"]

type Marks = dict[str, dict[str, int]]
type Fitting = dict[str, set[str]]


def run() -> bool:
    projects = [_described(each) for each in json.loads(_read("projects.json"))]
    requests = [each for each in projects if each.is_request]
    offers = [each for each in projects if not each.is_request]
    first, second = json.loads(_read("first_reader.json")), json.loads(_read("second_reader.json"))
    fitting = _fitting(first, second)
    held_out = requests[2::3]
    known = [each for each in requests if each not in held_out]
    print(f"\nMatches of {len(requests)} requests and {len(offers)} offers, as two readers judged")
    print(
        f"  fitting offers a request: {sum(map(len, fitting.values())) / len(requests):.1f}; "
        f"agreement of the readers (Cohen's kappa): {_kappa(first, second, len(offers)):.2f}"
    )
    began = time.process_time()
    catalogue = Catalogue(projects)
    made = time.process_time() - began
    text = _TextSearch(offers)
    good = True
    for name, chosen in (("known", known), ("held out", held_out)):
        matched = _precision(chosen, fitting, lambda r: [m.key for m in catalogue.matches(r)])
        searched = _precision(chosen, fitting, text.find)
        best = sum(min(SHOWN, len(fitting[each.key])) for each in chosen) / SHOWN / len(chosen)
        print(
            f"  {name:8} {len(chosen)} requests: precision among the first {SHOWN} "
            f"{matched:.2f} (text search alone {searched:.2f}, at best {best:.2f})"
        )
        good = matched >= AIM and matched > searched
    print(f"  aim, held out: {AIM} and better than text search: {verdict(good)}")
    began = time.process_time()
    for each in requests:
        catalogue.matches(each)
    spent = (time.process_time() - began) / len(requests)
    print(f"  CPU: {made * 1000:.0f} ms for the catalogue, {spent * 1000:.1f} ms a request")
    return good


class _TextSearch:
    """What a search for all words of a request finds: Okapi BM25, as text indexes rank."""

    def __init__(self, offers: list[Described]) -> None:
        self._terms = {each.key: _all_terms(each) for each in offers}
        self._length = {key: sum(terms.values()) for key, terms in self._terms.items()}
        self._mean = sum(self._length.values()) / len(offers)
        known = Counter(term for terms in self._terms.values() for term in terms)
        self._rarity = {
            term: math.log(1 + (len(offers) - count + 0.5) / (count + 0.5))
            for term, count in known.items()
        }

    def find(self, request: Described) -> list[str]:
        words = _all_terms(request)
        rank = {key: self._rank(key, words) for key in self._terms}
        return sorted(rank, key=lambda key: -rank[key])

    def _rank(self, key: str, words: Counter[str]) -> float:
        terms, length = self._terms[key], 1.2 * (0.25 + 0.75 * self._length[key] / self._mean)
        return sum(
            self._rarity[word] * terms[word] * 2.2 / (terms[word] + length)
            for word in words
            if word in terms
        )


def _all_terms(project: Described) -> Counter[str]:
    texts = (*project.titles, *project.keywords, *project.texts)
    return Counter(term for text in texts for term in terms_of(text))


def _precision(
    requests: list[Described], fitting: Fitting, find: Callable[[Described], list[str]]
) -> float:
    right = sum(len(set(find(each)[:SHOWN]) & fitting[each.key]) for each in requests)
    return right / SHOWN / len(requests)


def _fitting(first: Marks, second: Marks) -> Fitting:
    both = {key: Counter(first[key]) + Counter(second[key]) for key in first}
    return {
        key: {offer for offer, sum_ in marks.items() if sum_ >= 2} for key, marks in both.items()
    }


def _kappa(first: Marks, second: Marks, offers: int) -> float:
    """Cohen's kappa of "fits, or is worth a conversation", over all pairs."""
    pairs = len(first) * offers
    one, other = (sum(map(len, marks.values())) for marks in (first, second))
    both = sum(len(first[key].keys() & second[key].keys()) for key in first)
    agreed = (pairs - one - other + 2 * both) / pairs
    by_chance = one / pairs * other / pairs + (1 - one / pairs) * (1 - other / pairs)
    return (agreed - by_chance) / (1 - by_chance)


def _read(name: str) -> str:
    return (FOLDER / name).read_text()


def _described(row: dict[str, Any]) -> Described:
    is_request = row["kind"] == "request"
    stage = row["needed_stage"] if is_request else row["stage"]
    return Described(
        key=row["key"],
        is_request=is_request,
        titles=(row["title_en"], row["title_zh_hans"]),
        texts=(row["summary_en"], row["summary_zh_hans"], row["indicators_zh_hans"]),
        keywords=(*row["keywords_en"], *row["keywords_zh_hans"]),
        sectors=frozenset(row["sectors"]),
        modes=frozenset(row["modes"]),
        stage=STAGES.index(stage) if stage else None,
    )
