from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class SummitAdminConfig(AdminConfig):
    default_site = "summit.admin_site.SummitAdminSite"


class SummitConfig(AppConfig):
    name = "summit"
    label = "summit"
