from django.db import migrations, models

KINDS = ("choice", "choices")


def lines(text):
    return [line.strip() for line in text.splitlines() if line.strip()]


def give_keys(apps, schema_editor):
    """Give each option the number that answers hold so far as its key.

    A number in an answer that no line has any more is the key of an option that was removed,
    so that no option to come gets it.
    """
    question_model = apps.get_model("registrations", "Question")
    answer_model = apps.get_model("registrations", "Answer")
    for question in question_model.objects.filter(known_options__isnull=True).iterator():
        english, chinese = lines(question.options_en), lines(question.options_zh_hans)
        known = {
            str(number + 1): {
                "en": english[number] if number < len(english) else "",
                "zh-hans": chinese[number] if number < len(chinese) else "",
            }
            for number in range(max(len(english), len(chinese)))
        }
        offered = set(known)
        if question.kind in KINDS:
            answers = answer_model.objects.filter(question=question)
            for value in answers.values_list("value", flat=True).iterator():
                for key in value if isinstance(value, list) else [value]:
                    if isinstance(key, str) and key.isdecimal() and len(key) < 6:
                        known.setdefault(str(int(key)), {"en": "", "zh-hans": ""})
        question.known_options = [
            {"key": key, "texts": texts, "is_offered": key in offered}
            for key, texts in known.items()
        ]
        question.save(update_fields=["known_options"])


class Migration(migrations.Migration):
    dependencies = [("registrations", "0003_fill_what_rows_are_found_by")]

    operations = [
        migrations.AddField(
            model_name="question",
            name="known_options",
            field=models.JSONField(blank=True, editable=False, null=True),
        ),
        migrations.RunPython(give_keys, migrations.RunPython.noop),
    ]
