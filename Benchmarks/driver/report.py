"""The table that a run prints, and the figures that sum it up."""

import math


def geometric_mean(values):
    """Gives the geometric mean of positive numbers."""
    return math.exp(sum(map(math.log, values)) / len(values)) if values else None


def summary(results, names):
    """Sums up each engine: total, geometric mean, ratio to the first one, peak, failures.

    Ratios and means are over the queries that all engines answered, so that they compare.
    """
    common = [
        query
        for query, row in results.items()
        if all(row[name].median_ms is not None for name in names)
    ]
    first = names[0]
    figures = {}
    for name in names:
        times = [results[query][name].median_ms for query in common]
        ratios = [
            results[query][first].median_ms / results[query][name].median_ms for query in common
        ]
        measured = [row[name] for row in results.values()]
        figures[name] = {
            "total_ms": sum(times),
            "processor_ms": sum(results[query][name].median_processor_ms for query in common),
            "geometric_mean_ms": geometric_mean(times),
            "first_over_this": geometric_mean(ratios),
            "peak_bytes": max((one.peak_bytes for one in measured), default=0),
            "right": sum(1 for one in measured if one.elapsed_ms and not one.problem),
            "wrong": sum(1 for one in measured if one.is_wrong),
            "failed": sum(1 for one in measured if one.problem and not one.is_wrong),
        }
    return {"queries_in_means": common, "engines": figures}


def print_report(results, kinds):
    """Prints the table and what went wrong."""
    names = [kind.name for kind in kinds]
    first = names[0]
    width = max(12, *(len(name) + 2 for name in names))
    print()
    margin = max(8, *(len(query) + 2 for query in results))
    header = "query".ljust(margin) + "".join(name.rjust(width) for name in names)
    peers = names[1:]
    print(header + "".join(f"{first}/{name}".rjust(len(first) + width) for name in peers))
    for query, row in results.items():
        line = query.ljust(margin)
        line += "".join(cell(row[name]).rjust(width) for name in names)
        for name in peers:
            line += ratio(row[first], row[name]).rjust(len(first) + width)
        print(line)
    figures = summary(results, names)
    print()
    print_summary(figures, kinds)
    problems = [
        f"{query} {name}: {row[name].problem}"
        for query, row in results.items()
        for name in names
        if row[name].problem
    ]
    if problems:
        print("\n" + "\n".join(problems))
    return figures


def print_processor_times(results, kinds):
    """Prints what each engine's threads spent on processors, which a busy machine bends less."""
    names = [kind.name for kind in kinds]
    width = max(12, *(len(name) + 2 for name in names))
    margin = max(8, *(len(query) + 2 for query in results))
    print("\nprocessor time, ms".ljust(margin + 1) + "".join(name.rjust(width) for name in names))
    for query, row in results.items():
        times = [row[name].median_processor_ms for name in names]
        cells = ["-" if time is None else f"{time:.1f}" for time in times]
        print(query.ljust(margin) + "".join(cell.rjust(width) for cell in cells))


def print_summary(figures, kinds):
    """Prints a line for each engine."""
    print(f"over the {len(figures['queries_in_means'])} queries that all answered, ms:")
    first = kinds[0].title
    columns = ["total", "geo. mean", f"{first}/this", "processor"]
    columns += ["peak MB", "right", "wrong", "failed"]
    widths = [max(16, len(column) + 2) for column in columns]
    print(" " * 22 + "".join(map(str.rjust, columns, widths)))
    for kind in kinds:
        one = figures["engines"][kind.name]
        mean, over = one["geometric_mean_ms"], one["first_over_this"]
        cells = [
            f"{one['total_ms']:.1f}",
            "-" if mean is None else f"{mean:.2f}",
            "-" if over is None else f"{over:.3f}",
            f"{one['processor_ms']:.1f}",
            f"{one['peak_bytes'] / 1e6:.0f}",
            one["right"],
            one["wrong"],
            one["failed"],
        ]
        print(kind.title.ljust(22) + "".join(map(str.rjust, map(str, cells), widths)))


def cell(measured):
    """Prints one time, or why there is none."""
    if measured.median_ms is None:
        return "-" if measured.is_missing else "failed"
    return f"{measured.median_ms:.2f}" + ("!" if measured.is_wrong else "")


def ratio(one, other):
    """Prints how much longer one took than the other."""
    if one.median_ms is None or other.median_ms is None:
        return "-"
    return f"{one.median_ms / other.median_ms:.2f}"
