"""The emulator's own variables, besides MiniStack's. They are removed from the environment, because functions get the
emulator's environment."""

import os

OWNER = os.environ.pop("EMULATOR_OWNER", "")
"""What `/_emulator/about` answers: who started the emulator."""
FUNCTION_LOG = os.environ.pop("EMULATOR_FUNCTION_LOG", "")
"""The file that functions' output goes to as well; without it there is none."""
PERIOD_SCALE = float(os.environ.pop("EMULATOR_PERIOD_SCALE", "") or 1)
"""Shortens every period of alarms, and the minute of gauges: for tests that can't wait. 1 is as in AWS."""
GATEWAY_PORT = int(os.environ.get("GATEWAY_PORT") or 4566)
"""MiniStack's own."""
SITE_PORT = int(os.environ.pop("EMULATOR_SITE_PORT", "") or 0)
"""Where `site_port` serves a site; 0 serves none."""
