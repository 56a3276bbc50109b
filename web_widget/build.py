"""Build web_widget/dist/widget.js, the one file that a host includes.

First what the widget says and shows when the server can't be reached is written to
web_widget/generated/: words from strings.json and the catalogues, phone numbers from the
directory of services. Then esbuild (npm ci) bundles it all. The same sources give the same
bytes. Run `python web_widget/build.py`; with `--check` nothing is written, and the exit code
says whether the committed files are up to date.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, Final

import yaml

HERE: Final = Path(__file__).resolve().parent
ROOT: Final = HERE.parent
sys.path.insert(0, str(ROOT))

from bot.i18n import SOURCE_LANGUAGE, load_catalogues

ESBUILD: Final = ROOT / "node_modules" / ".bin" / "esbuild"
BANNER: Final = "/*! Waymark widget. SPDX-License-Identifier: Apache-2.0 */"
CONTEXT: Final = "widget."
PAGE_PREFIX: Final = "page_"

NUMBERS: Final = {
    "offline_emergency": "emergency-999",
    "offline_helpline": "modern-slavery-helpline",
}
"""Key of the words around a number, and the entry of the directory that holds it."""

OFFLINE_KEYS: Final = [
    "launcher",
    "close",
    "language",
    "numbers",
    "exit",
    "exit_loading",
    "message_label",
    "start_failed",
    "open_page",
    "retry",
    "offline_emergency",
    "offline_helpline",
]
"""What a person can see when the server never answers. All else is fetched on opening; until it
is there, and for screen readers' labels, English stands in."""


class BuildError(Exception):
    """The widget can't be built; says what is missing."""


def read_numbers(file: Path) -> list[dict[str, str]]:
    """The phone numbers for the day the server is down.

    Raises:
        BuildError: an entry or its phone number is not there.
    """
    entries = {entry["id"]: entry for entry in yaml.safe_load(file.read_text("utf-8"))}
    numbers = []
    for key, service in NUMBERS.items():
        phone = str(entries.get(service, {}).get("phone") or "")
        digits = "".join(char for char in phone if char.isdigit())
        if not digits:
            raise BuildError(f"{file.name} has no phone number for {service}.")
        numbers.append({"key": key, "phone": phone, "href": f"tel:{digits}"})
    return numbers


def offline_module(source: dict[str, str], numbers: list[dict[str, str]]) -> str:
    """generated/offline.js: words, languages and numbers that come with the script."""
    catalogues = load_catalogues()
    strings: dict[str, dict[str, str]] = {}
    languages: list[dict[str, str]] = []
    for code, language in sorted(catalogues.languages.items()):
        keys = source if code == SOURCE_LANGUAGE else OFFLINE_KEYS
        words = {
            key: catalogues.text(code, CONTEXT + key, source[key])
            for key in keys
            if not key.startswith(PAGE_PREFIX)
        }
        if code != SOURCE_LANGUAGE:
            words = {key: text for key, text in words.items() if text != source[key]}
        strings[code] = words
        languages.append({"code": code, "name": language.name, "dir": language.dir})

    def line(name: str, value: Any) -> str:
        return f"export const {name} = {json.dumps(value, ensure_ascii=False, indent=1)};\n"

    head = (
        "/* Written by build.py from strings.json, locales/ and data/services/. Do not edit. */\n"
    )
    return head + line("LANGUAGES", languages) + line("PHONES", numbers) + line("STRINGS", strings)


def esbuild(*arguments: str) -> str:
    """Run esbuild and return what it prints.

    Raises:
        BuildError: esbuild is not installed, or found a mistake.
    """
    if not ESBUILD.exists():
        raise BuildError("esbuild is missing: run `npm ci --ignore-scripts` first.")
    done = subprocess.run([ESBUILD, *arguments], capture_output=True, text=True, check=False)
    if done.returncode:
        raise BuildError(done.stderr)
    return done.stdout


def build(services: Path, *, is_check: bool) -> list[Path]:
    """Write every built file that differs; with is_check only name it.

    Returns:
        The files that were out of date.
    """
    source = json.loads((HERE / "strings.json").read_text("utf-8"))
    wanted = {
        HERE / "generated" / "offline.js": offline_module(source, read_numbers(services)),
        HERE / "generated" / "widget.min.css": esbuild(str(HERE / "widget.css"), "--minify"),
        HERE / "generated" / "print.min.css": esbuild(str(HERE / "print.css"), "--minify"),
    }
    stale = [file for file, text in wanted.items() if _read(file) != text]
    if not is_check:
        for file in stale:
            file.parent.mkdir(exist_ok=True)
            file.write_text(wanted[file], "utf-8")

    bundle = HERE / "dist" / "widget.js"
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder) / "widget.js"
        esbuild(
            str(HERE / "index.js"),
            "--bundle",
            "--minify",
            "--format=iife",
            "--target=chrome115,edge115,firefox115,safari16.4,ios16.4",
            "--charset=utf8",
            "--loader:.css=text",
            "--legal-comments=none",
            f"--banner:js={BANNER}",
            f"--outfile={made}",
        )
        text = made.read_text("utf-8")
    if _read(bundle) != text:
        stale.append(bundle)
        if not is_check:
            bundle.parent.mkdir(exist_ok=True)
            bundle.write_text(text, "utf-8")
    return stale


def _read(file: Path) -> str | None:
    return file.read_text("utf-8") if file.exists() else None


def main() -> int:
    """Build, or check, from the command line."""
    parser = argparse.ArgumentParser(description="Build the Waymark widget.")
    parser.add_argument("--check", action="store_true", help="only say what is out of date")
    parser.add_argument(
        "--services", type=Path, default=ROOT / "data" / "services" / "national.yml"
    )
    options = parser.parse_args()
    try:
        stale = build(options.services, is_check=options.check)
    except BuildError as error:
        print(f"The widget was not built: {error}", file=sys.stderr)
        return 1
    for file in stale:
        print(f"{'out of date' if options.check else 'written'}: {file.relative_to(ROOT)}")
    return 1 if options.check and stale else 0


if __name__ == "__main__":
    sys.exit(main())
