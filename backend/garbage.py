"""How rarely Python looks for what is no longer needed and holds itself (`gc`), in a process that serves.

Nobody waits long for it: it looks often enough through little, and never through what stays as long as the process.
"""

import gc

# How much is made before it is looked through: what a batch of messages or a wave of sockets makes is thousands of things. What outlives
# that is looked through every eighth time: were it later, whoever asks just then would wait a tenth of a second.
RUBBISH = (1500, 8, 50)


def settle() -> None:
    """All that is loaded stays, and what is made from now on is looked through as it suits a process that serves."""
    stays()
    gc.set_threshold(*RUBBISH)


def stays() -> None:
    """All that there is now stays: it is not looked through again."""
    gc.collect()
    gc.freeze()
