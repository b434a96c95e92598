"""Results as tables on the terminal and as JSON."""

import json
import statistics
import sys


def medians(measurements):
    """The median of each figure of measurements of one server."""
    names = list(dict.fromkeys(name for figures in measurements for name in figures))
    values = {name: [figures[name] for figures in measurements if isinstance(figures.get(name), (int, float))]
              for name in names}
    return {name: statistics.median(numbers) for name, numbers in values.items() if numbers}


def number(value):
    if value is None:
        return "-"
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}" if value else "0"


def cell(figure, measurements):
    """The median, with the smallest and the largest value where there are more."""
    values = [figures[figure] for figures in measurements if isinstance(figures.get(figure), (int, float))]
    if not values:
        return "-"
    spread = f" ({number(min(values))}–{number(max(values))})" if len(values) > 1 else ""
    return number(statistics.median(values)) + spread


def table(case, results):
    """The lines of a Markdown table, the bars below it."""
    rows = [["server", *case.figures, "rounds"]]
    for server, measurements in results.items():
        rows.append([server, *(cell(figure, measurements) for figure in case.figures), str(len(measurements))])
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = ["| " + " | ".join(text.ljust(width) for text, width in zip(row, widths)) + " |" for row in rows]
    lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return [*lines, "", *(bar_line(bar, results) for bar in case.bars)]


def verdict(bar, results):
    """What was measured for a bar, and whether it is met; both None where a server is missing."""
    value = bar.measured({server: medians(measurements) for server, measurements in results.items()})
    return (None, None) if value is None else (value, bar.is_met(value))


def bar_line(bar, results):
    value, is_met = verdict(bar, results)
    if value is None:
        return f"- not measured: {bar}"
    return f"- {'met' if is_met else 'MISSED'}: {bar} (measured {number(value)})"


def show(title, lines):
    print(f"\n## {title}\n", *lines, sep="\n", flush=True)


def write(path, machine, versions, settings, outcomes):
    """All of it: each measurement, the medians and the bars."""
    cases = []
    for scenario, case, results in outcomes:
        bars = [{"bar": str(bar), "measured": verdict(bar, results)[0], "met": verdict(bar, results)[1]}
                for bar in case.bars]
        cases.append({"scenario": scenario.name, "case": case.title, "bars": bars, "measurements": results,
                      "medians": {server: medians(measurements) for server, measurements in results.items()}})
    with open(path, "w", encoding="utf-8") as file:
        json.dump({"machine": machine, "versions": versions, "settings": settings, "cases": cases}, file, indent=2)
        file.write("\n")


def progress(text):
    print(text, file=sys.stderr, flush=True)
