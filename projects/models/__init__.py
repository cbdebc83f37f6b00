from projects.models.catalogue import CooperationMode, Sector
from projects.models.intention import CooperationIntention, IntentionProject, ReferenceCounter
from projects.models.project import Project
from projects.models.recommendation import Recommendation

__all__ = [
    "CooperationIntention",
    "CooperationMode",
    "IntentionProject",
    "Project",
    "Recommendation",
    "ReferenceCounter",
    "Sector",
]
