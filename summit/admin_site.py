from django.contrib import admin


class SummitAdminSite(admin.AdminSite):
    pass
