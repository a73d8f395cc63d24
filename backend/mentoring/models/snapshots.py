"""Which files of everyone were written for the processes that begin: the files are beside the database, their names within it."""

from django.db import models


class PeopleSnapshot(models.Model):
    """A file of everyone. A database that was brought back or copied knows only those that were written before."""

    name = models.CharField(max_length=32, unique=True)
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
