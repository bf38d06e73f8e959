# build/tables/*.html -> build/slides/*.png
# Only when asked for by name: it needs Chromium, and pictures differ from machine to machine.

PAGES = [file for file in DRESSED if file.endswith(".html")]


rule draw_slides:
    """Draw every published table as a PNG, for slides; needs Chromium or Chrome."""
    input:
        pages=PAGES,
        receipts=["build/receipts/render_tables.json"],
    output:
        slides=[f"build/slides/{Path(page).stem}.png" for page in PAGES],
        receipt="build/receipts/draw_slides.json",
    log:
        "logs/draw_slides.log",
    params:
        *digests.of_rule("draw_slides"),
    message:
        "Drawing slides"
    run:
        workers.run(rule, input, output, params, log)
