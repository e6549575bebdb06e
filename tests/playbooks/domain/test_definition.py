import pytest

from playbooks.domain.definition import BadDefinition, read_definition
from tests.playbooks.factories import make_definition, make_step


def faults_of(raw):
    with pytest.raises(BadDefinition) as caught:
        read_definition(raw)
    return [(fault.pointer, fault.code) for fault in caught.value.faults]


def test_a_definition_is_read_into_values():
    definition = read_definition(
        make_definition(steps=[make_step(), make_step("b", after=["read"])])
    )

    assert definition.trigger.key == "health_band_entered"
    assert definition.exit.outcome == "recovered"
    assert definition.step("b").after == ("read",)
    assert definition.step("read").action.key == "create_task"


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (None, [("", "required")]),
        ([], [("", "not_an_object")]),
        (make_definition(trigger=None), [("/trigger", "required")]),
        (make_definition(trigger={"key": ""}), [("/trigger/key", "required")]),
        (make_definition(steps=[]), [("/steps", "required")]),
        (make_definition(steps=[make_step(offset=-1)]), [("/steps/0/offset", "not_in_range")]),
        (make_definition(steps=[make_step(offset=True)]), [("/steps/0/offset", "not_in_range")]),
        (make_definition(steps=[make_step(role="king")]), [("/steps/0/role", "not_a_choice")]),
        (
            make_definition(steps=[make_step(title={"en": "Read"})]),
            [("/steps/0/title/ja", "required")],
        ),
        (
            make_definition(steps=[make_step(title={"en": "x" * 201, "ja": "読む"})]),
            [("/steps/0/title/en", "too_long")],
        ),
        (make_definition(steps=[make_step(), make_step()]), [("/steps/1/key", "duplicate")]),
        (make_definition(steps=[make_step(after=["b"])]), [("/steps/0/after", "unknown_step")]),
        (make_definition(steps=[make_step(after=["read"])]), [("/steps/0/after", "cycle")]),
        (
            make_definition(steps=[make_step("a", after=["b"]), make_step("b", after=["a"])]),
            [("/steps/0/after", "cycle")],
        ),
        (make_definition(cool_down_days="30"), [("/cool_down_days", "not_in_range")]),
        (
            make_definition(exit={"trigger": {"key": "x"}, "outcome": "won"}),
            [("/exit/outcome", "not_a_choice")],
        ),
    ],
)
def test_every_fault_is_named_with_its_place(raw, expected):
    assert faults_of(raw) == expected


def test_several_faults_are_named_at_once():
    raw = make_definition(trigger=None, steps=[make_step(role="king", offset="soon")])

    assert faults_of(raw) == [
        ("/trigger", "required"),
        ("/steps/0/offset", "not_in_range"),
        ("/steps/0/role", "not_a_choice"),
    ]
