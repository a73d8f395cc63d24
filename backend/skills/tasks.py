"""What is worked out about skills while nobody waits."""

from django_tasks import task


@task()
def relate() -> None:
    """Bring the relations of skills up to date; quickly done where nothing has changed."""
    from backend.skills.relations import relate_skills

    relate_skills()
