"""The columns of the files from which projects are imported. What is new is a draft."""

from typing import Any

from django.utils import translation
from import_export.fields import Field

from backoffice.imports import ORGANIZATION_WORDS
from backoffice.kit.importing import SheetResource
from backoffice.kit.importing.columns import Choice, Day
from backoffice.kit.importing.rows import ByName, ManyByName
from backoffice.kit.labels import pair
from events.models import Organization
from projects.models import CooperationMode, Project, Sector
from summit.lib.i18n.languages import CONTENT_LANGUAGES
from summit.lib.i18n.likeness import key

LEVELS = {
    level: (f"TRL{level}", f"TRL {level}", f"{level}级", f"{digit}级")
    for level, digit in enumerate("一二三四五六七八九", 1)
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


class ProjectResource(SheetResource):
    related = ("sectors", "modes", "owner")
    spread = frozenset({"owner"})

    kind = Field(
        "kind",
        "kind",
        Choice(
            Project.Kind.choices,
            {
                Project.Kind.OFFER: ("供给", "成果", "技术成果", "技术供给"),
                Project.Kind.REQUEST: ("需求", "技术需求", "企业需求", "need", "demand"),
            },
        ),
    )
    sectors = Field("sectors", "sectors", ManyByName(Sector))
    maturity = Field("maturity", "maturity", Level(Project.Maturity.choices, LEVELS))
    property_status = Field(
        "property_status", "property_status", Choice(Project.PropertyStatus.choices)
    )
    modes = Field("modes", "modes", ManyByName(CooperationMode))
    owner = Field("owner", "owner", ByName(Organization))
    valid_until = Field("valid_until", "valid_until", Day())

    other_headings = {
        "title": (
            *("项目名称", "成果名称", "需求名称", "技术需求名称", "需求成果名称", "题目", "标题"),
            *("Name", "Project", "Project title", "Project name"),
        ),
        "kind": ("需求类型", "项目类型", "供需类型", "Type"),
        "summary": ("简介", "项目简介", "成果简介", "需求简介", "概述", "摘要", "Abstract"),
        "description": (
            *("详情", "需求详情", "项目介绍", "技术需求概述", "成果介绍", "应用场景"),
            "Details",
        ),
        "advantages": ("优势", "创新点", "技术优势", "先进性", "Innovation", "Benefits"),
        "sectors": (
            *("技术领域", "所属领域", "所属高新技术领域", "行业领域", "应用领域"),
            *("需求技术所属领域", "战略性新兴产业分类", "Field", "Fields", "Sector"),
        ),
        "maturity": ("成熟度", "技术成熟度", "TRL", "Readiness level"),
        "property_status": ("知识产权", "知识产权类型", "知识产权情况", "IPR status", "IP"),
        "modes": (
            *("合作方式", "拟合作方式", "拟采取的转化方式", "拟转化方式", "转让方式"),
            *("预期交易方式", "Cooperation", "Mode of cooperation"),
        ),
        "owner": (
            *ORGANIZATION_WORDS,
            *("完成单位", "持有单位", "所属单位", "所有者", "所在单位", "Applicant"),
        ),
        "valid_until": ("有效期", "有效期至", "截止日期", "需求时限", "Deadline"),
    }
    example = {
        "title_en": "Remote blood testing",
        "title_zh_hans": "远程血液检测",
        "kind": Project.Kind.OFFER.label,
        "summary_en": "A drop of blood is tested at home.",
        "summary_zh_hans": "居家采集一滴血即可完成检测。",
        "maturity": "6",
        "owner": "示例医疗科技有限公司",
        "valid_until": "2027-12-31",
    }

    class Meta(SheetResource.Meta):
        model = Project
        fields = (
            *(*pair("title"), "kind", *pair("summary"), *pair("description")),
            *pair("advantages"),
            *("sectors", "maturity", "property_status", "modes", "owner", "valid_until"),
            "slug",
        )
