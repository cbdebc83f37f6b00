"""What an organizer's hands do for a whole event, from the start page to the signing.

12 sessions, 7 experts, 7 projects and 7 intentions, with titles in both languages, through the
real pages in a browser with the interface in Chinese. Prints what the keystroke model of
``hand.py`` makes of it.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.utils import translation
from playwright.sync_api import Page, sync_playwright

from events.models import Event, Expert, Organization, Session
from projects.models import CooperationIntention
from scripts.benches.hand import Hand
from scripts.benches.measuring import verdict
from summit.lib.i18n.languages import Words
from tests import factories
from tests.browser import find_chromium
from tests.cast import make_organizer
from tests.postgres import free_port
from tests.stack import ROOT

Kind = Session.Kind
AIMS = {"clicks": 140, "page loads": 20, "minutes": 22, "minutes beside typing": 9}


@dataclass(frozen=True)
class Item:
    """A session: its times, kind and titles."""

    starts: str
    ends: str
    kind: Kind
    zh: str
    en: str


@dataclass(frozen=True)
class Guest:
    """An expert: names, the organization, and in which session the talk is."""

    zh: str
    en: str
    organization: str
    position_zh: str
    position_en: str
    session: str


@dataclass(frozen=True)
class Offer:
    """A project: titles, who recommends it in which session, and who signs about it."""

    zh: str
    en: str
    expert: str
    session: str
    company: str
    signatory: str
    capacity: str


TITLE = ("2025石家庄·欧洲生物医药项目对接会", "2025 Shijiazhuang–Europe Biomedical Docking Summit")
SESSIONS = [
    Item("0830", "0900", Kind.CHECK_IN, "来宾签到", "Registration of guests"),
    Item("0900", "0920", Kind.OPENING, "开幕式暨领导致辞", "Opening and addresses"),
    Item("0920", "0950", Kind.KEYNOTE, "远程血液检测的临床应用", "Remote blood testing in clinics"),
    Item("0950", "1020", Kind.KEYNOTE, "早期肿瘤筛查新进展", "Advances in early cancer screening"),
    Item("1020", "1040", Kind.BREAK, "茶歇", "Coffee break"),
    Item("1040", "1110", Kind.KEYNOTE, "口服多肽制剂研究", "Research on oral peptides"),
    Item("1110", "1200", Kind.PROJECT_PITCH, "体外诊断项目推介", "Pitches: in vitro diagnostics"),
    Item("1200", "1330", Kind.MEAL, "工作午餐", "Working lunch"),
    Item("1330", "1430", Kind.PROJECT_PITCH, "康复器械项目推介", "Pitches: rehabilitation devices"),
    Item("1430", "1530", Kind.TALKS, "企业与专家一对一洽谈", "One-to-one talks"),
    Item("1530", "1600", Kind.SIGNING, "合作意向签约仪式", "Signing ceremony"),
    Item(
        "1600", "1730", Kind.SITE_VISIT, "走访高新区生物医药企业", "Visit to companies of the park"
    ),
]
EXPERTS = [
    Guest(
        "安·黑尔",
        "Ann Hale",
        "布里奇沃特大学 / Bridgewater University",
        "检验医学教授",
        "Professor of Laboratory Medicine",
        "远程血液检测的临床应用",
    ),
    Guest(
        "托比亚斯·伦尼克",
        "Tobias Rennick",
        "莱茵诊断研究所 / Rhine Institute of Diagnostics",
        "研究部主任",
        "Head of Research",
        "早期肿瘤筛查新进展",
    ),
    Guest(
        "伊尔莎·范登",
        "Ilse Vanden",
        "斯海尔德制剂公司 / Schelde Formulations",
        "首席科学家",
        "Chief Scientist",
        "口服多肽制剂研究",
    ),
    Guest(
        "马可·贝尔蒂",
        "Marco Belti",
        "波河传感器公司 / Po Sensors",
        "技术总监",
        "Technical Director",
        "体外诊断项目推介",
    ),
    Guest(
        "索菲·朗格",
        "Sophie Lange",
        "莱茵诊断研究所",
        "项目负责人",
        "Project Lead",
        "体外诊断项目推介",
    ),
    Guest(
        "奥拉夫·斯滕",
        "Olaf Sten",
        "北境康复中心 / Nordmark Rehabilitation Centre",
        "主任医师",
        "Senior Consultant",
        "康复器械项目推介",
    ),
    Guest(
        "埃娃·诺瓦",
        "Ewa Nowa",
        "维斯瓦医疗器械公司 / Wisla Devices",
        "总经理",
        "Managing Director",
        "康复器械项目推介",
    ),
]
PROJECTS = [
    Offer(
        "指尖血远程检测系统",
        "Remote finger-prick testing",
        "安·黑尔",
        "远程血液检测的临床应用",
        "清曜生物科技有限公司",
        "周启明",
        "总经理",
    ),
    Offer(
        "呼气早筛分析仪",
        "Breath analyser for screening",
        "托比亚斯·伦尼克",
        "早期肿瘤筛查新进展",
        "睿甄医学检验有限公司",
        "何静远",
        "副总经理",
    ),
    Offer(
        "口服多肽递送平台",
        "Oral peptide platform",
        "伊尔莎·范登",
        "口服多肽制剂研究",
        "澄砚药业有限公司",
        "陆云舟",
        "董事长",
    ),
    Offer(
        "微流控快速检测卡",
        "Microfluidic test card",
        "马可·贝尔蒂",
        "体外诊断项目推介",
        "云栎数字健康有限公司",
        "冯书衡",
        "研发总监",
    ),
    Offer(
        "外泌体分离试剂盒",
        "Exosome isolation kit",
        "索菲·朗格",
        "体外诊断项目推介",
        "滹滨诊断试剂有限公司",
        "韩以宁",
        "采购总监",
    ),
    Offer(
        "手功能康复外骨骼",
        "Hand exoskeleton",
        "奥拉夫·斯滕",
        "康复器械项目推介",
        "沐澜康复设备有限公司",
        "唐之遥",
        "执行董事",
    ),
    Offer(
        "可穿戴步态监测仪",
        "Wearable gait monitor",
        "埃娃·诺瓦",
        "康复器械项目推介",
        "正定智能装备有限公司",
        "薛承远",
        "事业部经理",
    ),
]
SPONSORS = [("石家庄市科学技术局", "主办"), ("石家庄高新区管委会", "承办")]


def run() -> bool:
    chromium = find_chromium()
    if chromium is None:
        print("\nNo Chromium found; CHROMIUM=/path/to/chromium names one. Nothing was measured.")
        return True
    _prepare()
    with site() as address, sync_playwright() as playwright:
        arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        browser = playwright.chromium.launch(executable_path=chromium, args=arguments)
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        _log_in(page, address)
        hand = Hand(page)
        _enter(hand)
        browser.close()
    return _tell(hand)


def _prepare() -> None:
    """Make what a bureau has before its second event: a series, the two bodies that invite."""
    factories.series(title_zh_hans="石家庄国际生物医药科技系列活动", reference_prefix="SJZ")
    for name, _role in SPONSORS:
        factories.organization(name_zh_hans=name, kind=Organization.Kind.PUBLIC_BODY)
    make_organizer()


@contextmanager
def site() -> Iterator[str]:
    """Serve the bench's database as a developer's server does, to a browser on this machine."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    environment = os.environ | {
        "DEBUG": "true",
        "ALLOWED_HOSTS": "127.0.0.1",
        "SITE_URL": address,
    }
    command = [sys.executable, "manage.py", "runserver", "--noreload", str(port)]
    quiet = subprocess.DEVNULL
    server = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=quiet, stderr=quiet)
    try:
        yield address
    finally:
        server.terminate()
        server.wait()


def _log_in(page: Page, address: str) -> None:
    """Log in, which is no part of the work that is measured."""
    cookie = {"name": "django_language", "value": "zh-hans", "url": address}
    page.context.add_cookies([cookie])  # type: ignore[list-item]  # a plain dictionary does
    for _try in range(100):
        try:
            page.goto(f"{address}/admin/login/?next=/admin/")
            break
        except Exception:
            page.wait_for_timeout(200)
    page.fill("#id_username", "organizer")
    page.fill("#id_password", "x")
    page.click("[type=submit]")
    page.wait_for_load_state()


def _enter(hand: Hand) -> None:
    """Enter the event, from the start page to the published event and the signed intentions."""
    hand.click(".quick-add a:has-text('活动')")
    _enter_event(hand)
    _save(hand)
    for part, fill in (
        ("programme", _enter_programme),
        ("organizations", _enter_organizations),
        ("experts", _enter_experts),
        ("projects", _enter_projects),
        ("intentions", _enter_intentions),
    ):
        hand.click(f".event-menu a[href$='/{part}/']")
        fill(hand)
        _save(hand)
    _sign(hand)
    _publish(hand)


def _save(hand: Hand) -> None:
    hand.click("#content [name=_save], #rows-form [type=submit]")
    refused = hand.page.locator(".errornote, .errorlist:not(:empty)").all_text_contents()
    if refused:
        raise AssertionError(f"{hand.page.url}: {refused}")


def _enter_event(hand: Hand) -> None:
    for name, zh, en in (
        ("title", *TITLE),
        ("venue", "石家庄国际会展中心", "Shijiazhuang International Convention Centre"),
        ("city", "石家庄", "Shijiazhuang"),
    ):
        hand.type(f"[name={name}_zh_hans]", zh)
        hand.type(f"[name={name}_en]", en)
    hand.find("[name=series]", "石家庄国际")
    hand.type("[name=starts_at]", "2025-06-17T08:30")
    hand.type("[name=ends_at]", "2025-06-17T17:30")


def _in_chinese(label: Words) -> str:
    with translation.override("zh-hans"):
        return str(label)


def _enter_programme(hand: Hand) -> None:
    page, before = hand.page, ""
    hand.click("[data-add-session]")
    for item in SESSIONS:
        # Where the last row was filled in, Enter adds the next, whose start is known.
        name = page.locator("[data-session]").last.get_attribute("data-session")
        if item.starts != before and item is not SESSIONS[0]:
            hand.type(f"[name={name}-starts]", item.starts)
        proposed = page.input_value(f"[name={name}-ends]").replace(":", "")
        if proposed != item.ends:
            hand.type(f"[name={name}-ends]", item.ends)
        hand.pick(f"[name={name}-kind]", _in_chinese(item.kind.label))
        hand.type(f"[name={name}-title_zh_hans]", item.zh)
        hand.type(f"[name={name}-title_en]", item.en)
        before = item.ends
        if item is not SESSIONS[-1]:
            page.locator(f"[name={name}-title_en]").focus()
            hand.press("Enter")


def _enter_organizations(hand: Hand) -> None:
    for number, (name, role) in enumerate(SPONSORS):
        hand.find(f"[name=roles-{number}-organization]", name[:6])
        hand.pick(f"[name=roles-{number}-role]", role)


def _enter_experts(hand: Hand) -> None:
    for number, guest in enumerate(EXPERTS):
        row = f"rows-{number}"
        hand.type(f"[name={row}-name_zh_hans]", guest.zh)
        hand.type(f"[name={row}-name_en]", guest.en)
        hand.find(f"[name={row}-organization]", guest.organization)
        hand.type(f"[name={row}-position_zh_hans]", guest.position_zh)
        hand.type(f"[name={row}-position_en]", guest.position_en)
        hand.pick(f"[name={row}-session]", guest.session)


def _enter_projects(hand: Hand) -> None:
    home = {guest.zh: guest.organization.split(" / ")[0] for guest in EXPERTS}
    for number, offer in enumerate(PROJECTS):
        row = f"recommendations-{number}"
        hand.type(f"[name={row}-title_zh_hans]", offer.zh)
        hand.type(f"[name={row}-title_en]", offer.en)
        hand.find(f"[name={row}-owner]", home[offer.expert][:4])
        hand.find(f"[name={row}-expert]", offer.expert[:3])
        hand.pick(f"[name={row}-session]", offer.session)


def _enter_intentions(hand: Hand) -> None:
    # Expert, project and ceremony stand there.
    for number, offer in enumerate(PROJECTS):
        row = f"rows-{number}"
        hand.find(f"[name={row}-company]", offer.company)
        hand.type(f"[name={row}-signatory_name_zh_hans]", offer.signatory)
        hand.type(f"[name={row}-signatory_capacity_zh_hans]", offer.capacity)


def _sign(hand: Hand) -> None:
    hand.click("a[href*='/do/sign-all/']")
    _confirm(hand)


def _publish(hand: Hand) -> None:
    """Publish the projects, which are drafts, and the event."""
    hand.click(".event-menu a[href$='/overview/']")
    for name in ("publish-projects", "publish"):
        hand.click(f"a[href*='/do/{name}/']")
        _confirm(hand)


def _confirm(hand: Hand) -> None:
    hand.click("#content form [type=submit]")
    if "/do/" in hand.page.url:
        raise AssertionError(hand.page.locator("#content").inner_text())


def _tell(hand: Hand) -> bool:
    event = Event.objects.get()
    made = {
        "sessions": event.sessions.count(),
        "experts": Expert.objects.filter(appearances__session__event=event).distinct().count(),
        "projects": event.recommendations.count(),
        "intentions signed": CooperationIntention.objects.filter(event=event).signed().count(),
    }
    expected = [len(SESSIONS), len(EXPERTS), len(PROJECTS), len(PROJECTS)]
    if [*made.values()] != expected or event.is_draft:
        raise AssertionError(f"{made}, {event.get_status_display()}")
    minutes = (hand.beside_typing + hand.typing) / 60
    measured = {
        "clicks": hand.clicks,
        "page loads": hand.loads,
        "minutes": minutes,
        "minutes beside typing": hand.beside_typing / 60,
    }
    print("\n━━ entering an event ━━")
    print(", ".join(f"{count} {name}" for name, count in made.items()))
    print(f"  {hand.boxes} boxes, {hand.choices} choices, {hand.typing / 60:.1f} minutes of typing")
    for name, value in measured.items():
        print(f"  {name:24}{value:7.1f} (aim {AIMS[name]}: {verdict(value <= AIMS[name])})")
    twice = hand.typed_twice
    print(f"  typed twice: {', '.join(twice) or 'nothing'} ({verdict(not twice)})")
    return not twice and all(measured[name] <= AIMS[name] for name in AIMS)
