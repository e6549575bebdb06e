"""Custom attributes as columns of a file: known by key or label, read by their declared type."""

from accounts.domain.attributes import LONGEST_TEXT, LONGEST_WORD
from accounts.domain.cells import (
    CellParser,
    date_cell,
    fold_word,
    number_cell,
    text_cell,
    word_cell,
)
from accounts.domain.import_columns import Column
from accounts.models import AttributeDefinition
from accounts.services.attributes import RESERVED
from accounts.services.imports.words import LabelledCell, yes_or_no_cell

_SQL_TYPES = {"number": "numeric", "boolean": "boolean"}
_PREFIX = "attribute_"
_PAIRS_A_CALL = 40


def attribute_columns() -> list[Column]:
    """Return a column for each attribute in use, in one query."""
    rows = AttributeDefinition.objects.filter(is_archived=False).exclude(key__in=RESERVED)
    return [
        Column(
            f"{_PREFIX}{row.pk}",
            str(row),
            _parser(row),
            (f"attributes.{row.key}", row.key, row.label_ja, row.label_en),
            _SQL_TYPES.get(row.type, "text"),
        )
        for row in rows.order_by("key")
    ]


def attribute_keys(present: frozenset[str]) -> dict[str, str]:
    """Return column → attribute key for the attributes a file has."""
    numbers = [int(key.removeprefix(_PREFIX)) for key in present if key.startswith(_PREFIX)]
    rows = AttributeDefinition.objects.filter(pk__in=numbers).order_by("key")
    return {f"{_PREFIX}{row.pk}": row.key for row in rows} if numbers else {}


def attributes_sql(keys: dict[str, str]) -> str:
    """Return the SQL object of a stage row's attributes, leaving out the empty cells."""
    pairs = [f"'{key}', s.{column}" for column, key in keys.items()]
    calls = [
        f"jsonb_build_object({', '.join(pairs[start : start + _PAIRS_A_CALL])})"
        for start in range(0, len(pairs), _PAIRS_A_CALL)
    ]
    return f"jsonb_strip_nulls({' || '.join(calls)})" if calls else "'{}'::jsonb"


def _parser(definition: AttributeDefinition) -> CellParser:
    parsers: dict[str, CellParser] = {
        "text": text_cell(LONGEST_TEXT, lines=True),
        "number": number_cell,
        "boolean": yes_or_no_cell,
        "date": date_cell,
    }
    return parsers.get(definition.type) or OptionCell(definition)


class OptionCell(LabelledCell):
    """Takes a word for an option; where others are kept, any word at all."""

    def __init__(self, definition: AttributeDefinition) -> None:
        self.definition, self.words = definition, definition.words()
        options = ", ".join(definition.values())
        others = definition.takes_others
        self.parse = text_cell(LONGEST_WORD) if others else word_cell(self.words, options)

    def __call__(self, text: str) -> str:
        return self.words.get(fold_word(text)) or self.parse(text)

    def label(self, value: str) -> str:
        return dict(self.definition.choices()).get(value, value)
