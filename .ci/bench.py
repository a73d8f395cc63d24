"""`make bench`: every benchmark, or those of one room, as ratios."""

import os
import sys

import prepare

prepare.go_on_inside(dev=True)

import engines


def main() -> None:
    engines.install()
    prepare.node_packages()
    prepare.front_end()
    os.chdir(prepare.ROOT)
    os.environ["CHROMIUM"] = engines.chromium() or ""
    os.execv(prepare.PYTHON, [str(prepare.PYTHON), "-m", "tests.bench", *sys.argv[1:]])


if __name__ == "__main__":
    main()
