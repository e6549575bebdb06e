"""Payment terms: so many days after the invoice, or a closing day and a day of payment.

Japanese companies close their books on a day of the month and pay all that was invoiced until
then on a day of a later one: 月末締め翌月末払い closes at the end of the month and pays at the end
of the next, 20日締め翌月10日払い closes on the 20th and pays on the 10th of the next.
"""

import datetime as dt
import re
import unicodedata
from dataclasses import dataclass

from accounts.domain.renewals import shift_months

#: Stands for the last day of a month; 29 and 30 are no days of every month.
MONTH_END = 31
LAST_DAY_OF_EVERY_MONTH = 28
LONGEST_DAYS = 32_767  # what the column holds
MOST_MONTHS = 3


class BadTerms(ValueError):
    """A text that says no payment terms."""


@dataclass(frozen=True)
class NetDays:
    """So many days after the invoice."""

    days: int


@dataclass(frozen=True)
class ClosingTerms:
    """Closed on a day of the month (1–28, or 31 for its end), paid on a day some months later."""

    closing_day: int
    months: int
    payment_day: int

    @property
    def is_possible(self) -> bool:
        """Say whether the days are days of every month and nothing is paid before it is closed."""
        days = {*range(1, LAST_DAY_OF_EVERY_MONTH + 1), MONTH_END}
        return (
            {self.closing_day, self.payment_day} <= days
            and 0 <= self.months <= MOST_MONTHS
            and (self.months > 0 or self.payment_day >= self.closing_day)
        )


PaymentTerms = NetDays | ClosingTerms
USUAL_TERMS = NetDays(30)


def agreed_day(terms: PaymentTerms, issued_on: dt.date) -> dt.date:
    """Return the day the terms name for an invoice, whether or not banks work on it."""
    if isinstance(terms, NetDays):
        return issued_on + dt.timedelta(days=terms.days)
    closed_on = _day_of(issued_on, terms.closing_day)
    if closed_on < issued_on:
        closed_on = _day_of(shift_months(issued_on.replace(day=1), 1), terms.closing_day)
    return _day_of(shift_months(closed_on.replace(day=1), terms.months), terms.payment_day)


def _day_of(month: dt.date, day: int) -> dt.date:
    """Return a day of the month that `month` lies in; `MONTH_END` is its last."""
    if day == MONTH_END:
        return shift_months(month.replace(day=1), 1) - dt.timedelta(days=1)
    return month.replace(day=day)


_DAY = r"(?:毎?月末日?|末日?|毎?月?(\d{1,2})日)"
_MONTHS = r"(当月|同月|翌月|翌々月|翌翌月|再来月|翌々々月|(\d)[ヶヵケかカ箇個]月後)"
_CLOSING = re.compile(
    rf"{_DAY}(?:締め切り|締切り?|締め?|〆)の?[、,・/]?{_MONTHS}の?{_DAY}(?:お?支?払い?|振込み?|現金払い?)?"
)
_WHEN = {"当月": 0, "同月": 0, "翌月": 1, "翌々月": 2, "翌翌月": 2, "再来月": 2, "翌々々月": 3}
_NET = re.compile(
    r"(?:net|within|請求書?(?:発行)?(?:日|後)?(?:から|より)?)?(\d{1,5})(?:days?|日)?(?:後|以内|サイト)*(?:お?支?払い?)?"
)
_ENGLISH_WHEN = (
    "the same month",
    "the next month",
    "the month after next",
    "the third month after",
)
_ENGLISH_DAY = r"(?:on day (\d{1,2})|at (?:the )?(?:month.?s end|month end|end))"
_ENGLISH = re.compile(
    rf"clos(?:es|ing|ed) {_ENGLISH_DAY}(?: of (?:the|each) month)?,? paid {_ENGLISH_DAY}"
    rf" of ({'|'.join(_ENGLISH_WHEN)})"
)


_MONTH_END = r"(?:eom|end of (?:the )?month|month end)"
#: Thirty days after the end of a month are the end of the next, as bookkeepers count them.
_EOM = re.compile(
    rf"(?:net )?(\d{{1,2}})(?: days?)?,? (?:from |after )?(?:the )?{_MONTH_END}"
    rf"|{_MONTH_END}(?: ?\+ ?(\d{{1,2}})(?: days?)?)?"
)
_OF_NEXT = re.compile(
    r"(?:(?:on )?(?:the )?(\d{1,2})(?:st|nd|rd|th)?|end)"
    r" of (?:the )?(?:next|following) month|(\d{1,2})(?:st|nd|rd|th)? prox(?:\.|imo)?"
)


def parse_terms(text: str) -> PaymentTerms:
    """Read terms as people write them, in Japanese or English, in any width.

    :raises BadTerms: for anything else, also for a day that not every month has.
    """
    folded = " ".join(unicodedata.normalize("NFKC", text).lower().split())
    terms = _english(folded) or _japanese(folded.replace(" ", ""))
    if terms is None or (isinstance(terms, ClosingTerms) and not terms.is_possible):
        raise BadTerms(text)
    return terms


def _english(text: str) -> PaymentTerms | None:
    if found := _EOM.fullmatch(text):
        return _after_month_end(int(found[1] or found[2] or 0))
    if found := _OF_NEXT.fullmatch(text):
        return ClosingTerms(MONTH_END, 1, _number(found[1] or found[2]))
    found = _ENGLISH.fullmatch(text)
    if found is None:
        return None
    months = _ENGLISH_WHEN.index(found[3])
    return ClosingTerms(_number(found[1]), months, _number(found[2]))


def _after_month_end(days: int) -> ClosingTerms | None:
    """Return terms of so many days after the end of the month; None where no day is meant."""
    if days % 30 == 0:
        return ClosingTerms(MONTH_END, days // 30, MONTH_END)
    return ClosingTerms(MONTH_END, 1, days) if days <= LAST_DAY_OF_EVERY_MONTH else None


def _japanese(text: str) -> PaymentTerms | None:
    if found := _CLOSING.fullmatch(text):
        months = int(found[3]) if found[3] else _WHEN[found[2]]
        return ClosingTerms(_number(found[1]), months, _number(found[4]))
    found = _NET.fullmatch(text)
    return NetDays(int(found[1])) if found and int(found[1]) <= LONGEST_DAYS else None


def _number(day: str | None) -> int:
    return int(day) if day else MONTH_END
