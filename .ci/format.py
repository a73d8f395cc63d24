"""`make format`: Python and front end in the house format, with the lint rules that mend themselves."""

import subprocess
import sys

import prepare

prepare.go_on_inside(dev=True)

RUFF = str(prepare.PYTHON.with_name("ruff"))


def main() -> int:
    prepare.node_packages()
    commands = ([RUFF, "check", "--fix", "."], [RUFF, "format", "."], ["npm", "run", "--silent", "format"])
    return max([subprocess.run(command, cwd=prepare.ROOT, check=False).returncode for command in commands])


if __name__ == "__main__":
    sys.exit(main())
