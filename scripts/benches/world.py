"""The data of the benches: an event of so many sessions, experts and projects."""

import datetime as dt
from typing import Any

from django.db import transaction

from events.models import Event, Expert, Organization, Session, SiteProfile
from projects.models import CooperationIntention, CooperationMode, Project, Sector
from tests import factories

DAY = dt.date(2020, 10, 29)
TITLES = ("Remote blood testing for community clinics", "社区诊所远程血液检测系统")
SUMMARIES = (
    "A cartridge the size of a stamp and a reader that fits in a pocket bring the laboratory "
    "to the patient, with results in twelve minutes and a record the hospital can trust.",
    "邮票大小的试剂卡与口袋大小的读数仪，把化验室带到患者身边，十二分钟出结果，数据可被医院采信。",
)
PARAGRAPHS = (
    "## What it is\n\n" + SUMMARIES[0] + "\n\n- No cold chain\n- No trained operator\n"
    "- **Validated** against the laboratory method in 412 samples\n\n" + SUMMARIES[0],
    "## 项目简介\n\n" + SUMMARIES[1] + "\n\n- 无需冷链\n- 无需专业操作人员\n"
    "- 与实验室方法**对照验证**412例\n\n" + SUMMARIES[1],
)


def both(name: str, texts: tuple[str, str], number: int | str = "") -> dict[str, str]:
    """Return the two columns of a bilingual field."""
    return {
        f"{name}_{code}": f"{text} {number}".strip()
        for code, text in zip(("en", "zh_hans"), texts, strict=True)
    }


class World:
    """Grows: each call of ``grow`` adds what is missing up to the numbers given."""

    event: Event
    project: Project
    expert: Expert
    organization: Organization
    intention: CooperationIntention

    def __init__(self) -> None:
        SiteProfile.load()
        self.series = factories.series(**both("title", ("Series", "系列活动")))
        times = {
            "time_zone": "Asia/Shanghai",
            "second_time_zone": "Europe/London",
            "starts_at": factories.at(8, day=DAY),
            "ends_at": factories.at(20, day=DAY + dt.timedelta(days=1)),
        }
        texts = both("summary", SUMMARIES) | both("description", PARAGRAPHS)
        title = both("title", ("International Project Docking Summit", "国际前沿项目对接峰会"))
        self.event = factories.event(series=self.series, **times, **title, **texts)
        self.organization = factories.organization(**both("description", PARAGRAPHS))
        factories.role(event=self.event, organization=self.organization)
        factories.photo(event=self.event)
        self.sessions: list[Session] = []
        self.experts: list[Expert] = []
        self.projects: list[Project] = []
        self.intentions: list[CooperationIntention] = []

    @transaction.atomic
    def grow(self, *, sessions: int, experts: int, projects: int, intentions: int) -> None:
        for number in range(len(self.experts), experts):
            self.experts.append(self._expert(number))
        for number in range(len(self.sessions), sessions):
            self.sessions.append(self._session(number))
        for number in range(len(self.projects), projects):
            self.projects.append(self._project(number))
        for number in range(len(self.intentions), intentions):
            self.intentions.append(self._intention(number))
        self.session, self.expert = self.sessions[0], self.experts[0]
        self.project, self.intention = self.projects[0], self.intentions[0]

    def _expert(self, number: int) -> Expert:
        texts = both("name", ("Ann Hale", "安·黑尔"), number) | both("biography", PARAGRAPHS)
        expert = factories.expert(**texts, **both("honorific", ("Professor", "教授")))
        factories.affiliation(expert=expert, organization=self.organization)
        return expert

    def _session(self, number: int) -> Session:
        start = factories.at(8, day=DAY) + dt.timedelta(minutes=50 * number)
        session = factories.session(
            event=self.event,
            starts_at=start,
            ends_at=start + dt.timedelta(minutes=45),
            kind=["keynote", "project_pitch", "panel", "exchange"][number % 4],
            **both("title", ("Early detection of cancer from breath", "呼气早癌检测"), number),
            **both("abstract", PARAGRAPHS),
            **both("room", ("Great hall", "大礼堂")),
        )
        for expert in (self.experts * 2)[number % len(self.experts) :][: min(3, len(self.experts))]:
            factories.appearance(session=session, expert=expert)
        return session

    def _project(self, number: int) -> Project:
        project = factories.project(
            owner=self.organization,
            sectors=Sector.objects.all()[:2],
            modes=CooperationMode.objects.all()[:3],
            property_status="granted",
            **both("title", TITLES, number),
            **both("summary", SUMMARIES),
            **both("description", PARAGRAPHS),
            **both("advantages", PARAGRAPHS),
        )
        if number < 20:
            expert = self.experts[number % len(self.experts)]
            factories.recommendation(
                expert=expert,
                project=project,
                session=self.sessions[number % len(self.sessions)],
                **both("note", SUMMARIES),
            )
        return project

    def _intention(self, number: int) -> CooperationIntention:
        purpose: dict[str, Any] = both("purpose", SUMMARIES)
        return factories.signed_intention(
            event=self.event,
            session=self.sessions[0],
            company=self.organization,
            expert=self.experts[number % len(self.experts)],
            projects=self.projects[number % 3 : number % 3 + 2] or self.projects[:1],
            **purpose,
        )
