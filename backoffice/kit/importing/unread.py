"""Columns of a file that an import does not keep: which they are, and what is said of them."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from summit.lib.files.sheet_headings import plain_heading
from summit.lib.i18n.languages import listed

# What forms of bureaus ask of people and nobody needs here. It is not kept, which is said.
PERSONAL = frozenset(
    map(
        plain_heading,
        (
            *("性别", "Gender", "Sex", "年龄", "Age", "民族", "Ethnicity", "籍贯"),
            *("出生日期", "出生年月", "出生年月日", "生日", "Date of birth", "Birthday"),
            *("身份证号", "身份证", "身份证号码", "证件号", "证件号码", "证件类型"),
            *("ID number", "ID card", "ID card number", "护照号", "护照号码", "Passport"),
            *("Passport number", "Passport No.", "政治面貌", "党派", "婚姻状况"),
            *("学历", "学位", "最高学历", "文化程度"),
            *("家庭住址", "住址", "家庭地址", "Home address"),
            *("银行卡号", "银行账号", "开户行"),
            *("车牌号", "车牌号码", "Licence plate", "饮食禁忌", "健康状况"),
            *("宗教信仰", "Religion"),
        ),
    )
)


def notes(titles: Iterable[str]) -> list[str]:
    """Say that columns of these headings are left out."""
    titles = list(dict.fromkeys(titles))
    personal = list(filter(_is_personal, titles))
    others = [title for title in titles if title not in personal]
    said = []
    if personal:
        said.append(
            _("Not imported, as personal data that this site does not need: %(names)s.")
            % {"names": listed(personal)}
        )
    if others:
        said.append(
            _("These columns are not known here and were left out: %(names)s.")
            % {"names": listed(named(others))}
        )
    return said


def _is_personal(title: str) -> bool:
    # 性别 Gender: the first word says it as well.
    return any(plain_heading(each) in PERSONAL for each in (title, *title.split()[:1]))


def named(titles: Iterable[str]) -> list[str]:
    return [title or _("a column without a heading") for title in titles]
