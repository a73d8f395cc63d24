"""What somebody booked ends when they leave."""

from django.apps import AppConfig


class BookingsConfig(AppConfig):
    name = "backend.bookings"

    def ready(self) -> None:
        from backend.bookings.leaving import end_bookings
        from backend.members.leaving import when_leaving

        when_leaving(end_bookings)
