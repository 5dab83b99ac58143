"""The shared records: who and what exists, and who may be written to."""

from crm.models.address_changes import AddressChange
from crm.models.addresses import Address
from crm.models.agreements import Agreement
from crm.models.answers import Answer, answers_of
from crm.models.attachments import Attachment
from crm.models.basis_rules import Basis, BasisRule, Purpose
from crm.models.bulk import BulkAct
from crm.models.census import Counted, census
from crm.models.consent import (
    ConsentRecord,
    Frequency,
    LegalBasis,
    Subscription,
    Suppression,
    Topic,
    records_of,
)
from crm.models.custom_fields import CustomField
from crm.models.directory import DirectoryEntry
from crm.models.duplicates import Duplicate, DuplicateSearch
from crm.models.erasures import Erasure
from crm.models.events import Event
from crm.models.exports import Export, ExportPiece
from crm.models.figures import Figure, Source
from crm.models.follows import Follow
from crm.models.handovers import HandOver
from crm.models.history import AuditEntry, Change, changes_among
from crm.models.imports import ColumnMemory, Import, ImportFile, ImportRow
from crm.models.inbox import InboxMail
from crm.models.joins import Join
from crm.models.merges import Merge
from crm.models.missions import (
    Deadline,
    Document,
    ExternalRoute,
    Mission,
    ProgrammeItem,
    ProgrammeVersion,
)
from crm.models.network import (
    Alliance,
    Cluster,
    ContactPoint,
    Disclaimer,
    Label,
    Market,
    Participation,
    Region,
)
from crm.models.notes import Note
from crm.models.notices import Notice
from crm.models.organisations import (
    CODES,
    Membership,
    Organisation,
    OrganisationField,
    OrganisationName,
)
from crm.models.own_pages import OwnPageRequest
from crm.models.people import Person, PersonAddress, Position
from crm.models.retention import ConsentCheck, RetentionRun
from crm.models.rights_requests import RightsRequest
from crm.models.saved_views import SavedView
from crm.models.tags import Tag
from crm.models.tracking import Tracking
from crm.models.users import Grant, User
from crm.models.wordings import Wording

__all__ = [
    "CODES",
    "Address",
    "AddressChange",
    "Agreement",
    "Alliance",
    "Answer",
    "Attachment",
    "AuditEntry",
    "Basis",
    "BasisRule",
    "BulkAct",
    "Change",
    "Cluster",
    "ColumnMemory",
    "ConsentCheck",
    "ConsentRecord",
    "ContactPoint",
    "Counted",
    "CustomField",
    "Deadline",
    "DirectoryEntry",
    "Disclaimer",
    "Document",
    "Duplicate",
    "DuplicateSearch",
    "Erasure",
    "Event",
    "Export",
    "ExportPiece",
    "ExternalRoute",
    "Figure",
    "Follow",
    "Frequency",
    "Grant",
    "HandOver",
    "Import",
    "ImportFile",
    "ImportRow",
    "InboxMail",
    "Join",
    "Label",
    "LegalBasis",
    "Market",
    "Membership",
    "Merge",
    "Mission",
    "Note",
    "Notice",
    "Organisation",
    "OrganisationField",
    "OrganisationName",
    "OwnPageRequest",
    "Participation",
    "Person",
    "PersonAddress",
    "Position",
    "ProgrammeItem",
    "ProgrammeVersion",
    "Purpose",
    "Region",
    "RetentionRun",
    "RightsRequest",
    "SavedView",
    "Source",
    "Subscription",
    "Suppression",
    "Tag",
    "Topic",
    "Tracking",
    "User",
    "Wording",
    "answers_of",
    "census",
    "changes_among",
    "records_of",
]
