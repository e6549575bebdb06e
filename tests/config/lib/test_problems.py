import dataclasses

import pytest

from config.lib.problems import Conflict, FieldError, PreconditionFailed, Problem


def test_a_problem_speaks_with_its_detail_and_else_with_its_title():
    assert str(Problem("The parent lies below.")) == "The parent lies below."
    assert str(Conflict()) == str(Conflict.title)


def test_a_problem_carries_its_faults_in_order():
    faults = [FieldError("/name", "Too long."), FieldError("", "Nothing given.")]
    assert Problem(errors=faults).errors == tuple(faults)


def test_a_fault_cannot_be_changed_afterwards():
    fault = FieldError("/name", "Too long.")
    with pytest.raises(dataclasses.FrozenInstanceError):
        fault.pointer = "/other"


@pytest.mark.parametrize(
    ("kind", "status", "code"),
    [
        (Problem, 400, "invalid"),
        (Conflict, 409, "conflict"),
        (PreconditionFailed, 412, "precondition_failed"),
    ],
)
def test_each_kind_has_its_status_and_code(kind, status, code):
    assert (kind.status, kind.code) == (status, code)
