"""Pages by position: every row once, in order, there and back, whatever NULLs and ties."""

import datetime as dt
import re

import pytest
from django.db import connection
from django.db.models import Count, F, FloatField, Value
from django.db.models.functions import Coalesce
from django.test.utils import CaptureQueriesContext
from django.urls import path
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rest_framework import serializers
from rest_framework.generics import ListAPIView
from rest_framework.test import APIClient

from config.lib.pagination import BadCursor, KeysetPagination, KeysetPaginator
from tests.config.lib.models import Book, Shelf

pytestmark = [pytest.mark.django_db, pytest.mark.as_owner]

SCORES = st.lists(st.none() | st.sampled_from([0.0, 0.1 + 0.2, 50.0, 1e300]), max_size=25)
ORDERS = ["pk", "-pk", "score", "-score", "price", "-title", "shelf__opened_at", "-shelf__name"]


def make_books(scores: list[float | None]) -> None:
    Book.objects.all().delete()
    now = dt.datetime(2026, 4, 1, 0, 0, 0, 123456, tzinfo=dt.UTC)
    shelves = [
        Shelf.objects.create(name="b", opened_at=now),
        Shelf.objects.create(name="a", opened_at=None),
        Shelf.objects.create(name="あ", opened_at=now + dt.timedelta(microseconds=1)),
        None,
    ]
    Book.objects.bulk_create(
        Book(score=score, shelf=shelves[n % 4], price=n % 3, title="xyz"[n % 3])
        for n, score in enumerate(scores)
    )


def expected(order: str) -> list[Book]:
    key = F(order.removeprefix("-"))
    if order.startswith("-"):
        return list(Book.objects.order_by(key.desc(nulls_last=True), "-pk"))
    return list(Book.objects.order_by(key.asc(nulls_last=True), "pk"))


def walk(paginator: KeysetPaginator[Book]) -> tuple[list[Book], list[Book]]:
    page = paginator.page()
    assert page.previous_cursor is None
    there = list(page.rows)
    while page.next_cursor:
        page = paginator.page(page.next_cursor)
        there += page.rows
    back = list(page.rows)
    while page.previous_cursor:
        page = paginator.page(page.previous_cursor)
        back = page.rows + back
    return there, back


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(scores=SCORES, order=st.sampled_from(ORDERS), size=st.integers(1, 7), searched=st.booleans())
def test_walking_there_and_back_shows_every_row_once_and_in_order(
    db, scores, order, size, searched
):
    make_books(scores)
    paginator = KeysetPaginator(Book.objects.all(), order=order, size=size, searched=searched)
    assert walk(paginator) == (expected(order), expected(order))


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(scores=SCORES, falls=st.booleans(), size=st.integers(1, 7))
def test_a_key_that_is_reckoned_is_walked_like_the_column_it_comes_from(db, scores, falls, size):
    make_books(scores)
    sign = "-" if falls else ""
    halved = Book.objects.annotate(halved=F("score") / 2)
    paginator = KeysetPaginator(halved, order=f"{sign}halved", size=size)
    assert walk(paginator) == (expected(f"{sign}score"), expected(f"{sign}score"))


@pytest.mark.parametrize("order", ["full_score", "-full_score", "copies", "-copies"])
def test_annotations_and_aggregates_are_keys_like_any_other(order):
    make_books([3.0, None, 3.0, 1.0, 2.0, None, 7.0])
    queryset = Book.objects.annotate(
        full_score=Coalesce("score", Value(2.0), output_field=FloatField()),
        copies=Count("shelf__book"),
    )
    there, back = walk(KeysetPaginator(queryset, order=order, size=2, searched=True))
    assert walk(KeysetPaginator(queryset, order=order, size=2)) == (there, back)
    key = F(order.removeprefix("-"))
    falls = order.startswith("-")
    ordered = queryset.order_by(key.desc() if falls else key.asc(), "-pk" if falls else "pk")
    assert there == back == list(ordered)


def test_a_page_holds_as_many_rows_as_asked_for():
    make_books([float(n) for n in range(7)])
    page = KeysetPaginator(Book.objects.all(), order="score", size=3).page()
    assert [book.score for book in page.rows] == [0, 1, 2]


def test_rows_that_come_and_go_between_pages_shift_nothing():
    make_books([float(n) for n in range(6)])
    paginator = KeysetPaginator(Book.objects.all(), order="score", size=2)
    first = paginator.page()
    Book.objects.filter(score__lte=1).delete()
    Book.objects.create(score=0.5)
    assert [book.score for book in paginator.page(first.next_cursor).rows] == [2, 3]


def test_a_filter_and_the_order_of_the_queryset_are_kept_and_replaced():
    make_books([5.0, 1.0, None, 3.0, 1.0])
    queryset = Book.objects.filter(score__gte=3).order_by("-pk")
    page = KeysetPaginator(queryset, order="score", size=9).page()
    assert [book.score for book in page.rows] == [3, 5]


@pytest.mark.parametrize("cursor", ["", "x", "a:b:c", "\x00", "あ" * 500])
def test_an_invented_cursor_is_refused_or_is_the_first_page(cursor):
    paginator = KeysetPaginator(Book.objects.all(), order="score")
    if cursor:
        with pytest.raises(BadCursor) as caught:
            paginator.page(cursor)
        assert caught.value.errors[0].pointer == "/cursor"
    else:
        assert paginator.page(cursor).rows == []


def test_a_cursor_of_another_order_is_refused():
    make_books([1.0, 2.0, 3.0])
    cursor = KeysetPaginator(Book.objects.all(), order="score", size=1).page().next_cursor
    with pytest.raises(BadCursor):
        KeysetPaginator(Book.objects.all(), order="-score", size=1).page(cursor)


def test_no_page_counts_or_skips_and_a_position_is_compared_as_a_row():
    make_books([float(n) for n in range(9)])
    paginator = KeysetPaginator(Book.objects.all(), order="-score", size=2)
    cursor = paginator.page(paginator.page().next_cursor).next_cursor
    with CaptureQueriesContext(
        connection,
    ) as queries:
        paginator.page(cursor)
    sql = " ".join(query["sql"] for query in queries).upper()
    assert "OFFSET" not in sql
    assert "COUNT(" not in sql
    assert re.search(r'ROW\((\S+)\."SCORE", \1\."ID"\) < ROW\(', sql)


def test_a_deep_page_reads_its_rows_from_the_index_alone():
    Book.objects.bulk_create(Book(score=float(n)) for n in range(5000))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE kernel_rows_book")
    paginator = KeysetPaginator(Book.objects.all(), order="-score", size=10)
    deep = paginator._sequence(
        paginator._read(paginator._cursor(_keyed(paginator, 1000.0), back=False)),
        without_key=False,
        back=False,
        limit=11,
    )
    plan = deep.explain(analyze=True)
    assert re.search(r"Index (Only )?Scan Backward using book_score.*rows=11", plan)
    assert max(int(rows) for rows in re.findall(r"actual.*rows=(\d+)", plan)) == 11


def _keyed(paginator: KeysetPaginator[Book], score: float) -> Book:
    return paginator._queryset.get(score=score)


@pytest.mark.parametrize(
    ("order", "queries"), [("pk", 1), ("title", 1), ("score", 2), ("doubled", 1)]
)
def test_a_page_costs_the_same_queries_for_one_row_and_for_seven(
    order, queries, django_assert_num_queries
):
    doubled = Book.objects.annotate(doubled=F("score") * 2)
    for rows in (1, 7):
        make_books([1.0] * rows)
        paginator = KeysetPaginator(doubled, order=order, size=10)
        with django_assert_num_queries(queries):
            assert len(paginator.page().rows) == rows


class BookSerializer(serializers.ModelSerializer):
    class Meta:
        model = Book
        fields = ["id", "score"]


class Books(ListAPIView):
    authentication_classes: list = []
    permission_classes: list = []
    queryset = Book.objects.all()
    serializer_class = BookSerializer
    ordering_fields = {"score": "score", "shelf": "shelf__name"}
    ordering = "-score"


urlpatterns = [path("books/", Books.as_view())]


@pytest.fixture
def books(settings) -> APIClient:
    settings.ROOT_URLCONF = __name__
    make_books([3.0, None, 1.0, 2.0, 5.0, 4.0, None])
    return APIClient()


def scores(answer) -> list[float | None]:
    return [row["score"] for row in answer.json()["results"]]


def test_the_api_links_its_pages_and_keeps_the_other_parameters(books):
    first = books.get("/books/", {"page_size": 3, "extra": "x"})
    assert set(first.json()) == {"next", "previous", "results"}
    assert (scores(first), first.json()["previous"]) == ([5, 4, 3], None)
    second = books.get(first.json()["next"])
    assert scores(second) == [2, 1, None]
    assert "extra=x" in second.json()["next"]
    assert scores(books.get(second.json()["previous"])) == [5, 4, 3]
    last = books.get(second.json()["next"])
    assert (scores(last), last.json()["next"]) == ([None], None)


def test_the_api_sorts_by_the_fields_it_offers_both_ways(books):
    assert scores(books.get("/books/?ordering=score")) == [1, 2, 3, 4, 5, None, None]
    by_shelf = books.get("/books/?ordering=-shelf").json()["results"]
    names = [Book.objects.get(pk=row["id"]).shelf for row in by_shelf]
    assert [shelf and shelf.name for shelf in names] == ["あ", "あ", "b", "b", "a", "a", None]


@pytest.mark.parametrize(
    ("query", "code", "pointer"),
    [
        ("ordering=price", "bad_page_request", "/ordering"),
        ("ordering=--score", "bad_page_request", "/ordering"),
        ("page_size=", "bad_page_request", "/page_size"),
        ("ordering=", "bad_page_request", "/ordering"),
        ("page_size=0", "bad_page_request", "/page_size"),
        ("page_size=-1", "bad_page_request", "/page_size"),
        ("page_size=many", "bad_page_request", "/page_size"),
        ("page_size=³", "bad_page_request", "/page_size"),
        ("cursor=invented", "bad_cursor", "/cursor"),
    ],
)
def test_a_list_asked_for_wrongly_is_a_problem_that_points_at_the_parameter(
    books, query, code, pointer
):
    answer = books.get(f"/books/?{query}")
    assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert [fault["pointer"] for fault in answer.json()["errors"]] == [pointer]


def test_no_page_is_larger_than_two_hundred(books):
    make_books([1.0] * 201)
    assert len(scores(books.get("/books/?page_size=5000"))) == 200


def test_the_schema_names_the_parameters_of_a_list():
    view = Books()
    parameters = {
        each["name"]: each["schema"]
        for each in KeysetPagination().get_schema_operation_parameters(view)
    }
    assert parameters["ordering"]["enum"] == ["score", "shelf", "-score", "-shelf"]
    assert set(parameters) == {"cursor", "ordering", "page_size"}


def test_a_filter_by_many_rows_behind_one_shows_that_one_once():
    make_books([1.0] * 8)

    page = KeysetPaginator(Shelf.objects.filter(book__price=1), size=10).page()

    assert [shelf.pk for shelf in page.rows] == sorted(
        Book.objects.filter(price=1, shelf__isnull=False).values_list("shelf", flat=True)
    )
