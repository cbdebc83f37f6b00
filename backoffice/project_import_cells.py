"""Cells of files about projects: levels, keywords, sums, periods and industries as people write."""

import datetime as dt
import re
import unicodedata
from contextlib import suppress
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _
from import_export import widgets

from backoffice.kit.importing.columns import Choice, Day
from backoffice.kit.importing.rows import ByName
from projects.models import Industry
from projects.models.details import SolutionMode, Stage
from projects.models.price import PriceBand
from projects.price_words import read_price
from summit.lib.i18n.keywords import join_keywords, split_keywords
from summit.lib.i18n.languages import CONTENT_LANGUAGES
from summit.lib.i18n.likeness import key

LEVELS = {
    level: (f"TRL{level}", f"TRL {level}", f"{level}级", f"{digit}级")
    for level, digit in enumerate("一二三四五六七八九", 1)
}
STAGES = {
    Stage.DEVELOPING: ("研发中", "在研", "研发阶段", "实验室阶段"),
    Stage.SAMPLE: ("样品", "有样品", "样机", "已有样机"),
    Stage.SMALL_TRIAL: ("小试", "小试阶段", "已通过小试", "初期"),
    Stage.PILOT_TRIAL: ("中试", "中试阶段", "已通过中试", "中期"),
    Stage.PRODUCTION: ("量产", "已量产", "批量生产", "产业化", "成熟应用", "成熟"),
}
SOLUTION_MODES = {
    SolutionMode.INDEPENDENT: ("自主研发",),
    SolutionMode.COMMISSIONED: ("委托开发",),
    SolutionMode.JOINT: ("合作开发", "联合研发"),
}
PRICE_BANDS = {
    PriceBand.NEGOTIABLE: ("面议", "negotiable", "to be negotiated", "协商", "双方协商", "另议"),
}


class Level(Choice):
    """A technology readiness level by its number, or by its name without the number."""

    def clean(self, value: str, row: dict[str, str] | None = None, **kwargs: Any) -> Any:
        wanted = key(value)
        for language in CONTENT_LANGUAGES:
            with translation.override(language):
                for code, label in self.choices:
                    if wanted == key(str(label).partition("·")[2]):
                        return code
        return super().clean(value, row, **kwargs)


STAGE = Choice(Stage.choices, STAGES)


def is_stage(text: str) -> bool:
    """Whether a cell names one of the five stages."""
    with suppress(ValueError):
        return bool(text and STAGE.clean(text))
    return False


class Keywords(widgets.CharWidget):
    is_list = True

    def clean(self, value: str, row: dict[str, str] | None = None, **kwargs: Any) -> str:
        return join_keywords(split_keywords(value))


class ByCode(ByName):
    """An industry by its code, with or without the section and the name, or by its name."""

    _code = re.compile(r"\s*([A-Ta-t]?)(\d{2})(?!\d)|\s*([A-Ta-t])(?![A-Za-z])")

    def __init__(self) -> None:
        super().__init__(Industry)

    @property
    def hint(self) -> str:
        return _("A code of GB/T 4754, such as C27 or C, or the name.")

    def named(self, text: str) -> list[Any]:
        if found := self._code.match(unicodedata.normalize("NFKC", text)):
            section, division, alone = found.groups()
            wanted = division or alone.upper()
            rows = [
                row
                for row in self.names.by_slug.values()
                if (row.code[1:] or row.code) == wanted and section.upper() in ("", row.code[0])
            ]
            if rows:
                return rows
        return super().named(text)


# 2026-2028, 2026年—2028年
_YEARS = re.compile(r"(\d{4})年?(?:[-–—~～至到]+(\d{4})年?)?")


class LastDay(Day):
    """A day; of a year or a span of years it is the last one."""

    def clean(self, value: str, row: dict[str, str] | None = None, **kwargs: Any) -> dt.date:
        plain = re.sub(r"\s", "", unicodedata.normalize("NFKC", value))
        if years := _YEARS.fullmatch(plain):
            return dt.date(int(years[2] or years[1]), 12, 31)
        return super().clean(value, row, **kwargs)


def first_day(text: str) -> str:
    """Return the first day of a span of years, as a cell; "" where the text is none."""
    years = _YEARS.fullmatch(re.sub(r"\s", "", unicodedata.normalize("NFKC", text)))
    return f"{years[1]}-01-01" if years and years[2] else ""


def cells_of_price(text: str, *, times: int = 1) -> dict[str, str]:
    """Return the cells in which one cell with a budget or price is kept: 50-80万元, 面议.

    ``times`` is what a bare number is in. What is no price goes to the first amount, which
    says so.
    """
    price = read_price(text, times=times)
    if price is None:
        return {"price_from": text}
    if price.band:
        return {"price_band": price.band}
    amounts = {"price_from": price.first, "price_to": price.last}
    cells = {name: str(amount) for name, amount in amounts.items() if amount is not None}
    return {**cells, "price_currency": price.currency}
