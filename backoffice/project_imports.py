"""The columns of the files from which projects are imported. What is new is a draft."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from import_export.fields import Field
from import_export.widgets import CharWidget

from backoffice.amounts import CURRENCIES, Amount
from backoffice.imports import ORGANIZATION_WORDS
from backoffice.kit.importing import SheetResource
from backoffice.kit.importing.columns import Choice, Day, YesNo
from backoffice.kit.importing.rows import ByName, ManyByName
from backoffice.kit.labels import pair
from backoffice.project_import_cells import (
    LEVELS,
    PRICE_BANDS,
    SOLUTION_MODES,
    STAGE,
    ByCode,
    Keywords,
    LastDay,
    Level,
    cells_of_price,
    first_day,
    is_stage,
)
from events.models import Department, District, Organization
from projects.models import CooperationMode, Project, Sector
from projects.models.details import SolutionMode
from projects.models.disclosure import Disclosure
from projects.models.price import PriceBand
from summit.lib.i18n.money import Currency

DISCLOSURES = {
    Disclosure.PUBLIC: ("是", "yes"),
    Disclosure.TITLE: ("仅公开标题", "仅公开名称", "title only"),
    Disclosure.PARTICIPANTS: ("仅参会者", "仅参会者可见", "仅参会人员可见"),
    Disclosure.BUREAU: (
        *("否", "不公开", "内部", "仅主办方", "仅主办方可见", "仅组织者可见"),
        *("no", "confidential"),
    ),
}


class ProjectResource(SheetResource):
    related = ("sectors", "modes", "owner", "industry", "district", "department")
    spread = frozenset({"owner", "district", "department"})
    only_read = frozenset({"price", "price_wan"})
    own_labels = {"price": _("budget or price"), "price_wan": _("budget or price in 10,000 yuan")}
    own_hints = {
        "price": _("Instead of the amounts: 500000 CNY, 50-80万元 or 面议."),
        "price_wan": _("Instead of the amounts: 50-80 means 500,000 to 800,000 yuan."),
    }

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
    keywords_en = Field("keywords_en", "keywords_en", Keywords())
    keywords_zh_hans = Field("keywords_zh_hans", "keywords_zh_hans", Keywords())
    stage = Field("stage", "stage", STAGE)
    solution_mode = Field(
        "solution_mode", "solution_mode", Choice(SolutionMode.choices, SOLUTION_MODES)
    )
    needed_from = Field("needed_from", "needed_from", Day())
    needed_until = Field("needed_until", "needed_until", LastDay())
    industry = Field("industry", "industry", ByCode())
    district = Field("district", "district", ByName(District))
    department = Field("department", "department", ByName(Department))
    price_from = Field("price_from", "price_from", Amount())
    price_to = Field("price_to", "price_to", Amount())
    price_currency = Field("price_currency", "price_currency", Choice(Currency.choices, CURRENCIES))
    price_band = Field("price_band", "price_band", Choice(PriceBand.choices, PRICE_BANDS))
    price = Field(column_name="price", widget=CharWidget())
    price_wan = Field(column_name="price_wan", widget=CharWidget())
    disclosure = Field("disclosure", "disclosure", Choice(Disclosure.choices, DISCLOSURES))
    shows_price = Field("shows_price", "shows_price", YesNo())

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
        "stage": ("成果所处阶段", "所处阶段", "项目阶段", "Stage of development"),
        "keywords": ("关键字", "技术关键词", "专长关键词", "Keyword", "Key words"),
        "key_indicators": (
            *("技术指标", "主要指标", "核心指标", "技术关键", "主要技术指标", "性能指标"),
            *("Indicators", "Technical indicators", "Specification"),
        ),
        "existing_basis": (
            "现有基础条件",
            "现有条件",
            "已有基础",
            "工作基础",
            "Existing conditions",
        ),
        "partner_conditions": (
            *("揭榜方需具备的条件", "合作方条件", "对合作方的要求", "合作要求"),
            *("Conditions", "Partner sought", "Expected role of a partner"),
        ),
        "ownership_rule": ("产权归属", "知识产权归属", "成果归属", "Ownership"),
        "solution_mode": ("技术需求解决方式", "需求解决方式", "解决方式", "Solution"),
        "needed_from": ("需求开始时间", "起始时间"),
        "needed_until": ("需求时限", "时限要求", "完成时限", "需求截止时间", "Time limit"),
        "patent_numbers": ("专利号", "专利编号", "专利号/审定号", "Patent number", "Patents"),
        "industry": (
            *("应用行业", "需求技术应用行业", "所属行业", "所属产业", "国民经济行业"),
            "Industry code",
        ),
        "district": ("所属地区", "所在地域", "区域", "所属区县", "县区", "区县", "园区", "Region"),
        "department": ("归口管理部门", "归口部门", "推荐单位", "主管部门", "Recommended by"),
        "price": ("预算金额", "预算资金", "资金投入", "价格", "转让价格", "预算", "Price"),
        "price_wan": (
            *("预算金额（万元）", "拟投入资金总额（万元）", "拟投入资金总额", "拟投入资金（万元）"),
            *(
                "预期价格（万元）",
                "拟转化金额（万元）",
                "拟转化金额（万）",
                "单价（万元）",
                "预算（万元）",
            ),
        ),
        "disclosure": ("公开程度", "是否公开", "密级", "Publicity"),
        "property_status": ("知识产权", "知识产权类型", "知识产权情况", "IPR status", "IP"),
        "modes": (
            *("合作方式", "拟合作方式", "拟采取的转化方式", "拟转化方式", "转让方式"),
            *("预期交易方式", "Cooperation", "Mode of cooperation"),
        ),
        "owner": (
            *ORGANIZATION_WORDS,
            *("完成单位", "持有单位", "所属单位", "所有者", "所在单位", "Applicant"),
        ),
        "valid_until": ("有效期", "有效期至", "截止日期", "Deadline"),
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
            *(*pair("advantages"), *pair("keywords"), *pair("key_indicators")),
            *("sectors", "maturity", "stage", "property_status", "patent_numbers", "modes"),
            *("price_from", "price_to", "price_currency", "price_band", "price", "price_wan"),
            *("solution_mode", "needed_from", "needed_until", *pair("existing_basis")),
            *(*pair("ownership_rule"), *pair("partner_conditions"), "industry", "district"),
            *("department", "owner", "valid_until", "disclosure", "shows_price", "slug"),
        )

    def before_import_row(self, row: dict[str, str], **kwargs: Any) -> None:
        super().before_import_row(row, **kwargs)
        for name, times in (("price", 1), ("price_wan", 10_000)):
            if typed := row.get(name):
                for cell, text in cells_of_price(typed, times=times).items():
                    row[cell] = row.get(cell) or text
        # A span of years says both: 2026-2028.
        if not row.get("needed_from"):
            row["needed_from"] = first_day(row.get("needed_until", ""))
        # Forms call both 成熟度: a level, or one of the five stages.
        if is_stage(row.get("maturity", "")) and not row.get("stage"):
            row["stage"], row["maturity"] = row["maturity"], ""
        # The form of a need has no column that says so.
        is_need = any(row.get(name) for name in Project.OF_KIND[Project.Kind.REQUEST])
        if is_need and not row.get("kind") and not row.get("slug"):
            row["kind"] = Project.Kind.REQUEST
