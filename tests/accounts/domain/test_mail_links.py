import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.domain.mail_links import fill_links, hide_links, link_digest, link_secret
from accounts.domain.person_key import person_key

SECRET = b"s" * 32


def test_a_link_is_filled_with_256_bits_that_depend_on_mail_purpose_and_installation():
    links = {
        link_secret(mail_key=key, purpose=purpose, secret=secret)
        for key in ("a", "b")
        for purpose in ("answer", "unsubscribe")
        for secret in (SECRET, b"t" * 32)
    }

    assert len(links) == 8
    assert {len(link) for link in links} == {43}


def test_text_around_the_placeholder_stays():
    link = link_secret(mail_key="k", purpose="answer", secret=SECRET)

    filled = fill_links("ご回答:/s/{{link:answer}}/ {{name}}", mail_key="k", secret=SECRET)

    assert filled == f"ご回答:/s/{link}/ {{{{name}}}}"
    assert len(link_digest(link)) == 32


@given(st.text())
def test_hidden_links_hold_no_secret(text):
    body = text + "{{link:answer}}"

    assert link_secret(mail_key="k", purpose="answer", secret=SECRET) not in hide_links(body)
    assert "{{link:answer}}" not in hide_links(body)


@pytest.mark.parametrize("address", ["Mizukami@Customer.example", " mizukami@customer.example "])
def test_one_person_has_one_key_however_the_address_is_written(address):
    assert person_key(address, secret=SECRET) == person_key(
        "mizukami@customer.example", secret=SECRET
    )
