"""The columns of the file from which draft intentions of an event are imported."""

from contextlib import suppress
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from import_export.fields import Field
from import_export.results import Result
from tablib.core import Dataset

from backoffice.amounts import CURRENCIES, Amount
from backoffice.kit.importing import SheetResource
from backoffice.kit.importing.columns import Choice, Day, Languages, YesNo
from backoffice.kit.importing.rows import PERSONAL_TITLES, ByName, ManyByName, Names
from backoffice.kit.labels import pair
from events.models import Event, Expert, Organization, Session
from projects.models import CooperationIntention, IntentionProject, Project
from summit.lib.i18n.languages import SPOKEN
from summit.lib.i18n.likeness import key
from summit.lib.i18n.money import Currency, read_currency


class IntentionResource(SheetResource):
    """Drafts of one event: known by the parties with the projects or the subject.

    What is signed stays as it is.
    """

    company = Field("company", "company", ByName(Organization))
    expert = Field("expert", "expert", ByName(Expert, titles=PERSONAL_TITLES))
    expert_organization = Field("expert_organization", "expert_organization", ByName(Organization))
    projects = Field(column_name="projects", widget=ManyByName(Project))
    session = Field("session", "session", ByName(Session))
    signed_on = Field("signed_on", "signed_on", Day())
    valid_until = Field("valid_until", "valid_until", Day())
    intended_amount = Field("intended_amount", "intended_amount", Amount())
    amount_wan = Field("intended_amount", "amount_wan", Amount(times=10_000))
    intended_currency = Field(
        "intended_currency", "intended_currency", Choice(Currency.choices, CURRENCIES)
    )
    governing_language = Field("governing_language", "governing_language", Choice(list(SPOKEN)))
    text_languages = Field("text_languages", "text_languages", Languages())
    is_public = Field("is_public", "is_public", YesNo())
    shows_amounts = Field("shows_amounts", "shows_amounts", YesNo())

    only_read = frozenset({"amount_wan"})
    related = (*("company", "expert", "expert_organization", "session", "project_links__project"),)
    own_labels = {"amount_wan": gettext_lazy("intended amount in 10,000 yuan")}
    own_hints = {"amount_wan": gettext_lazy("Instead of the amount: 100 means 1,000,000 yuan.")}
    other_headings = {
        "company": (
            *("中方", "中方单位", "签约单位", "签约企业", "企业名称", "单位名称", "甲方", "企业"),
            *("Company", "Local party", "Party A"),
        ),
        "expert": ("专家姓名", "外方专家", "合作专家", "Expert name"),
        "expert_organization": (
            *("外方", "外方单位", "合作单位", "专家单位", "外方机构", "乙方", "合作机构"),
            *("Institution", "Foreign party", "Party B"),
        ),
        "projects": ("项目名称", "签约项目", "合作项目", "Project", "Project name"),
        "subject": ("合作事项", "合作主题", "意向名称", "Topic"),
        "purpose": (
            *("建设内容和规模", "合作内容", "项目内容", "内容", "建设内容", "主要内容"),
            *("Content", "Description"),
        ),
        "session": ("签约环节", "签约仪式", "签约场次", "Ceremony"),
        "signed_on": ("签约日期", "签约时间", "Date of signing", "Date"),
        "valid_until": ("有效期", "有效期至", "截止日期", "Term"),
        "intended_amount": ("投资总额", "金额", "合作金额", "签约金额", "总投资", "Amount"),
        "amount_wan": (
            *("投资总额（万元）", "金额（万元）", "合作金额（万元）", "签约金额（万元）"),
            *("意向金额（万元）", "总投资（万元）"),
        ),
        "intended_currency": ("币种", "货币", "Currency"),
        "text_languages": ("文本语言", "语言", "Languages"),
    }
    example = {
        "company": "示例医疗科技有限公司",
        "expert": "李明",
        "expert_organization": "示例大学",
        "projects": "远程血液检测",
        "purpose_zh_hans": "共同开展试点。",
        "intended_amount": "1000000",
        "intended_currency": "CNY",
    }

    class Meta(SheetResource.Meta):
        model = CooperationIntention
        import_id_fields = ()
        fields = (
            *("company", "expert", "expert_organization", "projects", *pair("subject")),
            *(*pair("purpose"), "session", "signed_on", "valid_until", "intended_amount"),
            *("amount_wan", "intended_currency", "text_languages", "governing_language"),
            *("is_public", "shows_amounts"),
        )

    def __init__(self, *args: Any, event: Event, reader: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.event = event
        self.fields["session"].widget.names = Names(event.sessions.all())
        self.stored: list[CooperationIntention] = []
        self.seen: set[int] = set()
        self.signed = 0

    @classmethod
    def needed(cls) -> set[str]:
        return {*IDENTIFYING, "subject", *pair("subject")}

    @classmethod
    def identified_by(cls) -> str:
        return _(
            "A row with the organization, expert and projects (or subject) of a draft of "
            "this event updates that draft, and an empty cell leaves what is stored. Other "
            "rows are added as drafts. Signed intentions stay as they are."
        )

    def name_in(self, row: Any) -> str:
        return " · ".join(filter(None, (row.get("company"), row.get("expert"))))[:60]

    def before_import(self, dataset: Dataset, **kwargs: Any) -> None:
        of_event = CooperationIntention.objects.filter(event=self.event).order_by("pk")
        self.stored = list(of_event.prefetch_related("project_links"))

    def before_import_row(self, row: dict[str, str], **kwargs: Any) -> None:
        super().before_import_row(row, **kwargs)
        # 万元 and a sign name the currency as well.
        amount = row.get("amount_wan") or row.get("intended_amount") or ""
        if amount and not row.get("intended_currency"):
            row["intended_currency"] = "CNY" if row.get("amount_wan") else read_currency(amount)

    def get_instance(self, instance_loader: Any, row: dict[str, str]) -> Any:
        try:
            company, expert, projects = (self._read(row, name) for name in IDENTIFYING)
        except ValueError:
            return None
        subjects = {key(row.get(name, "")) for name in ("subject", *pair("subject"))} - {""}
        wanted = {project.pk for project in projects or []}
        for each in self.stored:
            same_parties = (each.company_id, each.expert_id) == (
                company.pk if company else None,
                expert.pk if expert else None,
            )
            about = {link.project_id for link in each.project_links.all()}
            its_subjects = {key(getattr(each, name)) for name in pair("subject")} - {""}
            same_matter = about == wanted if wanted else bool(subjects & its_subjects)
            if same_parties and same_matter and each.pk not in self.seen:
                self.seen.add(each.pk)
                locked = CooperationIntention.objects.select_for_update(of=("self",))
                return locked.filter(pk=each.pk).first()
        return None

    def _read(self, row: dict[str, str], name: str) -> Any:
        return self.fields[name].widget.clean(row[name]) if row.get(name) else None

    def init_instance(self, row: dict[str, str] | None = None) -> CooperationIntention:
        return CooperationIntention(event=self.event)

    def refused(
        self, instance: CooperationIntention, row: dict
    ) -> dict[str, list[ValidationError]]:
        self.about: list[Project] | None = None
        errors: dict[str, list[ValidationError]] = {}
        # What is wrong with them is said with the other links to many.
        with suppress(ValueError):
            self.about = self._read(row, "projects")
        if not any(row.get(name) for name in ("company", "expert", "projects", *pair("subject"))):
            errors["company"] = [ValidationError(_("Name the parties, the projects or a subject."))]
        return errors

    def skip_row(
        self,
        instance: Any,
        original: Any,
        row: dict[str, str],
        import_validation_errors: dict[str, Any] | None = None,
    ) -> bool:
        if original.pk and not original.is_draft:
            self.changes = []
            self.signed += 1
            return True
        return super().skip_row(instance, original, row, import_validation_errors)

    def changed(self, instance: Any, original: Any, row: dict[str, str]) -> list[str]:
        found = super().changed(instance, original, row)
        if self.about is not None and self.about != self.value("projects", original):
            found.append("projects")
        return found

    def after_save_instance(
        self, instance: CooperationIntention, row: dict[str, str], **kwargs: Any
    ) -> None:
        if self.about is None:
            return
        links = {link.project_id: link for link in instance.project_links.all()}
        for order, project in enumerate(self.about):
            link = links.pop(project.pk, None) or IntentionProject(
                intention=instance, project=project
            )
            if link.pk is None or link.order != order:
                link.order = order
                link.full_clean()
                link.save()
        for link in links.values():
            link.delete()

    def after_import(self, dataset: Dataset, result: Result, **kwargs: Any) -> None:
        if self.signed:
            self.remarks.append(
                ngettext(
                    (
                        "%(count)d row is about an intention that is no longer a draft, which "
                        "stays as it is."
                    ),
                    (
                        "%(count)d rows are about intentions that are no longer drafts, which "
                        "stay as they are."
                    ),
                    self.signed,
                )
                % {"count": self.signed}
            )

    def value(self, name: str, row: CooperationIntention) -> Any:
        if name == "projects":
            return [link.project for link in row.project_links.all()]
        return super().value(name, row)


# What tells one intention of an event from another, with its subject.
IDENTIFYING = ("company", "expert", "projects")
