"""`make faults`: every script of this folder in its long form, one after the other.

`python -m tests.faults [--short] [NAME…]`: only these, and in the short form.
"""

import argparse
from importlib import import_module
from pathlib import Path

parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
parser.add_argument("--short", action="store_true", help="seconds instead of minutes")
parser.add_argument("names", nargs="*", metavar="NAME", help="a script of this folder; none means all")
asked = parser.parse_args()

found = {
    path.stem: import_module(f"tests.faults.{path.stem}") for path in sorted(Path(__file__).parent.glob("[a-z]*.py"))
}
scripts = {name: module for name, module in found.items() if hasattr(module, "run")}
if unknown := set(asked.names) - set(scripts):
    parser.error(f"no such script: {', '.join(sorted(unknown))}; there are {', '.join(scripts)}")
for name in asked.names or scripts:
    print(f"\n== {name}: {scripts[name].__doc__.splitlines()[0]}", flush=True)
    for what, figure in scripts[name].run(asked.short).items():
        print(f"{what:<44}{figure}", flush=True)
