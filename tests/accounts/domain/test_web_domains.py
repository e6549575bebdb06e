import pytest

from accounts.domain.web_domains import domains_named


@pytest.mark.parametrize(
    ("text", "domains"),
    [
        ("aomine.example", ["aomine.example"]),
        (" AOMINE.example ", ["aomine.example"]),
        ("www.aomine.example", ["www.aomine.example", "aomine.example"]),
        ("https://www.aomine.example/company?x=1", ["www.aomine.example", "aomine.example"]),
        ("http://aomine.example:8080", ["aomine.example"]),
        ("taro@aomine.example", ["aomine.example"]),
        ("@aomine.example", ["aomine.example"]),
        ("日本語.example", ["xn--wgv71a119e.example"]),
        ("青嶺精機", []),
        ("Aomine Co. Ltd.", []),
        ("1.5", []),
        ("", []),
    ],
)
def test_a_domain_is_found_in_what_people_paste(text, domains):
    assert domains_named(text) == domains
