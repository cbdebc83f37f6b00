"""The columns of the files from which organizations and experts are imported."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from import_export.fields import Field

from backoffice.kit.importing import SheetResource
from backoffice.kit.importing.columns import Choice, Country, Languages, YesNo
from backoffice.kit.importing.resource import SheetRow
from backoffice.kit.importing.rows import ByName
from backoffice.kit.labels import pair
from events.domain.identifiers import doubts_about
from events.models import Affiliation, Expert, Organization
from summit.lib.given import given
from summit.lib.identifiers import canonical_credit_code, canonical_orcid, canonical_ror

# What the forms of bureaus call an organization: 单位名称, 机构全称.
ORGANIZATION_WORDS = (
    *("单位名称", "单位", "机构全称", "机构名称", "企业名称", "企业", "公司名称", "公司", "全称"),
    *("所属单位或公司名称", "Organisation", "Organization", "Company", "Institution"),
)
COUNTRY_WORDS = ("国别", "国家", "国别地区", "国家或地区", "国籍", "Nationality")
KINDS_OF_ORGANIZATION = {
    Organization.Kind.COMPANY: (
        "企业",
        "公司",
        "有限责任公司",
        "民营企业",
        "国有企业",
        "enterprise",
    ),
    Organization.Kind.UNIVERSITY: ("高等院校", "高校", "大学", "college"),
    Organization.Kind.RESEARCH_INSTITUTE: ("研究机构", "科研院所", "研究院", "institute"),
    Organization.Kind.PUBLIC_BODY: ("政府部门", "机关", "行政机关", "government"),
    Organization.Kind.HEALTH_SERVICE: ("医疗卫生机构",),
    Organization.Kind.HOSPITAL: ("医疗机构",),
    Organization.Kind.ASSOCIATION: ("协会", "学会", "商会", "社会团体", "行业协会", "society"),
    Organization.Kind.OTHER: ("其他", "其它", "other"),
}


# So many rows with an identifier that cannot be right are named one by one.
MOST_DOUBTS = 20


class WithIdentifiers(SheetResource):
    """Rows that an identifier tells as well. One that cannot be right is said, not refused."""

    def after_import_row(self, row: dict[str, str], row_result: SheetRow, **kwargs: Any) -> None:
        super().after_import_row(row, row_result, **kwargs)
        if any(row.get(name) for name in self.identifiers) and len(self.remarks) < MOST_DOUBTS:
            name = self.name_in(row)
            for doubt in doubts_about(given(row_result.instance)).values():
                self.remarks.append(f"{name}{pgettext('after the kind of a row', ': ')}{doubt}")


class OrganizationResource(WithIdentifiers):
    identifiers = {"credit_code": canonical_credit_code, "ror": canonical_ror}

    kind = Field("kind", "kind", Choice(Organization.Kind.choices, KINDS_OF_ORGANIZATION))
    country = Field("country", "country", Country())
    is_public = Field("is_public", "is_public", YesNo())

    other_headings = {
        "name": ORGANIZATION_WORDS,
        "kind": ("机构属性", "单位性质", "单位类型", "机构类型", "企业类型", "性质", "Type"),
        "country": COUNTRY_WORDS,
        "city": ("所在城市", "所在地域", "所在地", "地市"),
        "district": ("区县", "所在区县", "所属区县", "县区", "园区", "County"),
        "credit_code": ("统一社会信用代码", "信用代码", "社会信用代码", "USCC", "Credit code"),
        "ror": ("ROR", "ROR ID"),
        "website": ("网址", "官网", "官方网站", "URL", "Web site", "Homepage"),
        "description": (
            *("机构简介", "单位简介", "企业简介", "公司简介", "简介", "介绍"),
            *("Profile", "About"),
        ),
    }
    example = {
        "name_en": "Example Medical Technology Co., Ltd",
        "name_zh_hans": "示例医疗科技有限公司",
        "short_name_en": "Example Medical",
        "short_name_zh_hans": "示例医疗",
        "kind": Organization.Kind.COMPANY.label,
        "country": "CN",
        "city_en": "Shijiazhuang",
        "city_zh_hans": "石家庄",
        "website": "https://example.com",
        "description_en": "Makes imaging devices for hospitals.",
        "description_zh_hans": "研发生产医用影像设备。",
        "is_public": "是",
    }

    class Meta(SheetResource.Meta):
        model = Organization
        fields = (
            *(*pair("name"), *pair("short_name"), "kind", "country", *pair("city")),
            *(*pair("district"), "credit_code", "ror"),
            *("website", *pair("description"), "is_public", "slug"),
        )


class ExpertResource(WithIdentifiers):
    """Experts, each with one affiliation where the file names the organization."""

    identifiers = {"orcid": canonical_orcid}

    of_affiliation = ("organization", *pair("position"))
    related = ("affiliations__organization",)
    spread = frozenset({"organization"})

    country = Field("country", "country", Country())
    languages = Field("languages", "languages", Languages())
    is_public = Field("is_public", "is_public", YesNo())
    organization = Field(column_name="organization", widget=ByName(Organization))
    position_en = Field(column_name="position_en")
    position_zh_hans = Field(column_name="position_zh_hans")

    other_headings = {
        "name": ("姓名", "专家姓名", "专家", "Full name", "Expert"),
        "honorific": ("职称", "学术称谓", "头衔", "尊称", "称呼", "Title"),
        "biography": ("简介", "个人简历", "专家简介", "简历", "Bio", "CV"),
        "country": COUNTRY_WORDS,
        "orcid": ("ORCID", "ORCID iD"),
        "languages": ("语言", "工作语言", "使用语言", "语种", "Languages"),
        "organization": (*ORGANIZATION_WORDS, "工作单位", "所在单位", "任职单位", "Affiliation"),
        "position": ("单位职务", "现任职务", "Job title", "Post"),
    }
    example = {
        "name_en": "Li Ming",
        "name_zh_hans": "李明",
        "honorific_en": "Professor",
        "honorific_zh_hans": "教授",
        "biography_en": "Works on rapid blood tests.",
        "biography_zh_hans": "从事快速血液检测研究。",
        "country": "CN",
        "languages": "zh, en",
        "is_public": "是",
        "organization": "示例大学",
        "position_en": "Director",
        "position_zh_hans": "主任",
    }

    class Meta(SheetResource.Meta):
        model = Expert
        fields = (
            *(*pair("name"), *pair("honorific"), "organization", *pair("position"), "country"),
            *("languages", "orcid", *pair("biography"), "is_public", "slug"),
        )

    @classmethod
    def meant(cls, column: str) -> type[models.Model]:
        return Affiliation if column in cls.of_affiliation else Expert

    def _organization(self, row: dict) -> Organization:
        """Return the organization that a row names. Raises ``ValueError``."""
        return self.fields["organization"].widget.one(row["organization"])

    def _affiliation(self, expert: Expert, organization: Organization) -> Affiliation | None:
        """Return what the expert is at the organization today, if anything."""
        present = expert.affiliations.at(timezone.localdate())
        return present.filter(organization=organization).first()

    def value(self, name: str, row: Expert) -> Any:
        if name not in self.of_affiliation:
            return super().value(name, row)
        primary = row.primary_affiliation
        return getattr(primary, name) if primary else None

    def refused(self, instance: Expert, row: dict) -> dict[str, list[ValidationError]]:
        errors = super().refused(instance, row)
        if row.get("organization"):
            try:
                self._organization(row)
            except ValueError as error:
                errors["organization"] = [ValidationError(str(error))]
        elif any(row.get(name) for name in pair("position")):
            errors["organization"] = [
                ValidationError(_("Name the organization at which this position is held."))
            ]
        return errors

    def changed(self, instance: Expert, original: Expert, row: dict) -> list[str]:
        found = super().changed(instance, original, row)
        if not row.get("organization"):
            return found
        stored = self._affiliation(original, self._organization(row))
        if stored is None:
            found.append("organization")
        for name in pair("position"):
            if row.get(name) and row[name] != getattr(stored, name, ""):
                found.append(name)
        return found

    def value_before(self, name: str, original: Expert, row: dict) -> Any:
        if name in pair("position"):
            affiliation = self._affiliation(original, self._organization(row))
            return getattr(affiliation, name, "")
        return super().value_before(name, original, row)

    def after_save_instance(self, instance: Expert, row: dict, **kwargs: Any) -> None:
        if not row.get("organization"):
            return
        organization = self._organization(row)
        present = instance.affiliations.at(timezone.localdate())
        affiliation = self._affiliation(instance, organization) or Affiliation(
            expert=instance,
            organization=organization,
            is_primary=not present.filter(is_primary=True).exists(),
        )
        for name in pair("position"):
            if row.get(name):
                setattr(affiliation, name, row[name])
        affiliation.full_clean()
        affiliation.save()
