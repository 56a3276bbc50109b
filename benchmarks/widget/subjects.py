"""What is measured: how each widget is put into a page, and where its parts are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

ANSWER: Final = "Thank you. That sounds very hard."
"""What every stand-in of a service answers to a typed message."""


@dataclass(frozen=True)
class Subject:
    """A widget.

    Attributes:
        package: name in package.json; None for our own, and for the blank page.
        file: the file that a page includes, inside the package.
        in_head, in_body: what its documentation tells a site to put into the page.
        script: its documentation's inline script, if there is one. Under the strict policy the page
            includes it as a file instead, so that only the widget's own doing counts.
        is_module: whether `script` is a module.
        launcher: what a person presses to open it; None if it always is open.
        input: where a person types.
        service: which service answered, for the report.
    """

    key: str
    name: str
    package: str | None = None
    file: str = ""
    in_head: str = ""
    in_body: str = ""
    script: str = ""
    is_module: bool = False
    launcher: str | None = None
    input: str | None = None
    service: str = ""


BLANK: Final = Subject(key="blank", name="Blank page")
WAYMARK: Final = Subject(
    key="waymark",
    name="Waymark",
    in_body='<script src="/widget.js" defer></script>',
    launcher="waymark-chat .launcher",
    input="waymark-chat textarea",
    service="the stand-in of its own tests",
)
DEEP_CHAT: Final = Subject(
    key="deep-chat",
    name="deep-chat",
    package="deep-chat",
    file="dist/deepChat.bundle.js",
    in_head='<script type="module" src="/files/deep-chat/dist/deepChat.bundle.js"></script>',
    in_body="""<deep-chat connect='{"url":"/deep-chat/answer"}'></deep-chat>""",
    input="deep-chat #text-input",
    service="one that answers its `connect` requests",
)
RASA_WEBCHAT: Final = Subject(
    key="rasa-webchat",
    name="rasa-webchat",
    package="rasa-webchat",
    file="lib/index.js",
    script="""!(function () {
  let e = document.createElement("script"),
    t = document.head || document.getElementsByTagName("head")[0];
  (e.src = "/files/rasa-webchat/lib/index.js"),
    (e.async = !0),
    (e.onload = () => {
      window.WebChat.default(
        {
          initPayload: "/get_started",
          customData: { language: "en" },
          socketUrl: location.origin,
          socketPath: "/socket.io/",
        },
        null
      );
    }),
    t.insertBefore(e, t.firstChild);
})();
""",
    launcher=".rw-launcher",
    input=".rw-new-message",
    service="python-socketio, the library of Rasa's own server, with the events of Rasa's channel",
)
TYPEBOT: Final = Subject(
    key="typebot",
    name="@typebot.io/js",
    package="@typebot.io/js",
    file="dist/web.js",
    script="""import Typebot from "/files/@typebot.io/js/dist/web.js";

Typebot.initBubble({
  typebot: "benchmark",
  apiHost: location.origin + "/typebot",
});
""",
    is_module=True,
    launcher="typebot-bubble button",
    input="typebot-bubble input, typebot-bubble textarea",
    service="one that answers `startChat` and `continueChat`, with the default theme",
)
SUBJECTS: Final = (BLANK, WAYMARK, DEEP_CHAT, RASA_WEBCHAT, TYPEBOT)
