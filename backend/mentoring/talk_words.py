"""What people said of each other after short talks, as the pairs that are worked out afterwards count it."""

from backend.mentoring.models import Cohort, FirstTalk, Programme, TalkRound

Word = FirstTalk.Word
WORTH: dict[int | None, int] = {Word.PERHAPS: 0, Word.GLADLY: 200, Word.VERY_GLADLY: 350}
"""Points that a pair is worth more to the one who said it; no word is worth nothing."""


def counted_in(programme: Programme) -> TalkRound | None:
    """The last round that is over; what was said before pairs were last proposed counts no more."""
    last = programme.cohorts.filter(status=Cohort.Status.PUBLISHED).order_by("-published_at").first()
    over = programme.talk_rounds.filter(state=TalkRound.State.OVER, began_at__isnull=False)
    if last is not None and last.published_at is not None:
        over = over.filter(ended_at__gt=last.published_at)
    return over.order_by("-pk").first()


class TalkWords:
    """The words of one round, read in one query; none without a round."""

    def __init__(self, talk_round: TalkRound | None) -> None:
        rows = [] if talk_round is None else talk_round.talks.values_list(
            "mentee", "mentor", "mentee_word", "mentor_word"
        )  # fmt: skip
        self._words = {(mentee, mentor): (one, other) for mentee, mentor, one, other in rows}
        self.refused = {pair for pair, words in self._words.items() if Word.RATHER_NOT in words}
        """Pairs of mentee and mentor of whom one would rather not go on."""

    def liked(self, mentee: int) -> set[int]:
        """Guides with whom one of the two would gladly go on, and none rather not: they are looked at even far down the list."""
        return {
            mentor
            for (one, mentor), words in self._words.items()
            if one == mentee and any(WORTH.get(word, 0) for word in words) and Word.RATHER_NOT not in words
        }

    def of_mentee(self, mentee: int, mentor: int) -> int:
        """Points by which this pair is worth more to the mentee."""
        return WORTH.get(self._words.get((mentee, mentor), (None, None))[0], 0)

    def of_mentor(self, mentee: int, mentor: int) -> int:
        """Points by which this pair is worth more to the guide."""
        return WORTH.get(self._words.get((mentee, mentor), (None, None))[1], 0)
