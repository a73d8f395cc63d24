"""What a ballot may say, by method. Everything else is refused as an error of the field `ballot`."""

from collections.abc import Collection, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from backend.conversations import text as words
from backend.decisions.models import Proposal
from backend.decisions.tallies import TOP_SCORE
from backend.errors import Refusal, field_error

Method = Proposal.Method
REASON_MAX = 1000


def read(given: Any, *, proposal: Proposal, options: Collection[int]) -> dict[str, Any]:
    """The ballot as it is kept, from what was sent. `{"abstain": true}` is one in every method; `reason` may be added to each."""
    if not isinstance(given, Mapping):
        raise _wrong()
    reason = given.get("reason", "")
    if not isinstance(reason, str) or len(reason) > REASON_MAX:
        raise _wrong()
    reason = words.clean(reason)
    kept: dict[str, Any] = {} if words.is_blank(reason) else {"reason": reason}
    if given.get("abstain") is True:
        return kept | {"abstain": True}
    said = READERS[Method(proposal.method)](given, proposal, frozenset(options))
    if said.get("stance") == "objection" and not kept:
        raise field_error("reason", "objection_without_reason", _("Say why, so that the proposal can become better."))
    return kept | said


def _consent(given: Mapping[str, Any], proposal: Proposal, options: frozenset[int]) -> dict[str, Any]:
    stance = given.get("stance")
    if stance not in ("consent", "aside", "objection"):
        raise _wrong()
    return {"stance": stance}


def _majority(given: Mapping[str, Any], proposal: Proposal, options: frozenset[int]) -> dict[str, Any]:
    if given.get("choice") not in ("yes", "no"):
        raise _wrong()
    return {"choice": given["choice"]}


def _score(given: Mapping[str, Any], proposal: Proposal, options: frozenset[int]) -> dict[str, Any]:
    marks = _by_option(given.get("scores"), options)
    if set(marks) != options:
        raise field_error("ballot", "option_missing", _("Give each option a mark."))
    if any(type(mark) is not int or not 0 <= mark <= TOP_SCORE for mark in marks.values()):
        raise _wrong()
    return {"scores": _named(marks)}


def _ranked(given: Mapping[str, Any], proposal: Proposal, options: frozenset[int]) -> dict[str, Any]:
    ranking = given.get("ranking")
    if not isinstance(ranking, list) or not ranking or any(type(one) is not int for one in ranking):
        raise _wrong()
    if len(set(ranking)) != len(ranking):
        raise field_error("ballot", "option_repeated", _("Name each option once."))
    if not set(ranking) <= options:
        raise _unknown()
    return {"ranking": ranking}


def _dots(given: Mapping[str, Any], proposal: Proposal, options: frozenset[int]) -> dict[str, Any]:
    dots = _by_option(given.get("dots"), options)
    if any(type(number) is not int or number < 0 for number in dots.values()) or not any(dots.values()):
        raise _wrong()
    if sum(dots.values()) > proposal.dots:
        raise field_error("ballot", "too_many_dots", _("You have fewer dots than that."))
    return {"dots": _named({option: number for option, number in dots.items() if number})}


def _dates(given: Mapping[str, Any], proposal: Proposal, options: frozenset[int]) -> dict[str, Any]:
    said = _by_option(given.get("dates"), options)
    if any(answer not in ("yes", "if_needed", "no") for answer in said.values()) or not said:
        raise _wrong()
    return {"dates": _named(said)}


READERS = {
    Method.CONSENT: _consent,
    Method.MAJORITY: _majority,
    Method.SCORE: _score,
    Method.RANKED: _ranked,
    Method.DOTS: _dots,
    Method.DATES: _dates,
}


def _by_option(given: Any, options: frozenset[int]) -> dict[int, Any]:
    if not isinstance(given, Mapping):
        raise _wrong()
    # Options are numbers below 2**63; anything else names none.
    numbers = {str(option): option for option in options}
    if any(str(key) not in numbers for key in given):
        raise _unknown()
    return {numbers[str(key)]: value for key, value in given.items()}


def _named(by_option: Mapping[int, Any]) -> dict[str, Any]:
    return {str(option): by_option[option] for option in sorted(by_option)}


def _wrong() -> Refusal:
    return field_error("ballot", "ballot_not_understood", _("This is not an answer to this vote."))


def _unknown() -> Refusal:
    return field_error("ballot", "unknown_option", _("There is no such option."))
