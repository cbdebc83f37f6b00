"""Posters as pictures: what is on them is read from the pixels, as far as that can be told."""

import dataclasses
import io

import pytest
import segno
from PIL import Image

from summit.lib.drawing import fonts, poster
from summit.lib.drawing.poster_content import Content, Line

CONTENT = Content(
    language="zh-hans",
    title="河北省“十四五”生物医药与健康产业国际科技合作项目推介暨中英高校、科研院所技术转移成果转化对接洽谈会（石家庄专场）𬱖䶮㛃",
    title_language="zh-hans",
    kind="项目对接会",
    lines=(Line("时间", "2027年5月21日（星期五）09:00–12:00（北京时间）"), Line("地点", "石家庄")),
    notice="",
    invitation="扫描或长按二维码",
    site_name="项目对接会",
    address="https://summit.example.org/zh-hans/events/2027-sjz/",
    slug="2027-sjz",
    family="sjz",
)
SIZES = [poster.TALL, poster.WIDE]


def changed(**changes):
    return dataclasses.replace(CONTENT, **changes)


def opened(data):
    picture = Image.open(io.BytesIO(data))
    picture.load()
    return picture


@pytest.mark.parametrize("size", SIZES)
def test_a_poster_is_a_png_of_its_size_whatever_its_title(size):
    for title in (CONTENT.title, "峰会", "Łódź " * 40, "A" * 200, "长" * 200):
        picture = opened(poster.draw(changed(title=title), size))

        assert (picture.format, picture.size) == ("PNG", size)


def test_a_title_of_sixty_signs_with_rare_ones_can_be_drawn_in_full():
    assert len(CONTENT.title) >= 60
    assert poster.missing(CONTENT) == ""
    for title in (CONTENT.title, CONTENT.title.replace("𬱖", "")):
        assert poster.missing(changed(title=title, title_language="en")) == ""


@pytest.mark.parametrize("sign", list("𬱖䶮㛃龑喆珺"))
def test_rare_signs_are_drawn_and_no_box_stands_for_them(sign):
    face = fonts.serif("zh-hans").face_of(sign)

    mask = bytes(face.at(60).getmask(sign))

    assert any(mask)
    assert mask != bytes(face.at(60).getmask("\U0010fffd"))


def test_a_sign_that_no_font_has_is_named_and_never_drawn():
    content = changed(title="对接😀会\U0010fffd", site_name="甲😀")

    assert poster.missing(content) == "😀\U0010fffd"
    with pytest.raises(ValueError, match="No font has"):
        poster.draw(content, poster.TALL)


def test_a_font_of_the_operator_is_asked_last(settings):
    settings.POSTER_FONTS = ["/nowhere/font.otf"]

    assert poster.missing(CONTENT) == ""
    with pytest.raises(OSError):
        poster.missing(changed(title="😀"))


def test_what_is_never_seen_is_left_out():
    assert fonts.prepare(" 对\u200b接\ufe0f \n 会e\u0301 ") == "对接 会é"


def test_signs_of_other_alphabets_have_fonts():
    for language in ("en", "zh-hans"):
        assert fonts.serif(language).missing("ŁódźŘșЖукΩ–…“”·€") == ""


def test_a_notice_stands_on_the_poster():
    plain, told = (poster.draw(changed(notice=each), poster.WIDE) for each in ("", "活动已取消"))

    wash = Image.new("RGB", (1, 1), poster.NOTICE_WASH).getpixel((0, 0))
    assert not _has_colour(plain, wash)
    assert _has_colour(told, wash)


def _has_colour(data, colour):
    colours = [each for _count, each in opened(data).convert("RGB").getcolors(1 << 20)]
    return any(max(abs(a - b) for a, b in zip(each, colour, strict=True)) < 3 for each in colours)


def test_the_address_is_in_the_code_with_white_around_it():
    picture = opened(poster.draw(CONTENT, poster.TALL)).convert("L")
    matrix = segno.make_qr(CONTENT.address, error="m").matrix
    module = 176 // (len(matrix) + 8)
    start = 52 + (176 - (len(matrix) + 8) * module) // 2 + 4 * module
    top = start + 1000 - 2 * 52 - 176

    def is_dark(x, y):
        return picture.getpixel((start + x * module + 1, top + y * module + 1)) < 128

    places = range(len(matrix))
    read = [[is_dark(x, y) for x in places] for y in places]
    assert read == [[bool(dark) for dark in row] for row in matrix]


def test_a_photo_takes_the_place_of_the_drawing():
    photo = io.BytesIO()
    Image.new("RGB", (400, 300), "#ff0000").save(photo, "WEBP")

    picture = opened(poster.draw(CONTENT, poster.TALL, photo=photo.getvalue()))

    red, green, blue = picture.convert("RGB").getpixel((375, 10))
    assert red > 200 > 60 > max(green, blue)
