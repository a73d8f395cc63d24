"""Contact data over HTTP: my own, and that of people who can be reached by me. The only door."""

import re
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from backend.api import IsSignedIn, asking
from backend.errors import field_error
from backend.members import reach
from backend.members.models import Reach

MOST = 100
NUMBER = re.compile(r"\d{1,18}", re.ASCII)
# As people write them: +33 (0)1 99 00 12 34, 0032.2/555.12.12. Fifteen digits at most, as ITU-T E.164 says.
TELEPHONE = re.compile(r"\+?[0-9 ()./-]+")
DIGITS_LEAST, DIGITS_MOST = 6, 15
_is_web_address = URLValidator(schemes=["https", "http"])


class MyReachSerializer(serializers.ModelSerializer[Reach]):
    """How I can be reached. All of it may be left empty."""

    email = serializers.EmailField(max_length=254, allow_blank=True, default="")
    telephone = serializers.CharField(max_length=32, allow_blank=True, default="")
    link = serializers.CharField(max_length=300, allow_blank=True, default="", help_text="Begins with https: or http:.")

    class Meta:
        model = Reach
        fields = ["email", "telephone", "link"]

    def validate_telephone(self, said: str) -> str:
        said = " ".join(said.split())
        digits = sum(one.isdigit() for one in said)
        if said and not (TELEPHONE.fullmatch(said) and DIGITS_LEAST <= digits <= DIGITS_MOST):
            raise serializers.ValidationError(_("Write the number like +32 2 555 12 12."), code="not_a_telephone")
        return said

    def validate_link(self, said: str) -> str:
        """A page of the web, and nothing that a browser would do instead of going there."""
        try:
            if said:
                _is_web_address(said)
            is_plain = "@" not in urlsplit(said).netloc
        except (ValidationError, ValueError):
            is_plain = False
        if not is_plain:
            raise serializers.ValidationError(_("Write the whole address, with https:// before it."), code="not_a_link")
        return said


class ReachSerializer(serializers.ModelSerializer[Reach]):
    """How somebody can be reached; what is empty they did not write down."""

    member = serializers.IntegerField(source="pk", read_only=True)

    class Meta:
        model = Reach
        fields = ["member", "email", "telephone", "link"]
        read_only_fields = fields


class MyReachView(APIView):
    permission_classes = [IsSignedIn]

    @extend_schema(responses=MyReachSerializer)
    def get(self, request: Request) -> Response:
        """What I wrote down about how I can be reached."""
        return self._answer(request, reach.written_by(asking(request)))

    @extend_schema(request=MyReachSerializer, responses=MyReachSerializer)
    def put(self, request: Request) -> Response:
        """Write all of it anew. It is read by those with whom I have something going, and by nobody else."""
        wish = MyReachSerializer(data=request.data)
        wish.is_valid(raise_exception=True)
        return self._answer(request, reach.write_down(member=asking(request), **wish.validated_data))

    def _answer(self, request: Request, mine: Reach) -> Response:
        return Response(MyReachSerializer(mine).data, headers={"Cache-Control": "no-store"})


class ReachView(APIView):
    @extend_schema(
        parameters=[OpenApiParameter("member", int, required=True, many=True, description=f"Of whom; {MOST} at most.")],
        responses=ReachSerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        """How these people can be reached: those alone with whom I have something going. Of the others nothing is said."""
        wished: list[Any] = request.query_params.getlist("member")
        if not wished or len(wished) > MOST or not all(NUMBER.fullmatch(one) for one in wished):
            raise field_error("member", "invalid", _("Name people by their numbers, a hundred at most."))
        found = reach.readable(viewer=asking(request), among={int(one) for one in wished})
        return Response(ReachSerializer(found, many=True).data, headers={"Cache-Control": "no-store"})
