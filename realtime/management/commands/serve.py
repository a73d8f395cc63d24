"""`manage.py serve`: one web process, HTTP and sockets."""

from argparse import ArgumentParser
from typing import Any

from channels.routing import get_default_application
from daphne.endpoints import build_endpoint_description_strings
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.urls import get_resolver

from backend import environment, garbage
from realtime import hub
from realtime.limits import FRAME_CUT_BYTES
from realtime.server import Server


class Command(BaseCommand):
    help = "Serve Compagnon, HTTP and sockets, until Ctrl-C or SIGTERM."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="address to listen on; 0.0.0.0 for every network")
        parser.add_argument("--port", type=int, default=environment.number("PORT", 8000))
        parser.add_argument(
            "--fd", type=int, help="listen on this open socket instead, which other processes may share"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        server = Server(
            get_default_application(),
            endpoints=_endpoints(options),
            write_through=getattr(settings, "REALTIME_WRITE_THROUGH", True),
            on_stop=hub.close_all,
            http_timeout=120,
            ping_interval=20,
            ping_timeout=30,
            websocket_max_message_size=FRAME_CUT_BYTES,
            websocket_max_frame_size=FRAME_CUT_BYTES,
            proxy_forwarded_address_header="X-Forwarded-For" if settings.PROXIES else None,
            proxy_forwarded_proto_header="X-Forwarded-Proto" if settings.PROXIES else None,
            verbosity=options["verbosity"],
            server_name="compagnon",
        )
        get_resolver().url_patterns  # noqa: B018 — loads all views.
        garbage.settle()
        server.run()
        if server.failure:
            raise CommandError(server.failure)


def _endpoints(options: dict[str, Any]) -> list[str]:
    if options["fd"] is not None:
        return list(build_endpoint_description_strings(file_descriptor=options["fd"]))
    return list(build_endpoint_description_strings(host=options["host"], port=options["port"]))
