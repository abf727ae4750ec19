"""What was needed for a moment is given back."""

import subprocess
import sys

HASHES = """
import pathlib, threading
from argon2 import PasswordHasher
from servicekit.memory import return_large_blocks

def resident():
    return int(pathlib.Path("/proc/self/statm").read_text().split()[1]) * 4096

return_large_blocks()
hash = PasswordHasher(time_cost=1, memory_cost=19 * 1024, parallelism=1).hash
threads = [threading.Thread(target=lambda: [hash("word") for _ in range(3)]) for _ in range(4)]
before = resident()
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(resident() - before)
"""


def test_memory_of_password_hashes_goes_back_to_the_system() -> None:
    grown = subprocess.run([sys.executable, "-c", HASHES], capture_output=True, text=True, check=True).stdout

    assert int(grown) < 10_000_000


FORKED = """
import gc, os, pathlib, re
from servicekit import gunicorn

kept = [{"number": [number]} for number in range(200_000)]
gunicorn.pre_fork(None, None)
if os.fork() == 0:
    gc.collect()
    said = pathlib.Path("/proc/self/smaps_rollup").read_text()
    print(re.search(r"Private_Dirty: +([0-9]+)", said)[1], flush=True)
    os._exit(0)
os.wait()
"""


def test_workers_share_what_was_there_before_them() -> None:
    ran = subprocess.run([sys.executable, "-c", FORKED], capture_output=True, text=True, check=True)

    assert int(ran.stdout) < 10_000  # kB; without, 28,000
