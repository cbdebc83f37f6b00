"""The one rule by which every search box and chooser of the admin finds rows."""

import unicodedata
from collections.abc import Iterable, Sequence

from django.db.models import Q, QuerySet
from django.utils.text import smart_split, unescape_string_literal

from summit.lib.i18n.likeness import key, search_words, visible
from summit.lib.i18n.names import searchable
from summit.lib.web.filters import MAX_QUERY, MAX_TERMS

# The columns that hold folded texts.
FOLDED = ("search_text", "search_prose")


def few_words(search_term: str) -> list[str]:
    """Return as many words as a visitor may search for; what stands in quotation marks is one."""
    text = unicodedata.normalize("NFKC", visible(search_term[:MAX_QUERY]))
    words = []
    for word in list(smart_split(text))[:MAX_TERMS]:
        is_quoted = len(word) > 1 and word[0] in "\"'" and word[0] == word[-1]
        words.append(unescape_string_literal(word) if is_quoted else word)
    return [word for word in words if word.strip()]


def found_by_words[Rows: QuerySet](rows: Rows, columns: Sequence[str], text: str) -> Rows:
    """Return the rows that hold each word in one of the columns.

    Folded columns are searched by likeness (``summit/lib/i18n/likeness.py``), the others, such
    as a slug or a reference, for the letters alone.
    """
    for word in few_words(text):
        rows = rows.filter(holding(columns, word))
    return rows


def found_among_few[Rows: QuerySet](rows: Rows, columns: Sequence[str], text: str) -> Rows:
    """Return the rows found by likeness where no column is folded. Reads all of them.

    For tables that are not ours and stay small, such as accounts.
    """
    if not (words := [each for word in few_words(text) for each in search_words(word)]):
        return rows.none() if text.strip() else rows
    found = []
    for pk, *values in rows.order_by().values_list("pk", *columns):
        lines = searchable(people=values, names=["".join(values), " ".join(values)])
        if all(word in lines for word in words):
            found.append(pk)
    return rows.filter(pk__in=found)


def holding(columns: Iterable[str], word: str) -> Q:
    """Return the condition for rows that hold a word in one of the columns."""
    columns = list(columns)
    folded = [name for name in columns if name.rpartition("__")[2] in FOLDED]
    plain = [name for name in columns if name not in folded]
    found = Q(*[(f"{name}__icontains", word) for name in plain], _connector=Q.OR)
    parts = [key(word)] if " " in word else search_words(word)
    if not (folded and any(parts)):
        return found if plain else Q(pk__in=[])
    alike = Q()
    for part in parts:
        alike &= Q(*[(f"{name}__contains", part) for name in folded], _connector=Q.OR)
    return found | alike if plain else alike
