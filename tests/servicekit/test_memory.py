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
