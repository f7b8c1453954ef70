"""What the rows say together: how often an engine is the fastest, and how far behind at most."""

from ..report import geometric_mean

# Wall time is what users wait for. On a machine that does other work beside, the time that the
# engines' threads spent on processors is the steadier measure.
MEASURES = {"wall time": "median_ms", "processor time": "median_processor_ms"}


def verdict(results, name, measure, peer="duckdb"):
    """Sums up one engine against all, and its reading of Parquet against one peer."""
    behind = {}
    ratios = []
    for row, engines in results.items():
        times = {key: getattr(one, MEASURES[measure]) for key, one in engines.items()}
        times = {key: time for key, time in times.items() if time is not None}
        if name not in times or len(times) < 2:
            continue
        behind[row] = times[name] / min(time for key, time in times.items() if key != name)
        if row.startswith("parquet") and not row.endswith("write") and peer in times:
            ratios.append(times[peer] / times[name])
    return {
        "rows": len(behind),
        "fastest": sum(1 for ratio in behind.values() if ratio <= 1),
        "behind": {row: round(ratio, 3) for row, ratio in behind.items() if ratio > 1},
        "parquet_reads_over_peer": geometric_mean(ratios),
    }


def print_verdict(found, title, measure, peer="duckdb"):
    """Prints it in a few lines."""
    print(f"\nby {measure}, {title} is the fastest in {found['fastest']} of {found['rows']} rows")
    for row, ratio in sorted(found["behind"].items(), key=lambda item: -item[1]):
        print(f"  {ratio:.2f} times the fastest: {row}")
    mean = found["parquet_reads_over_peer"]
    if mean:
        print(f"reads Parquet {mean:.2f} times as fast as {peer}, as geometric mean of the rows")
