import pytest

from config.lib.registry import DuplicateKey, Registry, UnknownKey, discover


@pytest.fixture
def fruits() -> Registry[str]:
    registry = Registry[str]("fruit")
    registry.register("pear")("a pear")
    registry.register("apple")("an apple")
    return registry


def test_a_decorated_member_is_returned_unchanged_and_found_under_its_key():
    registry = Registry[type]("animals")

    @registry.register("cat")
    class Cat: ...

    assert registry.get("cat") is Cat


def test_iteration_is_in_key_order(fruits):
    assert list(fruits) == ["apple", "pear"]
    assert fruits.items() == [("apple", "an apple"), ("pear", "a pear")]
    assert fruits.members() == ["an apple", "a pear"]


def test_a_second_member_under_the_same_key_is_refused_and_the_first_stays(fruits):
    with pytest.raises(DuplicateKey, match="fruit: 'pear'"):
        fruits.register("pear")("another pear")
    assert fruits.get("pear") == "a pear"


def test_an_unknown_key_is_refused_and_the_known_ones_are_named(fruits):
    with pytest.raises(UnknownKey, match="'plum' among apple, pear"):
        fruits.get("plum")


def test_a_temporary_member_is_gone_after_the_block_even_after_an_error(fruits):
    with pytest.raises(UnknownKey), fruits.register_temporarily("fig", "a fig"):
        fruits.get(fruits.get("fig"))
    assert "fig" not in fruits
    assert len(fruits) == 2


def test_a_temporary_member_cannot_hide_a_real_one(fruits):
    with pytest.raises(DuplicateKey), fruits.register_temporarily("pear", "a fake"):
        pass
    assert fruits.get("pear") == "a pear"


def test_discover_imports_every_module_of_a_package(tmp_path, monkeypatch):
    package = tmp_path / "plugged_in"
    package.mkdir()
    (package / "__init__.py").write_text("loaded = []")
    for name in ("one", "two"):
        (package / f"{name}.py").write_text(f"import plugged_in; plugged_in.loaded += ['{name}']")
    monkeypatch.syspath_prepend(str(tmp_path))
    discover("plugged_in")
    assert __import__("plugged_in").loaded == ["one", "two"]
