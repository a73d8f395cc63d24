"""Addresses of this room, below /api/."""

from django.urls import path
from rest_framework.routers import SimpleRouter

from backend.mentoring.circle_views import CircleView
from backend.mentoring.cohort_views import CohortView, ProgrammeView
from backend.mentoring.first_talk_views import EndTalksView, FirstTalkView, TalkRoundView
from backend.mentoring.giving_views import CertificatesView, CertificateView, GivingView, TheirGivingView
from backend.mentoring.guiding_views import (
    CollectiveGuidingView,
    GuideWaitView,
    GuidingView,
    MyGuidingView,
    TrainingView,
)
from backend.mentoring.journey_views import JourneysView, JourneyView
from backend.mentoring.offered_views import OfferedProgrammeView
from backend.mentoring.open_hours_views import OpenHourView
from backend.mentoring.participant_views import (
    GuidesOfRunView,
    ParticipantsView,
    ParticipantTableView,
    ParticipantView,
    WhyView,
)
from backend.mentoring.programme_views import (
    CoordinatorsView,
    CoordinatorView,
    DemandTableView,
    HealthTableView,
    HealthView,
    MoveView,
    ProgrammeNotesView,
    ProgrammeNoteView,
    SettingsView,
)
from backend.mentoring.pulse_views import HelpCallView, HelpersView, KeepOnView, PulseView
from backend.mentoring.relation_views import (
    AcceptAgreementView,
    AgreementsView,
    CommonTimeView,
    PauseView,
    RenewView,
    ResumeView,
    TogetherView,
)
from backend.mentoring.session_views import (
    AgreeView,
    CancelView,
    DeclineView,
    HoldView,
    MissView,
    NoteDownView,
    SessionIcsView,
    SessionsView,
    SessionView,
)
from backend.mentoring.suggestion_views import (
    CollaboratorsView,
    DismissalView,
    HelpingView,
    ShownView,
    SuggestionsView,
    SuggestionView,
)
from backend.mentoring.team_views import CompleteView
from backend.mentoring.views import MentorshipRequestView, MentorshipView
from backend.mentoring.vocabulary_views import MergeSkillView, ProposedSkillsView
from backend.mentoring.weight_views import DecideView, LearnView, WeightsView, WeighView
from backend.mentoring.working_views import (
    AgendaItemView,
    AgendaView,
    GoalsView,
    GoalView,
    NotesView,
    NoteView,
    StepsView,
    StepView,
    TasksView,
    TaskView,
    WalkView,
)

ONE = "mentorships/<int:pk>/"
router = SimpleRouter()
router.register("mentorship-requests", MentorshipRequestView, basename="mentorship-request")
router.register("mentorships", MentorshipView, basename="mentorship")
router.register("dismissals", DismissalView, basename="dismissal")
router.register("open-hours", OpenHourView, basename="open-hour")
router.register("guide-waits", GuideWaitView, basename="guide-wait")
router.register("programmes", ProgrammeView, basename="programme")
router.register("offered-programmes", OfferedProgrammeView, basename="offered-programme")
router.register("first-talks", FirstTalkView, basename="first-talk")
router.register("cohorts", CohortView, basename="cohort")
router.register("pulses", PulseView, basename="pulse")
router.register("help-calls", HelpCallView, basename="help-call")
router.register("circles", CircleView, basename="circle")
urlpatterns = [
    path("mentorships/<int:mentorship>/helpers/", HelpersView.as_view(), name="helpers"),
    path("mentorships/<int:mentorship>/keep-on/", KeepOnView.as_view(), name="keep-on"),
    path("giving/", GivingView.as_view(), name="giving"),
    path("members/<int:member>/giving/", TheirGivingView.as_view(), name="their-giving"),
    path("certificates/", CertificatesView.as_view(), name="certificates"),
    path("certificates/<str:number>/", CertificateView.as_view(), name="certificate"),
    path("proposed-skills/", ProposedSkillsView.as_view(), name="proposed-skills"),
    path("proposed-skills/<int:skill>/merge/", MergeSkillView.as_view(), name="merge-skill"),
    path("suggestions/", SuggestionsView.as_view(), name="suggestions"),
    path("suggestions/shown/", ShownView.as_view(), name="shown"),
    path("weights/", WeightsView.as_view(), name="weights"),
    path("programmes/<int:programme>/weights/", WeighView.as_view(), name="weigh"),
    path("programmes/<int:programme>/weights/learn/", LearnView.as_view(), name="learn"),
    path("programmes/<int:programme>/weights/decide/", DecideView.as_view(), name="decide-weights"),
    path("programmes/<int:programme>/settings/", SettingsView.as_view(), name="programme-settings"),
    path("programmes/<int:programme>/coordinators/", CoordinatorsView.as_view(), name="coordinators"),
    path("programmes/<int:programme>/coordinators/<int:member>/", CoordinatorView.as_view(), name="coordinator"),
    path("programmes/<int:programme>/move/", MoveView.as_view(), name="move-programme"),
    path("programmes/<int:programme>/participants/", ParticipantsView.as_view(), name="participants"),
    path("programmes/<int:programme>/participants/csv/", ParticipantTableView.as_view(), name="participants-csv"),
    path("programmes/<int:programme>/participants/<int:participant>/", ParticipantView.as_view(), name="participant"),
    path("programmes/<int:programme>/health/", HealthView.as_view(), name="programme-health"),
    path("programmes/<int:programme>/health/csv/", HealthTableView.as_view(), name="programme-health-csv"),
    path("programmes/<int:programme>/demands/csv/", DemandTableView.as_view(), name="programme-demands-csv"),
    path("programmes/<int:programme>/notes/", ProgrammeNotesView.as_view(), name="programme-notes"),
    path("programmes/<int:programme>/notes/<int:note>/", ProgrammeNoteView.as_view(), name="programme-note"),
    path("cohorts/<int:cohort>/guides/", GuidesOfRunView.as_view(), name="guides-of-run"),
    path("programmes/<int:programme>/talks/", TalkRoundView.as_view(), name="programme-talks"),
    path("programmes/<int:programme>/talks/end/", EndTalksView.as_view(), name="end-programme-talks"),
    path("cohorts/<int:cohort>/why/", WhyView.as_view(), name="why"),
    path("helping/", HelpingView.as_view(), name="helping"),
    path("suggestions/<int:member>/", SuggestionView.as_view(), name="suggestion"),
    path("me/guiding/", MyGuidingView.as_view(), name="my-guiding"),
    path("me/guiding/training/<slug:key>/", TrainingView.as_view(), name="training"),
    path("members/<int:member>/guiding/", GuidingView.as_view(), name="guiding"),
    path("collectives/<int:collective>/guiding/", CollectiveGuidingView.as_view(), name="collective-guiding"),
    path("collectives/<int:collective>/complete/", CompleteView.as_view(), name="complete"),
    path("collaborators/", CollaboratorsView.as_view(), name="collaborators"),
    path("journeys/", JourneysView.as_view(), name="journeys"),
    path("journeys/<slug:track>/", JourneyView.as_view(), name="journey"),
    path(ONE + "together/", TogetherView.as_view(), name="together"),
    path(ONE + "pause/", PauseView.as_view(), name="pause-mentorship"),
    path(ONE + "resume/", ResumeView.as_view(), name="resume-mentorship"),
    path(ONE + "renew/", RenewView.as_view(), name="renew-mentorship"),
    path(ONE + "agreements/", AgreementsView.as_view(), name="agreements"),
    path(ONE + "agreements/accept/", AcceptAgreementView.as_view(), name="accept-agreement"),
    path(ONE + "common-time/", CommonTimeView.as_view(), name="common-time"),
    path(ONE + "sessions/", SessionsView.as_view(), name="mentorship-sessions"),
    path(ONE + "sessions/held/", NoteDownView.as_view(), name="mentorship-session-noted"),
    path(ONE + "sessions/<int:session>/", SessionView.as_view(), name="mentorship-session"),
    path(ONE + "sessions/<int:session>/agree/", AgreeView.as_view(), name="mentorship-session-agree"),
    path(ONE + "sessions/<int:session>/decline/", DeclineView.as_view(), name="mentorship-session-decline"),
    path(ONE + "sessions/<int:session>/cancel/", CancelView.as_view(), name="mentorship-session-cancel"),
    path(ONE + "sessions/<int:session>/hold/", HoldView.as_view(), name="mentorship-session-hold"),
    path(ONE + "sessions/<int:session>/miss/", MissView.as_view(), name="mentorship-session-miss"),
    path(ONE + "sessions/<int:session>/ics/", SessionIcsView.as_view(), name="mentorship-session-ics"),
    path(ONE + "goals/", GoalsView.as_view(), name="mentorship-goals"),
    path(ONE + "goals/<int:goal>/", GoalView.as_view(), name="mentorship-goal"),
    path(ONE + "goals/<int:goal>/steps/", StepsView.as_view(), name="mentorship-goal-steps"),
    path(ONE + "steps/<int:step>/", StepView.as_view(), name="mentorship-goal-step"),
    path(ONE + "agenda/", AgendaView.as_view(), name="mentorship-agenda"),
    path(ONE + "agenda/<int:item>/", AgendaItemView.as_view(), name="mentorship-agenda-item"),
    path(ONE + "tasks/", TasksView.as_view(), name="mentorship-tasks"),
    path(ONE + "tasks/<int:task>/", TaskView.as_view(), name="mentorship-task"),
    path(ONE + "notes/", NotesView.as_view(), name="mentorship-notes"),
    path(ONE + "notes/<int:note>/", NoteView.as_view(), name="mentorship-note"),
    path(ONE + "journey/<int:step>/", WalkView.as_view(), name="mentorship-journey-step"),
    *router.urls,
]
