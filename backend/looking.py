"""Pages of the admin that are for looking at, and nothing else."""

from typing import Any

from django.http import HttpRequest


class LookOnly:
    """Stands before the kind of page: nothing is added, changed or deleted there."""

    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
