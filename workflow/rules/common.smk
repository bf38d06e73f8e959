# Checks the configuration and computes digests. Nothing else: a helper that a
# rule calls would not be tracked.

import atexit
import sys

SCRIPTS = Path(workflow.current_basedir).parent / "scripts"
sys.path.insert(0, str(SCRIPTS))

from seam import digests, receipts, terminal, workers
from seam.config import USER_FILES as MAY_BE_ADDED, checked, refuse_aliases
from traincost.errors import UserError

# A mistake found here ends in its sentence and nothing after it.
try:
    terminal.refuse_full_disk()
    refuse_aliases(Path("config/config.yaml"))
except UserError as error:
    raise SystemExit(f"\n{error}")


configfile: "config/config.yaml"


try:
    CONFIG = checked(config, SCRIPTS.parent / "schemas" / "config.schema.json")
except UserError as error:
    raise SystemExit(f"\n{error}")


onstart:
    workers.LAST_WORDS.unlink(missing_ok=True)


onsuccess:
    atexit.register(print, terminal.success(workers.LAST_WORDS), file=sys.stderr)


onerror:
    atexit.register(print, terminal.failure(workers.LAST_WORDS, log), file=sys.stderr)
