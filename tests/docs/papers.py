"""What the tests of the papers share."""

from __future__ import annotations

from bot.settings import PROJECT

PAPERS = {
    name: (PROJECT / name).read_text(encoding="utf-8")
    for name in (
        "README.md",
        "PRIVACY.md",
        "SAFETY.md",
        "DECISIONS.md",
        "CHANGELOG.md",
        "CONTRIBUTING.md",
        "ACCURACY.md",
        "SECURITY.md",
        "docs/translating.md",
        "docs/telegram.md",
        "docs/embed.md",
        "docs/wordpress.md",
        "docs/screen-readers.md",
        "docs/accessibility.md",
        "docs/equality.md",
        "docs/hazards.md",
        "docs/impact-assessment.md",
        "docs/launch.md",
        "docs/licences.md",
        "docs/scale.md",
        "docs/tallies.md",
        "benchmarks/README.md",
        "deploy/README.md",
    )
}
