"""A signature holds for one body, one secret and, where it says so, one time."""

import pytest

from accounts.domain.webhook_signatures import TOLERANCE, is_signed
from tests.accounts.inlets import hexadecimal_signature, standard_signature

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
BODY = b'{"test": 2432232314}'
NOW = 1614265330


def held(signature, *, body=BODY, message_id="msg_p5jXN8AQM9LWM0D4loKWxJek", at=NOW, now=NOW):
    return is_signed(
        body, secret=SECRET, signature=signature, message_id=message_id, timestamp=str(at), now=now
    )


def test_the_example_of_standard_webhooks_holds():
    assert held("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")


@pytest.mark.parametrize("before", ["", "sha256=", "SHA256="])
def test_hexadecimal_digits_over_the_body_hold(before):
    signature = before + hexadecimal_signature(BODY, SECRET)

    assert held(signature)
    assert held(signature.upper())
    assert not held(signature, body=BODY + b" ")


@pytest.mark.parametrize(
    "signature", ["", "v1,", "v1,AAAA", "sha256=", "sha256=é", "v2,x v1,é", "0" * 64]
)
def test_anything_else_does_not(signature):
    assert not held(signature)


def test_one_right_signature_of_several_is_enough():
    right = standard_signature(BODY, SECRET, "m", str(NOW))

    assert held(f"v1,AAAA {right}", message_id="m")
    assert not held(right, message_id="n")


@pytest.mark.parametrize("away", [-TOLERANCE - 1, TOLERANCE + 1])
def test_a_signature_of_another_time_is_old(away):
    signature = standard_signature(BODY, SECRET, "m", str(NOW + away))

    assert not held(signature, message_id="m", at=NOW + away)
    assert held(signature, message_id="m", at=NOW + away, now=NOW + away)


@pytest.mark.parametrize("timestamp", ["", "x", "9" * 5000, "\u0661"])
def test_what_is_no_time_is_refused(timestamp):
    signature = standard_signature(BODY, SECRET, "m", timestamp)

    assert not held(signature, message_id="m", at=timestamp)
