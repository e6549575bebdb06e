"""Every closed list of the scoring app; stored values are lower-case slugs."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class EventKind(TextChoices):
    """What a message of the ingestion endpoints says; `track`, `page` and `screen` are usage."""

    TRACK = "track", _("Event")
    PAGE = "page", _("Page view")
    SCREEN = "screen", _("Screen view")
    IDENTIFY = "identify", _("Details of a person")
    GROUP = "group", _("Details of an account")
    ALIAS = "alias", _("Change of a user id")


class WaitingFor(TextChoices):
    """Whose id it is that nobody knows yet: an account's, or a person's."""

    GROUP = "group", _("Account")
    USER = "user", pgettext_lazy("somebody who uses the product", "Person")


class SourceState(TextChoices):
    """Whether something arrived from a source within 48 hours."""

    ALIVE = "alive", pgettext_lazy("source of events", "Alive")
    SILENT = "silent", pgettext_lazy("source of events", "Silent")
    NEVER = "never", pgettext_lazy("source of events", "Nothing yet")
    REVOKED = "revoked", pgettext_lazy("source of events", "Revoked")


class TraitField(TextChoices):
    """A field that traits may change where the write key lists it; never a mail address."""

    CONTACT_GIVEN_NAME = "contact.given_name", _("Contact: given name")
    CONTACT_FAMILY_NAME = "contact.family_name", _("Contact: family name")
    CONTACT_TITLE = "contact.title", _("Contact: title")
    CONTACT_DEPARTMENT = "contact.department", _("Contact: department")
    CONTACT_PHONE = "contact.phone", _("Contact: telephone")
    ACCOUNT_SHORT_NAME = "account.short_name", _("Account: short name")
    ACCOUNT_NAME_LATIN = "account.name_latin", _("Account: Latin name")


class Band(TextChoices):
    """Where a score stands; in order from worst to best, then the absence of a score."""

    CRITICAL = "critical", pgettext_lazy("health band", "Critical")
    AT_RISK = "at_risk", pgettext_lazy("health band", "At risk")
    STEADY = "steady", pgettext_lazy("health band", "Steady")
    EXPANSION = "expansion", pgettext_lazy("health band", "Expansion")
    NOT_ENOUGH_DATA = "not_enough_data", pgettext_lazy("health band", "Not enough data")


class Light(TextChoices):
    """The bands in three classes; steady and expansion together are healthy."""

    RED = "red", pgettext_lazy("health class", "Red")
    YELLOW = "yellow", pgettext_lazy("health class", "Yellow")
    GREEN = "green", pgettext_lazy("health class", "Green: healthy")
    NOT_ENOUGH_DATA = "not_enough_data", pgettext_lazy("health band", "Not enough data")


class RunKind(TextChoices):
    """A provisional run follows the day; the official one closes it at its slot."""

    PROVISIONAL = "provisional", _("Provisional")
    OFFICIAL = "official", _("Official")


class ScorecardState(TextChoices):
    DRAFT = "draft", _("Draft")
    REVIEW = "review", pgettext_lazy("scorecard", "In review")
    PUBLISHED = "published", _("Published")


class EventMeaning(TextChoices):
    """What an event of the product says, so that measures need not know its name."""

    LOGIN = "login", _("Somebody signed in")
    RECORD = "record", _("Data was registered")
    MAIL = "mail", _("A mail was sent through the product")
    REVIEW = "review", _("A review was written")
    INVITE = "invite", _("A user was invited")
    SESSION = "session", _("A session ended; its minutes are added up")


class MetricUnit(TextChoices):
    """How the value of a custom metric is shown."""

    COUNT = "count", pgettext_lazy("unit", "A number")
    SHARE = "share", pgettext_lazy("unit", "A share, in percent")
    DAYS = "days", pgettext_lazy("unit", "Days")
    RATIO = "ratio", pgettext_lazy("unit", "A multiple")


class MetricSource(TextChoices):
    """Where a custom metric reads from."""

    EVENTS = "events", _("Events of the product")
    MEASUREMENT = "measurement", _("Pushed measurements")
    ATTRIBUTE = "attribute", _("A custom attribute")


class MetricAggregate(TextChoices):
    """What a custom metric makes of the rows it reads."""

    COUNT = "count", pgettext_lazy("aggregate", "How often")
    SUM = "sum", pgettext_lazy("aggregate", "Sum")
    DISTINCT = "distinct", pgettext_lazy("aggregate", "How many people, or different values")
    LAST = "last", pgettext_lazy("aggregate", "Newest value")
    DAYS_SINCE = "days_since", pgettext_lazy("aggregate", "Days since")
    RATIO = "ratio", pgettext_lazy("aggregate", "Divided by something")
    SLOPE = "slope", pgettext_lazy("aggregate", "Trend, change a day")
    SHARE = "share", pgettext_lazy("aggregate", "Share of the active users")


class MetricDivisor(TextChoices):
    """What the ratio of a custom metric divides by."""

    LICENSED = "licensed", pgettext_lazy("divisor", "Licensed users")
    ACTIVE_USERS = "active_users", pgettext_lazy("divisor", "Active users of the window")
    EVENT = "event", pgettext_lazy("divisor", "How often another event came")
    MEASUREMENT = "measurement", pgettext_lazy("divisor", "Another measurement")
    ATTRIBUTE = "attribute", pgettext_lazy("divisor", "Another attribute")


class OverrideKind(TextChoices):
    """What an override fixes: the number, the band alone, or a bound of the number."""

    VALUE = "value", pgettext_lazy("override", "Score")
    BAND = "band", pgettext_lazy("override", "Band")
    FLOOR = "floor", pgettext_lazy("override", "At least")
    CEILING = "ceiling", pgettext_lazy("override", "At most")


class BodyFault(TextChoices):
    """What can be wrong with the body of an ingestion request as a whole."""

    TOO_LARGE = "too_large", _("The body is larger than is taken, once unpacked.")
    BROKEN_GZIP = "broken_gzip", _("The body says it is gzip but can't be unpacked.")
    NOT_UTF8 = "not_utf8", _("The body is not text in UTF-8.")
    NOT_JSON = "not_json", _("The body is not JSON.")
    TOO_DEEP = "too_deep", _("The body is nested too deeply.")
    NOT_AN_OBJECT = "not_an_object", _("The body must be a JSON object.")
    NO_BATCH = "no_batch", _("The body needs `batch`, a list of items.")
    EMPTY_BATCH = "empty_batch", _("`batch` is empty.")
    TOO_MANY_ITEMS = "too_many_items", _("`batch` has more than 2,500 items.")
    BAD_SENT_AT = "bad_sent_at", _("`sentAt` is not a point in time as in ISO 8601.")


class ItemFault(TextChoices):
    """What can be wrong with one item of an ingestion request."""

    NOT_AN_OBJECT = "not_an_object", _("This must be a JSON object.")
    UNKNOWN_TYPE = (
        "unknown_type",
        _("This must be one of track, page, screen, identify, group and alias."),
    )
    NOBODY = "nobody", _("The event names neither a user (userId) nor an account (groupId).")
    ONLY_ANONYMOUS = (
        "only_anonymous",
        _("An anonymousId alone leads to no account: send userId or groupId, too."),
    )
    NO_GROUP = "no_group", _("A group call needs groupId.")
    NO_PREVIOUS = "no_previous", _("An alias needs previousId.")
    NO_EVENT_NAME = "no_event_name", _("A track call needs the name of the event as text.")
    NOT_AN_ID = "not_an_id", _("An id must be text or a whole number.")
    NOT_AN_INSTANT = "not_an_instant", _("This is not a point in time as in ISO 8601.")
    IN_THE_FUTURE = "in_the_future", _("The event lies more than an hour ahead.")
    TOO_OLD = (
        "too_old",
        _("The event is older than this address takes: 30 days; send history to /v1/import."),
    )
    TOO_LONG = "too_long", _("This text is too long.")
    TOO_MANY_PROPERTIES = (
        "too_many_properties",
        _("The item has more than 250 properties, nested ones included."),
    )
    ITEM_TOO_LARGE = "item_too_large", _("The item has more than 32,768 characters.")
    TOO_DEEP = "too_deep", _("The item is nested more than 10 levels deep.")
    BAD_TEXT = "bad_text", _("The text holds a character that can't be stored, such as NUL.")
    NOT_A_NUMBER = "not_a_number", _("NaN and Infinity are no numbers of JSON.")
    DUPLICATE = "duplicate", _("An earlier item of this batch has the same messageId.")


class CountFault(TextChoices):
    """What keeps an event that was taken from being counted in full."""

    NOT_SUMMED = (
        "not_summed",
        _("This property is to be added up but was no number: the event counts, not the property."),
    )


class OverrideVerdict(TextChoices):
    """What its author says of an override once it is over."""

    RIGHT = "right", pgettext_lazy("override", "It was right")
    WRONG = "wrong", pgettext_lazy("override", "It was wrong")
    UNSURE = "unsure", pgettext_lazy("override", "Can't say")


class FeedbackDirection(TextChoices):
    """How a person thinks a score is wrong."""

    TOO_HIGH = "too_high", pgettext_lazy("score", "Too high")
    TOO_LOW = "too_low", pgettext_lazy("score", "Too low")


class AlertKind(TextChoices):
    """A condition of an account that somebody should know of for as long as it holds."""

    CROSSING = "crossing", pgettext_lazy("alert", "Health is low")
    DECLINE = "decline", pgettext_lazy("alert", "Health is declining")
    USAGE_SILENCE = "usage_silence", pgettext_lazy("alert", "Usage went quiet")
    TALK_SILENCE = "talk_silence", pgettext_lazy("alert", "No talk for long")
    COVERAGE_LOST = "coverage_lost", pgettext_lazy("alert", "Score was lost")


class AlertCause(TextChoices):
    """The part of a score that pulled it down most before an alert."""

    MEASURE = "measure", pgettext_lazy("cause", "Measure")
    POINTS = "points", pgettext_lazy("cause", "Points")
    GATES = "gates", pgettext_lazy("cause", "Gate")
    ROLLUP = "rollup", pgettext_lazy("cause", "Children")
    OVERRIDE = "override", pgettext_lazy("cause", "Override")


class AlertClosing(TextChoices):
    """Why an alert is no longer open."""

    CLEARED = "cleared", pgettext_lazy("alert", "The condition cleared")
    WORSENED = "worsened", pgettext_lazy("alert", "It became worse")
    LEFT = "left", pgettext_lazy("alert", "The account is not scored any more")
    SWITCHED_OFF = "switched_off", pgettext_lazy("alert", "The rule was switched off")


class AlertState(TextChoices):
    """Where an alert stands for the people who look at it."""

    OPEN = "open", pgettext_lazy("alerts", "Open")
    SNOOZED = "snoozed", pgettext_lazy("alerts", "Snoozed")
    FALSE = "false", pgettext_lazy("alerts", "False alarms")
    CLOSED = "closed", pgettext_lazy("alerts", "Closed")


class ValidationKind(TextChoices):
    """What a definition or the metrics are held against."""

    WHAT_IF = "what_if", pgettext_lazy("validation", "What-if")
    BACKTEST = "backtest", pgettext_lazy("validation", "Back-test")
    LINKAGE = "linkage", pgettext_lazy("validation", "Metrics and results")
