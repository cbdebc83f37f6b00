"""The columns of the files from which projects are imported. What is new is a draft."""

from import_export.fields import Field

from backoffice.kit.importing import SheetResource
from backoffice.kit.importing.columns import BySlug, Choice, Day, ManyBySlug
from backoffice.kit.labels import pair
from events.models import Organization
from projects.models import CooperationMode, Project, Sector


class ProjectResource(SheetResource):
    kind = Field("kind", "kind", Choice(Project.Kind.choices))
    sectors = Field("sectors", "sectors", ManyBySlug(Sector))
    maturity = Field("maturity", "maturity", Choice(Project.Maturity.choices))
    property_status = Field(
        "property_status", "property_status", Choice(Project.PropertyStatus.choices)
    )
    modes = Field("modes", "modes", ManyBySlug(CooperationMode))
    owner = Field("owner", "owner", BySlug(Organization))
    valid_until = Field("valid_until", "valid_until", Day())

    class Meta(SheetResource.Meta):
        model = Project
        fields = (
            *("slug", *pair("title"), "kind", *pair("summary"), *pair("description")),
            *pair("advantages"),
            *("sectors", "maturity", "property_status", "modes", "owner", "valid_until"),
        )
