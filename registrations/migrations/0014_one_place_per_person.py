from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("registrations", "0013_one_contact_may_hold_several_people")]

    operations = [
        migrations.AlterField(
            model_name='registrationsettings',
            name='contact',
            field=models.CharField(choices=[('either', 'a mobile number or an e-mail address'), ('phone', 'a mobile number'), ('email', 'an e-mail address')], db_default='email', default='either', max_length=10, verbose_name='each person gives'),
        ),
        migrations.AddConstraint(
            model_name='registration',
            constraint=models.UniqueConstraint(condition=models.Q(('status__in', ['invited', 'pending', 'confirmed', 'waitlisted', 'offered']), models.Q(('email_key', ''), _negated=True)), fields=('event', 'email_key', 'name_key'), name='one_place_per_person_with_an_address', violation_error_message='This person is registered already with this contact.'),
        ),
        migrations.AddConstraint(
            model_name='registration',
            constraint=models.UniqueConstraint(condition=models.Q(('status__in', ['invited', 'pending', 'confirmed', 'waitlisted', 'offered']), ('email_key', ''), models.Q(('phone_key', ''), _negated=True)), fields=('event', 'phone_key', 'name_key'), name='one_place_per_person_with_a_mobile_number', violation_error_message='This person is registered already with this contact.'),
        ),
        migrations.AddConstraint(
            model_name='registration',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status', 'double'), _negated=True), models.Q(('double_of__isnull', False), models.Q(('seen_as', ''), _negated=True)), _connector='OR'), name='possible_double_is_of_another'),
        ),
        migrations.AddConstraint(
            model_name='registration',
            constraint=models.CheckConstraint(condition=models.Q(('status__in', ['invited', 'pending', 'confirmed', 'waitlisted', 'offered', 'cancelled', 'declined', 'expired', 'double'])), name='registration_status_is_known'),
        ),
        migrations.AddConstraint(
            model_name='registrationsettings',
            constraint=models.CheckConstraint(condition=models.Q(('contact__in', ['either', 'phone', 'email'])), name='registration_contact_is_known'),
        ),
    ]
