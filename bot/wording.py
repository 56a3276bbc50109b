"""Turn a response of domain.yml into words, numbers and links in one language.

Used by the NLG during a conversation, and directly when the engine is down: the numbers
never hang on Rasa.
"""

from __future__ import annotations

import datetime
import functools
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml
from babel import Locale
from babel.dates import format_date, format_time, get_day_names

from bot.directory import Directory, Service, load_directory
from bot.errors import WaymarkError
from bot.i18n import Catalogues, Language, load_catalogues
from bot.open_hours import DAYS, OpenHours, is_open, is_out_of_hours, london_now
from bot.replies import Choice, Link, Reply

DOMAIN_FILE: Final = Path(__file__).parent.parent / "domain.yml"
EMERGENCY: Final = ("emergency-999", "modern-slavery-helpline")
SEVEN: Final = (
    "feels_safe",
    "made_to_do",
    "hours",
    "is_paid",
    "bank_access",
    "someone_to_call",
    "situation",
)
"""The seven questions (seeds/001 Appendix 2), in their order."""
ASK_SEVEN: Final = "utter_ask_self_form_"
"""What the names of the responses that ask them begin with."""

_PLACEHOLDER = re.compile(r"\{(\w+)\}")
_COMMAND = re.compile(r"(?<!\S)/[a-z]+\b")
"""'/delete': from right to left the slash would stand at its end."""
_LEFT_TO_RIGHT_ISOLATE, _POP_ISOLATE = "\u2066", "\u2069"


class WordingError(WaymarkError, LookupError):
    """A response or one of its placeholders does not exist: a mistake in the project."""


@dataclass(frozen=True)
class Wording:
    """Responses, catalogues and directory together."""

    responses: dict[str, list[dict[str, Any]]]
    catalogues: Catalogues
    directory: Directory

    def text(self, language: str, response: str, /, *, variant: int = 0, **values: Any) -> str:
        """The text of a response with its placeholders filled.

        Args:
            values: placeholder values; service ids (with '_' for '-') need none.

        Raises:
            WordingError: no such response or placeholder.
        """
        language = self.catalogues.known(language)
        variations = self._variations(response)
        english = variations[variant % len(variations)]["text"]
        template = self.catalogues.text(language, response, english)
        text = _PLACEHOLDER.sub(
            lambda match: self._value(language, response, match.group(1), values), template
        )
        return _COMMAND.sub(lambda match: self.isolate(language, match[0]), text)

    def reply(
        self,
        language: str,
        response: str,
        /,
        *,
        variant: int = 0,
        choices: list[Choice] | None = None,
        links: list[str] | None = None,
        **values: Any,
    ) -> Reply:
        """A whole reply: text, the response's own buttons then `choices`, and its links."""
        language = self.catalogues.known(language)
        variations = self._variations(response)
        variation = variations[variant % len(variations)]
        custom = variation.get("custom") or {}
        buttons = [
            Choice(button["payload"], self.catalogues.text(language, response, button["title"]))
            for button in variation.get("buttons") or ()
        ]
        service_ids = [*(custom.get("links") or ()), *(links or ())]
        return Reply(
            text=self.text(language, response, variant=variant, **values),
            tone=custom.get("tone", "normal"),
            choices=tuple(buttons + (choices or [])),
            links=tuple(link for each in service_ids for link in self.links(language, each)),
            multiple=bool(custom.get("multiple")),
            printable=bool(custom.get("printable")),
            card=bool(custom.get("card")),
            progress=self.progress(language, response),
            record=custom.get("record", ""),
            response=response,
        )

    def progress(self, language: str, response: str) -> str:
        """'Question 3 of 7' for one of the seven questions, '' for any other response."""
        slot = response.removeprefix(ASK_SEVEN)
        if slot == response or slot not in SEVEN:
            return ""
        number = SEVEN.index(slot) + 1
        return self.text(language, "utter_progress", number=str(number), total=str(len(SEVEN)))

    def languages(self, place: str | None = None) -> list[Language]:
        """The languages to choose from; those that a borough speaks most stand first."""
        known = self.catalogues.languages
        borough = self.directory.places.get(place or "")
        first = [code for code in (borough.languages if borough else ()) if code in known]
        return [known[code] for code in dict.fromkeys([*first, *known])]

    def links(self, language: str, service_id: str) -> list[Link]:
        """What can be called, texted or opened for a service."""
        service = self.directory.service(service_id)
        name = self.name(language, service)
        links = []
        if service.phone and service.can_dial:
            number = self.number(language, service)
            label = self.text(language, "utter_link_call_named", name=name, number=number)
            links.append(Link(label, f"tel:{service.phone.replace(' ', '')}", "call"))
        if service.sms_number:
            values: dict[str, Any] = {
                "name": name,
                "number": self.isolate(language, service.sms_number),
            }
            response = "utter_link_text"
            if service.sms_word:
                response = "utter_link_text_word"
                values["word"] = self.isolate(language, service.sms_word)
            label = self.text(language, response, **values)
            links.append(Link(label, f"sms:{service.sms_number.replace(' ', '')}", "text"))
        if service.web and not links:
            label = self.text(language, "utter_link_web", name=name)
            links.append(Link(label, service.web, "web"))
        return links

    def service_reply(self, language: str, service_id: str) -> Reply:
        """One service as a reply: what it is, when it is open, source and date, and its links."""
        language = self.catalogues.known(language)
        service = self.directory.service(service_id)
        lines = [
            self.text(
                language,
                "utter_service",
                name=self.name(language, service),
                description=self.description(language, service),
            )
            if service.description
            else self.text(language, f"utter_local_contact_{service.ages}", place=service.name),
            self.hours(language, service),
            self.source(language, service),
        ]
        return Reply("\n".join(lines), links=tuple(self.links(language, service_id)))

    def source(self, language: str, service: Service) -> str:
        """Where an entry's facts come from, and when they were checked."""
        return self.text(
            language,
            "utter_service_source",
            source=self.isolate(language, service.source_name),
            date=format_date(service.checked, format="long", locale=_locale(language)),
        )

    def numbers(self, language: str) -> list[Link]:
        """The emergency numbers, ready to tap."""
        return [link for each in EMERGENCY for link in self.links(language, each)]

    def name(self, language: str, service: Service) -> str:
        """A service's name."""
        return self.catalogues.text(language, f"service.{service.id}.name", service.name)

    def description(self, language: str, service: Service) -> str:
        """What a service is, in plain words."""
        context = f"service.{service.id}.description"
        return self.catalogues.text(language, context, service.description)

    def number(self, language: str, service: Service) -> str:
        """A phone number that keeps its order in right-to-left text, with its menu option."""
        number = self.isolate(language, service.phone or service.sms_number or "")
        if not service.option:
            return number
        option = self.isolate(language, service.option)
        return self.text(language, "utter_number_option", number=number, option=option)

    def hours(
        self, language: str, service: Service, *, now: datetime.datetime | None = None
    ) -> str:
        """When a service is open, in words; whether it is open now only where that is known."""
        if service.hours == "unknown":
            return self.text(language, "utter_service_hours_unknown")
        if isinstance(service.hours, str):
            return self.text(
                language,
                "utter_service_hours",
                hours=self.text(language, f"utter_hours_{service.hours}"),
            )
        if is_out_of_hours(service.hours):
            ranges = self.text(language, "utter_hours_out_of_hours")
        else:
            ranges = " · ".join(self._range(language, each) for each in service.hours)
        is_awake = is_open(service.hours, now or london_now())
        state = "utter_service_open_now" if is_awake else "utter_service_closed_now"
        open_at = self.text(language, "utter_service_hours", hours=ranges)
        return f"{open_at}\n{self.text(language, state)}"

    def _range(self, language: str, hours: OpenHours) -> str:
        names = get_day_names("wide", locale=_locale(language))
        first, last = (names[DAYS.index(day)] for day in hours.days)
        times: dict[str, Any] = {
            key: self.isolate(
                language,
                format_time(datetime.time.fromisoformat(value), "short", locale=_locale(language)),
            )
            for key, value in (("opens", hours.opens), ("closes", hours.closes))
        }
        name = "utter_hours_day" if first == last else "utter_hours_range"
        return self.text(language, name, first=first, last=last, **times)

    def isolate(self, language: str, text: str) -> str:
        """Keep digits and Latin text in order where right-to-left text surrounds them."""
        if not text or self.catalogues.languages[language].dir != "rtl":
            return text
        return f"{_LEFT_TO_RIGHT_ISOLATE}{text}{_POP_ISOLATE}"

    def _variations(self, response: str) -> list[dict[str, Any]]:
        if response not in self.responses:
            raise WordingError(f"domain.yml has no response '{response}'")
        return self.responses[response]

    def _value(self, language: str, response: str, key: str, values: dict[str, Any]) -> str:
        if key in values:
            return str(values[key])
        service = self.directory.services.get(key.replace("_", "-"))
        if service is None:
            raise WordingError(f"{response} needs '{key}', which was not given and is no service")
        return self.number(language, service)


def _locale(language: str) -> Locale:
    return Locale.parse("en_GB" if language == "en" else language)


@functools.lru_cache(maxsize=1)
def load_wording() -> Wording:
    """Read domain.yml, locales/ and data/services/ once; raises when one is unusable."""
    domain = yaml.safe_load(DOMAIN_FILE.read_text(encoding="utf-8"))
    return Wording(domain["responses"], load_catalogues(), load_directory())
