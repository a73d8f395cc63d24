"""Whom and what the stories about cohorts and programmes begin with."""

import pytest

from backend.members.models import Member
from backend.skills.models import Skill
from tests.cast import a_member, a_skill


@pytest.fixture
def vat() -> Skill:
    return a_skill("VAT return")


@pytest.fixture
def coordinator() -> Member:
    return a_member("Cleo")
