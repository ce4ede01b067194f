"""Runs scenarios in parallel and prints a line for each."""

import sys
import threading
import time
import unittest
from concurrent.futures import ThreadPoolExecutor

from .scenario import Scenario


class Outcome(unittest.TestResult):
    """What became of one scenario."""

    def __init__(self):
        super().__init__()
        self.seconds = 0.0

    @property
    def reason_of_skip(self):
        return self.skipped[0][1] if self.skipped else None

    @property
    def trace(self):
        return "\n".join(trace for _, trace in self.errors + self.failures)


def collect(modules, families, server):
    """Every scenario of the modules for each family that plays it, those that take long first."""
    scenarios = []
    for module in modules:
        for kind in vars(module).values():
            if not (isinstance(kind, type) and issubclass(kind, Scenario) and kind is not Scenario):
                continue
            for name in unittest.defaultTestLoader.getTestCaseNames(kind):
                method = getattr(kind, name)
                takes = getattr(method, "takes", lambda family: True)
                scenarios += [kind(name, family, server) for family in families if takes(family)]
    return sorted(scenarios, key=lambda scenario: not getattr(method_of(scenario), "heavy", False))


def method_of(scenario):
    return getattr(scenario, scenario._testMethodName)


def title(scenario):
    first_line = (method_of(scenario).__doc__ or scenario._testMethodName).strip().splitlines()[0].rstrip(".")
    return f"{scenario.family.name:<19} {type(scenario).__name__}: {first_line}"


def run(scenarios, workers):
    """Runs them; returns how many failed and how many were skipped."""
    printing = threading.Lock()
    outcomes = []

    def play(scenario):
        outcome = Outcome()
        start = time.monotonic()
        scenario.run(outcome)
        outcome.seconds = time.monotonic() - start
        word = "ok  " if outcome.wasSuccessful() else "FAIL"
        more = f"{outcome.seconds:.2f} s"
        if outcome.reason_of_skip:
            word, more = "skip", outcome.reason_of_skip
        with printing:
            outcomes.append(outcome)
            print(f"{word}  {title(scenario)} ({more})")
            if outcome.trace:
                print("      " + outcome.trace.strip().replace("\n", "\n      "))
            sys.stdout.flush()

    with ThreadPoolExecutor(workers) as pool:
        for future in [pool.submit(play, scenario) for scenario in scenarios]:
            future.result()
    failed = sum(not outcome.wasSuccessful() for outcome in outcomes)
    return failed, sum(bool(outcome.reason_of_skip) for outcome in outcomes)
