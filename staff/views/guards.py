"""What every page of the log-in has in common."""

from collections.abc import Callable
from functools import wraps

from django import forms
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url
from django.template.response import TemplateResponse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from events.domain import rate_limit
from summit.lib import client

type View = Callable[..., HttpResponse]


def secretive(view: View) -> View:
    """Keep the page out of caches and search engines, and what is typed out of error reports."""

    @never_cache
    @sensitive_post_parameters()
    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return guarded


def count_try(request: HttpRequest, form: forms.Form) -> bool:
    """Count a try from this address; past the limit say so in the form and return False."""
    try:
        rate_limit.count("log-in", client.source(request))
    except rate_limit.TooManyTries as error:
        form.add_error(None, error)
        return False
    return True


def next_page(request: HttpRequest) -> str:
    """Return the page that was asked for, on this site only; the desk without one."""
    page = request.POST.get(REDIRECT_FIELD_NAME) or request.GET.get(REDIRECT_FIELD_NAME, "")
    is_ours = url_has_allowed_host_and_scheme(
        page, {request.get_host()}, require_https=request.is_secure()
    )
    return page if is_ours else resolve_url("admin:index")


def show(
    request: HttpRequest, template: str, context: dict[str, object], *, status: int = 200
) -> HttpResponse:
    """Answer with a page; one whose form was refused is no success to programs."""
    form = context.get("form")
    if status == 200 and form is not None and form.errors:
        is_too_many = form.has_error(forms.forms.NON_FIELD_ERRORS, "too_many")
        status = 429 if is_too_many else 422
    return TemplateResponse(request, template, context, status=status)
