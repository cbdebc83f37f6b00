from submissions.models.attachment import Attachment
from submissions.models.call import Call
from submissions.models.call_district import CallDistrict
from submissions.models.decision import Decision
from submissions.models.expert_link import ExpertLink
from submissions.models.expert_proposal import ExpertProposal
from submissions.models.slides import Slides
from submissions.models.submission import Submission, SubmissionQuerySet
from submissions.models.visit import ExpertVisit, PassportData
