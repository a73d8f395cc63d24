"""Labels with a QR code, for hosts."""

from xml.etree import ElementTree

import pytest

from tests.bookings.cast import a_resource
from tests.cast import a_member, signed_in

pytestmark = pytest.mark.django_db


def test_a_host_prints_a_label_with_name_place_and_code() -> None:
    drill, host = a_resource(name="Drill <&> bits", kind="equipment"), a_member("Hanna")
    drill.place.hosts.add(host)
    answer = signed_in(host).get(f"/api/resources/{drill.pk}/label/")
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/svg+xml")
    picture = ElementTree.fromstring(answer.content)
    words = [text.text for text in picture.iter("{http://www.w3.org/2000/svg}text")]
    assert words == ["Drill <&> bits", "Workshop", drill.code.upper()]
    assert len(list(picture.iter("{http://www.w3.org/2000/svg}path"))) >= 1


def test_nobody_else_does() -> None:
    drill = a_resource()
    eve = signed_in(a_member("Eve"))
    assert eve.get(f"/api/resources/{drill.pk}/label/").status_code == 403
    assert eve.get("/api/resources/999999/label/").status_code == 404


def test_a_code_is_short_and_nobody_elses() -> None:
    codes = {a_resource(name=f"Thing {number}").code for number in range(50)}
    assert len(codes) == 50
    assert {len(code) for code in codes} == {8}
    assert not set("01ilou") & set("".join(codes))
