"""The widget in pages of others: their styles, their banners, their attributes and histories."""

from __future__ import annotations

import pytest
from chat_page import Chat, NewChat
from host_styles import (
    HOST_STYLES,
    OF_PAGE,
    SPACED,
    boxes,
    css_of,
    differences,
    inside,
    on_top,
    styles,
    visit,
)

SPACING = ("letterSpacing", "wordSpacing", "width", "height")
SMALLEST_PX = 16
PARTS = (".panel", ".exit", "textarea")


def look(chat: Chat) -> tuple[dict, dict[str, dict]]:
    """Styles of everything and the places of what matters, once the chat is open."""
    places = {".launcher": chat.find(".launcher").bounding_box()}
    chat.open()
    places |= {part: chat.find(part).bounding_box() for part in PARTS}
    found = styles(chat, inside("*"))
    root = next(iter(found.values()))  # shows nothing itself: its width is the page's
    del root["width"], root["minHeight"]
    return found, places


def sides(box: dict) -> tuple[float, float]:
    """The edges that letters further apart do not move: those of the corner it hangs in."""
    return box["x"] + box["width"], box["height"]


@pytest.mark.parametrize("name", HOST_STYLES)
def test_nothing_of_a_page_leaks_in(new_chat: NewChat, url: str, name: str) -> None:
    plain, styled = new_chat(is_bare=True), new_chat(is_bare=True)
    visit(plain, url)
    visit(styled, url, css=css_of(name))
    expected, places = look(plain)
    found, moved = look(styled)

    assert differences(expected, found, SPACING if name in SPACED else ()) == []
    if name in SPACED:
        assert moved[".panel"] == places[".panel"]
        assert sides(moved[".launcher"]) == sides(places[".launcher"])
        for part in (".exit", "textarea"):
            assert moved[part]["height"] == places[part]["height"], part
    else:
        assert moved == places
    assert styled.errors == []


def test_spacing_that_people_set_reaches_every_message(new_chat: NewChat, url: str) -> None:
    """WCAG 1.4.12: a style sheet of one's own must work here too."""
    chat = new_chat(is_bare=True)
    visit(chat, url, css=css_of("wide letters"))
    chat.open()
    read = inside(".line, textarea, .choice, .card, .exit")
    spacing = {
        (style["letterSpacing"], style["wordSpacing"]) for style in styles(chat, read).values()
    }

    assert spacing == {("1.92px", "2.56px")}


def test_marked_text_keeps_its_colours(new_chat: NewChat, url: str) -> None:
    """They come down from the page, other than all else, also into a shadow root."""
    chat = new_chat(is_bare=True)
    visit(chat, url, css="::selection { color: pink; background: #fff; }")
    chat.open()
    colours = chat.find(".line").first.evaluate("""(node) => {
      const {color, backgroundColor} = getComputedStyle(node, '::selection');
      return [color, backgroundColor];
    }""")

    assert colours != ["rgb(255, 192, 203)", "rgb(255, 255, 255)"]


@pytest.mark.parametrize("name", HOST_STYLES)
def test_way_in_and_way_out_work_under_any_style(new_chat: NewChat, url: str, name: str) -> None:
    chat = new_chat(is_bare=True, viewport={"width": 360, "height": 640})
    visit(chat, url, css=css_of(name))
    for part in (".launcher", ".exit"):
        chat.find(part).wait_for()
        box = chat.find(part).bounding_box()
        assert box["width"] >= 44 and box["height"] >= 44, part
        assert box["x"] >= 0 and box["x"] + box["width"] <= 360, part
        assert box["y"] >= 0 and box["y"] + box["height"] <= 640, part
        assert on_top(chat, part) == part[1:]
        chat.find(part).click()

    chat.page.wait_for_url("**/elsewhere")


@pytest.mark.parametrize("name", ["small root", "every element", "unset", "wordpress"])
def test_text_is_never_small(new_chat: NewChat, url: str, name: str) -> None:
    chat = new_chat(is_bare=True)
    visit(chat, url, css=css_of(name))
    chat.open()
    chat.say("urgent", 4)
    read = inside(".message, .text, .line, textarea, .choice, .card, .exit, .launcher")
    sizes = {
        label: float(style["fontSize"].removesuffix("px"))
        for label, style in styles(chat, read).items()
    }

    assert len(sizes) > 10
    assert {label: size for label, size in sizes.items() if size < SMALLEST_PX} == {}


@pytest.mark.parametrize("name", HOST_STYLES)
def test_nothing_leaks_out(new_chat: NewChat, url: str, name: str) -> None:
    """Everything of the page looks, stands and is as it was without the widget."""
    chat = new_chat(is_bare=True)
    visit(chat, url, "", css=css_of(name), has_script=False)
    everything = """() => {
      const copy = document.documentElement.cloneNode(true);
      for (const ours of copy.querySelectorAll('waymark-chat, script')) ours.remove();
      return [copy.outerHTML, document.adoptedStyleSheets.length, document.styleSheets.length];
    }"""
    before = styles(chat, OF_PAGE), boxes(chat, OF_PAGE), chat.page.evaluate(everything)
    chat.page.add_script_tag(url=f"{url}/widget.js")
    chat.find(".launcher").wait_for()
    closed = styles(chat, OF_PAGE), boxes(chat, OF_PAGE)
    chat.open()
    chat.say("hello", 4)

    assert differences(before[0], closed[0]) == []
    assert closed[1] == before[1]
    assert differences(before[0], styles(chat, OF_PAGE)) == []
    assert boxes(chat, OF_PAGE) == before[1]
    assert chat.page.evaluate(everything) == before[2]
    assert chat.page.evaluate("document.body.lastElementChild.localName") == "waymark-chat"


def test_no_global_names_are_made(new_chat: NewChat, url: str) -> None:
    names = "[Object.getOwnPropertyNames(window).sort(), Object.getOwnPropertyNames(document)]"
    chat = new_chat(is_bare=True)
    visit(chat, url, has_script=False)
    without = chat.page.evaluate(names)
    visit(chat, url)
    chat.open()
    chat.say("hello", 4)

    assert chat.page.evaluate(names) == without


BANNER = (
    "<div id=banner style='position:fixed;inset:auto 0 0;height:40vh;background:#ddd;"
    "z-index:2147483647'>Cookies?</div>"
)
HEADER = (
    "<div id=sticky style='position:sticky;top:0;height:90px;background:#ccc;"
    "z-index:2147483647'>A menu</div>"
)
LONG = "<p style='height:150vh'>Above</p>"


@pytest.mark.parametrize("viewport", [(360, 640), (1280, 800)])
@pytest.mark.parametrize("is_late", [False, True])
def test_no_banner_covers_the_way_out(
    new_chat: NewChat, url: str, viewport: tuple[int, int], is_late: bool
) -> None:
    chat = new_chat(is_bare=True, viewport={"width": viewport[0], "height": viewport[1]})
    covers = HEADER + BANNER
    visit(
        chat,
        url,
        "<waymark-chat open></waymark-chat>",
        content=LONG if is_late else covers + LONG,
    )
    chat.wait()
    if is_late:
        chat.page.evaluate(f"document.body.insertAdjacentHTML('afterbegin', `{covers}`)")
    chat.page.evaluate("window.scrollTo(0, 200)")

    assert on_top(chat, ".exit") == "exit"
    assert on_top(chat, "textarea") == "textarea"
    chat.find(".exit").click()
    chat.page.wait_for_url("**/elsewhere")


INLINE = "<waymark-chat inline open style='display:block;height:500px'></waymark-chat>"


def expect_spare(chat: Chat) -> None:
    """Another way out is there, large enough and on top."""
    chat.find("a.spare").wait_for()
    box = chat.find("a.spare").bounding_box()
    assert box["width"] >= 44 and box["height"] >= 44
    assert on_top(chat, "a.spare") == "spare"


@pytest.mark.parametrize("viewport", [(360, 640), (1280, 800)])
def test_way_out_of_a_chat_in_the_page_comes_along(
    new_chat: NewChat, url: str, viewport: tuple[int, int]
) -> None:
    chat = new_chat(is_bare=True, viewport={"width": viewport[0], "height": viewport[1]})
    visit(chat, url, INLINE + LONG * 2, content="<h1>A long page</h1>")
    chat.wait()
    assert chat.find("a.spare").is_hidden()
    for _ in range(2):
        chat.page.evaluate("window.scrollTo(0, 1200)")
        expect_spare(chat)
        chat.page.evaluate("window.scrollTo(0, 0)")
        chat.find("a.spare").wait_for(state="hidden")
        assert on_top(chat, ".exit") == "exit"
    chat.page.evaluate("window.scrollTo(0, 1200)")
    chat.find("a.spare").click()

    chat.page.wait_for_url("**/elsewhere")


def test_way_out_of_a_chat_in_a_box_that_scrolls_comes_along(new_chat: NewChat, url: str) -> None:
    """Many applications scroll a box, not the page."""
    chat = new_chat(is_bare=True)
    box = f"<div id=box style='height:700px;overflow:auto'>{INLINE}{LONG * 2}</div>"
    visit(chat, url, box, content="")
    chat.wait()
    chat.page.evaluate("document.querySelector('#box').scrollTo(0, 900)")

    expect_spare(chat)
    chat.page.evaluate("document.querySelector('#box').scrollTo(0, 0)")
    chat.find("a.spare").wait_for(state="hidden")


@pytest.mark.parametrize("cover", [HEADER, BANNER.replace("auto 0 0", "0 0 auto")])
def test_way_out_of_a_chat_in_the_page_is_not_covered(
    new_chat: NewChat, url: str, cover: str
) -> None:
    """Scrolled so that its header lies below what sticks to the top of the page."""
    chat = new_chat(is_bare=True)
    visit(chat, url, INLINE + LONG, content=cover + "<h1>A long page</h1>" * 9)
    chat.wait()
    chat.page.evaluate(
        "window.scrollBy(0, document.querySelector('waymark-chat').getBoundingClientRect().top - 20)"
    )

    expect_spare(chat)
    chat.find("a.spare").click()
    chat.page.wait_for_url("**/elsewhere")


LATE = BANNER.replace("auto 0 0", "0 0 auto")
ON_TOP = "<div id=banner popover=manual style='inset:0;width:100%;height:100%'>Cookies?</div>"


@pytest.mark.parametrize(
    ("widget", "cover"),
    [(INLINE, LATE), (INLINE, ON_TOP), ("<waymark-chat open></waymark-chat>", ON_TOP)],
    ids=["banner", "popover", "popover over what floats"],
)
def test_way_out_survives_a_banner_that_comes_late(
    new_chat: NewChat, url: str, widget: str, cover: str
) -> None:
    """Such banners come after everything else, without anyone scrolling."""
    chat = new_chat(is_bare=True)
    visit(chat, url, widget + LONG, content="<h1>A long page</h1>")
    chat.wait()
    chat.page.evaluate(
        """(cover) => {
          document.body.insertAdjacentHTML('beforeend', cover);
          const banner = document.querySelector('#banner');
          if (banner.popover) banner.showPopover();
        }""",
        cover,
    )

    expect_spare(chat)
    chat.page.evaluate("document.querySelector('#banner').remove()")
    chat.find("a.spare").wait_for(state="hidden")
    assert on_top(chat, ".exit") == "exit"


def test_back_leaves_the_page(new_chat: NewChat, url: str) -> None:
    """Opening and closing are no pages: Back would else seem not to work."""
    chat = new_chat("/elsewhere")
    visit(chat, url)
    length = chat.page.evaluate("history.length")
    for _ in range(2):
        chat.open()
        chat.say("hello", 4)
        chat.find(".close").click()
    chat.find(".launcher").click()

    assert chat.page.evaluate("history.length") == length
    assert chat.page.url == f"{url}/page"
    chat.page.go_back()
    assert chat.page.url == f"{url}/elsewhere"
