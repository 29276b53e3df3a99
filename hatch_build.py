"""Building: the compiled rulebook goes into the wheel, so that no first run has to read the chapters."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CompileRules(BuildHookInterface):
    """Compiles the chapters with the code that is being packed."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version == "editable":
            return  # chapters change there, and the user's cache serves
        environment = {**os.environ, "PYTHONPATH": self.root}
        subprocess.run([sys.executable, "-m", "derive.rulebook.cache"], cwd=self.root, env=environment, check=True)
        build_data["artifacts"].append("derive/rules.jsonl")
