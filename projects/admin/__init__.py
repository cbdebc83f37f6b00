from projects.admin.catalogue import CooperationModeAdmin, SectorAdmin
from projects.admin.event import EventWithProjectsAdmin
from projects.admin.intention import CooperationIntentionAdmin
from projects.admin.project import ProjectAdmin
from projects.admin.recommendation import RecommendationAdmin

__all__ = [
    "CooperationIntentionAdmin",
    "CooperationModeAdmin",
    "EventWithProjectsAdmin",
    "ProjectAdmin",
    "RecommendationAdmin",
    "SectorAdmin",
]
