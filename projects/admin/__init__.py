from backoffice.catalogue import CooperationModeAdmin, SectorAdmin
from backoffice.document import DocumentAdmin, DocumentDownloadAdmin
from backoffice.event_with_projects import EventWithProjectsAdmin
from backoffice.expert_with_intentions import ExpertWithIntentionsAdmin
from backoffice.follow_up import FollowUpAdmin
from backoffice.intention import CooperationIntentionAdmin
from backoffice.organization_with_projects import OrganizationWithProjectsAdmin
from backoffice.project import ProjectAdmin
from backoffice.recommendation import RecommendationAdmin
from backoffice.report_selection import lead_figures_to_lists
from backoffice.session_with_ceremony import SessionWithCeremonyAdmin

__all__ = [
    "CooperationIntentionAdmin",
    "CooperationModeAdmin",
    "DocumentAdmin",
    "DocumentDownloadAdmin",
    "EventWithProjectsAdmin",
    "ExpertWithIntentionsAdmin",
    "FollowUpAdmin",
    "OrganizationWithProjectsAdmin",
    "ProjectAdmin",
    "RecommendationAdmin",
    "SectorAdmin",
    "SessionWithCeremonyAdmin",
]

lead_figures_to_lists()
