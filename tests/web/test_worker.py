"""The worker's aid in a real browser: the phone goes over and comes back, notes stay in the page."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator

import pytest
from foreign_words import english_in
from playwright.sync_api import Page, Request, Response
from web_chat import ROOT, WebChat

from bot.i18n import load_catalogues
from bot.wording import SEVEN, load_wording

OpenPage = Callable[..., WebChat]

A4_POINTS = (595, 842)
PEOPLE = ("vi", "ti", "ar")
LANGUAGES = sorted(load_catalogues().languages)
HAND_OVER = ".tools .strong"
ACTIVE = f"{ROOT}.activeElement"
NOTES = "document.querySelector('waymark-sheet').shadowRoot"


def answer(question: str, value: str) -> str:
    return f'/answer{{"{question}":"{value}"}}'


def begin(open_page: OpenPage, person: str, *, width: int = 360, language: str = "en") -> WebChat:
    """The guide, up to the first question to the person."""
    chat = open_page(language, width=width, is_bare=True)
    chat.goto(f"/worker?language={language}")
    chat.wait_for_replies()
    chat.choose(answer("worker_ready", "yes"))
    chat.choose(answer("interpreter", "screen"))
    chat.choose(answer("person_language", person))
    return chat


def hand_over(chat: WebChat) -> None:
    chat.find(HAND_OVER).click()
    chat.find(".cover").wait_for()


def take_back(chat: WebChat) -> None:
    chat.find(".cover .back").click()
    assert chat.find(".cover").count() == 0


def person_chooses(chat: WebChat, label: str) -> None:
    """On their side of the phone; then it comes back."""
    hand_over(chat)
    before = chat.count
    chat.find(f".cover button >> text=/^{label}$/").click()
    chat.wait_for_replies(before)
    take_back(chat)


def tick(chat: WebChat, *choices: str) -> None:
    before = chat.count
    for choice in choices:
        chat.find(f"input[value='{choice}']:not([disabled])").check()
    chat.find(".log form button[type=submit]:not([aria-disabled])").last.click()
    chat.wait_for_replies(before)


def said(person: str, response: str) -> str:
    return load_wording().text(person, response)


def label(person: str, response: str, choice: str) -> str:
    choices = load_wording().reply(person, response).choices
    return next(each.label for each in choices if each.id == choice)


class Traffic:
    """What went to the server and came from it."""

    def __init__(self, page: Page) -> None:
        self.sent: list[str] = []
        self.got: list[str] = []
        page.on("request", self._sent)
        page.on("response", self._got)
        self._responses: list[Response] = []

    def bodies(self) -> Iterator[str]:
        """Everything, a message each."""
        yield from self.sent
        for response in self._responses:
            yield response.text()

    def _sent(self, request: Request) -> None:
        self.sent.append(f"{request.url} {request.post_data or ''}")

    def _got(self, response: Response) -> None:
        if "/api/" in response.url and response.status == 200:
            self._responses.append(response)


@pytest.mark.parametrize("person", PEOPLE)
def test_a_worker_s_whole_path(open_page: OpenPage, person: str) -> None:
    chat = begin(open_page, person)
    traffic = Traffic(chat.page)
    chat.page.evaluate("() => { window.print = () => {}; }")

    # The person's words stand large, in their language; English and how to ask below.
    theirs, beside = chat.find(".theirs").last, chat.find(".reply .text.beside").last
    assert theirs.inner_text() == said(person, "utter_ask_self_form_feels_safe")
    assert theirs.get_attribute("lang") == person
    assert theirs.get_attribute("dir") == ("rtl" if person == "ar" else "ltr")
    assert beside.inner_text().startswith("Do you feel safe?\nHow to ask: ")
    large, small = (
        part.evaluate("(node) => parseFloat(getComputedStyle(node).fontSize)")
        for part in (theirs, beside)
    )
    assert large > 1.3 * small

    # The person answers on the same phone, by a touch ...
    sometimes = answer("feels_safe", "sometimes")
    person_chooses(chat, label(person, "utter_ask_self_form_feels_safe", sometimes))
    # ... or in their own words, which keep the worker's language.
    hand_over(chat)
    before = chat.count
    words = "He keeps my passport and he does not pay me"
    chat.find(".cover textarea").fill(words)
    chat.find(".cover form button").click()
    chat.wait_for_replies(before)
    take_back(chat)
    while not chat.find("input[value*='understood']").count():
        chat.choose("/skip_question")

    # What was understood stands ticked; the worker takes one away.
    boxes = chat.find("input[value*='understood']:checked")
    heard = {box.get_attribute("value") for box in boxes.all()}
    assert {answer("understood", "documents_held"), answer("understood", "unpaid")} <= heard
    chat.find(f"input[value='{answer('understood', 'unpaid')}']").uncheck()
    tick(chat)
    tick(chat, answer("observed", "controller"), answer("observed", "rehearsed_story"))
    tick(chat, answer("needs_now", "housing"))
    chat.choose(answer("person_age", "adult"))
    chat.choose(answer("care_needs", "no"))

    # Consent is explained in the person's own language.
    assert chat.find(".theirs").last.inner_text().split() == (
        said(person, "utter_ask_person_consent").split()
    )
    yes = label(person, "utter_ask_person_consent", answer("consent", "yes"))
    person_chooses(chat, yes)
    before = chat.count
    chat.choose(answer("worker_role", "other"))
    steps = " ".join(chat.find(".reply").all_inner_texts()[before:])
    assert "Only a First Responder can" in steps
    assert "up to five days" in steps

    requests = len(traffic.sent)
    chat.find("button:has-text('Print')").click()
    printed = chat.page.evaluate(f"{NOTES}.textContent")
    for part in (
        *(
            "Notes for a referral",
            "Do you feel safe?",
            "Not always",
            "someone else keeps the papers",
        ),
        *("Someone speaks for them", "Story sounds rehearsed", "A place to sleep tonight"),
        *("What comes next", "up to five days", "Name, date of birth", "08000 121 700"),
        *(said(person, "utter_ask_self_form_feels_safe"), yes),
    ):
        assert part in printed
    for never in (words, "no pay", "How to ask"):
        assert never not in printed

    pdf = chat.page.pdf(prefer_css_page_size=True)
    sheets = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", pdf)
    assert [round(float(size)) for size in sheets[0]] == pytest.approx(A4_POINTS, abs=1)

    # The notes are built here: nothing was asked for, and no message ever held two answers.
    assert len(traffic.sent) == requests
    for body in traffic.bodies():
        assert not ("Not always" in body and "Story sounds rehearsed" in body)


@pytest.mark.parametrize("person", ["vi", "ar"])
def test_the_person_s_view_shows_nothing_of_the_worker_s(open_page: OpenPage, person: str) -> None:
    chat = begin(open_page, person)
    hand_over(chat)
    cover = chat.find(".cover")
    box = cover.bounding_box()

    assert box == {"x": 0, "y": 0, "width": 360, "height": 740}
    assert cover.get_attribute("lang") == person
    shown = cover.inner_text().replace(chat.find(".cover .back").inner_text(), "")
    assert english_in(shown, person) == []
    for point in ((20, 100), (180, 400), (340, 700)):
        on_top = chat.page.evaluate(
            f"([x, y]) => {ROOT}.elementsFromPoint(x, y)[0].closest('.cover') !== null", list(point)
        )
        assert on_top
    assert chat.find(".panel").evaluate("(panel) => panel.inert")
    assert "tel:999" in chat.hrefs(".cover")
    assert chat.axe() == []


def test_with_the_keyboard_alone(open_page: OpenPage) -> None:
    chat = begin(open_page, "vi", width=1280)
    keyboard = chat.page.keyboard
    chat.find(HAND_OVER).focus()
    keyboard.press("Enter")
    chat.find(".cover").wait_for()
    for _ in range(15):  # round and round, and never out of it
        keyboard.press("Tab")
        assert chat.page.evaluate(f"{ACTIVE}.closest('.cover') !== null")
    keyboard.press("Shift+Tab")
    assert chat.page.evaluate(f"{ACTIVE}.closest('.cover') !== null")
    keyboard.press("Escape")

    assert chat.find(".cover").count() == 0
    assert not chat.find(".panel").evaluate("(panel) => panel.inert")
    assert chat.page.evaluate(f"{ACTIVE}.matches('.scroller')")
    assert chat.find(".header .exit").inner_text() == "Leave now"


def test_a_pause_hides_everything_until_they_go_on(open_page: OpenPage) -> None:
    chat = begin(open_page, "vi")
    asked = chat.newest()
    chat.find(".tools .choice:not(.strong)").click()
    cover = chat.find(".cover")
    assert chat.addresses[-1].endswith("/conversations/keep")  # the half hour begins anew
    assert "30 minutes" in cover.inner_text()
    assert "Do you feel safe?" not in cover.inner_text()
    chat.find(".cover .back").click()

    assert chat.newest() == asked
    chat.choose("/skip_question")


def test_leaving_from_the_person_s_view(open_page: OpenPage) -> None:
    chat = begin(open_page, "vi")
    hand_over(chat)
    chat.find(".cover .exit").click()
    chat.page.wait_for_url("https://weather.invalid/")
    chat.problems.remove("left the machine: https://weather.invalid/")


def test_deleting_forgets_the_notes(open_page: OpenPage) -> None:
    chat = begin(open_page, "vi")
    chat.choose(answer("feels_safe", "no"))
    chat.find("textarea").fill("delete")
    chat.find("textarea").press("Enter")
    chat.find(".end").wait_for()
    chat.page.evaluate(
        "() => { window.print = () => {}; window.dispatchEvent(new Event('beforeprint')); }"
    )

    assert "Do you feel safe" not in chat.page.evaluate(f"{NOTES}.textContent")


def test_the_notes_can_be_saved_as_a_file(open_page: OpenPage) -> None:
    chat = begin(open_page, "vi", language="es")
    chat.choose(answer("feels_safe", "no"))
    while not chat.find("button:has-text('Imprimir')").count():
        chat.choose("/skip_question")
    traffic = Traffic(chat.page)
    with chat.page.expect_download() as download:
        chat.find(".tools button").last.click()
    text = download.value.path().read_text("utf-8")

    assert download.value.suggested_filename == "notes.html"
    assert (
        "Do you feel safe?" in text and "Notes for a referral" in text
    )  # English, for whoever reads
    assert said("vi", "utter_ask_self_form_feels_safe") in text
    assert "Te sientes" not in text
    assert [each for each in traffic.sent if not each.startswith("blob:")] == []


def test_nobody_else_fetches_the_aid(open_page: OpenPage) -> None:
    chat = open_page("en")
    chat.choose("/start_self")
    chat.choose(answer("safe_to_talk", "yes"))

    assert not [address for address in chat.addresses if address.endswith("/aid.js")]


def test_without_the_aid_the_questions_go_on(open_page: OpenPage) -> None:
    chat = open_page("en", is_bare=True)
    chat.page.route("**/aid.js", lambda route: route.abort())
    chat.goto("/worker?language=en")
    chat.wait_for_replies()
    chat.choose(answer("worker_ready", "yes"))
    chat.choose("/skip_question")
    chat.choose(answer("person_language", "vi"))

    assert said("vi", "utter_ask_self_form_feels_safe") in chat.newest()
    assert "Do you feel safe?" in chat.newest()
    assert chat.find(".tools").count() == 0
    chat.problems[:] = [each for each in chat.problems if "ERR_FAILED" not in each]


def test_an_aid_that_never_comes_does_not_hold_up_the_question(open_page: OpenPage) -> None:
    chat = open_page("en", is_bare=True)
    chat.page.route("**/aid.js", lambda route: None)  # never answered
    chat.goto("/worker?language=en")
    chat.wait_for_replies()
    chat.choose(answer("worker_ready", "yes"))
    chat.choose("/skip_question")
    chat.choose(answer("person_language", "vi"))

    assert "Do you feel safe?" in chat.newest()
    assert chat.find(".tools").count() == 0


VOICE = """
  window.spoken = [];
  window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
  Object.defineProperty(window, 'speechSynthesis', { value: {
    getVoices: () => [{ lang: 'vi-VN', localService: true, name: 'of the device' }],
    speak: (said) => window.spoken.push(said.text),
    cancel: () => {},
  } });
"""


def test_the_person_can_listen_to_the_question_and_its_answers(open_page: OpenPage) -> None:
    chat = open_page("en", is_bare=True)
    chat.page.add_init_script(VOICE)
    chat.goto("/worker?language=en")
    chat.wait_for_replies()
    chat.choose(answer("worker_ready", "yes"))
    chat.choose("/skip_question")
    chat.choose(answer("person_language", "vi"))
    hand_over(chat)
    chat.find(".cover .listen").click()
    (spoken,) = chat.page.evaluate("spoken")

    question = "utter_ask_self_form_feels_safe"
    assert spoken.startswith(said("vi", question))
    assert label("vi", question, answer("feels_safe", "no")) in spoken
    assert "Do you feel safe" not in spoken


def test_the_person_s_box_is_kept_from_the_browser_s_helpers(open_page: OpenPage) -> None:
    chat = begin(open_page, "vi")
    hand_over(chat)
    own, draft = chat.find(".cover textarea"), chat.find("#draft")

    for name in ("spellcheck", "autocomplete", "writingsuggestions", "translate", "data-gramm"):
        assert own.get_attribute(name) == draft.get_attribute(name) in ("false", "off", "no")


def test_a_borough_s_own_languages_stand_first(open_page: OpenPage) -> None:
    chat = open_page("en", is_bare=True)
    chat.goto("/worker?language=en&borough=hackney")
    chat.wait_for_replies()
    first = chat.find("select option").first.get_attribute("value")

    assert first == load_wording().directory.places["hackney"].languages[0] != "en"


# --- Without script ----------------------------------------------------------------------------


def paper(open_page: OpenPage, path: str, language: str) -> WebChat:
    chat = open_page(language, is_bare=True, java_script_enabled=False)
    chat.goto(path)
    return chat


@pytest.mark.parametrize("person", ["vi", "ti", "fa"])
def test_the_guide_on_paper(open_page: OpenPage, person: str) -> None:
    page = paper(open_page, f"/worker?language=en&person={person}&role=nhs", "en").page
    guide = page.locator(".guide")
    text = guide.inner_text()

    for slot in SEVEN:
        assert said(person, f"utter_ask_self_form_{slot}") in text
        assert said("en", f"utter_ask_self_form_{slot}") in text
    assert guide.locator(".theirs").first.get_attribute("lang") == person
    assert "The NHS is not one" in text and "You may refer them" not in text
    boxes = [each.bounding_box() for each in guide.locator("p, li").all()]
    assert all(box is None or box["x"] + box["width"] <= 360 for box in boxes)


def test_the_guide_says_what_each_worker_may_do(open_page: OpenPage) -> None:
    page = paper(open_page, "/worker?language=en&role=authority", "en").page
    text = page.locator(".guide").inner_text()

    assert "You may refer them" in text and "You must tell the Home Office" in text
    assert "You can't refer them yourself" not in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_there_is_to_learn(open_page: OpenPage, language: str) -> None:
    page = paper(open_page, f"/learn?language={language}", language).page
    text = page.locator("main").inner_text()

    assert page.locator("main section").count() == 11  # ten parts, and the numbers
    assert english_in(text, language) == []
    assert page.locator("a[href='tel:999']").count() >= 1
    assert page.locator(".way-out").is_visible()
    for card in page.locator(".card").all():
        box = card.bounding_box()
        assert box and box["height"] >= 44 and box["x"] + box["width"] <= 360


@pytest.mark.parametrize("width", [360, 1280])
def test_the_chat_beside_what_there_is_to_learn(open_page: OpenPage, width: int) -> None:
    """In the language of the page; it floats, and takes no room of it."""
    chat = open_page("en", width=width, is_bare=True)
    chat.goto("/learn?language=ar")
    launcher = chat.find(".launcher")
    end = chat.page.locator("main").bounding_box()
    title, text = (chat.page.locator(part).bounding_box() for part in ("h1", "main h2 >> nth=0"))

    assert launcher.get_attribute("lang") == "ar"
    assert end and title and text
    assert (
        chat.page.evaluate("document.documentElement.scrollHeight") <= end["y"] + end["height"] + 1
    )
    assert abs((title["x"] + title["width"]) - (text["x"] + text["width"])) <= 1


@pytest.mark.parametrize("path", ["/worker?language=en&person=ar", "/learn?language=ar"])
def test_axe_finds_nothing(open_page: OpenPage, path: str) -> None:
    chat = open_page("en", is_bare=True)
    chat.goto(path)
    if path.startswith("/worker"):
        chat.wait_for_replies()
    assert chat.axe() == []


def test_only_known_values_are_taken_from_the_address(open_page: OpenPage) -> None:
    page = paper(open_page, "/worker?person=%3Cx%3E&role=%22&borough=..%2F", "en").page

    assert page.locator(".guide").count() == 1
    assert "<x>" not in page.content()


def test_the_api_returns_no_whole(open_page: OpenPage) -> None:
    """No answer of the server holds what the worker ticked earlier."""
    chat = begin(open_page, "vi")
    traffic = Traffic(chat.page)
    chat.choose(answer("feels_safe", "sometimes"))
    chat.choose(answer("made_to_do", "yes"))
    last = json.loads(list(traffic.bodies())[-1])

    assert "Not always" not in json.dumps(last)
