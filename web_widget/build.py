"""Build web_widget/dist/: widget.js, the one file that a host includes, and builder.js.

First what the widget says and shows when the server can't be reached is written to
web_widget/generated/: words from strings.json and the catalogues, phone numbers from the
directory of services; from attributes.json, the patterns of their values and the table of
docs/embed.md. Then esbuild bundles it all, and terser makes it smaller (npm ci). The same
sources give the same bytes. Run `python web_widget/build.py`; with `--check` nothing is written,
and the exit code says whether the committed files are up to date.
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

TOOLS: Final = ROOT / "node_modules" / ".bin"
BANNER: Final = "/*! Waymark. Apache-2.0 */"
CONTEXT: Final = "widget."
NOT_BUILT_IN: Final = ("page_", "aid_")
"""Keys of pages, and of what only a worker is shown: these words come from the server."""
EMBED: Final = ROOT / "docs" / "embed.md"
TABLE_MARKS: Final = ("<!-- attributes: written by build.py -->", "<!-- /attributes -->")
SERVED: Final = {
    "widget.js": ("index.js", "iife"),
    "builder.js": ("builder.js", "iife"),
    "aid.js": ("aid.js", "esm"),
}
"""File of dist/, the source that it is bundled from, and its form."""
STYLES: Final = ("widget", "print", "aid", "notes")
TARGETS: Final = "chrome115,edge115,firefox115,safari16.4,ios16.4"

NUMBERS: Final = {
    "offline_emergency": "emergency-999",
    "offline_helpline": "modern-slavery-helpline",
}
"""Key of the words around a number, and the entry of the directory that holds it."""

OFFLINE_KEYS: Final = [
    "launcher",
    "exit",
    "message_label",
    "start_failed",
    "retry",
    "offline_emergency",
    "offline_helpline",
]
"""What a person can see when the server never answers. All else is fetched on opening; until it
is there, and for screen readers' labels, English stands in."""


SHORTENED: Final = (
    "clearNotice closer covers emptyLog exitUrl failText isBusy isFromServer isInline "
    "isShown isStarted isStillWanted isWhole newKey onCancel onChoose onCount onEmpty "
    "onExpired onLeave onListen onPrint onRestart onRetry onSilence onStart printNumbers "
    "relabel remedies reopen sayNow scroller showNumbers showPresses showPressesOver "
    "showProblem showSlow showWriting spare undo useBuiltIn "
)
"""Members that only our modules use, and no browser has: the bundle gives them short names."""


class BuildError(Exception):
    """The widget can't be built; says what is missing."""


def read_numbers(folder: Path) -> list[dict[str, str]]:
    """The phone numbers for the day the server is down.

    Args:
        folder: of the directory; national services stand in its `national/`, a file each.

    Raises:
        BuildError: an entry or its phone number is not there.
    """
    numbers = []
    for key, service in NUMBERS.items():
        file = folder / "national" / f"{service}.yml"
        entry = yaml.safe_load(file.read_text("utf-8")) if file.is_file() else {}
        phone = str(entry.get("phone") or "")
        digits = "".join(char for char in phone if char.isdigit())
        if not digits:
            raise BuildError(f"There is no phone number in {file}.")
        numbers.append({"key": key, "phone": phone, "href": f"tel:{digits}"})
    return numbers


def offline_module(source: dict[str, str], numbers: list[dict[str, str]]) -> str:
    """generated/offline.js: words, languages and numbers that come with the script."""
    catalogues = load_catalogues()
    english = {key: text for key, text in source.items() if not key.startswith(NOT_BUILT_IN)}
    names = {code: language.name for code, language in sorted(catalogues.languages.items())}
    words = {
        code: [catalogues.text(code, CONTEXT + key, source[key]) for key in OFFLINE_KEYS]
        for code in names
        if code != SOURCE_LANGUAGE
    }

    def line(name: str, value: Any) -> str:
        return f"export const {name} = {json.dumps(value, ensure_ascii=False, indent=1)};\n"

    return (
        "/* Written by build.py from strings.json, locales/ and data/services/. Do not edit. */\n"
        + line("NAMES", names)
        + line("PHONES", numbers)
        + line("ENGLISH", english)
        + "/* The words of KEYS in each language, in that order. */\n"
        + line("KEYS", OFFLINE_KEYS)
        + line("WORDS", words)
    )


def attributes_module(attributes: dict[str, dict[str, str]]) -> str:
    """generated/attributes.js: what the values of each attribute look like."""
    lines = ["/* Written by build.py from attributes.json. Do not edit. */"]
    lines.append("export const ATTRIBUTES = {")
    for name, each in attributes.items():
        pattern = each.get("pattern", ".*").replace("/", "\\/")
        lines.append(f"  {json.dumps(name)}: /^({pattern})$/,")
    return "\n".join([*lines, "};", ""])


def attributes_table(attributes: dict[str, dict[str, str]]) -> str:
    """The table of docs/embed.md."""
    rows = [
        "| Attribute | On the script tag | Example | What it does |",
        "| --- | --- | --- | --- |",
    ]
    for name, each in attributes.items():
        example = f"`{each['example']}`" if "example" in each else "no value"
        rows.append(f"| `{name}` | `data-{name}` | {example} | {each['does']} |")
    return "\n".join(rows)


def with_table(document: str, table: str) -> str:
    """A document with the table between its two marks.

    Raises:
        BuildError: the marks are not there.
    """
    head, start, rest = document.partition(TABLE_MARKS[0])
    _, end, tail = rest.partition(TABLE_MARKS[1])
    if not start or not end:
        raise BuildError("docs/embed.md has no place for the table of attributes.")
    return f"{head}{start}\n{table}\n{end}{tail}"


def run(tool: str, *arguments: str | Path) -> str:
    """Run a tool of node_modules and return what it prints.

    Raises:
        BuildError: it is not installed, or found a mistake.
    """
    file = TOOLS / tool
    if not file.exists():
        raise BuildError(f"{tool} is missing: run `npm ci --ignore-scripts` first.")
    done = subprocess.run([file, *arguments], capture_output=True, text=True, check=False)
    if done.returncode:
        raise BuildError(done.stderr)
    return done.stdout


def build(services: Path, *, is_check: bool) -> list[Path]:
    """Write every built file that differs; with is_check only name it.

    Returns:
        The files that were out of date.
    """
    source = json.loads((HERE / "strings.json").read_text("utf-8"))
    attributes = json.loads((HERE / "attributes.json").read_text("utf-8"))
    generated = {
        HERE / "generated" / "offline.js": offline_module(source, read_numbers(services)),
        HERE / "generated" / "attributes.js": attributes_module(attributes),
        **{
            HERE / "generated" / f"{name}.min.css": run("esbuild", HERE / f"{name}.css", "--minify")
            for name in STYLES
        },
        EMBED: with_table(EMBED.read_text("utf-8"), attributes_table(attributes)),
    }
    stale = _written(generated, is_check=is_check)
    bundles = {}
    for name, (entry, form) in SERVED.items():
        code, source_map = bundle(HERE / entry, name, form)
        bundles |= {HERE / "dist" / name: code, HERE / "dist" / f"{name}.map": source_map}
    return stale + _written(bundles, is_check=is_check)


def bundle(entry: Path, name: str, form: str) -> tuple[str, str]:
    """One file for browsers, and its source map. terser takes two percent off esbuild's work."""
    with tempfile.TemporaryDirectory() as folder:
        bundled, made = Path(folder) / "bundled.js", Path(folder) / name
        run(
            "esbuild",
            entry,
            "--bundle",
            "--minify",
            f"--format={form}",
            f"--target={TARGETS}",
            "--charset=utf8",
            f"--mangle-props=^({'|'.join(SHORTENED.split())})$",
            "--loader:.css=text",
            "--sourcemap",
            f"--outfile={bundled}",
        )
        run(
            "terser",
            bundled,
            *("--compress", "ecma=2022,passes=3", "--mangle", "--ecma", "2022"),
            *(["--module"] if form == "esm" else []),
            "--source-map",
            f"content='{bundled}.map',includeSources,filename='{name}',url='{name}.map'",
            *("--output", made),
        )
        source_map = json.loads(Path(f"{made}.map").read_text("utf-8"))
        source_map["sources"] = [Path(each).name for each in source_map["sources"]]
        text = f"{BANNER}\n{made.read_text('utf-8')}"
        source_map["mappings"] = f";{source_map['mappings']}"  # the banner is a line of its own
        return text, json.dumps(source_map, ensure_ascii=False)


def _written(wanted: dict[Path, str], *, is_check: bool) -> list[Path]:
    stale = [file for file, text in wanted.items() if _read(file) != text]
    if not is_check:
        for file in stale:
            file.parent.mkdir(exist_ok=True)
            file.write_text(wanted[file], "utf-8")
    return stale


def _read(file: Path) -> str | None:
    return file.read_text("utf-8") if file.exists() else None


def main() -> int:
    """Build, or check, from the command line."""
    parser = argparse.ArgumentParser(description="Build the Waymark widget.")
    parser.add_argument("--check", action="store_true", help="only say what is out of date")
    parser.add_argument("--services", type=Path, default=ROOT / "data" / "services")
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
