"""For everybody: every state of the widget by axe, by what a screen reader meets, and by size."""

from __future__ import annotations

import difflib
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from chat_page import Chat, NewChat
from flask import Flask
from playwright.sync_api import Route
from stub_server import is_erased

from bot.channels.widget_strings import load_widget_strings
from bot.i18n import load_catalogues

TREES = Path(__file__).with_name("trees")
CATALOGUES = load_catalogues()
LANGUAGES = ("en", "ar")
WIDTHS = (320, 360, 1280)
# The device has a voice, so that the button that reads aloud is there.
VOICES = """Object.defineProperty(window, 'speechSynthesis', { value: {
  getVoices: () => ['en-GB', 'ar-EG'].map((lang) => ({ lang, localService: true })),
  speak: () => {}, cancel: () => {},
} });"""
# Every element that is seen, also those in the shadow root of the widget.
SEEN = """
  const inside = (root) => [...root.querySelectorAll('*')].flatMap(
    (one) => [one, ...(one.shadowRoot ? inside(one.shadowRoot) : [])]);
  const isSeen = (one) => {
    const { width, height } = one.getBoundingClientRect();
    return width > 1 && height > 1 && !one.closest('.vh') && one.checkVisibility({ visibilityProperty: true });
  };
  const seen = (selector) => inside(document).filter((one) => one.matches(selector) && isSeen(one));
  const name = (one) => `${one.localName}.${one.className} ${one.textContent.trim().slice(0, 40)}`;
"""


def in_their_words(chat: Chat, language: str) -> None:
    """Use the words of the catalogues: translations are longer than the English of the stub."""

    def answer(route: Route) -> None:
        response = route.fetch()
        body = response.json() if response.ok else {}
        if body:
            body["strings"] = load_widget_strings(CATALOGUES, body["language"])
        route.fulfill(response=response, json=body)

    if language != "en":
        chat.page.route("**/api/v1/strings*", answer)


def fail(chat: Chat, stub: Flask) -> None:
    """Send something that does not arrive."""
    stub.config["modes"].append("broken")
    chat.say_and_fail("oh")


def walk(chat: Chat, stub: Flask, url: str, language: str) -> Iterator[str]:
    """Lead a chat through everything that can be on the screen; yield the name of each state."""
    chat.page.add_init_script(VOICES)
    in_their_words(chat, language)
    chat.page.clock.install()
    chat.page.goto(f"{url}/host?attributes=data-language={language}")
    chat.find(".launcher").wait_for()
    yield "closed"
    stub.config["modes"].append("down")
    chat.find(".launcher").click()
    chat.find(".problem button").wait_for()
    yield "offline"
    stub.config["modes"].clear()
    chat.find(".problem button").click()
    chat.wait()
    yield "question"
    chat.find(".toggle").click()
    yield "numbers"
    chat.find(".toggle").click()
    chat.find(".choice").nth(1).click()
    chat.wait(4)
    yield "reply"
    chat.say("many", 5)
    chat.find("label.box").nth(1).click()
    yield "many"
    chat.find("button[type=submit].choice").click()
    chat.wait(7)
    yield "ticked"
    chat.say("web", 8)
    chat.say("print", 9)
    yield "links"
    chat.say("urgent", 11)
    yield "urgent"
    held: list[Route] = []
    chat.page.route("**/api/v1/messages", lambda route: held.append(route))
    chat.find("textarea").fill("a long wait")
    chat.find("textarea").press("Enter")
    chat.find(".writing").wait_for()
    yield "writing"
    chat.page.clock.fast_forward(3000)
    chat.find(".writing .card").first.wait_for()
    yield "slow"
    held[0].continue_()
    chat.page.unroute("**/api/v1/messages")
    chat.wait(13)
    fail(chat, stub)
    yield "error"
    chat.find("textarea").fill("delete")
    chat.find("textarea").press("Enter")
    chat.find(".end").wait_for()
    yield "ended"
    chat.page.route("**/elsewhere", lambda route: route.fulfill(status=204))  # so that it stays
    chat.find(".exit").click()
    chat.find(".blank").wait_for()
    yield "exit"


def pages(chat: Chat, stub: Flask, url: str, language: str) -> Iterator[str]:
    """Lead a chat through the pages where it stands in the page; yield the name of each."""
    chat.page.add_init_script(VOICES)
    in_their_words(chat, language)
    for name, path in {
        "inline": f"/host?attributes=data-inline data-open data-language={language}",
        "page": f"/?language={language}",
        "embed": f"/embed?language={language}",
    }.items():
        chat.page.goto(url + path)
        if name == "embed":
            chat.find(":is(.launcher, .panel):visible").wait_for()
            if chat.find(".launcher").is_visible():
                yield "embed, closed"
                chat.find(".launcher").click()
        chat.wait()
        yield name
        chat.find(".toggle").click()
        chat.say("many", 3)
        chat.say("urgent", 5)
        fail(chat, stub)
        yield f"{name}, used"


Walk = Callable[[Chat, Flask, str, str], Iterator[str]]
walks = pytest.mark.parametrize("walked", [walk, pages])


def found(
    walked: Walk, chat: Chat, stub: Flask, url: str, language: str, look: Callable[[], Any]
) -> dict[str, Any]:
    """What `look` finds, by state; empty when there is nothing anywhere."""
    seen = {state: look() for state in walked(chat, stub, url, language)}
    assert len(seen) >= 6
    return {state: what for state, what in seen.items() if what}


@walks
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("width", WIDTHS)
def test_axe_finds_nothing_in_any_state(
    new_chat: NewChat, stub: Flask, url: str, width: int, language: str, walked: Walk
) -> None:
    viewport = {"width": width, "height": 740}
    chat = new_chat(is_bare=True, viewport=viewport, bypass_csp=True)

    assert found(walked, chat, stub, url, language, chat.axe) == {}


@walks
@pytest.mark.parametrize("options", [{"color_scheme": "dark"}, {"forced_colors": "active"}])
def test_axe_finds_nothing_in_other_colours(
    new_chat: NewChat, stub: Flask, url: str, options: dict[str, str], walked: Walk
) -> None:
    chat = new_chat(is_bare=True, bypass_csp=True, **options)

    assert found(walked, chat, stub, url, "en", chat.axe) == {}


def show_tree(chat: Chat, title: str, *parts: str) -> str:
    """What a screen reader meets in these parts."""
    snapshots = [chat.find(part).last.aria_snapshot() for part in parts]
    return "\n".join([f"# {title}", *snapshots, ""])


@pytest.mark.parametrize("language", LANGUAGES)
def test_screen_reader_meets_what_is_written_down(
    new_chat: NewChat, stub: Flask, url: str, language: str
) -> None:
    """With UPDATE_TREES=1 it is written down anew."""
    chat = new_chat(f"/host?attributes=data-language={language}")
    shown = [show_tree(chat, "closed", ".root")]
    chat.open()
    shown.append(show_tree(chat, "open, with the first question", ".root"))
    chat.find(".choice").nth(1).click()
    chat.wait(4)
    chosen = chat.find(".reply >> nth=1").locator(".choices")
    shown += [f"# chosen\n{chosen.aria_snapshot()}\n", show_tree(chat, "said", ".own")]
    chat.say("many", 5)
    chat.find("label.box").nth(1).click()
    shown.append(show_tree(chat, "many to tick, one ticked", ".reply"))
    chat.say("urgent", 7)
    shown.append(show_tree(chat, "urgent", ".urgent"))
    fail(chat, stub)
    shown.append(show_tree(chat, "error", ".notice"))
    tree = "\n".join(shown).replace(url, "")
    file = TREES / f"{language}.yml"
    if os.environ.get("UPDATE_TREES"):
        file.parent.mkdir(exist_ok=True)
        file.write_text(tree, "utf-8")
    kept = file.read_text("utf-8")
    difference = difflib.unified_diff(kept.splitlines(), tree.splitlines(), "kept", "met", n=2)

    assert tree == kept, "\n".join(["not what is written down", *difference])


SMALL = f"""() => {{
  {SEEN}
  const isInText = (one) => one.localName === 'a' && one.parentElement.localName === 'p'
    && one.parentElement.textContent.trim() !== one.textContent.trim();
  return seen('a, button, select, textarea, input')
    .map((one) => one.closest('label') || one)
    .filter((one) => !isInText(one))
    .map((one) => [one, one.getBoundingClientRect()])
    .filter(([, {{ width, height }}]) => width < 43.99 || height < 43.99)
    .map(([one, {{ width, height }}]) => `${{name(one)}}: ${{width.toFixed(1)}} x ${{height.toFixed(1)}}`);
}}"""


@walks
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("width", [320, 1280])
def test_everything_to_touch_is_large_enough(
    new_chat: NewChat, stub: Flask, url: str, width: int, language: str, walked: Walk
) -> None:
    """44 by 44 pixels, but for links within a text."""
    chat = new_chat(is_bare=True, viewport={"width": width, "height": 740})

    assert found(walked, chat, stub, url, language, lambda: chat.page.evaluate(SMALL)) == {}


SPACED = """
  * { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important; }
  p { margin-block-end: 2em !important; }
"""
SPACE_OUT = """([css, isInside]) => {
  const made = new CSSStyleSheet();
  made.replaceSync(css);
  document.adoptedStyleSheets = [made];
  const root = document.querySelector('waymark-chat').shadowRoot;
  if (isInside && !root.spaced) root.adoptedStyleSheets = [...root.adoptedStyleSheets, root.spaced = made];
}"""
CUT = f"""() => {{
  {SEEN}
  const isInShadow = (one) => one.getRootNode() !== document;
  const texts = seen('p, span, a, button, label, legend, h2, textarea, select, li').filter(isInShadow)
    .filter((one) => getComputedStyle(one).clipPath === 'none')
    .filter((one) => one.localName !== 'textarea' || one.value);
  const cut = texts.filter((one) => one.clientWidth > 0
    && (one.scrollWidth > one.clientWidth + 1 || one.scrollHeight > one.clientHeight + 1));
  const panel = seen('.panel')[0];
  const out = panel ? texts.filter((one) => panel.contains(one)).filter((one) => {{
    const [{{ left, right }}, edge] = [one.getBoundingClientRect(), panel.getBoundingClientRect()];
    return left < edge.left - 1 || right > edge.right + 1;
  }}) : [];
  const written = seen('select').filter((one) => {{
    const ruler = document.createElement('canvas').getContext('2d');
    const {{ font, letterSpacing, wordSpacing, paddingInlineStart, paddingInlineEnd }} = getComputedStyle(one);
    Object.assign(ruler, {{ font, letterSpacing, wordSpacing }});
    const room = one.clientWidth - parseFloat(paddingInlineStart) - parseFloat(paddingInlineEnd);
    return ruler.measureText(one.selectedOptions[0].textContent).width > room + 1;
  }});
  const group = (one) => one.closest('.header, .numbers, .scroller, .writer');
  const solid = texts.filter((one) => one.matches('.text, .note, .hint, .status, .tag, a, button, label, select'));
  const overlaps = solid.flatMap((one, at) => solid.slice(at + 1)
    .filter((other) => group(one) === group(other) && !one.contains(other) && !other.contains(one))
    .filter((other) => {{
      const [a, b] = [one.getBoundingClientRect(), other.getBoundingClientRect()];
      return Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1
        && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 1;
    }})
    .map((other) => `${{name(one)}} | ${{name(other)}}`));
  return [...cut.map((one) => `cut: ${{name(one)}}`), ...out.map((one) => `outside: ${{name(one)}}`),
    ...written.map((one) => `shortened: ${{name(one)}}`), ...overlaps.map((both) => `overlap: ${{both}}`)];
}}"""


@walks
@pytest.mark.parametrize("is_inside", [False, True], ids=["page", "widget"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_cut_when_text_is_spaced_out(
    new_chat: NewChat, stub: Flask, url: str, language: str, is_inside: bool, walked: Walk
) -> None:
    """Spacing of WCAG 1.4.12, set on the page, or by a tool that reaches into the widget too."""
    chat = new_chat(is_bare=True, viewport={"width": 360, "height": 740})

    def look() -> list[str]:
        chat.page.evaluate(SPACE_OUT, [SPACED, is_inside])
        return chat.page.evaluate(CUT)

    assert found(walked, chat, stub, url, language, look) == {}


def test_spacing_of_the_page_reaches_the_widget(new_chat: NewChat) -> None:
    chat = new_chat()
    chat.open()
    chat.page.evaluate(SPACE_OUT, [SPACED, False])
    spacing = "(one) => [getComputedStyle(one).letterSpacing, getComputedStyle(one).wordSpacing, parseFloat(getComputedStyle(one).lineHeight) / 16]"

    for part in (".reply .text", ".choice", ".exit", "textarea"):
        letters, words, height = chat.find(part).first.evaluate(spacing)
        assert float(letters.removesuffix("px")) > 1.9, part
        assert float(words.removesuffix("px")) > 2.5, part
        assert height >= (1.4 if part == "textarea" else 1.5), part


@pytest.mark.parametrize("path", ["/?language={}", "/host?attributes=data-language={}"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_is_reached_at_a_zoom_of_400_percent(
    new_chat: NewChat, url: str, language: str, path: str
) -> None:
    """1280 by 1024 pixels, a quarter of them left."""
    chat = new_chat(is_bare=True, viewport={"width": 320, "height": 256})
    in_their_words(chat, language)
    chat.page.goto(url + path.format(language))
    if "host" in path:
        chat.find(".launcher").click()
    chat.wait()
    chat.say("urgent", 4)

    assert chat.page.evaluate("document.documentElement.scrollWidth") <= 320
    for box in (".scroller", ".panel"):
        assert chat.find(box).evaluate("(one) => one.scrollWidth - one.clientWidth") <= 0, box
    for part in (".exit", "textarea", ".exit", ".send", ".urgent .card", ".exit", ".toggle"):
        chat.find(part).click(trial=True)
        place = chat.find(part).bounding_box()
        assert place["y"] >= 0 and place["y"] + place["height"] <= 257, part
        assert place["x"] >= 0 and place["x"] + place["width"] <= 320, part
    chat.find(".toggle").click()
    chat.find(".numbers .card").last.click(trial=True)


MOVING = """() => {
  const root = document.querySelector('waymark-chat').shadowRoot;
  root.querySelector('textarea').value = 'hello';
  root.querySelector('form.writer').requestSubmit();
  return [document, root].flatMap((one) => one.getAnimations())
    .filter((one) => one.playState === 'running')
    .map((one) => one.animationName || one.transitionProperty);
}"""


@pytest.mark.parametrize(("wish", "is_moving"), [("reduce", False), ("no-preference", True)])
def test_nothing_moves_for_people_who_want_it_still(
    new_chat: NewChat, wish: str, is_moving: bool
) -> None:
    chat = new_chat(reduced_motion=wish)
    chat.open()

    assert bool(chat.page.evaluate(MOVING)) == is_moving


CONTRAST = """
  const ruler = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  const numbers = (colour, under) => {
    ruler.fillStyle = under; ruler.fillRect(0, 0, 1, 1);
    ruler.fillStyle = colour; ruler.fillRect(0, 0, 1, 1);
    return [...ruler.getImageData(0, 0, 1, 1).data].slice(0, 3);
  };
  const light = (rgb) => rgb.map((part) => part / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
    .reduce((sum, part, at) => sum + part * [0.2126, 0.7152, 0.0722][at], 0);
  const above = (one) => one.parentElement || one.getRootNode().host;
  const paper = (one) => {
    const colour = getComputedStyle(one).backgroundColor;
    const isWhole = !/transparent|rgba\\(.*, 0\\)|\\/ 0\\)/.test(colour);
    if (isWhole || !above(one)) return isWhole ? colour : 'white';
    return paper(above(one));
  };
  const contrast = (ink, under) => {
    const [a, b] = [light(numbers(ink, under)), light(numbers(under, under))];
    return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  };
"""
BORDERS = f"""() => {{
  {SEEN} {CONTRAST}
  return seen('.exit, .launcher, button, select, .card, textarea, .way-out').filter((one) => one.getRootNode() !== document)
    .filter((one) => {{
      const {{ borderTopWidth, borderTopStyle, borderTopColor }} = getComputedStyle(one);
      return parseFloat(borderTopWidth) < 1 || borderTopStyle === 'none'
        || contrast(borderTopColor, paper(one)) < 3;
    }})
    .map((one) => `${{name(one)}}: ${{getComputedStyle(one).border}} on ${{paper(one)}}`);
}}"""


@walks
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_edges_are_seen_in_forced_colours(
    new_chat: NewChat, stub: Flask, url: str, scheme: str, walked: Walk
) -> None:
    chat = new_chat(is_bare=True, forced_colors="active", color_scheme=scheme)

    assert found(walked, chat, stub, url, "en", lambda: chat.page.evaluate(BORDERS)) == {}


FAINT = f"""() => {{
  {SEEN} {CONTRAST}
  return seen('.text, .note, .hint, .status, .progress, .tag, .cards a, .choice, .box, .exit, .end button, .writer label')
    .filter((one) => !one.matches(':disabled, [aria-disabled], :has(:disabled)') && one.textContent.trim())
    .map((one) => [one, contrast(getComputedStyle(one).color, paper(one))])
    .filter(([, ratio]) => ratio < 7)
    .map(([one, ratio]) => `${{name(one)}}: ${{ratio.toFixed(2)}}`);
}}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_contrast_is_strong_for_people_who_ask_for_more(
    new_chat: NewChat, stub: Flask, url: str, scheme: str
) -> None:
    """7 : 1."""
    chat = new_chat(is_bare=True, contrast="more", color_scheme=scheme)

    assert found(walk, chat, stub, url, "en", lambda: chat.page.evaluate(FAINT)) == {}


def test_way_out_is_the_first_stop_of_the_page_and_wipes(new_chat: NewChat, stub: Flask) -> None:
    chat = new_chat("/")
    chat.wait()
    chat.say("a secret", 4)
    chat.page.evaluate("document.activeElement.blur(), window.getSelection().empty()")
    skip = chat.page.locator(".skip")
    assert skip.bounding_box()["width"] <= 1
    chat.page.evaluate("document.body.tabIndex = -1, document.body.focus()")
    chat.page.keyboard.press("Tab")

    assert chat.page.evaluate("document.activeElement.textContent") == "Leave now"
    place = skip.bounding_box()
    assert place["width"] >= 44 and place["height"] >= 44
    assert place["x"] >= 0 and place["y"] >= 0
    skip.click(trial=True)

    chat.page.keyboard.press("Enter")

    chat.page.wait_for_url("**/elsewhere")
    assert is_erased(stub)
    assert chat.page.evaluate("history.length") <= 2


def test_each_message_tells_its_language_and_direction(new_chat: NewChat, stub: Flask) -> None:
    chat = new_chat()
    chat.open()
    chat.say("hello", 4)
    chat.find("select").select_option("ar")
    chat.wait(6)
    chat.say("many", 7)
    chat.find("select").select_option("es")
    chat.wait(9)
    chat.say("urgent", 11)
    told = chat.find(".message").evaluate_all(
        "(all) => all.map((one) => [one.className.split(' ')[1], one.lang, one.dir])"
    )

    assert told == [
        *[["reply", "en", "ltr"]] * 2,
        ["own", "en", "ltr"],
        *[["reply", "en", "ltr"]] * 2,
        *[["reply", "ar", "rtl"]] * 2,
        ["own", "ar", "rtl"],
        ["reply", "ar", "rtl"],
        *[["reply", "es", "ltr"]] * 2,
        ["own", "es", "ltr"],
        *[["reply", "es", "ltr"]] * 2,
    ]
    assert chat.find("select option").evaluate_all(
        "(all) => all.every((one) => one.lang && one.dir)"
    )
    for part in (".panel", ".root > [role=status]"):
        assert chat.find(part).get_attribute("lang") == "es", part
