"""The columns of files that are imported into a call, by the headings that bureaus use.

Each is a field of the call or something about who sends it. What a cell says is put into the
form that a submission holds. What is no term of its list stays as it was written: the reviewer
sees it, and chooses.
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import translation
from django.utils.translation import gettext as _

from backoffice.imports import ORGANIZATION_WORDS
from backoffice.kit.importing.columns import Choice
from backoffice.kit.importing.headings import known_headings
from backoffice.kit.importing.lists import split
from backoffice.kit.importing.rows import ByName
from backoffice.project_import_cells import LEVELS, SOLUTION_MODES, STAGES, ByCode, Level
from backoffice.project_imports import DISCLOSURES, ProjectResource
from projects.models import CooperationMode, Project, Sector
from projects.models.details import SolutionMode, Stage
from projects.models.disclosure import Disclosure
from submissions.fields import Field, Widget, fields_of_kind
from submissions.kinds import CallKind
from submissions.models import Submission
from submissions.prices import value_of_text
from summit.lib.i18n.keywords import join_keywords, split_keywords
from summit.lib.i18n.languages import CONTENT_LANGUAGES, Words
from summit.lib.i18n.likeness import one_line, visible

_WORDS = ProjectResource.other_headings
_TITLES = _WORDS["title"]
_NEEDED = (*_WORDS["needed_until"], *_WORDS["needed_from"], "需求期限", "时限")
# Who sends it: the columns of ``Sender``, and a second phone that forms ask for.
SENDER = (
    *("organization_name", "credit_code", "contact_name", "phone", "landline", "email"),
    *("district", "department"),
)
_SENDER_WORDS: dict[str, tuple[str, ...]] = {
    "organization_name": (
        *(*ORGANIZATION_WORDS, "申报单位", "需求单位", "完成单位", "持有单位", "所属单位"),
        *("所在单位", "用人单位", "Applicant"),
    ),
    "credit_code": ("统一社会信用代码", "信用代码", "社会信用代码", "USCC", "Credit code"),
    "contact_name": ("联系人", "联系人姓名", "姓名", "Contact", "Contact name"),
    "phone": (
        *("手机", "手机号", "手机号码", "移动电话", "联系电话", "联系人电话", "联系方式", "电话"),
        *("Mobile", "Mobile phone", "Phone number", "Telephone", "Tel"),
    ),
    "landline": ("固定电话", "座机", "办公电话", "Landline"),
    "email": (
        *("电子信箱", "邮箱", "电子邮箱", "电子邮件", "联系邮箱"),
        *("Email", "E-mail address", "Mail"),
    ),
    "district": _WORDS["district"],
    "department": _WORDS["department"],
}
_NEED_WORDS: dict[str, tuple[str, ...]] = {
    "need_title": _TITLES,
    "problem": (
        *("主要问题", "技术难题", "拟解决的技术难题", "拟解决的主要技术问题", "技术需求概述"),
        *("需求概述", "需求描述", "技术需求描述", "需求内容", *_WORDS["summary"]),
        *("详情", "需求详情", "需求详情/应用场景", "应用场景", "Problem"),
    ),
    "key_technology": ("技术关键", "关键技术", "所需关键技术", "需求关键技术", "技术需求内容"),
    "goal": ("预期目标", "预期成果", "预期效果", "Goal", "Expected outcome"),
    "key_indicators": tuple(each for each in _WORDS["key_indicators"] if each != "技术关键"),
    "budget": (*_WORDS["price"], "拟投入资金", "投入资金"),
    "budget_wan": _WORDS["price_wan"],
    "needed": _NEEDED,
}
_TALENT_WORDS: dict[str, tuple[str, ...]] = {
    "position": ("岗位名称", "职位", "职位名称", "招聘岗位", "需求岗位", "人才需求名称", *_TITLES),
    "tasks": ("岗位职责", "工作内容", "主要任务", "研究方向", "需求描述", "Responsibilities"),
    "headcount": ("人数", "招聘人数", "拟招人数", "Headcount"),
    "requirements": ("岗位要求", "任职条件", "人才要求", "要求", "Qualifications"),
    "offered": ("薪酬待遇", "薪资待遇", "待遇", "提供条件", "支持条件", "Salary"),
}
_OFFER_WORDS: dict[str, tuple[str, ...]] = {
    "offer_title": _TITLES,
    "summary": (*_WORDS["summary"], "Short summary"),
    "description": (*_WORDS["description"], "Full description"),
    "advantages": (*_WORDS["advantages"], "Advantages and innovations"),
    "inventors": ("完成人", "主要完成人", "发明人", "项目完成人", "Inventor"),
    "key_indicators": _WORDS["key_indicators"],
    "price": (*_WORDS["price"], "意向价格", "预期价格"),
    "price_wan": _WORDS["price_wan"],
    "stage": (*_WORDS["stage"], "成熟度"),
    "maturity": tuple(each for each in _WORDS["maturity"] if each != "成熟度"),
}
_OF_KIND = {
    CallKind.NEED: _NEED_WORDS,
    CallKind.TALENT: _TALENT_WORDS,
    CallKind.OFFER: _OFFER_WORDS,
}
# Those of a project by the same key.
_SHARED = (
    *("existing_basis", "keywords", "property_status", "patent_numbers", "sectors", "industry"),
    *("solution_mode", "modes", "ownership_rule", "partner_conditions", "disclosure"),
)
_IN_WAN = "_wan"


class Columns:
    """The columns of one kind of call. The lists that cells name are read once."""

    def __init__(self, kind: str) -> None:
        self.fields = {field.key: _read_once(field) for field in fields_of_kind(kind)}
        words = {key: _WORDS[key] for key in _SHARED if key in self.fields and key in _WORDS}
        self._words = {**_SENDER_WORDS, **words, **_OF_KIND[CallKind(kind)]}
        self._reads: dict[str, Callable[[str], Any]] = {
            "stage": _term(Choice(Stage.choices, STAGES)),
            "maturity": _term(Level(Project.Maturity.choices, LEVELS)),
            "property_status": _term(Choice(Project.PropertyStatus.choices)),
            "solution_mode": _term(Choice(SolutionMode.choices, SOLUTION_MODES)),
            "disclosure": _term(Choice(Disclosure.choices, DISCLOSURES)),
            "industry": _industry(ByCode()),
            "sectors": _terms(ByName(Sector)),
            "modes": _terms(ByName(CooperationMode)),
        }

    def headings(self) -> dict[str, str]:
        """Return the column of each heading, in any language."""
        labels: dict[str, list[str]] = {}
        for name in (*SENDER, *self.fields, *(key for key in self._words if _IN_WAN in key)):
            labels[name] = [name]
            if name not in self.fields and (name == "landline" or _IN_WAN in name):
                continue
            for language in CONTENT_LANGUAGES:
                with translation.override(language):
                    labels[name].append(str(self.label(name)))
        return known_headings(labels, self._words)

    def label(self, name: str) -> Words:
        """Return what a column is called where the file has no heading for it."""
        base = name.removesuffix(_IN_WAN)
        if base in self.fields:
            return self.fields[base].label
        column = "phone" if name == "landline" else name
        return Submission._meta.get_field(column).verbose_name  # type: ignore[union-attr]  # a column

    @property
    def needed(self) -> list[str]:
        """The columns without which a file is of something else."""
        return [key for key, field in self.fields.items() if field.is_always_asked]

    def has_lines(self, name: str) -> bool:
        field = self.fields.get(name)
        return field is not None and field.widget in (Widget.TEXT, Widget.CHOICES, Widget.KEYWORDS)

    def value(self, name: str, text: str) -> tuple[str, Any]:
        """Return the key of the field and the value that a cell proposes.

        Raises ``ValidationError`` for what cannot even be kept as it was written.
        """
        key = name.removesuffix(_IN_WAN)
        field = self.fields[key]
        if field.widget == Widget.MONEY:
            return key, value_of_text(text, times=10_000 if name != key else 1)
        if field.widget == Widget.YEARS:
            return key, _years(text)
        if field.widget == Widget.KEYWORDS:
            return key, join_keywords(split_keywords(text))
        if key in self._reads:
            return key, self._reads[key](text)
        return key, _text(field, text)


def _read_once(field: Field) -> Field:
    """Return the field with its list read once, however many rows name terms of it."""
    return replace(field, options=cache(field.options)) if field.options else field


def _text(field: Field, text: str) -> str:
    plain = visible(text).strip() if field.widget == Widget.TEXT else one_line(text)
    if field.widget == Widget.LINE and len(plain) > field.most:
        raise ValidationError(
            _("This has %(count)d characters. At most %(limit)d fit."),
            params={"count": len(plain), "limit": field.most},
        )
    return plain


def _term(choice: Choice) -> Callable[[str], Any]:
    def read(text: str) -> str:
        try:
            return str(choice.clean(text))
        except ValueError:
            return one_line(text)

    return read


def _industry(choice: ByCode) -> Callable[[str], Any]:
    def read(text: str) -> str:
        found = choice.named(text)
        return found[0].code if len(found) == 1 else one_line(text)

    return read


def _terms(choice: ByName) -> Callable[[str], Any]:
    def read(text: str) -> list[str]:
        found: dict[str, None] = {}
        for name in split(text, choice.knows):
            rows = choice.named(name)
            found[rows[0].slug if len(rows) == 1 else one_line(name)] = None
        return list(found)

    return read


_YEARS = re.compile(r"(\d{4})\D*?(?:(?:[-–—~～至到]|to)\D*(\d{4}))?\D*")


def _years(text: str) -> list[int | None]:
    """Return the first and the last year: of one year both, of 2028年底前 the last alone."""
    plain = re.sub(r"\s", "", unicodedata.normalize("NFKC", text))
    # Months and days, of which the form asks nothing: 2026-01-01至2028.12.31.
    plain = re.sub(r"(\d{4})[-./年]\d{1,2}(?!\d)(?:[-./月]\d{1,2}(?!\d))?[日月]?", r"\1", plain)
    found = _YEARS.fullmatch(plain)
    years = [int(year) for year in found.groups() if year] if found else []
    if not years or not all(1900 <= year <= 2200 for year in years) or years != sorted(years):
        raise ValidationError(_("“%(value)s” names no years."), params={"value": text[:60]})
    if len(years) == 1 and re.search("前|底|止|截止|before|until|by", plain.casefold()):
        return [None, years[0]]
    return [years[0], years[-1]]
