"""The smallest concrete tables the abstract models of `config.lib` can stand in."""

from django.db import models

from config.lib.claims import Claimable, ClaimQuerySet
from config.lib.clock import AppNow
from config.lib.jobs import JobBase, JobQuerySet
from config.lib.recorded import Recorded


class Errand(Claimable):
    effect = models.IntegerField(default=0)

    objects = ClaimQuerySet.as_manager()

    class Meta(Claimable.Meta):
        pass


class Job(JobBase):
    objects = JobQuerySet.as_manager()

    class Meta(JobBase.Meta):
        pass


class Slot(models.Model):
    pk = models.CompositePrimaryKey("key", "slot_at")
    key = models.CharField(max_length=100)
    slot_at = models.DateTimeField()
    taken_at = models.DateTimeField(db_default=AppNow())


class Fact(Recorded):
    value = models.CharField(max_length=20)

    class Meta(Recorded.Meta):
        pass


class Shelf(models.Model):
    name = models.CharField(max_length=20)
    opened_at = models.DateTimeField(null=True)


class Book(models.Model):
    shelf = models.ForeignKey(Shelf, null=True, on_delete=models.CASCADE)
    score = models.FloatField(null=True)
    price = models.DecimalField(max_digits=10, decimal_places=2, default=0)
    title = models.CharField(max_length=20, default="")

    class Meta:
        indexes = [models.Index(fields=["score", "id"], name="book_score")]


class Receipt(models.Model):
    """What an Idempotency-Key was answered with."""

    owner = models.CharField(max_length=80)
    key = models.CharField(max_length=200)
    body_digest = models.BinaryField(max_length=32)
    status = models.PositiveSmallIntegerField(null=True)
    response = models.JSONField(null=True)
    headers = models.JSONField(default=dict)
    created_at = models.DateTimeField(db_default=AppNow())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "key"], name="receipt_unique")]
