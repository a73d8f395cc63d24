"""The load generator reads what servers write, wherever the network cuts it."""

from realtime.wire import text_frame
from tests.bench.wire import PING, TEXT, masked, split


def test_frames_come_out_whole_wherever_the_stream_is_cut() -> None:
    texts = ["", "a", "b" * 125, "c" * 126, "d" * 70_000]
    stream = b"".join(map(text_frame, texts))
    for cut in [*range(300), len(stream) - 1]:
        first, rest = split(stream[:cut])
        second, nothing = split(rest + stream[cut:])
        assert [payload.decode() for _opcode, payload in first + second] == texts
        assert nothing == b""


def test_a_clients_frame_is_masked_by_zeros_and_says_how_long_it_is() -> None:
    assert masked(PING, b"hi") == b"\x89\x82\0\0\0\0hi"
    assert masked(TEXT, b"x" * 200) == b"\x81\xfe\x00\xc8\0\0\0\0" + b"x" * 200
