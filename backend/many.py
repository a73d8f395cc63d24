"""The same for very many at once, in one statement or one value: no object is made for any of them."""

from collections.abc import Collection
from typing import Any

import orjson
from django.core.exceptions import EmptyResultSet
from django.db import connection, models
from django.db.models.expressions import RawSQL

_THESE_POSTGRESQL, _THESE_SQLITE = "SELECT unnest(%s::bigint[])", "SELECT value FROM json_each(%s)"
_EACH_POSTGRESQL = "unnest(%s::bigint[]) WITH ORDINALITY AS each (value, key)"
_EACH_SQLITE = "json_each(%s) AS each"


def these(numbers: Collection[int]) -> RawSQL:
    """For `field__in=`: one parameter however many they are, where Django would write down each."""
    is_postgresql = connection.vendor == "postgresql"
    return RawSQL(_THESE_POSTGRESQL if is_postgresql else _THESE_SQLITE, [_given(numbers)])


def numbers_of(rows: "models.QuerySet[Any, Any]") -> list[int]:
    """The keys of all these rows, in no order.

    From PostgreSQL they come as one value: to bring thousands of rows of one number each takes longer than to find them.
    """
    keys = rows.order_by().values_list("pk", flat=True)
    if connection.vendor != "postgresql":
        return list(keys)
    try:
        words, given = keys.query.sql_with_params()
    except EmptyResultSet:
        return []
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT ARRAY({words})", given)
        found: list[int] = cursor.fetchone()[0]
    return found


def write_for_each(
    model: type[models.Model], numbers: Collection[int], *, each: str, **same: Any
) -> list[tuple[int, int]]:
    """A row of this model for each of these numbers, which stands in the field `each`; `same` is what all rows say alike.

    Returns (key, number) of each. Columns that are not named are as the database leaves them.
    """
    fields = {name: _field(model, name) for name in (each, *same)}
    columns = {name: connection.ops.quote_name(str(field.column)) for name, field in fields.items()}
    alike = "".join(", %s" for _name in same)
    values = [fields[name].get_db_prep_save(value, connection) for name, value in same.items()]
    source = _EACH_POSTGRESQL if connection.vendor == "postgresql" else _EACH_SQLITE
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {connection.ops.quote_name(model._meta.db_table)} ({', '.join(columns.values())})"
            f" SELECT value{alike} FROM {source} ORDER BY key RETURNING id, {columns[each]}",
            [*values, _given(numbers)],
        )
        return [(key, number) for key, number in cursor.fetchall()]


def _given(numbers: Collection[int]) -> Any:
    return list(numbers) if connection.vendor == "postgresql" else orjson.dumps(list(numbers)).decode()


def _field(model: type[models.Model], name: str) -> "models.Field[Any, Any]":
    field = model._meta.get_field(name)
    assert isinstance(field, models.Field)
    return field
