from projects.admin.catalogue import CooperationModeAdmin, SectorAdmin
from projects.admin.document import DocumentAdmin, DocumentDownloadAdmin
from projects.admin.event import EventWithProjectsAdmin
from projects.admin.expert import ExpertWithIntentionsAdmin
from projects.admin.figures import lead_figures_to_lists
from projects.admin.follow_up import FollowUpAdmin
from projects.admin.intention import CooperationIntentionAdmin
from projects.admin.organization import OrganizationWithProjectsAdmin
from projects.admin.project import ProjectAdmin
from projects.admin.recommendation import RecommendationAdmin
from projects.admin.session import SessionWithCeremonyAdmin

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
