"""Which calls."""

import django_filters
from django.db.models import Q, QuerySet
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field

from backend.calls.models import Call, CallAnswer, CallCountry, CallLanguage, CallSkill
from backend.collectives.filters import seen_by
from backend.members.filters import SEARCH_MAX_LENGTH, WORDS_MAX, with_narrower
from backend.skills import typeahead
from backend.skills.folding import fold
from backend.skills.models import Skill


class CallFilter(django_filters.FilterSet):
    search = django_filters.CharFilter(
        method="by_words", help_text="Words of the call, its town, or of a skill in any language."
    )
    skill = django_filters.ModelChoiceFilter(
        queryset=Skill.objects.all(), method="by_skill", help_text="Looks for it, or for a narrower one."
    )
    language = django_filters.CharFilter(method="by_language", help_text="Done in it, or in any.")
    country = django_filters.CharFilter(field_name="country", lookup_expr="iexact", help_text="Done there, in place.")
    people_from = django_filters.CharFilter(method="by_people_from", help_text="Looks for people of this country.")
    remote = django_filters.BooleanFilter(field_name="is_remote")
    on_or_after = django_filters.DateFilter(method="by_beginning", help_text="Not over before that day.")
    on_or_before = django_filters.DateFilter(method="by_end", help_text="Begun by that day.")
    collective = django_filters.ModelChoiceFilter(queryset=seen_by)
    state = django_filters.MultipleChoiceFilter(choices=Call.State.choices)
    mine = django_filters.BooleanFilter(method="by_mine", help_text="About whose answers I decide.")
    answered = django_filters.BooleanFilter(method="by_answered", help_text="That I answered.")

    class Meta:
        model = Call
        fields = ["collective"]

    def by_words(self, calls: QuerySet[Call], name: str, value: str) -> QuerySet[Call]:
        """Every word must be found in one of these places."""
        words = [word for word in value[:SEARCH_MAX_LENGTH].split() if fold(word)][:WORDS_MAX]
        for word in words:
            said = typeahead.named(fold(word)).filter(skill__isnull=False)
            skilled = CallSkill.objects.filter(skill__in=said.values("skill"))
            calls = calls.filter(
                Q(title__icontains=word)
                | Q(text__icontains=word)
                | Q(city__icontains=word)
                | Q(pk__in=skilled.values("call"))
            )
        return calls if words else calls.none()

    @extend_schema_field(OpenApiTypes.INT)
    def by_skill(self, calls: QuerySet[Call], name: str, skill: Skill) -> QuerySet[Call]:
        return calls.filter(pk__in=CallSkill.objects.filter(skill__in=with_narrower(skill)).values("call"))

    def by_language(self, calls: QuerySet[Call], name: str, code: str) -> QuerySet[Call]:
        named = CallLanguage.objects.filter(code=code.lower())
        return calls.filter(Q(pk__in=named.values("call")) | ~Q(pk__in=CallLanguage.objects.values("call")))

    def by_people_from(self, calls: QuerySet[Call], name: str, code: str) -> QuerySet[Call]:
        named = CallCountry.objects.filter(code=code.upper())
        return calls.filter(Q(pk__in=named.values("call")) | ~Q(pk__in=CallCountry.objects.values("call")))

    def by_beginning(self, calls: QuerySet[Call], name: str, day: object) -> QuerySet[Call]:
        return calls.filter(Q(ends_on__gte=day) | Q(ends_on=None))

    def by_end(self, calls: QuerySet[Call], name: str, day: object) -> QuerySet[Call]:
        return calls.filter(Q(starts_on__lte=day) | Q(starts_on=None))

    def by_mine(self, calls: QuerySet[Call], name: str, value: bool) -> QuerySet[Call]:
        ours = Call.objects.led_by(self.request.user).values("pk")
        return calls.filter(pk__in=ours) if value else calls.exclude(pk__in=ours)

    def by_answered(self, calls: QuerySet[Call], name: str, value: bool) -> QuerySet[Call]:
        mine = CallAnswer.objects.filter(member=self.request.user).values("call")
        return calls.filter(pk__in=mine) if value else calls.exclude(pk__in=mine)
