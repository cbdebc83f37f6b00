import re

from summit.lib.drawing.qr import qr


def test_qr_is_one_that_phones_read():
    drawn = qr("0A1B2C3D4E")

    # Version 1 has 21 modules, and a quiet zone of four around them.
    assert 'viewBox="0 0 29 29"' in drawn


def test_qr_has_no_style_of_its_own_and_no_text():
    drawn = qr("<script>")

    assert not re.search(r"style=|script|width=", drawn)
