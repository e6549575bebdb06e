"""Two keys of one user: which key stands for both from now on."""

from collections.abc import Iterable


def merge_aliases(known: dict[str, str], news: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return the key that stands for each previous key, after (previous, user) pairs in order.

    Chains are followed to their end (a → b, b → c makes a → c); a pair that would close a circle
    says nothing new and is left out. Every value of the answer is a key that is no alias itself.
    """
    parents = dict(known)
    for previous, user in news:
        root = _root(parents, user)
        if previous != root:
            parents[previous] = root
    return {key: _root(parents, key) for key in parents}


def _root(parents: dict[str, str], key: str) -> str:
    while key in parents:
        key = parents[key]
    return key
