"""Draw every published table as a PNG, for slides; needs Chromium or Chrome."""

import os
import shlex
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import nokap

from seam.job import Job
from traincost.errors import UserError


def run(job: Job) -> None:
    """Tables as HTML, title and notes included, to pictures of twice the size on the screen."""
    with _browser() as folder:
        for page, output in zip(job.input.pages, job.output.slides, strict=True):
            job.read_bytes(page)
            picture = folder / "table.png"
            nokap.webshot(page, picture, selector="main", expand=24, zoom=2, vwidth=1100)
            job.write_bytes(picture.read_bytes(), output)


@contextmanager
def _browser() -> Iterator[Path]:
    """Chromium with a profile of its own; as root it starts only without its sandbox."""
    try:
        chrome = nokap.find_chrome()
    except nokap.ChromeNotFoundError:
        raise UserError(
            "pictures of tables need Chromium or Chrome: install one, or name it in CHROME_PATH"
        ) from None
    before = os.environ.get("CHROME_PATH")
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        folder = Path(name)
        root = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
        command = shlex.join([chrome, f"--user-data-dir={folder}/profile", *root])
        (folder / "chrome").write_text(f'#!/bin/sh\nexec {command} "$@"\n')
        (folder / "chrome").chmod(0o700)
        os.environ["CHROME_PATH"] = str(folder / "chrome")
        try:
            yield folder
        finally:
            nokap.close()
            os.environ.pop("CHROME_PATH")
            if before is not None:
                os.environ["CHROME_PATH"] = before
