"""The register of decisions in the admin: to look at, and nothing else; what is secret is not shown there either."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from backend.decisions.models import Change, Outcome, Proposal
from backend.looking import LookOnly


class ChangeInline(LookOnly, admin.TabularInline[Change, Proposal]):
    model = Change
    fields = ("kind", "terms", "state", "code", "settled_at")
    readonly_fields = fields


class OutcomeInline(LookOnly, admin.TabularInline[Outcome, Proposal]):
    model = Outcome
    fields = ("text", "review_on", "written_by", "written_at", "reviewed_at")
    readonly_fields = fields


@admin.register(Proposal)
class ProposalAdmin(LookOnly, admin.ModelAdmin[Proposal]):
    """Drafts are their author's alone; ballots and who voted are for the members."""

    list_display = ["title", "collective", "consultation", "method", "state", "verdict", "closed_at"]
    list_filter = ["state", "verdict", "method"]
    list_select_related = ["collective", "consultation"]
    search_fields = ["title"]
    fields = (
        "title",
        "collective",
        "consultation",
        "author",
        "method",
        "threshold",
        "quorum",
        "is_secret",
        "state",
        "opened_at",
        "closes_at",
        "closed_at",
        "verdict",
    )
    readonly_fields = fields
    inlines = [ChangeInline, OutcomeInline]

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).exclude(state=Proposal.State.DRAFT)
