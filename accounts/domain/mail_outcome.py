"""How handing a mail to a mail server can end, told apart by one question: may it have been sent?

After any exception that is not one of these, it may.
"""


class MailServerUnreachable(Exception):
    """Nothing was handed over; the mail may be tried again later."""


class MailPostponed(Exception):
    """The server refused the mail for now."""


class MailRefused(Exception):
    """The mail was refused for good."""
