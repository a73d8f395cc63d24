"""Reasons in the reader's language: every row of points as a sentence, and the best of them as one line."""

from collections.abc import Iterable

from babel import Locale
from babel.lists import format_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from backend.mentoring.models import Track
from backend.skills.models import Sector, Skill
from backend.skills.serializers import reader_language
from matching import Condition, Explanation, Part, Reason, Row, Rung

IN_ONE_LINE = 3
# What people want to hear first, where the points are equal.
ORDER = [Part.WISHES, Part.HOURS, Part.LANGUAGES, Part.SECTOR, Part.ABROAD, Part.MUTUAL]
CEFR = ("–", "A1", "A2", "B1", "B2", "C1", "C2", "C2")


class Words:
    """Sentences about these explanations, for which the names of all skills and sectors are read at once.

    `helping`: the reader is the one who would help.
    """

    def __init__(self, explanations: Iterable[Explanation], *, helping: bool = False) -> None:
        self.helping = helping
        rows = [row for explanation in explanations for row in explanation.rows]
        skills = {skill for row in rows for skill in (row.skill, row.met_with) if skill is not None}
        sectors = {sector for row in rows for sector in row.sectors or ()}
        self.language = reader_language()
        self.locale = Locale.parse(self.language)
        self.skills = {row.pk: row.name_in(self.language) for row in Skill.objects.filter(pk__in=skills)}
        self.sectors = {row.pk: row.name_in(self.language) for row in Sector.objects.filter(pk__in=sectors)}

    def line(self, explanation: Explanation) -> str:
        """The strongest reasons in one line; empty when nothing speaks for this person in particular."""
        good = [row for row in explanation.rows if row.points > 0 and row.part in ORDER]
        good.sort(key=lambda row: (-row.points, ORDER.index(row.part)))
        exact = [row for row in good if row.part is Part.WISHES and row.rung == Rung.EXACT]
        told = [row for row in good if row not in exact[1:]]
        sentences = (self._can_help(exact[:IN_ONE_LINE]) if row in exact else self.sentence(row) for row in told)
        return " ".join(list(sentences)[:IN_ONE_LINE])

    def sentence(self, row: Row) -> str:
        """What one row of points says."""
        match row.part:
            case Part.WISHES:
                return self._wish(row)
            case Part.MUTUAL:
                return self._in_return(row)
            case Part.SECTOR if row.points and not row.sectors:
                return _("Works in another field than you.")
            case Part.SECTOR if not row.sectors:
                return _("No field in common.")
            case Part.SECTOR:
                return _("Works in %(sectors)s, like you.") % {"sectors": self._list(self._sectors(row))}
            case Part.HOURS:
                return self._hours(row.count or 0)
            case Part.LANGUAGES if not row.languages:
                return _("No language that you both speak well.")
            case Part.LANGUAGES:
                names = [self.language_name(code) for code in row.languages or ()]
                return _("You both speak %(languages)s.") % {"languages": self._list(names)}
            case Part.ABROAD if not row.points:
                return _("Coming from different countries plays no part here.")
            case Part.ABROAD:
                country = self.locale.territories.get(row.country or "", row.country or "")
                return _("Works in another country: %(country)s.") % {"country": country}
            case Part.TRACK_RECORD:
                return self._record(row)
            case Part.WAITING:
                return self._waiting(row)
            case Part.SCARCITY:
                return _("Many people need exactly what this person offers.")
            case Part.BALANCE:
                return _("One of you would gain more than the other.")

    def why_not(self, reason: Reason) -> str:
        """Why this person cannot be asked, and what would change it."""
        match reason.condition:
            case Condition.NO_COMMON_LANGUAGE:
                return self._no_language(reason)
            case Condition.NO_COMMON_FORMAT if "online" in reason.formats:
                return _("This person meets online only. If you can too, say so in your profile.")
            case Condition.NO_COMMON_FORMAT:
                return _("This person meets in person only. If you can too, say so in your profile.")
            case Condition.TRACK_NOT_OFFERED if reason.tracks:
                tracks = self._list([_track(track) for track in reason.tracks])
                return _("Does not guide in this track, but in: %(tracks)s.") % {"tracks": tracks}
            case Condition.TRACK_NOT_OFFERED:
                return _("Does not guide in this track.")
            case Condition.NO_OPEN_PLACE:
                return _("All places are taken. When one becomes free, you can ask.")
            case Condition.ONESELF:
                return _("This is you.")
            case Condition.EXCLUDED:
                return _("You cannot ask this person at the moment.")

    def language_name(self, code: str) -> str:
        return self.locale.languages.get(code, code)

    def _wish(self, row: Row) -> str:
        wanted = self.skills.get(row.skill or 0, "")
        if row.met_with is None:
            return _("Does not offer %(skill)s.") % {"skill": wanted}
        offered = self.skills.get(row.met_with, "")
        if row.rung == Rung.EXACT:
            return self._can_help([row])
        if row.rung == Rung.NEAR:
            return _("Offers %(offered)s, which is close to %(skill)s.") % {"offered": offered, "skill": wanted}
        return _("Offers %(offered)s, in the same field as %(skill)s.") % {"offered": offered, "skill": wanted}

    def _can_help(self, exact: list[Row]) -> str:
        return _("Can help you with %(skill)s.") % {
            "skill": self._list([self.skills.get(row.skill or 0, "") for row in exact])
        }

    def _in_return(self, row: Row) -> str:
        wanted = self.skills.get(row.skill or 0, "")
        if row.met_with is None:
            return _("Looks for %(skill)s, which you do not offer.") % {"skill": wanted}
        if self.helping and row.met_with != row.skill:
            offered = self.skills.get(row.met_with, "")
            return _("Looks for help with %(skill)s; you offer %(offered)s, which is close.") % {
                "skill": wanted,
                "offered": offered,
            }
        if self.helping:
            return _("Looks for help with %(skill)s, which you offer.") % {"skill": wanted}
        return _("You could help in return with %(skill)s.") % {"skill": self.skills.get(row.met_with, wanted)}

    def _hours(self, count: int) -> str:
        if count == 0:
            return _("No free hours in common so far.")
        words = ngettext("%(count)d free hour a week in common.", "%(count)d free hours a week in common.", count)
        return words % {"count": count}

    def _record(self, row: Row) -> str:
        if not row.of:
            return _("No feedback yet, which counts as average.")
        return _("%(count)d of %(of)d mentorships went well.") % {"count": row.count or 0, "of": row.of}

    def _waiting(self, row: Row) -> str:
        count = row.count or 0
        words = ngettext("%(count)d request is waiting already.", "%(count)d requests are waiting already.", count)
        return words % {"count": count}

    def _no_language(self, reason: Reason) -> str:
        if not reason.languages:
            return _("You have no language in common.")
        code, mine, theirs = reason.languages[0]
        facts = {"language": self.language_name(code), "mine": _cefr(mine), "theirs": _cefr(theirs)}
        return (
            _(
                "You have no language in common that you both speak well. %(language)s is closest: you %(mine)s, they "
                "%(theirs)s; from B1 on you could talk."
            )
            % facts
        )

    def _sectors(self, row: Row) -> list[str]:
        return [self.sectors.get(sector, "") for sector in row.sectors or ()]

    def _list(self, names: list[str]) -> str:
        return format_list(names, locale=self.locale)


def _track(track: str) -> str:
    names = {
        Track.SOCIAL: _("Me as a worker"),
        Track.ECONOMIC: _("My activity"),
        Track.COOPERATIVE: _("Being a co-owner"),
    }
    return names[Track(track)]


def _cefr(level: int) -> str:
    return CEFR[level]
