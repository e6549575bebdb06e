"""A component is made of its attributes alone, and escapes what it is given."""

import pytest
from django.template import engines
from django.test import RequestFactory
from django.utils import translation
from django_cotton.compiler_regex import CottonCompiler

OF_THE_PAGE = ["href", "main", "icon", "key", "tone", "title", "meta", "crumb", "band", "footer"]


def rendered(markup: str, **context: object) -> str:
    template = engines["django"].from_string(CottonCompiler().process(markup))
    with translation.override("en"):
        return template.render(context, RequestFactory().get("/list/?sort=name&cursor=abc&q=x"))


@pytest.mark.parametrize(
    "markup",
    [
        '<c-button label="Go">x</c-button>',
        "<c-chip>x</c-chip>",
        '<c-panel title="T" id="p">x</c-panel>',
        '<c-page-header title="T" />',
        "<c-callout>x</c-callout>",
        '<c-delta :value="3" />',
        '<c-score :value="3" />',
        '<c-empty title="T">x</c-empty>',
    ],
)
def test_a_component_takes_nothing_from_its_page(markup: str) -> None:
    names = [
        "href",
        "main",
        "icon",
        "kbd",
        "key",
        "tone",
        "title",
        "meta",
        "crumb",
        "since",
        "band",
        "footer",
        "actions",
        "buttons",
    ]
    assert "LEAK" not in rendered(markup, **dict.fromkeys(names, "LEAK"))


def test_what_people_typed_is_escaped() -> None:
    page = rendered('<c-person :name="name" /><c-chip>{{ name }}</c-chip>', name="<b>x</b>")
    assert "<b>" not in page


def test_no_score_is_said_in_words_and_never_as_zero() -> None:
    page = rendered('<c-score :value="value" :band="band" />', value=None, band=None)
    assert "Not enough data" in page
    assert "<b>" not in page


def test_a_sort_link_turns_the_order_and_starts_from_the_first_page() -> None:
    page = rendered('<c-th label="Name" sort="name" current="name" />')
    assert 'aria-sort="ascending"' in page
    assert 'href="?sort=-name&amp;q=x"' in page


def test_the_pager_links_neighbours_and_keeps_the_filter() -> None:
    class Page:
        next_cursor = "later"
        previous_cursor = None

    page = rendered('<c-pager :page="page" shown="2 shown" />', page=Page())
    assert 'href="?sort=name&amp;cursor=later&amp;q=x"' in page
    assert "disabled" in page


@pytest.mark.parametrize(
    ("value", "tone"), [(-5, "y-delta--down"), (-4.9, ""), (0, ""), (5, "y-delta--up")]
)
def test_a_change_is_coloured_from_five_points_on(value: float, tone: str) -> None:
    page = rendered('<c-delta :value="value" places="1" />', value=value)
    assert (tone or 'class="y-delta"') in page


def test_what_happened_carries_the_language_it_was_written_in() -> None:
    item = '<c-timeline-item title="定例会" when="29 Nov">来月から使う。</c-timeline-item>'

    page = rendered(item)

    assert '<b lang="ja">定例会</b>' in page
    assert '<p lang="ja">来月から使う。</p>' in page
    assert "lang" not in rendered(
        '<c-timeline-item title="Call" when="29 Nov">Fine</c-timeline-item>'
    )
