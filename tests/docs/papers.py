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
        "docs/translating.md",
        "docs/telegram.md",
        "docs/embed.md",
        "docs/wordpress.md",
        "docs/screen-readers.md",
    )
}
