from projects.admin.catalogue import CooperationModeAdmin, SectorAdmin
from projects.admin.event import EventWithProjectsAdmin
from projects.admin.follow_up import FollowUpAdmin
from projects.admin.intention import CooperationIntentionAdmin
from projects.admin.project import ProjectAdmin
from projects.admin.recommendation import RecommendationAdmin

__all__ = [
    "CooperationIntentionAdmin",
    "CooperationModeAdmin",
    "EventWithProjectsAdmin",
    "FollowUpAdmin",
    "ProjectAdmin",
    "RecommendationAdmin",
    "SectorAdmin",
]
