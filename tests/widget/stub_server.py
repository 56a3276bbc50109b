"""A stand-in for the service: the HTTP contract of the widget with invented replies.

`/__mode/<name>` (POST) makes the next answers go wrong; `/__log` tells what was received.
Run it alone to look at the widget: `python tests/widget/stub_server.py`.
"""

from __future__ import annotations

import json
import re
import sys
import time
from pathlib import Path
from typing import Any, Final

from flask import Flask, Response, jsonify, render_template, request

ROOT: Final = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from bot.channels.pages import with_numbers  # noqa: E402 - found through the line above

WIDGET: Final = ROOT / "web_widget"
SOURCE: Final = json.loads((WIDGET / "strings.json").read_text("utf-8"))
LANGUAGES: Final = [
    {"code": "en", "name": "English", "dir": "ltr"},
    {"code": "ar", "name": "العربية", "dir": "rtl"},
    {"code": "es", "name": "Español", "dir": "ltr"},
]
CSP: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "img-src 'self' data:; base-uri 'none'; form-action 'none'"
)
LABELS: Final = {
    "en": ("In danger now: call 111", "Free helpline: 0000 000 000"),
    "es": ("En peligro ahora: llame al 111", "Ayuda gratis: 0000 000 000"),
    "ar": ("في خطر الآن: اتصل على 111", "خط المساعدة المجاني: 0000 000 000"),
}
WELCOME: Final = {
    "en": "Hello. I am a computer program, not a person.\nIf you are in danger now, call 111.",
    "es": "Hola. Soy un programa, no una persona.\nSi está en peligro ahora, llame al 111.",
    "ar": "مرحبا. أنا برنامج حاسوب ولست شخصًا.\nإذا كنت في خطر الآن، اتصل على 111 أو 0000 000 000.",
}
QUESTION: Final = {"en": "Do you feel safe?", "es": "¿Se siente a salvo?", "ar": "هل تشعر بالأمان؟"}
ANSWERS: Final = {
    "en": ("Yes", "Not always", "No"),
    "es": ("Sí", "No siempre", "No"),
    "ar": ("نعم", "ليس دائمًا", "لا"),
}
MARKUP: Final = "<img src=x onerror='window.ran = 1'><script>window.ran = 1</script>"
OPEN_QUESTIONS: Final = [f"Question {number}: is that so?" for number in range(1, 8)]


def direction(language: str) -> str:
    """Writing direction of a language of the stub."""
    return next((known["dir"] for known in LANGUAGES if known["code"] == language), "ltr")


def numbers(language: str) -> list[dict[str, str]]:
    """Two invented numbers."""
    emergency, helpline = LABELS[language]
    return [
        {"label": emergency, "href": "tel:111", "kind": "call"},
        {"label": helpline, "href": "tel:0000000000", "kind": "call"},
    ]


def reply(text: str, **more: Any) -> dict[str, Any]:
    """One reply in the shape of the contract."""
    return {"text": text, "tone": "normal", "choices": [], "links": [], **more}


def question(language: str) -> dict[str, Any]:
    """A question with buttons."""
    yes, some, no = ANSWERS[language]
    choices = [
        {"id": '/answer{"feels_safe":"yes"}', "label": yes},
        {"id": '/answer{"feels_safe":"sometimes"}', "label": some},
        {"id": '/answer{"feels_safe":"no"}', "label": no},
        {"id": "/skip_question", "label": "Skip"},
    ]
    return reply(QUESTION[language], choices=choices)


def answer_to(text: str, language: str) -> list[dict[str, Any]]:
    """Invented replies, steered by a word in the text."""
    if "urgent" in text:
        return [
            reply("Call 111 now.\nGo to a shop.", tone="urgent", links=numbers(language)[:1]),
            reply("I am still here."),
        ]
    if "many" in text:
        choices = [
            {"id": f'/answer{{"noticed":"{name}"}}', "label": name}
            for name in ("Tired", "Hungry", "Watched")
        ] + [{"id": "/skip_question", "label": "Skip"}]
        return [reply("What did you notice?", choices=choices, multiple=True)]
    if "ending" in text:
        choices = [{"id": "/delete_chat", "label": "Delete"}, {"id": "/go_on", "label": "Go on"}]
        return [reply("Is that all?", choices=choices)]
    if "mixed" in text:
        return [reply("اتصل على 111.\nSay: Arabic (العربية), please.\nNHS هي خدمة صحية.\n111")]
    if "print" in text:
        return [reply("You can print the summary.", printable=True)]
    if "card" in text:
        return [reply("Your card:\nI need an interpreter.", card=True)]
    if "markup" in text:
        choices = [{"id": "/go_on", "label": MARKUP}]
        return [reply(MARKUP, choices=choices, progress=MARKUP)]
    if "web" in text:
        links = [
            {"label": "A page to read", "href": "https://example.org/", "kind": "web"},
            {"label": "Text 000", "href": "sms:000", "kind": "text"},
            {"label": "Bad", "href": "javascript:alert(1)", "kind": "web"},
        ]
        return [reply("Here is more.", links=links)]
    return [
        reply("Thank you. That sounds very hard."),
        {**question(language), "progress": "Question 2 of 7"},
    ]


def is_erased(stub: Flask, *, within_s: float = 30) -> bool:
    """Whether the conversation is erased on the server: a page that left goes on sending."""
    until = time.monotonic() + within_s
    while time.monotonic() < until:
        tokens = {e["method"]: e["authorization"] for e in stub.config["log"] if e["authorization"]}
        if "DELETE" in tokens:
            return bool(tokens["DELETE"] == tokens.get("POST", tokens["DELETE"]))
        time.sleep(0.02)
    return False


def create_stub() -> Flask:
    """The stub application."""
    app = Flask(__name__, template_folder=str(ROOT / "bot" / "channels" / "templates"))
    app.add_template_filter(with_numbers)
    app.config.update(log=[], modes=[], conversations={}, delay_s=0.0)

    def error(status: int, code: str, message: str) -> tuple[Response, int]:
        body = {
            "error": {"code": code, "message": message, "links": []},
            "language": "en",
            "dir": "ltr",
        }
        return jsonify(body), status

    @app.before_request
    def receive() -> Any:
        if request.path.startswith("/api/"):
            app.config["log"].append(
                {
                    "method": request.method,
                    "path": request.full_path.rstrip("?"),
                    "body": request.get_json(silent=True),
                    "key": request.headers.get("Idempotency-Key"),
                    "authorization": request.headers.get("Authorization"),
                    "cookie": request.headers.get("Cookie"),
                    "referer": request.headers.get("Referer"),
                }
            )
            time.sleep(app.config["delay_s"])
            mode = next(
                (
                    m
                    for m in app.config["modes"]
                    if m == "down" or request.path.endswith("/messages")
                ),
                None,
            )
            if mode:
                if mode != "down":
                    app.config["modes"].remove(mode)
                if mode == "expired":
                    return error(
                        401, "conversation_expired", "This chat had ended. Here is a new one."
                    )
                if mode == "too_many":
                    return error(429, "too_many", "That was a lot at once. Please wait a moment.")
                return Response("gone", 502)
        return None

    @app.after_request
    def protect(response: Response) -> Response:
        response.headers["Content-Security-Policy"] = CSP
        response.headers["Cache-Control"] = (
            "no-store" if request.path.startswith("/api") else "no-cache"
        )
        return response

    @app.post("/api/v1/conversations")
    def start() -> Any:
        asked = (request.get_json(silent=True) or {}).get("language", "en").split("-")[0]
        language = asked if asked in WELCOME else "en"
        token = f"token-{len(app.config['conversations'])}"
        app.config["conversations"][token] = language
        replies = [reply(WELCOME[language], links=numbers(language)[:1]), question(language)]
        return jsonify(
            token=token, language=language, dir=direction(language), replies=replies
        ), 201

    @app.post("/api/v1/messages")
    def message() -> Any:
        token = (request.headers.get("Authorization") or "").removeprefix("Bearer ")
        conversations = app.config["conversations"]
        if token not in conversations:
            return error(401, "conversation_expired", "This chat had ended. Here is a new one.")
        body = request.get_json()
        changed = re.match(r"/change_language(\{.*\})", body.get("choice") or "")
        if changed:
            conversations[token] = json.loads(changed[1])["language"]
        language = conversations[token]
        is_ended = body.get("text") == "delete" or body.get("choice") == "/delete_chat"
        if is_ended:
            del conversations[token]
            replies = [reply("This chat is deleted.")]
        elif changed:
            replies = [reply(WELCOME[language]), question(language)]
        else:
            replies = answer_to(body.get("text") or "", language)
        return jsonify(language=language, dir=direction(language), replies=replies, ended=is_ended)

    @app.post("/api/v1/conversations/keep")
    def keep() -> Any:
        return jsonify(minutes=30)

    @app.delete("/api/v1/conversations")
    def erase() -> Any:
        app.config["conversations"].pop((request.headers.get("Authorization") or "")[7:], None)
        return "", 204

    @app.get("/api/v1/strings")
    def strings() -> Any:
        asked = request.args.get("language", "en").split("-")[0]
        language = asked if asked in WELCOME else "en"
        return jsonify(
            language=language,
            dir=direction(language),
            strings={key: text for key, text in SOURCE.items() if not key.startswith("page_")},
            languages=LANGUAGES,
            numbers=numbers(language),
        )

    @app.get("/widget.js")
    def widget() -> Any:
        return Response(
            (WIDGET / "dist" / "widget.js").read_text("utf-8"), mimetype="text/javascript"
        )

    @app.get("/page.css")
    def css() -> Any:
        return Response((WIDGET / "page.css").read_text("utf-8"), mimetype="text/css")

    def chat_page(template: str, *, is_framed: bool, **attributes: str) -> str:
        language = request.args.get("language", "en")
        return render_template(
            template,
            lang=language,
            dir=direction(language),
            attributes={"language": language, **attributes},
            path=request.path,
            is_framed=is_framed,
            t={key.removeprefix("page_"): text for key, text in SOURCE.items()},
            numbers=[{**number, "note": "A note on hours."} for number in numbers(language)],
            questions=OPEN_QUESTIONS,
            languages=[{**known, "current": known["code"] == language} for known in LANGUAGES],
            exit_url=f"{request.host_url}elsewhere",
        )

    @app.get("/")
    def page() -> str:
        return chat_page("page.html", is_framed=False, open="")

    @app.get("/embed")
    def framed() -> str:
        return chat_page("embed.html", is_framed=True)

    @app.get("/host")
    def host() -> str:
        """A page of another site: `attributes` go on the script tag, `dir` and `style` on the page."""
        attributes = request.args.get("attributes", "")
        return (
            f"<!doctype html><html lang=en dir={request.args.get('dir', 'ltr')}><head><meta charset=utf-8>"
            "<meta name=viewport content='width=device-width, initial-scale=1'><title>A host</title>"
            f"<link rel=icon href='data:,'></head><body><main><h1>A host's page</h1><p>Some <a href='/elsewhere'>words</a>.</p>"
            f"</main><script src='/widget.js' defer exit-url='{request.host_url}elsewhere' {attributes}></script></body></html>"
        )

    @app.get("/elsewhere")
    def elsewhere() -> str:
        return "<!doctype html><html lang=en><title>Weather</title><h1>Weather</h1></html>"

    return app


if __name__ == "__main__":
    create_stub().run(port=8123)
