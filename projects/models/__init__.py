from projects.models.amendment import Amendment
from projects.models.catalogue import CooperationMode, Industry, Sector
from projects.models.document import Document, DocumentDownload
from projects.models.follow_up import FollowUp, FollowUpDigest, FollowUpFeed
from projects.models.intention import CooperationIntention
from projects.models.intention_project import IntentionProject
from projects.models.project import Project
from projects.models.recommendation import Recommendation
from projects.models.reference_counter import ReferenceCounter
from projects.models.signatory import Signatory
