"""Python imports this at its start where this folder is in PYTHONPATH: so Chalice, too, dies at its calls of AWS."""

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

if "ORDERPROC_STRUCK" in os.environ:
    import dying

    dying.install(parent_too="ORDERPROC_DIES_ALONE" not in os.environ)
