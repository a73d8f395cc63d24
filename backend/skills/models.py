"""Skills, professions and sectors: concepts with names in many languages, never strings."""

from typing import Any

from django.db import models
from django.db.models import Q

from backend.skills.folding import fold

LANGUAGE_MAX_LENGTH = 8
LABEL_MAX_LENGTH = 255


class Source(models.TextChoices):
    """Who says so: our own files, the European classification of skills and occupations, or a member."""

    CORE = "core"
    ESCO = "esco"
    MEMBER = "member"


class Concept(models.Model):
    """Something that a member can mean, whatever language they say it in.

    `names` holds the preferred name per language ({"en": "stage lighting", …}) and is what people are shown;
    `Label` rows hold everything that finds the concept.
    """

    key = models.SlugField(max_length=120, unique=True)
    names = models.JSONField(default=dict)
    esco_uri = models.CharField(max_length=255, unique=True, null=True, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name_in("en")

    def name_in(self, language: str) -> str:
        """The preferred name in this language, else in English, else in any language, else the key."""
        names: dict[str, str] = self.names
        return names.get(language) or names.get("en") or next(iter(names.values()), self.key)


class Sector(Concept):
    """A field of activity with its NACE Rev. 2.1 code, such as `J59`."""

    nace = models.CharField(max_length=12)
    is_retired = models.BooleanField(default=False, help_text="Left the vocabulary; kept for those who chose it.")


class Family(Concept):
    """One of the dozen trades under which the starter vocabulary is kept."""

    class Meta:
        verbose_name_plural = "families"


class SkillGroup(Concept):
    """A group of the European classification; groups lie in groups, up to its four pillars."""

    parent = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="children")


class Skill(Concept):
    class Status(models.TextChoices):
        ACTIVE = "active"
        PROPOSED = "proposed"
        RETIRED = "retired"

    family = models.ForeignKey(Family, models.PROTECT, null=True, blank=True, related_name="skills")
    group = models.ForeignKey(SkillGroup, models.SET_NULL, null=True, blank=True, related_name="skills")
    said_by = models.CharField(max_length=6, choices=Source, default=Source.CORE)
    description = models.TextField(blank=True, help_text="In English; only to work out which skills are alike.")
    status = models.CharField(max_length=10, choices=Status, default=Status.ACTIVE)
    merged_into = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="merged_from")


class SkillLink(models.Model):
    """A relation between two skills: `source` is broader than `target`, near to it, needs it or is helped by it.

    Near is symmetric and kept once.
    """

    class Kind(models.TextChoices):
        BROADER = "broader"
        NEAR = "near"
        ESSENTIAL = "essential"
        OPTIONAL = "optional"

    source = models.ForeignKey(Skill, models.CASCADE, related_name="links_out")
    target = models.ForeignKey(Skill, models.CASCADE, related_name="links_in")
    kind = models.CharField(max_length=10, choices=Kind)
    said_by = models.CharField(max_length=6, choices=Source, default=Source.CORE)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "target", "kind"], name="two_skills_are_linked_once_per_kind"),
            models.CheckConstraint(condition=~Q(source=models.F("target")), name="a_skill_is_not_linked_to_itself"),
        ]


class Profession(Concept):
    """What people call themselves; points to the skills and the sector that usually go with it."""

    sector = models.ForeignKey(Sector, models.PROTECT, null=True, blank=True, related_name="professions")
    skills = models.ManyToManyField(Skill, related_name="professions")
    optional_skills = models.ManyToManyField(Skill, related_name="optional_for")
    said_by = models.CharField(max_length=6, choices=Source, default=Source.CORE)
    is_retired = models.BooleanField(default=False, help_text="Left the vocabulary; kept for those who chose it.")


class Label(models.Model):
    """One way of saying one concept in one language; `folded` is the searchable form (see `folding.fold`)."""

    text = models.CharField(max_length=LABEL_MAX_LENGTH)
    folded = models.CharField(max_length=LABEL_MAX_LENGTH)
    language = models.CharField(max_length=LANGUAGE_MAX_LENGTH)
    is_preferred = models.BooleanField(default=False)
    said_by = models.CharField(max_length=6, choices=Source, default=Source.CORE)
    joined = models.CharField(
        max_length=LABEL_MAX_LENGTH, blank=True, help_text="Words that are written with a hyphen, folded without it."
    )
    skill = models.ForeignKey(Skill, models.CASCADE, null=True, blank=True, related_name="labels")
    profession = models.ForeignKey(Profession, models.CASCADE, null=True, blank=True, related_name="labels")
    sector = models.ForeignKey(Sector, models.CASCADE, null=True, blank=True, related_name="labels")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=(
                    Q(skill__isnull=False, profession__isnull=True, sector__isnull=True)
                    | Q(skill__isnull=True, profession__isnull=False, sector__isnull=True)
                    | Q(skill__isnull=True, profession__isnull=True, sector__isnull=False)
                ),
                name="a_label_belongs_to_one_concept",
            ),
        ]
        indexes = [
            models.Index(fields=["folded"], opclasses=["varchar_pattern_ops"], name="labels_by_beginning"),
            models.Index(
                fields=["language", "said_by", "folded"],
                opclasses=["varchar_ops", "varchar_ops", "varchar_pattern_ops"],
                name="labels_of_language",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.text} ({self.language})"

    @classmethod
    def saying(cls, text: str, **values: Any) -> "Label":
        """A label, not yet saved, with its searchable forms."""
        joined = " ".join(fold(word.replace("-", "")) for word in text.split() if "-" in word.strip("-"))
        return cls(text=text, folded=fold(text)[:LABEL_MAX_LENGTH], joined=joined[:LABEL_MAX_LENGTH], **values)

    @property
    def concept(self) -> Any:
        return self.skill or self.profession or self.sector


class NearSkill(models.Model):
    """How well an offer of `other` meets a wish for `skill`, in percent; worked out by `relate_skills`."""

    skill = models.ForeignKey(Skill, models.CASCADE, related_name="near_skills")
    other = models.ForeignKey(Skill, models.CASCADE, related_name="+")
    percent = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["skill", "other"], name="two_skills_are_near_once"),
            models.CheckConstraint(condition=Q(percent__range=(1, 100)), name="near_is_1_to_100_percent"),
        ]


class Complement(models.Model):
    """Who has `skill` often also has `other`: what completes it, never what replaces it."""

    skill = models.ForeignKey(Skill, models.CASCADE, related_name="complements")
    other = models.ForeignKey(Skill, models.CASCADE, related_name="+")
    percent = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["skill", "other"], name="two_skills_complete_each_other_once")]


class VocabularyVersion(models.Model):
    """A single row with other numbers after each change, so that each process knows when to read what again.

    `number` stands for all of the vocabulary, `relations` for what lies between skills, `labels` for what the labels said that were
    there: a proposed skill, whose label is new, changes only the first.
    """

    number = models.PositiveIntegerField(default=0)
    labels = models.PositiveIntegerField(default=0)
    relations = models.PositiveIntegerField(default=0)
    related_from = models.CharField(
        max_length=255, blank=True, help_text="The vocabulary from which it was worked out what is near."
    )
