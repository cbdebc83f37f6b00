"""What a refusal of the domain says, be it of the whole or of single fields."""

from django.core.exceptions import ValidationError


def codes_of(refusal: ValidationError) -> list[str]:
    by_field = getattr(refusal, "error_dict", None) or {"": refusal.error_list}
    return [each.code for errors in by_field.values() for each in errors]
