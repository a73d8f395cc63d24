"""What was answered to wishes that carried a key, so that the same wish sent again gets the same answer."""

from django.conf import settings
from django.db import models


class GivenAnswer(models.Model):
    """The answer to one wish of a member. `asked` is the hash of what the wish was; stored in the transaction that granted it."""

    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    key = models.UUIDField()
    asked = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    body = models.TextField(blank=True)
    given_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["member", "key"], name="a_key_has_one_answer")]
