"""The recipes for hosts name what the widget really takes."""

from __future__ import annotations

import json
import re

from bot.settings import PROJECT

ATTRIBUTES = json.loads((PROJECT / "web_widget" / "attributes.json").read_text("utf-8"))


def test_the_plugin_for_wordpress_knows_every_attribute_but_inline() -> None:
    plugin = (PROJECT / "docs" / "wordpress" / "waymark-chat.php").read_text("utf-8")
    listed = re.search(r"WAYMARK_CHAT_ATTRIBUTES = array\((.*?)\n\);", plugin, re.DOTALL)

    assert listed
    assert set(re.findall(r"^\t'([\w-]+)'", listed[1], re.MULTILINE)) == set(ATTRIBUTES) - {
        "inline"
    }


def test_every_attribute_of_a_recipe_is_known() -> None:
    guides = [(PROJECT / "docs" / name).read_text("utf-8") for name in ("embed.md", "wordpress.md")]
    own = {"data-waymark-exit"}
    used = {name for text in guides for name in re.findall(r"\bdata-[a-z-]+", text)} - own

    assert used <= {"data-", *(f"data-{name}" for name in ATTRIBUTES)}
    for tag in re.findall(r"<waymark-chat ([^>]*)>", "\n".join(guides)):
        names = re.findall(r'([a-z-]+)(?:="[^"]*")?', re.sub(r'"[^"]*"', '""', tag))
        assert set(names) <= {*ATTRIBUTES, "style", ""}, tag
