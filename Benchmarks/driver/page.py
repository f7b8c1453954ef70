"""A run as one HTML page that needs nothing else: a chart in SVG, the figures, the circumstances."""

import html
import math

COLORS = ["#2563eb", "#f59e0b", "#b45309", "#10b981", "#8b5cf6", "#6b7280"]
STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 70rem; color: #1f2937 }
h1 { font-size: 1.5rem } svg { width: 100%; height: auto } svg text { font-size: 11px }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; margin: 1rem 0 }
td, th { padding: .15rem .7rem; text-align: right; border-bottom: 1px solid #e5e7eb }
td:first-child, th:first-child { text-align: left } .wrong { color: #dc2626 }
.key { display: inline-block; width: .8em; height: .8em; margin: 0 .3em 0 1em }
"""


def render(title, results, kinds, figures, circumstances):
    """Gives the page's text."""
    keys = "".join(
        f'<span class="key" style="background:{color(index)}"></span>{html.escape(kind.title)}'
        for index, kind in enumerate(kinds)
    )
    facts = "".join(
        f"<tr><td>{html.escape(name)}</td><td>{html.escape(str(value))}</td></tr>"
        for name, value in circumstances.items()
    )
    return f"""<!DOCTYPE html>
<html lang="en"><meta charset="utf-8"><title>{html.escape(title)}</title><style>{STYLE}</style>
<h1>{html.escape(title)}</h1>
<p>Median times in milliseconds; shorter is better; the scale is logarithmic.</p>
<p>{keys}</p>
{chart(results, kinds)}
{summary_table(kinds, figures)}
{time_table(results, kinds)}
<table>{facts}</table>
</html>
"""


def color(index):
    """Gives an engine's color."""
    return COLORS[index % len(COLORS)]


def chart(results, kinds):
    """Draws a group of bars for each query."""
    times = [one.median_ms for row in results.values() for one in row.values() if one.median_ms]
    if not times:
        return "<p>Nothing was measured.</p>"
    low = 10 ** math.floor(math.log10(min(times)))
    high = 10 ** math.ceil(math.log10(max(times) * 1.0001))
    bar, gap, left, height = 8, 10, 45, 300
    group = bar * len(kinds) + gap
    width = left + group * len(results) + 10

    def y(value):
        return 10 + height * (1 - math.log(value / low) / math.log(high / low))

    parts = [f'<svg viewBox="0 0 {width} {height + 40}" role="img">']
    tick = low
    while tick <= high * 1.001:
        parts.append(
            f'<line x1="{left}" x2="{width}" y1="{y(tick):.1f}" y2="{y(tick):.1f}" '
            f'stroke="#e5e7eb"/><text x="{left - 6}" y="{y(tick) + 4:.1f}" '
            f'text-anchor="end">{tick:g}</text>'
        )
        tick *= 10
    for number, (query, row) in enumerate(results.items()):
        x = left + gap / 2 + number * group
        for index, kind in enumerate(kinds):
            median = row[kind.name].median_ms
            if median:
                parts.append(
                    f'<rect x="{x + index * bar:.1f}" y="{y(median):.1f}" width="{bar - 1}" '
                    f'height="{height + 10 - y(median):.1f}" fill="{color(index)}">'
                    f"<title>{html.escape(kind.title)}, {query}: {median:.2f} ms</title></rect>"
                )
        middle = x + bar * len(kinds) / 2
        parts.append(
            f'<text x="{middle:.1f}" y="{height + 26}" text-anchor="middle">{query}</text>'
        )
    return "".join(parts) + "</svg>"


def summary_table(kinds, figures):
    """Gives the table of sums and means."""
    rows = []
    for kind in kinds:
        one = figures["engines"][kind.name]
        mean, over = one["geometric_mean_ms"], one["first_over_this"]
        cells = [
            kind.title,
            f"{one['total_ms']:.1f}",
            "–" if mean is None else f"{mean:.2f}",
            "–" if over is None else f"{over:.3f}",
            f"{one['peak_bytes'] / 1e6:.0f}",
            f"{one['right']} / {one['wrong']} / {one['failed']}",
        ]
        rows.append("<tr>" + "".join(f"<td>{html.escape(text)}</td>" for text in cells) + "</tr>")
    header = (
        "<tr><th>engine</th><th>total ms</th><th>geometric mean ms</th>"
        f"<th>{html.escape(kinds[0].title)} / this</th><th>peak MB</th>"
        "<th>right / wrong / failed</th></tr>"
    )
    return f"<table>{header}{''.join(rows)}</table>"


def time_table(results, kinds):
    """Gives every query's times."""
    header = "".join(f"<th>{html.escape(kind.title)}</th>" for kind in kinds)
    rows = []
    for query, row in results.items():
        cells = ""
        for kind in kinds:
            one = row[kind.name]
            text = "–" if one.median_ms is None else f"{one.median_ms:.2f}"
            wrong = ' class="wrong"' if one.problem else ""
            cells += f'<td{wrong} title="{html.escape(one.problem)}">{text}</td>'
        rows.append(f"<tr><td>{query}</td>{cells}</tr>")
    return f"<table><tr><th>query</th>{header}</tr>{''.join(rows)}</table>"
