"""The business of orderproc: `app.py` and `web/` call `services/`, which work on `domain/`.
Arrows point inward only."""
