"""The words of metrics, dimensions and gates in the reader's language."""

from config.lib.formats import is_japanese
from scoring.domain.definition import Definition, Gate
from scoring.selectors.custom_metrics import all_metrics


def metric_label(key: str) -> str:
    """Return the label of a metric; its key if the metric is gone."""
    known = all_metrics()
    return str(known[key].label) if key in known else key


def metric_unit(key: str) -> str:
    """Return the unit of a metric; empty if the metric is gone."""
    known = all_metrics()
    return known[key].unit if key in known else ""


def dimension_labels(definition: Definition) -> dict[str, str]:
    """Return the label of each dimension."""
    japanese = is_japanese()
    return {d.key: d.label_ja if japanese else d.label_en for d in definition.dimensions}


def gate_text(gate: Gate) -> str:
    """Return what a gate says."""
    return gate.text_ja if is_japanese() else gate.text_en
