"""The services that answer a need, in an order that anybody can work out again.

The catalogue is some hundreds of services: it is read whole, in three queries, and searched here, so that the answer is the
same whatever database keeps it. A word counts where it stands best: in the title 8, in the category 4, in the summary 2, in the
rest of the text or in the name of the body 1. A service that has all that was asked comes alone; where none has, those come that
have most of it. Equal services follow their titles.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Any

from network.italian import LONGEST, likeness, one_letter_apart, plain, same_words, stems, telling_words
from network.models import Category, Service, Synonym
from network.models.catalogue import Price

TITLE, CATEGORY, SUMMARY, TEXT = 8, 4, 2, 1
MOST_WORDS = 12
ENOUGH_LIKENESS = 30
"""Percent from which a word is offered instead of one that nothing answers."""
SUGGESTIONS = 6
EACH_WAY = {"one": "individual", "several": "shared"}
EACH_PLACE = {"home": "at_home", "space": "in_space", "online": "online"}
MUNICIPI = range(1, 10)


def words_of(service: Service) -> str:
    """What ``Service.words`` keeps: the stems of the title, of the summary and of the rest on a line each, then the words as
    they are, for the slips of the fingers."""
    rest = " ".join([service.audience, service.price_note, service.description])
    lines = [_stems_of(text) for text in (service.title, service.summary, rest)]
    known = {word for text in (service.title, service.summary, rest) for word in telling_words(text)}
    return "\n".join(" ".join(sorted(line)) for line in (*lines, known))


def _stems_of(text: str) -> set[str]:
    return {stem for word in telling_words(text) for stem in stems(word)}


@dataclass(frozen=True, slots=True)
class Filters:
    """What of the catalogue is asked for; empty: all of it. ``category`` is a code, ``price`` one of ``Price``, ``way`` one of
    ``EACH_WAY``, ``place`` one of ``EACH_PLACE``, ``municipio`` 1 to 9."""

    category: str = ""
    price: str = ""
    way: str = ""
    place: str = ""
    municipio: int | None = None

    def __bool__(self) -> bool:
        return any((self.category, self.price, self.way, self.place, self.municipio))

    def let_pass(self, service: Service) -> bool:
        return all(not value or TESTS[name](service, value) for name, value in ((name, getattr(self, name)) for name in TESTS))


TESTS: Mapping[str, Callable[[Service, Any], bool]] = {
    "category": lambda service, value: service.category.code == value,
    "price": lambda service, value: service.price == value,
    "way": lambda service, value: getattr(service, EACH_WAY[value]),
    "place": lambda service, value: getattr(service, EACH_PLACE[value]),
    "municipio": lambda service, value: not service.municipi or value in service.municipi,
}


@dataclass(frozen=True, slots=True)
class Need:
    """One thing that was asked: ``ways`` are the words that answer it, all of one way being needed, with what each counts (its
    own words 2, those of a synonym 1)."""

    ways: tuple[tuple[tuple[str, ...], int], ...]
    also: tuple[str, ...] = ()


@dataclass(frozen=True)
class Found:
    """``services`` in their order, after the filters; ``matching`` before them. ``also`` are the words of the synonyms that were
    used, ``instead`` the words read in place of others (``badnte``, ``badante``). ``is_partial``: no service has all that was
    asked. ``is_empty``: nothing was asked that says anything."""

    services: list[Service]
    matching: list[Service]
    also: list[str] = field(default_factory=list)
    instead: list[tuple[str, str]] = field(default_factory=list)
    is_partial: bool = False
    is_empty: bool = False

    def groups(self) -> list[tuple[Category, list[Service]]]:
        """The services by need: first the category of the best one, or all in the order of the categories when nothing was
        asked."""
        by_category: dict[int, list[Service]] = {}
        for service in self.services:
            by_category.setdefault(service.category_id, []).append(service)
        return [(services[0].category, services) for services in by_category.values()]

    def counts(self, filters: Filters) -> dict[str, dict[Any, int]]:
        """For each filter, how many services each of its values would leave beside the other filters; under the empty value,
        how many without it."""
        found: dict[str, dict[Any, int]] = {}
        for name in TESTS:
            others = replace(filters, **{name: None if name == "municipio" else ""})
            left = [service for service in self.matching if others.let_pass(service)]
            found[name] = {value: sum(TESTS[name](one, value) for one in left) for value in _values(name, left)}
            found[name][""] = len(left)
        return found


def _values(name: str, services: Iterable[Service]) -> Collection[Any]:
    if name == "category":
        return {service.category.code for service in services}
    return {"price": list(Price), "way": EACH_WAY, "place": EACH_PLACE, "municipio": MUNICIPI}[name]


class Catalogue:
    """What is public on ``day``, ready to be searched as often as one likes. Three queries, whatever is in it."""

    def __init__(self, services: Iterable[Service], categories: Iterable[Category], synonyms: Iterable[tuple[str, str]]):
        """``services`` with their category and body; ``synonyms`` are pairs of a term and what it means."""
        self.categories = list(categories)
        self.services = sorted(services, key=lambda one: (plain(one.title), str(one.pk)))
        self._synonyms = sorted(
            ((words, term, _meanings(means)) for term, means in synonyms if (words := tuple(telling_words(term)))),
            key=lambda one: (-len(one[0]), one[1]),
        )
        self._lines = [service.words.split("\n") for service in self.services]
        self._standing = self._index()

    @classmethod
    def of(cls, day: date) -> Catalogue:
        services = Service.objects.public(day).select_related("category", "organisation").defer("description")
        return cls(services, Category.objects.all(), Synonym.objects.in_use().values_list("term", "means"))

    def with_synonym(self, term: str, means: str) -> Catalogue:
        """The same, as if ``term`` had this meaning and no other."""
        rest = [(known, ", ".join(meanings)) for _words, known, meanings in self._synonyms if plain(known) != plain(term)]
        return Catalogue(self.services, self.categories, [*rest, (term, means)])

    def look_for(self, query: str, filters: Filters = Filters()) -> Found:
        asked, instead = self._as_known(telling_words(query[:LONGEST])[:MOST_WORDS])
        if not asked:
            order = {category.pk: place for place, category in enumerate(self.categories)}
            everything = sorted(self.services, key=lambda service: order[service.category_id])
            return self._found(everything, filters, is_empty=True)
        needs = self._needs(asked)
        scores = [self._answers(need) for need in needs]
        met = {place: sum(place in score for score in scores) for score in scores for place in score}
        most = max(met.values(), default=0)
        best = sorted(
            (place for place, number in met.items() if number == most),
            key=lambda place: (-sum(score.get(place, 0) for score in scores), place),
        )
        used = [word for need, score in zip(needs, scores, strict=True) if score for word in need.also]
        return self._found(
            [self.services[place] for place in best],
            filters,
            also=list(dict.fromkeys(used)),
            instead=instead,
            is_partial=0 < most < len(needs),
        )

    def near(self, query: str) -> list[str]:
        """Words of titles and of synonyms that look like those of ``query``, the likest first."""
        known = {plain(word): word for service in self.services for word in re.findall(r"\w+", service.title.casefold())}
        known |= {plain(term): term for _words, term, _meanings in self._synonyms}
        asked = telling_words(query[:LONGEST])[:MOST_WORDS]
        likest = sorted(
            (-max((likeness(word, name) for word in asked), default=0), name) for name in known if telling_words(name)
        )
        return [known[name] for score, name in likest if -score >= ENOUGH_LIKENESS][:SUGGESTIONS]

    def _index(self) -> dict[str, dict[int, int]]:
        """For each stem, where it stands best in each service (by its place in ``services``)."""
        standing: dict[str, dict[int, int]] = {}
        categories = {category.pk: _stems_of(category.title) for category in self.categories}
        for place, service in enumerate(self.services):
            title, summary, text = (line.split() for line in [*self._lines[place], "", "", ""][:3])
            body = _stems_of(service.organisation.name)
            where = (
                (body, TEXT),
                (text, TEXT),
                (summary, SUMMARY),
                (categories[service.category_id], CATEGORY),
                (title, TITLE),
            )
            for found, weight in where:  # the best place last
                for stem in found:
                    standing.setdefault(stem, {})[place] = weight
        return standing

    def _as_known(self, asked: list[str]) -> tuple[list[str], list[tuple[str, str]]]:
        """The words as the catalogue writes them, and those that were read instead of others."""
        terms = {word for words, _term, _meanings in self._synonyms for word in words}
        stems_of_terms = {stem for word in terms for stem in stems(word)}
        read, instead = [], []
        for word in asked:
            if len(word) > 3 and not any(stem in self._standing or stem in stems_of_terms for stem in stems(word)):
                near = sorted(
                    (-likeness(word, known), known) for known in self._vocabulary | terms if one_letter_apart(word, known)
                )
                if near:
                    instead.append((word, near[0][1]))
                    word = near[0][1]
            read.append(word)
        return read, instead

    @cached_property
    def _vocabulary(self) -> set[str]:
        known = {word for lines in self._lines for word in lines[-1].split()}
        return known | {word for category in self.categories for word in telling_words(category.title)}

    def _needs(self, asked: list[str]) -> list[Need]:
        """The longest synonyms first; a word of none is a need by itself."""
        needs, at = [], 0
        while at < len(asked):
            for words, _term, meanings in self._synonyms:
                mine = asked[at : at + len(words)]
                if same_words(mine, words):
                    own = (tuple(mine), 2)
                    needs.append(Need((own, *((tuple(telling_words(text)), 1) for text in meanings)), tuple(meanings)))
                    at += len(words)
                    break
            else:
                needs.append(Need((((asked[at],), 2),)))
                at += 1
        return needs

    def _answers(self, need: Need) -> dict[int, int]:
        """The services that answer ``need``, with what each scores: the place of its weakest word in its best way."""
        best: dict[int, int] = {}
        for words, worth in need.ways:
            standing = [self._stands(word) for word in words]
            for place in set.intersection(*map(set, standing)) if standing else ():
                score = worth * min(one[place] for one in standing)
                best[place] = max(best.get(place, 0), score)
        return best

    def _stands(self, word: str) -> dict[int, int]:
        found: dict[int, int] = {}
        for stem in stems(word):
            for place, weight in self._standing.get(stem, {}).items():
                found[place] = max(found.get(place, 0), weight)
        return found

    def _found(self, matching: list[Service], filters: Filters, **facts: Any) -> Found:
        return Found([service for service in matching if filters.let_pass(service)], matching, **facts)


def _meanings(means: str) -> list[str]:
    """What a synonym stands for: one or more groups of words, parted by commas."""
    return [text for part in means.split(",") if (text := part.strip()) and telling_words(text)]
