"""The ASGI application: HTTP by Django, the socket by this package."""

import os

from channels.routing import ProtocolTypeRouter
from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "backend.settings")
django = get_asgi_application()

application = ProtocolTypeRouter({"http": django})
