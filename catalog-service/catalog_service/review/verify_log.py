"""Checks an exported decision log by itself: no database, no network."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

import orjson

FIELDS = frozenset(
    {"business_id", "seq", "at", "action", "actor_id", "product_id", "version", "content_hash", "comment", "details",
     "previous"}
)  # fmt: skip
END = "end"
HEAD = {"kind": str, "business_id": int, "seq": int, "hash": str}


class Broken(Exception):
    """The first thing that is wrong with a log."""


def canonical(entry: dict[str, Any]) -> bytes:
    """What is hashed: the entry's fields as JSON, sorted, without white space, in UTF-8."""
    return orjson.dumps({name: entry[name] for name in FIELDS}, option=orjson.OPT_SORT_KEYS)


def digest(entry: dict[str, Any]) -> str:
    """SHA-256 of the canonical entry, in hexadecimal."""
    return sha256(canonical(entry)).hexdigest()


@dataclass(slots=True)
class Chain:
    """One business's entries as far as they were read."""

    seq: int = 0
    hash: str = ""
    ended: bool = False
    expected: dict[int, str] = field(default_factory=dict)


def verify(lines: Iterable[bytes], anchors: Iterable[bytes] = ()) -> dict[int, int]:
    """How many entries each business has; Broken naming the first link that does not hold.

    `lines` are an export; `anchors` are heads and anchors kept from earlier exports or logs, which a log
    that was cut short or written anew cannot meet. Reads line by line.
    """
    chains: dict[int, Chain] = {}
    for number, line in enumerate(anchors, 1):
        record = _parse(line, f"anchor line {number}")
        if record["kind"] not in {"entry", END}:
            chains.setdefault(record["business_id"], Chain()).expected[record["seq"]] = record["hash"]
    ended = None
    for number, line in enumerate(lines, 1):
        record = _parse(line, f"line {number}")
        if ended is not None:
            raise Broken(f"line {number}: follows the end of the export")
        if record["kind"] == END:
            ended = record["entries"]
        else:
            _read(chains.setdefault(record["business_id"], Chain()), record, f"line {number}")
    for business_id, chain in chains.items():
        _close(business_id, chain)
    counts = {business_id: chain.seq for business_id, chain in chains.items()}
    if ended != sum(counts.values()):
        raise Broken(
            f"the export ends after {sum(counts.values())} entries, {'none' if ended is None else ended} were written"
        )
    return counts


def _close(business_id: int, chain: Chain) -> None:
    where = f"business {business_id}"
    if not chain.ended:
        raise Broken(f"{where}: the log ends after entry {chain.seq} without its head")
    missing = [seq for seq in chain.expected if seq > chain.seq]
    if missing:
        raise Broken(f"{where}: entry {min(missing)} was anchored, the log ends after {chain.seq}")


def _parse(line: bytes, where: str) -> dict[str, Any]:
    try:
        record = orjson.loads(line)
    except orjson.JSONDecodeError:
        raise Broken(f"{where}: not JSON") from None
    if not isinstance(record, dict):
        raise Broken(f"{where}: not a record of the log")
    needed = {"kind": str, "entries": int} if record.get("kind") == END else HEAD
    if any(type(record.get(name)) is not kind for name, kind in needed.items()):
        raise Broken(f"{where}: not a record of the log")
    if record["kind"] == "entry" and record.keys() != HEAD.keys() | FIELDS:
        raise Broken(f"{where}: fields are missing or added")
    return record


def _read(chain: Chain, record: dict[str, Any], where: str) -> None:
    where = f"{where}: business {record['business_id']}, entry {record['seq']}"
    if record["kind"] == "entry":
        _extend(chain, record, where)
    elif record["kind"] == "anchor":
        chain.expected.setdefault(record["seq"], record["hash"])
        if record["seq"] <= chain.seq and chain.expected[record["seq"]] != record["hash"]:
            raise Broken(f"{where}: contradicts an anchor")
    elif record["kind"] != "head":
        raise Broken(f"{where}: {record['kind']} is no record of the log")
    elif (record["seq"], record["hash"]) != (chain.seq, chain.hash):
        raise Broken(f"{where}: the head is another than the last entry, {chain.seq}")
    else:
        chain.ended = True


def _extend(chain: Chain, entry: dict[str, Any], where: str) -> None:
    if chain.ended:
        raise Broken(f"{where}: follows the head")
    if entry["seq"] != chain.seq + 1:
        raise Broken(f"{where}: follows entry {chain.seq}")
    if entry["previous"] != chain.hash:
        raise Broken(f"{where}: does not name the entry before it")
    if digest(entry) != entry["hash"]:
        raise Broken(f"{where}: its content does not match its hash")
    chain.seq, chain.hash = entry["seq"], entry["hash"]
    if chain.expected.get(chain.seq, chain.hash) != chain.hash:
        raise Broken(f"{where}: is another than the one that was anchored")
