"""How files name a record of ours that carries no id of its own system: `yorisoi-17-3f9a2c`.

Beside the number stand six digits of when the record was made, so that no record of another
installation is ever taken for it, whatever numbers are used there.
"""

_CODE = "'yorisoi-' || {0}.id || '-' || left(md5(extract(epoch FROM {1}.created_at)::text), 6)"


def code_of(record: str, made: str = "") -> str:
    """Return the SQL code of a record.

    :param record: alias of the record's table.
    :param made: alias whose `created_at` counts; of talks and the like it is the account's.
    """
    return f"({_CODE.format(record, made or record)})"


def number_in(text: str) -> str:
    """Return the SQL number that a code of ours holds, NULL for any other text."""
    number = f"split_part({text}, '-', 2)"
    shape = f"{text} ~ '^yorisoi-[0-9]+-[0-9a-f]+$' AND length({number}) < 19"
    return f"CASE WHEN {shape} THEN {number}::bigint END"


def id_or_code(record: str, made: str = "") -> str:
    """Return the SQL text by which a file names a record: its own-system id, else our code."""
    return f"coalesce({record}.external_id, {code_of(record, made)})"
