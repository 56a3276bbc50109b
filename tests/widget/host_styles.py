"""Pages of other sites, and the styles they come with: what a widget meets out there."""

from __future__ import annotations

import re
from typing import Any, Final

import pytest
from chat_page import Chat
from stub_server import ROOT

MODULES: Final = ROOT / "node_modules"

CONTENT: Final = """<header><h1>A host's page</h1></header>
<main><p>Some <a href='/elsewhere'>words</a>, and <b>more</b>.</p>
<p><button type='button'>Go on</button> <input aria-label='A place' value='Here'> <img alt='' width='40' height='30'></p>
<ul><li>One</li><li>Two</li></ul></main><footer>Its end</footer>"""

EVERY_ELEMENT: Final = """* { color: red !important; font: 9px serif !important; display: block !important;
  background: yellow !important; border: 3px solid red !important; margin: 9px !important;
  padding: 9px !important; position: static !important; float: left !important;
  width: 30px !important; height: 30px !important; overflow: hidden !important;
  visibility: hidden !important; text-transform: uppercase !important; line-height: 3 !important;
  text-align: right !important; pointer-events: none !important; cursor: none !important;
  white-space: pre !important; writing-mode: vertical-rl !important; z-index: -1 !important; }"""

WORDPRESS: Final = """
:root { --wp--preset--font-size--medium: clamp(1rem, 0.9rem + 0.3vw, 1.15rem);
  --wp--preset--color--ink: #111; --wp--preset--spacing--30: 20px; --wp--style--block-gap: 1.2rem; }
body { margin: 0; background: #fff; color: var(--wp--preset--color--ink);
  font-family: Manrope, sans-serif; font-size: var(--wp--preset--font-size--medium);
  font-weight: 300; line-height: 1.4; letter-spacing: -0.1px;
  -webkit-font-smoothing: antialiased; text-wrap: pretty; }
:where(.wp-site-blocks) > * { margin-block-start: 24px; margin-block-end: 0; }
:where(.wp-site-blocks) > :first-child { margin-block-start: 0; }
:where(.is-layout-flow) > * { margin-block: 24px 0; }
:where(.is-layout-constrained) > * { margin-inline: auto !important; max-width: 645px; }
:root :where(a:where(:not(.wp-element-button))) { color: currentColor;
  text-decoration: underline; text-decoration-thickness: 1px; text-underline-offset: 0.1em; }
:root :where(a:where(:not(.wp-element-button)):hover) { text-decoration: none; }
h1, h2, h3, h4, h5, h6 { font-weight: 400; line-height: 1.125; letter-spacing: -0.5px; }
h1 { font-size: clamp(1.8rem, 1.2rem + 2vw, 3rem); }
h2 { font-size: clamp(1.5rem, 1.1rem + 1.2vw, 2rem); }
:root :where(.wp-element-button, .wp-block-button__link) { background: #111; color: #fff;
  border: 0; padding: 1rem 2.25rem; font-size: 1rem; border-radius: 9999px; }
img { height: auto; max-width: 100%; }
img.emoji { display: inline !important; height: 1em !important; width: 1em !important;
  margin: 0 0.07em !important; border: 0 !important; box-shadow: none !important; }
input, textarea, button, select { font: inherit; border: 1px solid; border-radius: 4px; }
.screen-reader-text { position: absolute; width: 1px; height: 1px; overflow: hidden; }
@media (prefers-reduced-motion: no-preference) { html { scroll-behavior: smooth; } }"""

WRITTEN: Final = {
    "small root": "html { font-size: 62.5%; } body { font-size: 1.4rem; }",
    "wide letters": "* { letter-spacing: 0.12em !important; word-spacing: 0.16em !important;"
    " line-height: 1.5 !important; } p { margin-bottom: 2em !important; }",
    "reset": "*, *::before, *::after { margin: 0; padding: 0; border: 0; box-sizing: content-box;"
    " font: inherit; vertical-align: baseline; list-style: none; outline: none; }",
    "reverted": "* { all: revert !important; }",
    "unset": "* { all: unset !important; }",
    "every element": EVERY_ELEMENT,
    "sticky footer": "html { height: 100%; } body { min-height: 100vh; margin: 0; display: flex;"
    " flex-direction: column; justify-content: space-between; gap: 2rem; }",
    "grid": "body { margin: 0; min-height: 100vh; display: grid; gap: 20px;"
    " grid-template-rows: auto 1fr auto; } body > * { padding: 10px; border: 1px solid; }",
    "spaced children": "body > * + * { margin-top: 40px; } body > * { max-width: 300px; }",
    "dark only": ":root { color-scheme: dark; background: #000; color: #fff; }",
    "registered names": "".join(
        f"@property --{name} {{ syntax: '<color>'; inherits: false; initial-value: pink; }}"
        for name in ("accent", "card", "exit", "focus", "ink", "line", "on-exit", "paper", "soft")
    ),
    "wordpress": WORDPRESS,
}
HOST_STYLES: Final = [*WRITTEN, "bootstrap", "tailwind"]
SPACED: Final = ("wide letters", "wordpress")
"""Those that space letters: that, and nothing else, is meant to reach the chat (WCAG 1.4.12)."""


def css_of(name: str) -> str:
    """A style sheet; fails the test where it comes from a package that is not installed."""
    if name in WRITTEN:
        return WRITTEN[name]
    if name == "bootstrap":
        return _read("bootstrap/dist/css/bootstrap.min.css")
    # What its compiler would do for a page that uses none of its utilities.
    theme = _read("tailwindcss/theme.css").split("@theme default inline reference")[0]
    theme = theme.replace("@theme default", ":root")
    preflight = _read("tailwindcss/preflight.css").replace("--theme(", "var(")
    return f"@layer theme, base; @layer theme {{ {theme} }} @layer base {{ {preflight} }}"


def _read(name: str) -> str:
    file = MODULES / name
    if not file.exists():
        pytest.fail(f"{name} is not in node_modules: `make browser` brings it")
    return re.sub(r"/\*#.*?\*/", "", file.read_text("utf-8"))


def visit(
    chat: Chat,
    url: str,
    widget: str = "<waymark-chat></waymark-chat>",
    *,
    css: str = "",
    content: str = CONTENT,
    has_script: bool = True,
    direction: str = "ltr",
    path: str = "/page",
) -> None:
    """Go to a page of another site, with this style and these elements of ours."""
    script = "<script src='/widget.js' defer></script>" if has_script else ""
    widget = widget.replace("<waymark-chat", f"<waymark-chat exit-url='{url}/elsewhere'")
    body = (
        f"<!doctype html><html lang=en dir={direction}><head><meta charset=utf-8><title>A page</title>"
        "<meta name=viewport content='width=device-width, initial-scale=1'>"
        f"<link rel=icon href='data:,'><style>{css}</style></head>"
        f"<body class='wp-site-blocks'>{content}{widget}{script}</body></html>"
    )
    chat.page.route(
        url + path,
        lambda route: route.fulfill(content_type="text/html; charset=utf-8", body=body),
    )
    chat.page.goto(url + path)


PROPERTIES: Final = [
    *("display", "position", "float", "zIndex", "boxSizing", "visibility", "opacity"),
    *("color", "backgroundColor", "colorScheme", "accentColor", "fill", "stroke", "boxShadow"),
    *("fontSize", "fontFamily", "fontStyle", "fontWeight", "fontFeatureSettings", "lineHeight"),
    *("letterSpacing", "wordSpacing", "textAlign", "textIndent", "textTransform", "textShadow"),
    *("textDecorationLine", "whiteSpace", "wordBreak", "textWrap", "writingMode", "direction"),
    *("width", "height", "minHeight", "maxWidth", "overflowX", "overflowY", "transform", "filter"),
    *("cursor", "pointerEvents", "userSelect", "listStyleType", "verticalAlign", "outlineStyle"),
    *(f"margin{side}" for side in ("Top", "Right", "Bottom", "Left")),
    *(f"padding{side}" for side in ("Top", "Right", "Bottom", "Left")),
    *(
        f"border{side}{what}"
        for side in ("Top", "Right", "Bottom", "Left")
        for what in ("Width", "Style", "Color")
    ),
    *("borderTopLeftRadius", "borderEndEndRadius", "tabSize", "scrollBehavior"),
]
MEASURE: Final = """([nodes, names]) => nodes.map((node, at) => {
  const style = getComputedStyle(node);
  const label = `${at} ${node.localName}.${node.getAttribute('class') || ''}`;
  return [label, Object.fromEntries(names.map((name) => [name, style[name]]))];
})"""
OF_PAGE: Final = (
    "[...document.querySelectorAll('html, body, body *:not(script, waymark-chat, style)')]"
)
BOX: Final = "(node) => { const {x, y, width, height} = node.getBoundingClientRect(); return [x, y, width, height]; }"


def inside(selector: str) -> str:
    """An expression for those elements of the widget."""
    return f"[...document.querySelector('waymark-chat').shadowRoot.querySelectorAll('{selector}')]"


def styles(chat: Chat, nodes: str) -> dict[str, dict[str, str]]:
    """Computed styles of the elements that an expression gives, in their order."""
    return dict(
        chat.page.evaluate(f"(names) => ({MEASURE})([{nodes}, names])", arg=list(PROPERTIES))
    )


def boxes(chat: Chat, nodes: str) -> list[Any]:
    """Where the elements are that an expression gives."""
    return chat.page.evaluate(f"() => {nodes}.map({BOX})")


def differences(
    one: dict[str, dict[str, str]], other: dict[str, dict[str, str]], allowed: tuple[str, ...] = ()
) -> list[str]:
    """What is not the same, in words."""
    found = [f"{label} is in one only" for label in one.keys() ^ other.keys()]
    for label in one.keys() & other.keys():
        for name, value in one[label].items():
            if value != other[label][name] and name not in allowed:
                found.append(f"{label} {name}: {value} -> {other[label][name]}")
    return sorted(found)


TOP: Final = """([x, y]) => {
  let hit = document.elementFromPoint(x, y);
  while (hit?.shadowRoot) {
    const inner = hit.shadowRoot.elementFromPoint(x, y);
    if (!inner || inner === hit) break;
    hit = inner;
  }
  return hit?.closest('a, button')?.className || hit?.localName;
}"""


def on_top(chat: Chat, selector: str) -> str:
    """Class of the link or button that a touch in the middle of a part of the widget would meet."""
    box = chat.find(selector).bounding_box()
    middle = [box["x"] + box["width"] / 2, box["y"] + box["height"] / 2]
    return chat.page.evaluate(TOP, middle)
