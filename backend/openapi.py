"""What the OpenAPI file says about signing in."""

from typing import Any

from drf_spectacular.authentication import SessionScheme


class MemberSessionScheme(SessionScheme):  # type: ignore[no-untyped-call]
    """The session cookie, as `backend.api.MemberSession` reads it."""

    target_class = "backend.api.MemberSession"
    name = "session"

    def get_security_definition(self, auto_schema: Any) -> Any:
        return {"type": "apiKey", "in": "cookie", "name": "sessionid"}
