"""Notices to very many, sent while nobody waits for an answer."""

from django_tasks import task


@task()
def send_circulars() -> None:
    """All that wait; late, twice or by two workers, each is told once."""
    from backend.notices.circulars import send_all

    send_all()
