"""Fails the build where the base image lacks a requirement, or has another version of it."""

import re
import sys
from importlib.metadata import PackageNotFoundError, version


def numbers(text):
    return tuple(int(part) for part in re.findall(r"\d+", text)[:3])


def main(path):
    failed = False
    for line in open(path, encoding="utf-8"):
        line = line.split("#")[0].strip()
        if not line:
            continue
        name, bounds = re.fullmatch(r"([A-Za-z0-9_.-]+)(.*)", line).groups()
        try:
            found = version(name)
        except PackageNotFoundError:
            print(f"{name}: not installed")
            failed = True
            continue
        for relation, bound in re.findall(r"(>=|<)\s*([\d.]+)", bounds):
            holds = numbers(found) >= numbers(bound) if relation == ">=" else numbers(found) < numbers(bound)
            if not holds:
                print(f"{name}: {found} is installed, {relation}{bound} is required")
                failed = True
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
