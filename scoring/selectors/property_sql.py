"""What a property of an event says, as SQL: a number to add up, the newest value, one of a kind.

A property may be a number on Monday and text on Tuesday: nothing is ever cast that is not of the
type it is cast to, and what can't be read is NULL.
"""


def number_of(value: str, kind: str = "float8") -> str:
    """Return a number a sum can hold."""
    return (
        f"CASE WHEN jsonb_typeof({value}) = 'number' AND abs(({value} #>> '{{}}')::numeric) < 1e15"
        f" THEN ({value} #>> '{{}}')::{kind} END"
    )


def reading_of(value: str, codes: str) -> str:
    """Return a number as it is, yes as 1 and no as 0, a text as the number its code gives it.

    :param codes: SQL of a jsonb object from texts to numbers.
    """
    return (
        f"CASE jsonb_typeof({value}) WHEN 'boolean' THEN ({value} = 'true')::integer::float8"
        f" WHEN 'string' THEN ({codes} ->> ({value} #>> '{{}}'))::float8"
        f" ELSE {number_of(value)} END"
    )


def kind_of(value: str, series: str) -> str:
    """Return 16 bytes that are the same for equal values and tell no text; NULL for none.

    5, 5.0 and "5" are one value, for senders are not always of one mind; nothing, an empty text, a
    list and an object are none.
    """
    text = (
        f"CASE jsonb_typeof({value}) WHEN 'number' THEN trim_scale(({value} #>> '{{}}')::numeric)"
        f"::text WHEN 'string' THEN nullif({value} #>> '{{}}', '')"
        f" WHEN 'boolean' THEN {value} #>> '{{}}' END"
    )
    digest = f"sha256(convert_to({series}::text || ' ' || {text}, 'UTF8'))"
    return f"encode(substring({digest} FOR 16), 'hex')::uuid"
