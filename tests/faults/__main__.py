"""`make faults`: every script of this folder in its long form, one after the other (`--short`: the short one)."""

import sys
from importlib import import_module
from pathlib import Path

for path in sorted(Path(__file__).parent.glob("*.py")):
    module = import_module(f"tests.faults.{path.stem}") if not path.stem.startswith("__") else None
    if hasattr(module, "run"):
        print(f"\n== {path.stem}: {module.__doc__.splitlines()[0]}", flush=True)
        for name, figure in module.run("--short" in sys.argv).items():
            print(f"{name:<36}{figure}", flush=True)
