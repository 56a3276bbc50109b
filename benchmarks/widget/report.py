"""The table, and the two files."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from benchmarks.widget.subjects import BLANK, SUBJECTS, WAYMARK

Found = dict[str, Any]
NONE: Final = "–"
HEAD: Final = (
    "{date}; {processor}, {cores} cores, {system}, Python {python}; load before the start "
    "{load_before:.2f}. "
)
TOOLS: Final = (
    "Chromium {chromium}, Lighthouse {lighthouse} (mobile, simulated throttling, median of "
    "{runs}), axe-core {axe-core}, node {node}. Made by `python -m benchmarks.widget`."
)
MIN_INPUT_PX: Final = 16


def as_markdown(result: Found) -> str:
    """A column a widget."""
    subjects = result["subjects"]
    rows = _rows(subjects) + (_timed_rows(subjects) if result["runs"] else [])
    versions = result["versions"]
    names = [
        f"{each.name} {versions[each.package]}" if each.package else each.name for each in SUBJECTS
    ]
    lines = [
        *("# Waymark's widget and three others", ""),
        HEAD.format(**result["machine"]) + TOOLS.format(runs=result["runs"], **versions),
        "",
        f"| | {' | '.join(names)} |",
        f"|---|{'---:|' * len(names)}",
        *(f"| {label} | {' | '.join(cells)} |" for label, cells in rows),
        "",
        "Bytes and requests are beside the page itself. 'Opened' counts from the load on; a message "
        "was then typed and answered. deep-chat has no launcher: it is always open, and 'opened' "
        "is the same again.",
        "",
        "Other work on the machine lengthens tasks and so blocking, the blank page's as well: the "
        "least of the runs is nearest to a quiet machine. Total blocking time begins at the first "
        "paint, so a page that paints late has little of it; the line below it counts from the "
        "start, without Chromium's own tasks.",
        "",
        *_services(),
        *(_lost(subjects) if result["runs"] else []),
    ]
    return "\n".join(lines)


def write(result: Found, text: str, folder: Path) -> None:
    """Both files."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "widget.json").write_text(json.dumps(result, indent=1) + "\n", "utf-8")
    (folder / "widget.md").write_text(text + "\n", "utf-8")


def _rows(subjects: dict[str, Found]) -> list[tuple[str, list[str]]]:
    ours = subjects[WAYMARK.key]["bytes"]["brotli"]
    ways: dict[str, Callable[[Found], str]] = {
        "Bytes loaded, raw": lambda one: f"{one['bytes']['raw']:,}",
        "Bytes loaded, gzip -9": lambda one: f"{one['bytes']['gzip']:,}",
        "Bytes loaded, brotli 11": lambda one: f"{one['bytes']['brotli']:,}",
        "Brotli, times Waymark's": lambda one: _ratio(one["bytes"]["brotli"], ours),
        "Requests on load": lambda one: str(one["requests"]["on_load"]),
        "Requests, opened": lambda one: str(one["requests"].get("opened", NONE)),
        "Third parties on load": lambda one: _hosts(one["third_party"]["on_load"]),
        "Third parties, opened": lambda one: _hosts(one["third_party"].get("opened")),
        "Stored before any click": lambda one: _stored(one["stored"]["before_click"]),
        "Stored, opened": lambda one: _stored(one["stored"].get("opened")),
        "Stored, one message answered": lambda one: _stored(one["stored"].get("answered")),
        "axe-core, closed: rules (nodes)": lambda one: _axe(one["axe"]["closed"]),
        "axe-core, opened": lambda one: _axe(one["axe"].get("opened")),
        "axe-core, one message answered": lambda one: _axe(one["axe"].get("answered")),
        "Strict policy broken on load, times": lambda one: _times(one["csp"]["on_load"]),
        "Strict policy broken, opened": lambda one: _times(one["csp"].get("opened")),
        "Text of the input on a phone (px, 16 or more)": _input,
        "Launcher under `dir=ltr`, `rtl`": _launcher,
    }
    return [(label, [way(subjects[each.key]) for each in SUBJECTS]) for label, way in ways.items()]


def _timed_rows(subjects: dict[str, Found]) -> list[tuple[str, list[str]]]:
    blank = subjects[BLANK.key]["lighthouse"]
    ways: dict[str, Callable[[Found], str]] = {
        "Lighthouse: performance": lambda one: f"{one['performance']:.0f}",
        "Lighthouse: accessibility": lambda one: f"{one['accessibility']:.0f}",
        "Lighthouse: best practices": lambda one: f"{one['best-practices']:.0f}",
        "Total blocking time (ms): median / least": lambda one: _both(one, "tbt_ms"),
        "Blocking by page and widget (ms): median / least": lambda one: _both(
            one, "own_blocking_ms"
        ),
        "Cumulative layout shift": lambda one: f"{one['cls']:.3f}",
        "First contentful paint (ms)": lambda one: f"{one['fcp_ms']:.0f}",
        "Largest contentful paint (ms)": lambda one: f"{one['lcp_ms']:.0f}",
        "Largest paint, times the blank page's": lambda one: _ratio(one["lcp_ms"], blank["lcp_ms"]),
        "Time to interactive (ms)": lambda one: f"{one['tti_ms']:.0f}",
        "To interactive, times the blank page's": lambda one: _ratio(
            one["tti_ms"], blank["tti_ms"]
        ),
    }
    return [
        (label, [way(subjects[each.key]["lighthouse"]) for each in SUBJECTS])
        for label, way in ways.items()
    ]


def _services() -> list[str]:
    lines = ["Who answered, on the same server:", ""]
    lines += [f"- {each.name}: {each.service}" for each in SUBJECTS if each.service]
    return [*lines, ""]


def _lost(subjects: dict[str, Found]) -> list[str]:
    lines = ["Where Lighthouse took points, in any run:", ""]
    for each in SUBJECTS:
        lost = subjects[each.key]["lighthouse"]["lost_points"]
        audits = "; ".join(f"{kind}: {', '.join(names)}" for kind, names in lost.items() if names)
        lines.append(f"- {each.name}: {audits or 'nowhere'}")
    return lines


def _both(one: Found, name: str) -> str:
    return f"{one[name]:.0f} / {one[f'least_{name}']:.0f}"


def _ratio(value: float, base: float) -> str:
    return f"{value / base:.2f}" if value and base else NONE


def _hosts(hosts: dict[str, int] | None) -> str:
    if hosts is None:
        return NONE
    return ", ".join(f"{host} ({count})" for host, count in hosts.items()) or "0"


def _stored(stored: Found | None) -> str:
    if stored is None:
        return NONE
    if not stored["count"]:
        return "0"
    where = ", ".join(f"{place} `{'`, `'.join(keys)}`" for place, keys in stored["keys"].items())
    return f"{stored['bytes']:,} B: {where}"


def _axe(found: list[Found] | None) -> str:
    if found is None:
        return NONE
    return f"{len(found)} ({sum(each['nodes'] for each in found)})" if found else "0"


def _times(broken: dict[str, int] | None) -> str:
    return NONE if broken is None else str(sum(broken.values()))


def _input(one: Found) -> str:
    if "input_px" not in one:
        return NONE
    return f"{one['input_px']:g}" + ("" if one["input_px"] >= MIN_INPUT_PX else " (too small)")


def _launcher(one: Found) -> str:
    ltr, rtl = one["launcher"]["ltr"], one["launcher"].get("rtl")
    if not ltr or not rtl:
        return NONE
    follows = "follows" if ltr["side"] != rtl["side"] else "does not follow"
    return f"{ltr['side']}, {rtl['side']}: {follows}"
