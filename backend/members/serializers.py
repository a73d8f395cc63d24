"""The shapes of members."""

from rest_framework import serializers

from backend.members.models import Member


class PersonSerializer(serializers.ModelSerializer[Member]):
    """A member in a few words, wherever one is named."""

    photo = serializers.SerializerMethodField()

    class Meta:
        model = Member
        fields = ["id", "name", "photo", "country", "city"]

    def get_photo(self, member: Member) -> str | None:
        return member.photo.url if member.photo else None
