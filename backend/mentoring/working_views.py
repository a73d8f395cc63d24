"""Goals, agenda, tasks, notes and steps of the journey over HTTP."""

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from backend.api import asking
from backend.bookings.once import once
from backend.mentoring import working
from backend.mentoring.relation_serializers import TogetherSerializer
from backend.mentoring.relation_views import PairView
from backend.mentoring.relation_wishes import (
    AgendaChangeSerializer,
    AgendaWishSerializer,
    GoalChangeSerializer,
    GoalWishSerializer,
    NoteChangeSerializer,
    NoteWishSerializer,
    StepChangeSerializer,
    StepMarkSerializer,
    StepWishSerializer,
    TaskChangeSerializer,
    TaskWishSerializer,
)


class GoalsView(PairView):
    @once
    @extend_schema(request=GoalWishSerializer, responses={201: TogetherSerializer})
    def post(self, request: Request, pk: int) -> Response:
        """Write a goal down."""
        wish = self.wish(GoalWishSerializer)
        working.set_goal(mentorship=self.pair(pk), by=asking(request), at=timezone.now(), **wish)
        return self.together(pk, 201)


class GoalView(PairView):
    @once
    @extend_schema(request=GoalChangeSerializer, responses=TogetherSerializer)
    def patch(self, request: Request, pk: int, goal: int) -> Response:
        """Other words, or whether it is reached."""
        wish = self.wish(GoalChangeSerializer)
        working.change_goal(mentorship=self.pair(pk), goal=goal, by=asking(request), at=timezone.now(), **wish)
        return self.together(pk)

    @once
    @extend_schema(responses={200: TogetherSerializer})
    def delete(self, request: Request, pk: int, goal: int) -> Response:
        """Leave it out."""
        working.drop_goal(mentorship=self.pair(pk), goal=goal, by=asking(request))
        return self.together(pk)


class AgendaView(PairView):
    @once
    @extend_schema(request=AgendaWishSerializer, responses={201: TogetherSerializer})
    def post(self, request: Request, pk: int) -> Response:
        """Something to talk about."""
        wish = self.wish(AgendaWishSerializer)
        working.put_on_agenda(mentorship=self.pair(pk), by=asking(request), at=timezone.now(), **wish)
        return self.together(pk, 201)


class AgendaItemView(PairView):
    @once
    @extend_schema(request=AgendaChangeSerializer, responses=TogetherSerializer)
    def patch(self, request: Request, pk: int, item: int) -> Response:
        """Other words, another session, or whether it has been talked about."""
        wish = self.wish(AgendaChangeSerializer)
        working.change_agenda(mentorship=self.pair(pk), item=item, by=asking(request), at=timezone.now(), **wish)
        return self.together(pk)

    @once
    @extend_schema(responses={200: TogetherSerializer})
    def delete(self, request: Request, pk: int, item: int) -> Response:
        """Take it off."""
        working.drop_agenda(mentorship=self.pair(pk), item=item, by=asking(request))
        return self.together(pk)


class TasksView(PairView):
    @once
    @extend_schema(request=TaskWishSerializer, responses={201: TogetherSerializer})
    def post(self, request: Request, pk: int) -> Response:
        """Something that one of us will do."""
        wish = self.wish(TaskWishSerializer)
        working.give_task(mentorship=self.pair(pk), by=asking(request), at=timezone.now(), **wish)
        return self.together(pk, 201)


class TaskView(PairView):
    @once
    @extend_schema(request=TaskChangeSerializer, responses=TogetherSerializer)
    def patch(self, request: Request, pk: int, task: int) -> Response:
        """Other words, another day, or whether it is done."""
        wish = self.wish(TaskChangeSerializer)
        working.change_task(mentorship=self.pair(pk), task=task, by=asking(request), at=timezone.now(), **wish)
        return self.together(pk)

    @once
    @extend_schema(responses={200: TogetherSerializer})
    def delete(self, request: Request, pk: int, task: int) -> Response:
        """Leave it out."""
        working.drop_task(mentorship=self.pair(pk), task=task, by=asking(request))
        return self.together(pk)


class NotesView(PairView):
    @once
    @extend_schema(request=NoteWishSerializer, responses={201: TogetherSerializer})
    def post(self, request: Request, pk: int) -> Response:
        """A note: for both, or for me alone."""
        wish = self.wish(NoteWishSerializer)
        working.write_note(mentorship=self.pair(pk), by=asking(request), at=timezone.now(), **wish)
        return self.together(pk, 201)


class NoteView(PairView):
    @once
    @extend_schema(request=NoteChangeSerializer, responses=TogetherSerializer)
    def patch(self, request: Request, pk: int, note: int) -> Response:
        """Other words; only of my own notes."""
        wish = self.wish(NoteChangeSerializer)
        working.change_note(mentorship=self.pair(pk), note=note, by=asking(request), at=timezone.now(), **wish)
        return self.together(pk)

    @once
    @extend_schema(responses={200: TogetherSerializer})
    def delete(self, request: Request, pk: int, note: int) -> Response:
        """Throw one of my notes away."""
        working.drop_note(mentorship=self.pair(pk), note=note, by=asking(request))
        return self.together(pk)


class StepsView(PairView):
    @once
    @extend_schema(request=StepWishSerializer, responses={201: TogetherSerializer})
    def post(self, request: Request, pk: int, goal: int) -> Response:
        """A step towards a goal."""
        wish = self.wish(StepWishSerializer)
        working.add_step(mentorship=self.pair(pk), goal=goal, by=asking(request), **wish)
        return self.together(pk, 201)


class StepView(PairView):
    @once
    @extend_schema(request=StepChangeSerializer, responses=TogetherSerializer)
    def patch(self, request: Request, pk: int, step: int) -> Response:
        """Other words, or whether it is done."""
        wish = self.wish(StepChangeSerializer)
        working.change_step(mentorship=self.pair(pk), step=step, by=asking(request), at=timezone.now(), **wish)
        return self.together(pk)

    @once
    @extend_schema(responses={200: TogetherSerializer})
    def delete(self, request: Request, pk: int, step: int) -> Response:
        """Leave it out."""
        working.drop_step(mentorship=self.pair(pk), step=step, by=asking(request))
        return self.together(pk)


class WalkView(PairView):
    @once
    @extend_schema(request=StepMarkSerializer, responses=TogetherSerializer)
    def put(self, request: Request, pk: int, step: int) -> Response:
        """Whether we have walked this step of the journey."""
        pair, by = self.pair(pk), asking(request)
        if self.wish(StepMarkSerializer)["done"]:
            working.walk(mentorship=pair, step=step, by=by, at=timezone.now())
        else:
            working.unwalk(mentorship=pair, step=step, by=by)
        return self.together(pk)
