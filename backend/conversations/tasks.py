"""What is done later."""

from django.utils import timezone
from django_tasks import task


@task()
def drop_unsent() -> None:
    """Files that were uploaded and never sent are deleted after a day."""
    from backend.conversations.actions.uploading import drop_unsent_before

    drop_unsent_before(at=timezone.now())
