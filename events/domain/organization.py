"""Organizations that are named where somebody needs one, and added with what names them."""

import re

from django.contrib.auth.models import User

from events.models import Organization
from summit.lib.database.history import write_as
from summit.lib.i18n.likeness import HAN

Kind = Organization.Kind

_HAN = re.compile(f"[{HAN}]")
_BOTH = re.compile(r"[/／|｜]")
# In this order: 河北医科大学第二医院 is a hospital, 河北大学科技园有限公司 a company.
_KINDS = [
    (Kind.COMPANY, r"公司|集团|药厂|工厂|\b(?:ltd|limited|inc|llc|llp|plc|gmbh|corporation|co)\b"),
    (Kind.HOSPITAL, r"医院|\b(?:hospital|infirmary)\b"),
    (Kind.RESEARCH_INSTITUTE, r"研究[院所]|科学院|研究中心|\b(?:institute|laborator\w+)\b"),
    (Kind.UNIVERSITY, r"大学|学院|\b(?:university|college|school)\b"),
    (Kind.ASSOCIATION, r"学会|协会|商会|联合会|\b(?:association|society|federation|chamber)\b"),
    (Kind.MEDIA, r"日报|晚报|电视台|通讯社|杂志|\b(?:daily|news|times|television)\b"),
    (Kind.HEALTH_SERVICE, r"卫生院|疾控中心|\b(?:nhs|health service)\b"),
    (Kind.PUBLIC_BODY, r"政府|委员会|办公室|管委会|[局厅署]$|\b(?:bureau|council|ministry)\b"),
]


def from_name(typed: str, *, country: str = "") -> Organization:
    """Return a new organization, not saved, by the name that somebody typed.

    ``河北医科大学 / Hebei Medical University`` gives the name in both languages. Its kind is what
    the name says, so that a university is not kept as a company.
    """
    names = {"name_en": "", "name_zh_hans": ""}
    parts = [part.strip() for part in _BOTH.split(typed)]
    languages = ["name_zh_hans" if _HAN.search(part) else "name_en" for part in parts]
    if len(parts) == 2 and all(parts) and len(set(languages)) == 2:
        names.update(zip(languages, parts, strict=True))
    else:
        names["name_zh_hans" if _HAN.search(typed) else "name_en"] = typed.strip()
    return Organization(**names, kind=kind_by_name(*names.values()), country=country)


def kind_by_name(*names: str) -> Organization.Kind:
    """Return the kind that a name tells, a company where it tells none."""
    for kind, pattern in _KINDS:
        if any(re.search(pattern, name, re.IGNORECASE) for name in names):
            return kind
    return Kind.COMPANY


def add(organization: Organization, *, by: User) -> Organization:
    """Save a new organization. Raises ``ValidationError`` for what cannot be one."""
    write_as(organization, by)
    organization.full_clean()
    organization.save()
    return organization
