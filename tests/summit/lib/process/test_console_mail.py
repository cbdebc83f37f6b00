import io

from django.core.mail import EmailMessage

from summit.env import mailer
from summit.lib.process.console_mail import EmailBackend


def test_chinese_mail_is_printed_as_it_reads():
    stream = io.StringIO()
    message = EmailMessage("报名成功", "http://127.0.0.1/zh-hans/my/x/", to=["wei@example.org"])
    message.attach("event.ics", "BEGIN:VCALENDAR", "text/calendar")

    EmailBackend(stream=stream, alias="default").send_messages([message])

    printed = stream.getvalue()
    assert "Subject: 报名成功" in printed
    assert "http://127.0.0.1/zh-hans/my/x/" in printed
    assert "Attached: event.ics" in printed


def test_server_without_a_mail_address_is_told_by_the_deployment_check():
    assert mailer("")["BACKEND"] == "django.core.mail.backends.console.EmailBackend"
    assert mailer("consolemail://")["BACKEND"] == "summit.lib.process.console_mail.EmailBackend"
    assert mailer("smtp://mail.example.org:25")["OPTIONS"]["host"] == "mail.example.org"
