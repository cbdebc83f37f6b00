import pytest

from registrations.models import Registration
from tests import factories
from tests.desk.test_door import names

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("name", "texts"),
    [
        ("王\u200b芳", ["王芳", "wangfang", "wang fang", "wf"]),
        ("赵\ufeff敏", ["赵敏"]),
        ("林\u200d峰", ["林峰"]),
        ("周\u00ad杰", ["周杰"]),
        ("吴\u2060京", ["吴京"]),
        ("Søren Kjærgaard", ["soren", "kjaergaard", "SØREN", "soeren"]),
        ("Michał Żółć", ["michal", "zolc", "MICHAŁ"]),
        ("Łukasz", ["lukasz"]),
        ("Gönül Işık", ["gonul isik", "GÖNÜL IŞIK", "goenuel"]),
        ("Đặng Quốc Bảo", ["dang quoc bao"]),
        ("Œuvrard Cœur", ["coeur", "œuvrard"]),
        ("張偉", ["张伟", "張偉", "zhangwei"]),
        ("黄志强", ["黃志強"]),
        ("Дмитрий Орлов", ["орлов", "ОРЛОВ", "orlov"]),
        ("𠮷\u3000\U00030000", ["𠮷", "\U00030000"]),
        ("安·黑尔", ["安黑尔", "安・黑尔", "安-黑尔"]),
    ],
)
def test_a_person_is_found_however_the_name_is_written(event, tap, name, texts):
    person = factories.registered(event, name=name)
    factories.registered(event, name="Ann Hale", organization_name="Kappa")

    assert [text for text in texts if names(tap("desk-door", q=text)) != [person.name]] == []


@pytest.mark.parametrize(
    "text", ["石家庄市科学技术局", "shijiazhuang", "kexue jishu", "sjzskxjsj", "科學技術"]
)
def test_a_person_is_found_by_a_chinese_organization(event, tap, text):
    factories.registered(event, name="Ann Hale", organization_name="石家莊市 科學技術局")
    factories.registered(event, name="Bo Hale", organization_name="Kappa")

    assert names(tap("desk-door", q=text)) == ["Ann Hale"]


def test_names_are_sorted_by_their_letters(event):
    for name in ("Zoe", "Ünal", "Þórður", "Đặng", "Łukasz", "Œuvrard", "Mia", "Vera"):
        factories.registered(event, name=name)

    found = Registration.objects.filter(event=event).by_name()

    assert [person.name for person in found] == [
        *("Đặng", "Łukasz", "Mia", "Œuvrard", "Þórður", "Ünal", "Vera", "Zoe")
    ]
