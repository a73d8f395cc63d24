"""What the database keeps of a member beside what they say, so that people are found by it."""

from django.db import models
from django.db.models import F
from django.db.models.expressions import Combinable

from backend.members import towns


class Coordinate(models.FloatField[float | None, float | None]):
    """One coordinate of the member's town on the sphere (`towns.on_sphere`), written by itself at every save.

    Empty where the town is not one that we know.
    """

    def pre_save(self, member: models.Model, add: bool) -> float | None:
        found = towns.town(getattr(member, "city", ""), getattr(member, "country", ""))
        value = None if found is None else towns.on_sphere(found.point)["xyz".index(self.attname)]
        setattr(member, self.attname, value)
        return value


class TileOfTown(models.IntegerField[int | None, int | None]):
    """The piece of the map on which the member's town lies (`towns.tile`), written by itself at every save.

    Empty where the town is not one that we know.
    """

    def pre_save(self, member: models.Model, add: bool) -> int | None:
        found = towns.town(getattr(member, "city", ""), getattr(member, "country", ""))
        value = None if found is None else towns.tile(found.point)
        setattr(member, self.attname, value)
        return value


class RegionOfTown(models.CharField[str, str]):
    """The region in which the member's town lies (ISO 3166-2), written by itself at every save.

    Empty where the town is not one that we know, or its country has no regions that we know.
    """

    def pre_save(self, member: models.Model, add: bool) -> str:
        found = towns.town(getattr(member, "city", ""), getattr(member, "country", ""))
        code = "" if found is None else found.region
        setattr(member, self.attname, code)
        return code


class FreeWeekdays(models.PositiveSmallIntegerField[int, int]):
    """On which weekdays a member has free hours, a bit for each day; written with the hours (`FreeHoursQuerySet.note`).

    Who saves a member as they read them a while ago leaves it as it is now.
    """

    def pre_save(self, member: models.Model, add: bool) -> int | Combinable:
        return F(self.attname) if not add else getattr(member, self.attname)
