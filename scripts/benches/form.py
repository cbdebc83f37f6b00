"""What a company's thumb does to hand in a need, on a phone of 360 px with the page in Chinese.

Twice: the form of Hebei province (河北省重大技术需求征集表), whose district is chosen by hand,
and all that a call for needs can ask, opened by the code on a district's notice, which fills the
district in. The texts are pasted and the rest is typed. Prints what the keystroke model of
``thumb.py`` makes of it.
"""

import time

from django.conf import settings
from playwright.sync_api import Browser, sync_playwright

from events.models import Department, District
from projects.models import Industry, Sector
from scripts.benches.entry import site
from scripts.benches.measuring import verdict
from scripts.benches.thumb import Thumb
from submissions.fields import fields_of_kind
from submissions.kinds import CallKind
from submissions.models import Call, Submission
from tests import factories
from tests.browser import find_chromium

AIMS = {"taps": 25, "minutes": 5}
PHONE = {"width": 360, "height": 800}

# The fields of the province's form that the product asks for.
HEBEI = [
    *("need_title", "problem", "key_technology", "goal", "keywords", "sectors", "industry"),
    *("budget", "needed", "solution_mode"),
]
TEXTS = {
    "need_title": "基层用血液分析仪配套试剂的冻干保存技术",
    "problem": (
        "现有液体试剂需在2至8℃冷链运输和保存，县级以下医疗机构到货后失效率较高，退换成本占"
        "试剂收入的一成以上；偏远乡镇冷链中断时试剂全部报废，影响基层检测的连续性，也限制了产"
        "品向中西部地区推广。"
    ),
    "key_technology": (
        "适用于血液分析试剂的冻干保护剂配方和冻干工艺，要求复溶时间短、批间差异小，并能在现有"
        "小型冻干机上放大；同时需要常温条件下的稳定性评价方法，以及与液体试剂的比对验证方案。"
    ),
    "goal": (
        "试剂可常温运输并保存12个月以上，复溶后性能与液体试剂一致，单人份成本增加不超过0."
        "3元；项目达产后预计年新增销售收入3000万元，降低冷链成本约200万元，并形成发明"
        "专利2项。"
    ),
    "key_indicators": (
        "常温保存不少于12个月；复溶时间不超过60秒；批间变异系数不超过5%；与液体试剂比对"
        "偏差不超过3%。"
    ),
    "existing_basis": (
        "已有年产300万人份试剂的生产线和两台小型冻干机，研发人员12人，积累了三年稳定性数据。"
    ),
    "keywords": "冻干、试剂、血液分析、常温保存",
    "partner_conditions": "具有体外诊断试剂冻干工艺的产业化经验，能派技术人员到厂指导试生产。",
}
TYPED = {
    "organization_name": "石家庄演示诊断试剂有限公司",
    "credit_code": "91130100MA0EXAMP0K",
    "contact_name": "演示联系人",
    "phone": "13900001234",
    "email": "contact@example.org",
}
SECTORS = ("体外诊断", "医疗器械")
LISTS = (
    *(("department", "石家庄市科学技术局"), ("industry", "专用设备制造业")),
    *(("needed_from", "2027"), ("needed_until", "2028")),
    *(("solution_mode", "合作研发"), ("disclosure", "仅公开")),
)


def run() -> bool:
    chromium = find_chromium()
    if chromium is None:
        print("\nNo Chromium found; CHROMIUM=/path/to/chromium names one. Nothing was measured.")
        return True
    _prepare()
    every = [field.key for field in fields_of_kind(CallKind.NEED)]
    district = District.objects.order_by("order")[0]
    by_hand, by_notice = _call("hebei", HEBEI), _call("every-field", every)
    with site() as address, sync_playwright() as playwright:
        arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        browser = playwright.chromium.launch(executable_path=chromium, args=arguments)
        plain = _hand_in(browser, f"{address}/zh-hans/calls/{by_hand.slug}/")
        filled = f"{address}/zh-hans/calls/{by_notice.slug}/?district={district.slug}"
        coded = _hand_in(browser, filled)
        browser.close()
    for call in (by_hand, by_notice):
        _check(call)
    print("\n━━ handing in a need on a phone ━━")
    results = [
        _tell("the form of Hebei province", plain),
        _tell("all that a call can ask, from a district's notice", coded),
    ]
    return all(results)


def _prepare() -> None:
    """Make what the lists of the form offer, as many as a bureau has."""
    for number in range(23):
        name = "裕华区" if number == 15 else f"第{number + 1}区"
        factories.district(name_zh_hans=name, slug=f"district-{number}", order=number)
    names = ("工业和信息化局", "科学技术局", "卫生健康委员会", "商务局")
    for number, name in enumerate(f"石家庄市{name}" for name in names):
        factories.department(name_zh_hans=name, slug=f"department-{number}", order=number)
    if not Sector.objects.filter(name_zh_hans=SECTORS[0]).exists():
        for number in range(12):
            name = SECTORS[number] if number < len(SECTORS) else f"技术领域{number}"
            factories.sector(name_zh_hans=name)
    if not Industry.objects.exists():
        for number in range(40):
            name = "专用设备制造业" if number == 26 else f"第{number}类制造业"
            factories.industry(name_zh_hans=name)


def _call(slug: str, asked: list[str]) -> Call:
    made = factories.call(
        title_zh_hans="企业技术需求征集",
        slug=slug,
        asked=asked,
        required=["problem", "key_technology", "goal"],
        districts=list(District.objects.all()),
    )
    made.departments.set(Department.objects.all())
    return made


def _hand_in(browser: Browser, address: str) -> Thumb:
    """Fill in the form from the top to the bottom, and send it."""
    context = browser.new_context(
        viewport=PHONE,  # type: ignore[arg-type]  # a plain dictionary does
        has_touch=True,
        is_mobile=True,
        locale="zh-CN",
    )
    thumb = Thumb(context.new_page())
    _open(thumb, address)
    opened = time.monotonic()
    for name in _names(thumb):
        _fill(thumb, name)
    # The machine is faster than the form believes of a person.
    time.sleep(max(0, settings.FORM_MIN_SECONDS + 1 - (time.monotonic() - opened)))
    thumb.press("#submission [name=send]")
    if refused := thumb.page.locator(".errorlist").all_text_contents():
        raise AssertionError(f"{thumb.page.url}: {refused}")
    context.close()
    return thumb


def _check(call: Call) -> None:
    """Make sure that all that is asked was entered, by which the figures mean something."""
    made = Submission.objects.get(call=call, status=Submission.Status.SENT)
    if lacking := set(call.asked) - set(made.values):
        raise AssertionError(f"Nothing was entered for {lacking}.")
    if made.district is None or made.department is None:
        raise AssertionError("The submission has no district or department.")


def _open(thumb: Thumb, address: str) -> None:
    # The server takes a while to start on a machine that is busy.
    for _try in range(600):
        try:
            thumb.page.goto(address)
            break
        except Exception:
            thumb.page.wait_for_timeout(200)
    # The code of the notice, or the link in a message.
    thumb.open(address)


def _names(thumb: Thumb) -> list[str]:
    """Return the names of what the form asks, each once, as they stand on the page."""
    boxes = thumb.page.locator("#submission :is(input, select, textarea):visible")
    names = boxes.evaluate_all("boxes => boxes.map(box => box.name)")
    return list(dict.fromkeys(names))


def _fill(thumb: Thumb, name: str) -> None:
    lists = dict(LISTS)
    if name in TEXTS:
        thumb.paste(name, TEXTS[name])
    elif name in TYPED:
        thumb.type(name, TYPED[name])
    elif name in lists:
        thumb.pick(name, lists[name])
    elif name == "district" and not thumb.page.input_value("[name=district]"):
        thumb.pick(name, "裕华区")
    elif name == "budget_from":
        thumb.type(name, "200")
    elif name == "sectors":
        thumb.tick(name, *SECTORS)
    elif name == "modes":
        thumb.tick(name, "合作开发")
    elif name == "ownership_rule":
        thumb.type(name, "双方共有")


def _tell(what: str, thumb: Thumb) -> bool:
    measured = {"taps": thumb.taps, "minutes": thumb.seconds / 60}
    print(
        f"{what}: {thumb.pasted} texts pasted, {thumb.typing / 60:.1f} minutes of typing, "
        f"{thumb.swipes:.0f} swipes"
    )
    for name, value in measured.items():
        print(f"  {name:24}{value:7.1f} (aim {AIMS[name]}: {verdict(value <= AIMS[name])})")
    return all(measured[name] <= AIMS[name] for name in AIMS)
