"""The shapes of consultations, as one person sees them, and what may be said."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from backend.api import IdField
from backend.consultations import rules
from backend.consultations.models import Consultation, Recommendation, Theme
from backend.conversations.text import written
from backend.members.models import Member
from backend.members.serializers import PersonSerializer
from backend.members.wishes import spoken

TITLE: dict[str, Any] = {"min_length": 3, "max_length": 110}


class AskedGroupSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    name = serializers.CharField()


class ConsultationCardSerializer(serializers.ModelSerializer[Consultation]):
    organisation = AskedGroupSerializer(read_only=True, allow_null=True, help_text="Null: the whole federation.")

    class Meta:
        model = Consultation
        fields = ["id", "title", "organisation", "state", "collects_until", "created_at"]
        read_only_fields = fields


class ThemeSerializer(serializers.ModelSerializer[Theme]):
    html = serializers.SerializerMethodField(help_text="The summary, whose Markdown is shown; harmless.")
    recommendations = serializers.IntegerField(source="recommendations_count", read_only=True)

    class Meta:
        model = Theme
        fields = ["id", "title", "summary", "html", "topic", "recommendations"]
        read_only_fields = fields

    def get_html(self, theme: Theme) -> str:
        return written(theme.summary)


class ConsultationMaySerializer(serializers.Serializer[Any]):
    edit = serializers.BooleanField()
    withdraw = serializers.BooleanField()
    hand_in = serializers.BooleanField()
    group = serializers.BooleanField(help_text="Make themes, and put recommendations into them.")
    discuss = serializers.BooleanField(help_text="Show the themes: nothing waits any more.")
    propose = serializers.BooleanField(help_text="Prepare the vote.")
    name = serializers.BooleanField(help_text="Ask somebody to look after it.")


class ConsultationSerializer(ConsultationCardSerializer):
    html = serializers.SerializerMethodField(help_text="The text, whose Markdown is shown; harmless.")
    facilitators = PersonSerializer(many=True, read_only=True)
    themes = ThemeSerializer(many=True, read_only=True)
    recommendations = serializers.SerializerMethodField(help_text="How many there are.")
    waiting = serializers.SerializerMethodField(help_text="How many are not grouped yet.")
    left_out = serializers.SerializerMethodField(help_text="How many are left out, each with its reason.")
    may = serializers.SerializerMethodField()

    class Meta(ConsultationCardSerializer.Meta):
        fields = [
            *ConsultationCardSerializer.Meta.fields, "text", "html", "room", "facilitators", "themes", "recommendations",
            "waiting", "left_out", "may",
        ]  # fmt: skip
        read_only_fields = fields

    def get_html(self, consultation: Consultation) -> str:
        return written(consultation.text)

    @extend_schema_field(serializers.IntegerField())
    def get_recommendations(self, consultation: Any) -> int:
        return int(consultation.said)

    @extend_schema_field(serializers.IntegerField())
    def get_waiting(self, consultation: Any) -> int:
        return int(consultation.waits)

    @extend_schema_field(serializers.IntegerField())
    def get_left_out(self, consultation: Any) -> int:
        return int(consultation.out)

    @extend_schema_field(ConsultationMaySerializer())
    def get_may(self, consultation: Any) -> dict[str, bool]:
        following = rules.TRANSITIONS[consultation.state]
        leads = rules.is_facilitator(self.context["request"].user, consultation)
        return {
            "edit": leads and consultation.state in rules.EDITABLE,
            "withdraw": leads and "withdraw" in following,
            "hand_in": rules.is_collecting(consultation, timezone.now()),
            "group": leads and consultation.state == rules.State.GROUPING,
            "discuss": leads and "discuss" in following and not consultation.waits and bool(consultation.themes.all()),
            "propose": leads and consultation.state == rules.State.DISCUSSION,
            "name": leads or rules.may_name(self.context["request"].user, consultation),
        }


class RecommendationMaySerializer(serializers.Serializer[Any]):
    support = serializers.BooleanField()
    take_back = serializers.BooleanField()
    place = serializers.BooleanField()


class RecommendationSerializer(serializers.ModelSerializer[Recommendation]):
    """`group` is the local group for which it was said, where the reader may see that it exists; `for_group` says that there is one."""

    author = PersonSerializer(read_only=True, allow_null=True)
    group = serializers.SerializerMethodField()
    supports = serializers.IntegerField(source="supports_count", read_only=True)
    i_support = serializers.BooleanField(read_only=True)
    may = serializers.SerializerMethodField()

    class Meta:
        model = Recommendation
        fields = [
            "id", "author", "group", "for_group", "language", "text", "created_at", "theme", "merged_into",
            "left_out_because", "supports", "i_support", "may",
        ]  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(AskedGroupSerializer(allow_null=True))
    def get_group(self, row: Any) -> dict[str, Any] | None:
        if row.collective is None or not row.group_seen:
            return None
        return {"id": row.collective.pk, "name": row.collective.name}

    @extend_schema_field(RecommendationMaySerializer())
    def get_may(self, row: Recommendation) -> dict[str, bool]:
        me: Member = self.context["request"].user
        consultation: Consultation = self.context["consultation"]
        collecting, mine = rules.is_collecting(consultation, timezone.now()), row.author_id == me.pk
        return {
            "support": collecting and not mine,
            "take_back": collecting and mine,
            "place": consultation.state == rules.State.GROUPING and rules.is_facilitator(me, consultation),
        }


class BeginConsultationSerializer(serializers.Serializer[Any]):
    title = serializers.CharField(**TITLE)
    text = serializers.CharField(max_length=10_000, required=False, allow_blank=True)
    everywhere = serializers.BooleanField(default=False, help_text="The whole federation, not only my organisation.")
    collects_until = serializers.DateTimeField(required=False, allow_null=True, help_text="Null: talk at once.")


class EditConsultationSerializer(serializers.Serializer[Any]):
    title = serializers.CharField(required=False, **TITLE)
    text = serializers.CharField(max_length=10_000, required=False, allow_blank=True)
    collects_until = serializers.DateTimeField(required=False)


class HandInSerializer(serializers.Serializer[Any]):
    text = serializers.CharField(min_length=3, max_length=2000)
    language = serializers.CharField(max_length=3)
    collective = IdField(required=False, allow_null=True)

    def validate_language(self, code: str) -> str:
        if code not in spoken():
            raise serializers.ValidationError("This is not a language that we know.", code="bad_language")
        return code


class SupportRecommendationSerializer(serializers.Serializer[Any]):
    want = serializers.BooleanField()


class PlaceRecommendationSerializer(serializers.Serializer[Any]):
    """One of the three, or nothing to let it wait again."""

    theme = IdField(required=False, allow_null=True)
    merged_into = IdField(required=False, allow_null=True)
    left_out_because = serializers.CharField(max_length=600, required=False, allow_blank=True)


class WriteThemeSerializer(serializers.Serializer[Any]):
    title = serializers.CharField(**TITLE)
    summary = serializers.CharField(max_length=4000, required=False, allow_blank=True)


class DropThemeSerializer(serializers.Serializer[Any]):
    into = IdField(required=False, allow_null=True)


class WhichPersonSerializer(serializers.Serializer[Any]):
    member = IdField()


class RoomNumberSerializer(serializers.Serializer[Any]):
    room = serializers.IntegerField()


class MayBeginSerializer(serializers.Serializer[Any]):
    organisation = serializers.BooleanField()
    federation = serializers.BooleanField()
