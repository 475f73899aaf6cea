"""Mutated specs and settings: never a traceback, never longer than two seconds, never exit code 0.

python benchmarks/fuzz.py [COUNT] [FIRST_SEED]
"""

from __future__ import annotations

import contextlib
import io
import os
import random
import re
import sys
import tempfile
import time
import traceback
from collections.abc import Callable
from pathlib import Path

from raicheck.cli import main

EXAMPLES = Path(__file__).resolve().parent.parent / "examples"
SETTINGS = b'rulesets = ["eu_ai_act"]\npaths = ["."]\nexclude = ["old/*"]\nfail-on = ["error"]\nas-of = 2026-11-20\n'
LIMIT = 2.0
ODD = (
    b"[]|{}|{a: {b: c}}|[[[]]]|null|~|-1|1e999|.nan|2026-02-31|0x10|yes|unsure|[unsure]|{at_least: x}|{not: {not: []}}|"
    b'{has: [unsure], not: []}|{from: 2027-01-01}|\'\\x00\'|"\\0"|""|!!python/object:os.system x|*a|&a b|'
).split(b"|")
ODD += [b"9" * 400, "\u202e\u0000".encode()]
Mutate = Callable[[bytes, random.Random], bytes]


def flip_bytes(data: bytes, dice: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(dice.randint(1, 12)):
        changed[dice.randrange(len(changed))] = dice.randrange(256)
    return bytes(changed)


def cut(data: bytes, dice: random.Random) -> bytes:
    start = dice.randrange(len(data))
    return data[:start] + data[start + dice.randint(1, 80) :]


def double_lines(data: bytes, dice: random.Random) -> bytes:
    lines = data.splitlines(keepends=True)
    at = dice.randrange(len(lines))
    return b"".join([*lines[:at], *lines[at : at + 3], *lines[at:]])


def rename_keys(data: bytes, dice: random.Random) -> bytes:
    keys = re.findall(rb"[a-z_-]+(?=:| =)", data)
    key = dice.choice(keys)
    return data.replace(
        key + b":", bytes(dice.sample(key, len(key))) + dice.choice([b"", b"x", b" ", b"\xc3\xbc"]) + b":"
    )


def swap_values(data: bytes, dice: random.Random) -> bytes:
    one = dice.choice(list(re.finditer(rb"(?<=[:=] )[^\n]+", data)))
    return data[: one.start()] + dice.choice(ODD) + data[one.end() :]


def nest(data: bytes, dice: random.Random) -> bytes:
    depth = dice.choice([30, 60, 1_000, 100_000])
    brackets = dice.choice([(b"[", b"]"), (b"{a: ", b"}"), (b"- ", b"")])
    return data + b"\nnotes: " + brackets[0] * depth + brackets[1] * depth


def bomb(data: bytes, dice: random.Random) -> bytes:
    lines = [b"a0: &a0 [x,x,x,x,x,x,x,x,x]"]
    lines += [b"a%d: &a%d [%s]" % (n, n, b",".join([b"*a%d" % (n - 1)] * 9)) for n in range(1, 9)]
    return b"\n".join(lines) + b"\n" + data


def swell(data: bytes, dice: random.Random) -> bytes:
    size = dice.choice([1_000, 100_000, 1_900_000, 3_000_000])
    shapes = [
        b"\nnotes: {x: %s}",
        b"\nfeature: {name: '%s'}",
        b"\n%s: 1",
        b"\n# %s",
        b"\nanswers: {decision: {minutes: %s}}",
    ]
    return data + dice.choice(shapes) % (dice.choice([b"9", b"a", b"\xc3\xa9", b"'"]) * size)


def multiply(data: bytes, dice: random.Random) -> bytes:
    item = dice.choice([b"k%d: 1\n", b"origin: {k%d: 1}\n", b"- k%d\n", b"? k%d\n", b"k%d: [%%"])
    return data + b"\n" + b"".join(item % n for n in range(dice.choice([50, 5_000, 50_000])))


def garble(data: bytes, dice: random.Random) -> bytes:
    kinds = [
        b"\xff\xfe" + data, data.replace(b"e", b"\xe9"), data[::-1], dice.randbytes(3_000), b"", b"\x00" * 50,
        data.replace(b"\n", b"\r"), data.replace(b" ", b"\t"), b"\xef\xbb\xbf" * 2 + data,
        data.decode().encode("utf-16"),
    ]  # fmt: skip
    return dice.choice(kinds)


MUTATIONS: tuple[Mutate, ...] = (
    flip_bytes, cut, double_lines, rename_keys, swap_values, swap_values, nest, bomb, swell, multiply, garble,
)  # fmt: skip


def prepare(seed: int, folder: Path) -> list[str]:
    """Lay out one mutated project; the arguments to check it with."""
    dice = random.Random(seed)
    base = dice.choice([EXAMPLES / f"{n}.raicheck.yaml" for n in ("nudification", "call-centre-emotion")]).read_bytes()
    kind = dice.random()
    if kind < 0.05:
        return odd_files(dice, folder)
    if kind < 0.2:
        (folder / "a.raicheck.yaml").write_bytes(base)
        (folder / "raicheck.toml").write_bytes(dice.choice(MUTATIONS)(SETTINGS, dice))
        return []
    mutated = dice.choice(MUTATIONS)(base, dice)
    if kind < 0.3:
        (folder / "prd.md").write_bytes(b"---\n" + mutated + b"\n---\n# Text\n")
        return ["prd.md"]
    (folder / "a.raicheck.yaml").write_bytes(mutated)
    return []


def odd_files(dice: random.Random, folder: Path) -> list[str]:
    """Links in circles, folders, pipes and other things that are no specs."""
    name = folder / "a.raicheck.yaml"
    match dice.randrange(6):
        case 0:
            name.symlink_to("a.raicheck.yaml")
        case 1:
            name.mkdir()
        case 2:
            name.symlink_to(folder, target_is_directory=True)
        case 3:
            os.mkfifo(name)
        case 4:
            name.symlink_to("/dev/zero")
        case _:
            name.write_bytes(b"raicheck: 1")
            name.chmod(0)
    return [] if dice.random() < 0.7 else [dice.choice(["missing.yaml", "\udcff", "a" * 300, "*.yaml", "[", "**"])]


def run(seed: int) -> tuple[str, float]:
    """What is wrong with one run (empty: nothing), and how long it took."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        argv = ["check", *prepare(seed, folder), "--as-of", "2026-11-20"]
        argv += ["--format", random.Random(seed).choice(["text", "json", "sarif", "junit", "github", "markdown"])]
        before = Path.cwd()
        os.chdir(folder)
        output = io.StringIO()
        start = time.perf_counter()
        try:
            with contextlib.redirect_stdout(output), contextlib.redirect_stderr(output):
                code = main(argv)
        except BaseException:
            return traceback.format_exc(), time.perf_counter() - start
        finally:
            os.chdir(before)
        took = time.perf_counter() - start
    if took > LIMIT:
        return f"took {took:.1f} s", took
    return ("" if code in (1, 2) else f"exit code {code}"), took


def fuzz(count: int, first: int = 0) -> int:
    """Run `count` seeds; print what went wrong; the number of failures."""
    slowest, failed = (0.0, 0), 0
    for seed in range(first, first + count):
        problem, took = run(seed)
        slowest = max(slowest, (took, seed))
        if problem:
            failed += 1
            print(f"seed {seed}: {problem}")
    print(f"{count} mutated inputs: {failed} failures; slowest {slowest[0]:.2f} s (seed {slowest[1]})")
    return failed


if __name__ == "__main__":
    numbers = [int(a) for a in sys.argv[1:]]
    sys.exit(1 if fuzz(*(numbers or [5_000])) else 0)
