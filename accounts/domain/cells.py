"""What stands in a cell of an imported file, turned into the text PostgreSQL reads for its type.

Every parser takes a text without space around it and returns a text, or raises `CellFault` with a
code and what belongs into its message. Widths are folded: ２０２６/４/１ and ￥１，２００ do.
"""

import datetime as dt
import re
import unicodedata
from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation

from accounts.domain.corporate_number import BadCorporateNumber, parse_corporate_number
from accounts.domain.payment_terms import BadTerms, NetDays, parse_terms
from config.lib.countries import country_code

CellParser = Callable[[str], str]

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u2028\u2029]")
_HALF_KANA = re.compile("[\uff61-\uff9f]+")
_BREAK = re.compile(r"\s*[\r\n]+\s*")
_DATE = re.compile(
    r"(\d{4})(?:[/.-](\d{1,2})[/.-](\d{1,2})|年(\d{1,2})月(\d{1,2})日|(\d{2})(\d{2}))"
    r"(?:[ T]0?0:00(?::00)?)?(?:\([^)]\))?"
)
_MOMENT = re.compile(
    r"(?P<date>.+?)(?:[ T](?P<hour>\d{1,2}):(?P<minute>\d{2})"
    r"(?::(?P<second>\d{2})(?:\.(?P<part>\d{1,6})\d*)?)? ?(?P<offset>Z|[+-]\d{2}:?\d{2})?)?"
)
_SLUG = re.compile(r"[-a-zA-Z0-9_]+")
_SEPARATOR = re.compile(r"[;,|\n\u3001\uff0c\uff1b]")
#: Nearer to the edges of the calendar, an instant has no date in half of the world's zones.
EARLIEST_YEAR, LATEST_YEAR = 1900, 2199
_ERA = re.compile(r"(明治|大正|昭和|平成|令和|[MTSHR])\s*(\d{1,2}|元)\s*[./年-]", re.IGNORECASE)
_NUMBER = re.compile(r"[-+]?\d+(\.\d+)?")
_FLOAT = re.compile(r"[-+]?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d{1,3})?")
#: Beyond it, sums of numbers would leave what a number can hold.
LARGEST = 1e300
_GROUPED = re.compile(r"[-+]?\d{1,3}(,\d{3})+(\.\d+)?")
_MAIL = re.compile(r"[^@\s<>\"(),:;\[\]\\]{1,64}@(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,63}")
_CURRENCY = re.compile(r"[A-Z]{3}")


class CellFault(ValueError):
    """A cell that can't be taken; `code` names the message, `limit` goes into it."""

    def __init__(self, code: str, limit: str = "") -> None:
        super().__init__(code)
        self.code, self.limit = code, limit


def text_cell(longest: int, *, lines: bool = False) -> CellParser:
    """Take a text of at most `longest` characters; `lines` says that it may have several.

    The parser raises `CellFault` for a longer text (`too_long`) and control characters (`control`).
    """

    def parse(text: str) -> str:
        if not text.isprintable():
            if not lines:
                text = _BREAK.sub(" ", text)
            if _CONTROL.search(text.replace("\r\n", "\n")):
                raise CellFault("control")
        if len(text) > longest:
            raise CellFault("too_long", str(longest))
        return text

    return parse


def name_cell(longest: int) -> CellParser:
    """Take a name: half-width kana, which old systems write, become what people write.

    The parser raises `CellFault` for what a text may not be.
    """
    take = text_cell(longest)

    def parse(text: str) -> str:
        if _HALF_KANA.search(text):
            text = _HALF_KANA.sub(lambda match: unicodedata.normalize("NFKC", match[0]), text)
        return take(text)

    return parse


def word_cell(words: Mapping[str, str], options: str) -> CellParser:
    """Take one of the words, in any width and case; `options` lists them for the message.

    The parser raises `CellFault` for any other word (`choice`).
    """

    def parse(text: str) -> str:
        value = words.get(text) or words.get(fold_word(text))
        if value is None:
            raise CellFault("choice", options)
        return value

    return parse


def fold_word(text: str) -> str:
    """Return what words and headers are compared by: no width, no case, no space, no underscore."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(folded.replace("_", " ").split())


def date_cell(text: str) -> str:
    """Take 2026-04-01, 2026/4/1, 2026.4.1, 20260401 or 2026年4月1日.

    :raises CellFault: for no such day (`date`), or a year of an era (`era`).
    """
    folded = unicodedata.normalize("NFKC", text)
    match = _DATE.fullmatch(folded)
    if match is None:
        raise CellFault("era" if _ERA.match(folded) else "date")
    year, month, day = (int(part) for part in match.groups() if part)
    try:
        return dt.date(year, month, day).isoformat()
    except ValueError as error:
        raise CellFault("date") from error


def moment_cell(zone: dt.tzinfo) -> CellParser:
    """Take a date, or a date and a time of day in the zone unless an offset follows it.

    A date alone is its first moment. The parser raises `CellFault` for no such moment (`moment`) or
    day (`date`, `era`).
    """

    def parse(text: str) -> str:
        match = _MOMENT.fullmatch(unicodedata.normalize("NFKC", text))
        if match is None:
            raise CellFault("moment")
        day = dt.date.fromisoformat(date_cell(match["date"].strip()))
        hour, minute, second = (int(match[part] or 0) for part in ("hour", "minute", "second"))
        if not EARLIEST_YEAR <= day.year <= LATEST_YEAR:
            raise CellFault("moment")
        try:
            offset = dt.datetime.strptime(match["offset"], "%z").tzinfo if match["offset"] else zone
            time = dt.time(hour, minute, second, int((match["part"] or "0").ljust(6, "0")))
            return dt.datetime.combine(day, time, offset).isoformat()
        except ValueError as error:
            raise CellFault("moment") from error

    return parse


def slug_cell(longest: int) -> CellParser:
    """Take a key of Latin letters, digits, hyphens and underscores.

    The parser raises `CellFault` for a longer one (`too_long`) or other characters (`slug`).
    """

    def parse(text: str) -> str:
        key = unicodedata.normalize("NFKC", text)
        if len(key) > longest:
            raise CellFault("too_long", str(longest))
        if not _SLUG.fullmatch(key):
            raise CellFault("slug")
        return key

    return parse


def list_cell(one: CellParser, *, most: int = 200) -> CellParser:
    """Take several values, apart by commas, semicolons, bars or line breaks, each only once.

    Return a PostgreSQL array. The parser raises `CellFault` for too many (`too_many`), and what
    `one` raises.
    """

    def parse(text: str) -> str:
        parts = (part.strip() for part in _SEPARATOR.split(text))
        values = list(dict.fromkeys(one(part) for part in parts if part))
        if len(values) > most:
            raise CellFault("too_many", str(most))
        quoted = (value.replace("\\", "\\\\").replace('"', '\\"') for value in values)
        return "{" + ",".join(f'"{value}"' for value in quoted) + "}"

    return parse


def decimal_cell(text: str) -> str:
    """Take any finite number, also with an exponent.

    :raises CellFault: for no number, or one too large (`number`).
    """
    folded = unicodedata.normalize("NFKC", text).replace("−", "-")
    if not _FLOAT.fullmatch(folded) and not _GROUPED.fullmatch(folded):
        raise CellFault("number")
    value = float(folded.replace(",", ""))
    if abs(value) > LARGEST:
        raise CellFault("number")
    return repr(value)


def amount_cell(text: str) -> str:
    """Take an amount without tax, nothing or more: 1200000, ¥1,200,000, 1,200,000円.

    :raises CellFault: for no number (`number`), below nothing or too large (`amount`).
    """
    number = _number(text, "¥\\$€円 ")
    if number < 0 or number >= Decimal(10) ** 16:
        raise CellFault("amount")
    return format(round(number, 2), "f")


def integer_cell(lowest: int, highest: int) -> CellParser:
    """Take a whole number between the two.

    The parser raises `CellFault` for no number (`number`), a broken one (`whole`), one outside
    (`range`).
    """

    def parse(text: str) -> str:
        number = _number(text)
        if number != int(number):
            raise CellFault("whole")
        if not lowest <= number <= highest:
            raise CellFault("range", f"{lowest}–{highest:,}")
        return str(int(number))

    return parse


def number_cell(text: str) -> str:
    """Take any number of at most fifteen digits before the point.

    :raises CellFault: for no such number (`number`).
    """
    number = _number(text)
    if abs(number) >= Decimal(10) ** 15:
        raise CellFault("number")
    plain = format(number, "f")
    return plain.rstrip("0").rstrip(".") if "." in plain else plain


def month_cell(text: str) -> str:
    """Take a month by its number, with or without 月.

    :raises CellFault: for no number (`number`, `whole`) or no month (`range`).
    """
    return integer_cell(1, 12)(text.rstrip("月"))


def mail_cell(text: str) -> str:
    """Take a mail address; capitals do not count.

    :raises CellFault: for no address (`mail`).
    """
    folded = unicodedata.normalize("NFKC", text).lower()
    if len(folded) > 254 or not _MAIL.fullmatch(folded) or ".." in folded:
        raise CellFault("mail")
    return folded


def corporate_number_cell(text: str) -> str:
    """Take the thirteen digits of a corporate number.

    :raises CellFault: for other digits, or a wrong check digit (`corporate_number`).
    """
    try:
        return parse_corporate_number(text)
    except BadCorporateNumber as error:
        raise CellFault("corporate_number") from error


def country_cell(text: str) -> str:
    """Take the two letters of a country.

    :raises CellFault: for what is no country (`country`).
    """
    code = country_code(unicodedata.normalize("NFKC", text))
    if code is None:
        raise CellFault("country")
    return code


def currency_cell(text: str) -> str:
    """Take the three letters of a currency.

    :raises CellFault: for anything else (`currency`).
    """
    code = unicodedata.normalize("NFKC", text).upper()
    if not _CURRENCY.fullmatch(code):
        raise CellFault("currency")
    return code


def _number(text: str, signs: str = "") -> Decimal:
    folded = unicodedata.normalize("NFKC", text).replace("−", "-").strip(signs)
    if not (_NUMBER.fullmatch(folded) or _GROUPED.fullmatch(folded)):
        raise CellFault("number")
    try:
        return Decimal(folded.replace(",", ""))
    except InvalidOperation as error:  # pragma: no cover
        raise CellFault("number") from error


def terms_cell(text: str) -> str:
    """Take payment terms: an array of the days, or of closing day, months and day of payment.

    :raises CellFault: for a text that says none (`terms`).
    """
    try:
        terms = parse_terms(text)
    except BadTerms:
        raise CellFault("terms") from None
    if isinstance(terms, NetDays):
        return f"{{{terms.days}}}"
    return f"{{{terms.closing_day},{terms.months},{terms.payment_day}}}"
