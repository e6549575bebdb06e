"""Every closed list of the accounts app; stored values are lower-case slugs."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Language(TextChoices):
    JAPANESE = "ja", "日本語"
    ENGLISH = "en", "English"


class Theme(TextChoices):
    AUTO = "auto", _("Automatic")
    LIGHT = "light", _("Light")
    DARK = "dark", _("Dark")


class UserRole(TextChoices):
    ADMINISTRATOR = "administrator", _("Administrator")
    MANAGER = "manager", pgettext_lazy("user role", "Manager")
    MEMBER = "member", pgettext_lazy("user role", "Member")
    VIEWER = "viewer", _("Viewer")
    PRIVACY_OFFICER = "privacy_officer", _("Privacy officer")


#: Roles whose holders steer the book: they say how customers are judged and what follows.
STEERING = (UserRole.ADMINISTRATOR, UserRole.MANAGER)

#: Roles whose holders look after accounts; viewers and privacy officers don't.
LOOKING_AFTER = (*STEERING, UserRole.MEMBER)

#: Who may be our executive sponsor beside them: executives look, and change nothing.
SPONSORING = (*LOOKING_AFTER, UserRole.VIEWER)


class Scope(TextChoices):
    """How far a role's right reaches."""

    NONE = "none", _("None")
    OWN_TEAM = "own_team", _("Own team")
    ALL = "all", _("Whole company")


class Sharing(TextChoices):
    """Who sees what a person keeps."""

    PRIVATE = "private", _("Only me")
    TEAM = "team", _("A team")
    ALL = "all", _("Everybody")


class RecordKind(TextChoices):
    """Kinds of record a policy speaks about."""

    ACCOUNT = "account", _("Accounts")
    CONTRACT = "contract", _("Contracts")
    CONTACT = "contact", _("Contacts")
    TOUCHPOINT = "touchpoint", _("Touchpoints")
    TOUCHPOINT_BODY = "touchpoint_body", _("Text of touchpoints")
    TICKET = "ticket", _("Tickets")
    INVOICE = "invoice", _("Invoices")
    HEALTH = "health", _("Health scores")
    SURVEY = "survey", _("Surveys and identified answers")
    TASK = "task", _("Tasks and playbook runs")


class AccountKind(TextChoices):
    CUSTOMER = "customer", _("Customer")
    PARTNER = "partner", _("Partner")


class AccountStatus(TextChoices):
    PROSPECT = "prospect", _("Prospect")
    SIGNED = "signed", _("Signed, not started")
    ACTIVE = "active", pgettext_lazy("account status", "Active")
    LEAVING = "leaving", _("Leaving")
    CHURNED = "churned", _("Churned")


class Phase(TextChoices):
    ONBOARDING = "onboarding", _("Onboarding")
    ADOPTION = "adoption", _("Adoption")
    RENEWAL = "renewal", pgettext_lazy("phase", "Renewal")
    EXPANSION = "expansion", pgettext_lazy("phase", "Expansion")
    LEAVING = "leaving", pgettext_lazy("phase", "Leaving")


class Tier(TextChoices):
    A = "a", "A"
    B = "b", "B"
    C = "c", "C"


class TouchModel(TextChoices):
    HIGH = "high", _("High touch")
    LOW = "low", _("Low touch")
    TECH = "tech", _("Tech touch")


class AccountRoleKind(TextChoices):
    """What one of us does for an account."""

    OWNER = "account_owner", _("Account owner")
    MANAGER = "account_manager", _("Account manager")
    DEPUTY = "deputy", _("Deputy")
    ABM_MARKETER = "abm_marketer", _("ABM marketer")
    SOLUTION_ARCHITECT = "solution_architect", _("Solution architect")
    EXECUTIVE_SPONSOR = "executive_sponsor", _("Our executive sponsor")


#: Roles of work as fields of an account, by the keys of the fields.
ROLE_FIELDS = {
    "manager": AccountRoleKind.MANAGER,
    "account_owner": AccountRoleKind.OWNER,
    "deputy": AccountRoleKind.DEPUTY,
    "solution_architect": AccountRoleKind.SOLUTION_ARCHITECT,
    "abm_marketer": AccountRoleKind.ABM_MARKETER,
}


class ContractKind(TextChoices):
    FIXED = "fixed", _("Fixed period")
    OPEN_ENDED = "open_ended", _("Open-ended")


class Forecast(TextChoices):
    CONFIRMED = "confirmed", _("Confirmed")
    LIKELY = "likely", _("Likely")
    AT_RISK = "at_risk", pgettext_lazy("renewal forecast", "At risk")


class ApprovalState(TextChoices):
    """The customer's approval flow (稟議)."""

    NOT_STARTED = "not_started", _("Not started")
    DRAFTING = "drafting", _("Being drafted")
    SUBMITTED = "submitted", _("Submitted")
    PASSED = "passed", pgettext_lazy("approval", "Passed")
    REJECTED = "rejected", pgettext_lazy("approval", "Rejected")


class ContactState(TextChoices):
    ACTIVE = "active", pgettext_lazy("contact state", "Active")
    CONCURRENT = "concurrent", _("Holds several posts")
    TRANSFERRED = "transferred", _("Transferred")
    SECONDED = "seconded", _("Seconded")
    ON_LEAVE = "on_leave", _("On leave")
    LEFT = "left", _("Left the company")


class StakeholderRoleKind(TextChoices):
    CHAMPION = "champion", _("Champion")
    DECISION_MAKER = "decision_maker", _("Decision maker")
    ECONOMIC_BUYER = "economic_buyer", _("Economic buyer")
    EXECUTIVE_SPONSOR = "executive_sponsor", _("Executive sponsor")
    DAY_TO_DAY = "day_to_day", _("Day-to-day contact")
    DRAFTER = "drafter", _("Drafter")
    INFLUENCER = "influencer", _("Influencer")
    BLOCKER = "blocker", _("Blocker")
    TECHNICAL_LEAD = "technical_lead", _("Technical lead")
    PURCHASING = "purchasing", _("Purchasing")
    BILLING = "billing", _("Billing contact")


class Stance(TextChoices):
    SUPPORTER = "supporter", _("Supporter")
    NEUTRAL = "neutral", _("Neutral")
    OPPONENT = "opponent", _("Opponent")


class Level(TextChoices):
    """Influence of a person, or strength of our relationship with them."""

    LOW = "low", pgettext_lazy("level", "Low")
    MEDIUM = "medium", pgettext_lazy("level", "Medium")
    HIGH = "high", pgettext_lazy("level", "High")


class Seniority(TextChoices):
    """Where a title stands in its house, whatever the house calls it."""

    EXECUTIVE = "executive", _("Top executive")
    OFFICER = "officer", _("Officer level")
    DIRECTOR = "director", _("Director level")
    MANAGER = "manager", _("Manager level")
    LEAD = "lead", _("Team lead level")
    STAFF = "staff", _("Staff level")


class RelationKind(TextChoices):
    REPORTS_TO = "reports_to", _("Reports to")
    INFLUENCES = "influences", _("Influences")
    CONFLICTS = "conflicts", _("In conflict with")


class TouchpointIcon(TextChoices):
    """Pictures a type of talk can have, named as in the sprite."""

    MAP_PIN = "map-pin", pgettext_lazy("icon", "Place")
    VIDEO = "video", pgettext_lazy("icon", "Camera")
    USERS = "users", pgettext_lazy("icon", "People")
    STAR = "star", pgettext_lazy("icon", "Star")
    PHONE = "phone", pgettext_lazy("icon", "Phone")
    MAIL = "mail", pgettext_lazy("icon", "Envelope")
    MESSAGE_CIRCLE = "message-circle", pgettext_lazy("icon", "Speech bubble")
    CHECKLIST = "checklist", pgettext_lazy("icon", "Checklist")
    CALENDAR_DUE = "calendar-due", pgettext_lazy("icon", "Calendar")
    LOCK = "lock", pgettext_lazy("icon", "Lock")
    REPORT = "report", pgettext_lazy("icon", "Report")
    BUILDING = "building-skyscraper", pgettext_lazy("icon", "Building")
    USER = "user", pgettext_lazy("icon", "Person")
    WORLD = "world", pgettext_lazy("icon", "Globe")
    TICKET = "ticket", pgettext_lazy("icon", "Ticket")
    DEVICE = "device-desktop", pgettext_lazy("icon", "Screen")


class Direction(TextChoices):
    TWO_WAY = "two_way", _("Two-way")
    INBOUND = "inbound", _("From the customer")
    OUTBOUND = "outbound", _("To the customer")
    INTERNAL = "internal", _("Internal")


class Sentiment(TextChoices):
    POSITIVE = "positive", _("Positive")
    NEUTRAL = "neutral", pgettext_lazy("sentiment", "Neutral")
    NEGATIVE = "negative", _("Negative")


class Visibility(TextChoices):
    ACCOUNT = "account", _("Everybody who sees the account")
    TEAM = "team", _("Our team only")


class Signal(TextChoices):
    """One-tap signals heard in a talk."""

    COMPLAINT = "complaint", _("Complaint")
    CANCELLATION_HINT = "cancellation_hint", _("Cancellation hint")
    DOWNGRADE_ENQUIRY = "downgrade_enquiry", _("Downgrade enquiry")
    COMPETITOR = "competitor", _("Competitor named")
    PRICE_OBJECTION = "price_objection", _("Price objection")
    REORGANISATION = "reorganisation", _("Reorganisation")
    BUDGET_CUT = "budget_cut", _("Budget cut")
    PRAISE = "praise", _("Praise")
    REFERENCE = "reference", _("Reference agreed")
    REFERRAL = "referral", _("Referral made")
    EXPANSION_HINT = "expansion_hint", _("Expansion hint")


class Side(TextChoices):
    OURS = "ours", _("Ours")
    THEIRS = "theirs", _("Theirs")


class TicketSeverity(TextChoices):
    CRITICAL = "critical", pgettext_lazy("ticket", "Critical")
    HIGH = "high", pgettext_lazy("ticket", "High")
    NORMAL = "normal", pgettext_lazy("ticket", "Normal")
    LOW = "low", pgettext_lazy("ticket", "Low")


class TicketState(TextChoices):
    OPEN = "open", _("Open")
    WAITING = "waiting", _("Waiting for the customer")
    RESOLVED = "resolved", _("Resolved")


class ChurnReason(TextChoices):
    NOT_ADOPTED = "not_adopted", _("Not adopted")
    CHAMPION_LEFT = "champion_left", _("Champion left")
    BUDGET = "budget", _("Budget")
    PRICE = "price", _("Price")
    MISSING_FEATURE = "missing_feature", _("Missing feature")
    COMPETITOR = "competitor", pgettext_lazy("churn reason", "Competitor")
    SUPPORT = "support", pgettext_lazy("churn reason", "Support")
    CLOSED_OR_MERGED = "closed_or_merged", _("Closed or merged")
    INVOLUNTARY = "involuntary", _("Involuntary, unpaid")
    OTHER = "other", _("Other")


class AttributeType(TextChoices):
    TEXT = "text", pgettext_lazy("attribute type", "Text")
    NUMBER = "number", pgettext_lazy("attribute type", "Number")
    BOOLEAN = "boolean", _("Yes or no")
    DATE = "date", _("Date")
    CHOICE = "choice", _("Choice")


class TokenScope(TextChoices):
    READ = "read", _("Read")
    WRITE = "write", _("Write")
    ADMIN = "admin", _("Administer")


class MailState(TextChoices):
    QUEUED = "queued", _("Queued")
    SENDING = "sending", _("Sending")
    ACCEPTED = "accepted", _("Accepted")
    FAILED = "failed", _("Failed")
    UNKNOWN = "unknown", _("Unknown")


class SuppressionReason(TextChoices):
    UNSUBSCRIBED = "unsubscribed", _("Unsubscribed")
    BOUNCED = "bounced", _("Bounced")
    COMPLAINED = "complained", _("Complained")
    MANUAL = "manual", _("By hand")
    ERASED = "erased", _("Erased")


class ExportKind(TextChoices):
    """What a file that is taken out holds."""

    LIST = "list", pgettext_lazy("export", "List")
    EVERYTHING = "everything", _("Everything")
    PERSON = "person", _("All about one person")


class ExportFormat(TextChoices):
    CSV = "csv", "CSV"
    XLSX = "xlsx", "Excel"
    ZIP = "zip", "ZIP"


class ExportHeader(TextChoices):
    """What stands in the first row and in cells that hold a choice."""

    LABELS = "labels", _("As on the page")
    KEYS = "keys", _("Stable keys for programs")


class IdentifiedKind(TextChoices):
    """Kinds of record that other systems know by ids of their own; named as policies name them."""

    ACCOUNT = "account", _("Accounts")
    CONTACT = "contact", _("Contacts")
    CONTRACT = "contract", _("Contracts")
    TOUCHPOINT = "touchpoint", _("Touchpoints")
    TICKET = "ticket", _("Tickets")
    INVOICE = "invoice", _("Invoices")


class MergeKind(TextChoices):
    ACCOUNT = "account", _("Accounts")
    CONTACT = "contact", _("Contacts")


class MergeEffect(TextChoices):
    """What a merge does with a row of the record that goes."""

    MOVED = "moved", pgettext_lazy("merge", "Moves over")
    ENDED = "ended", pgettext_lazy("merge", "Ends")
    NOTED = "noted", pgettext_lazy("merge", "Is noted")


class DuplicateReason(TextChoices):
    """Why two records may be one."""

    CORPORATE_NUMBER = "corporate_number", _("Same corporate number")
    NAME_KEY = "name_key", _("Same name without company form")
    DOMAIN = "domain", _("Same verified domain")
    EMAIL = "email", _("Same mail address")
    NAME = "name", _("Same name at one account")
    PHONE = "phone", _("Same family name and telephone")


class Known(TextChoices):
    """Since when the facts of a file count as known."""

    RECORDED = "recorded", _("since the import")
    DECLARED = "declared", _("since they happened")


class ChangeKind(TextChoices):
    """What a row of a file does to the record."""

    CREATED = "created", _("New record")
    UPDATED = "updated", _("Changed record")


class EffectKind(TextChoices):
    """How an import wrote rows: made or changed records, recorded or retracted facts."""

    CREATED = "created", _("created")
    UPDATED = "updated", _("updated")
    DELETED = "deleted", _("deleted")
    RECORDED = "recorded", _("recorded")
    RETRACTED = "retracted", _("retracted")


class JobKind(TextChoices):
    """Long work somebody waits for, of whichever app."""

    IMPORT = "import", pgettext_lazy("job", "Import")
    IMPORT_UNDO = "import_undo", pgettext_lazy("job", "Undo of an import")
    EXPORT = "export", pgettext_lazy("job", "Export")
    ERASURE = "erasure", pgettext_lazy("job", "Erasure")
    VALIDATION = "validation", pgettext_lazy("job", "Validation")
