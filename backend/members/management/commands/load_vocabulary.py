"""Loads the starter vocabulary into the database, and takes members along where one skill makes way for another."""

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils import timezone

from backend.members.merging import follow_merged
from backend.skills.actions import load_vocabulary
from backend.skills.models import Profession, Sector, Skill


class Command(BaseCommand):
    help = "Bring skills, professions and sectors to what the vocabulary files say. Then work out which skills are near. Safe to run again."

    def handle(self, *args: Any, **options: Any) -> None:
        with transaction.atomic():
            load_vocabulary()
            follow_merged(at=timezone.now())
        counts = Skill.objects.count(), Profession.objects.count(), Sector.objects.count()
        self.stdout.write("{:,} skills, {:,} professions, {:,} sectors.".format(*counts))
        call_command("relate_skills", stdout=self.stdout)
