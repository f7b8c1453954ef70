"""What the rows say together: how Starling's time compares with the fastest peer's, row by row."""

from ..report import cell, geometric_mean

MEAN_MAX, WORST_MAX = 0.8, 2.0


def against_fastest(results, first):
    """Gives for each row the ratio to the fastest of the peers that answered rightly, and which."""
    found = {}
    for row, engines in results.items():
        own = engines[first].median_ms
        peers = {
            name: one.median_ms
            for name, one in engines.items()
            if name != first and one.median_ms is not None and not one.is_wrong
        }
        if own is not None and peers:
            fastest = min(peers, key=peers.get)
            found[row] = (own / peers[fastest], fastest)
    return found


def print_rows(results, kinds):
    """Prints the table; gives what the rows say together."""
    names = [kind.name for kind in kinds]
    found = against_fastest(results, names[0])
    margin = max(len(row) for row in results) + 2
    print("\n" + "median, ms".ljust(margin) + "".join(name.rjust(17) for name in names), end="")
    print("ratio".rjust(9) + "  fastest peer")
    for row, engines in results.items():
        line = row.ljust(margin) + "".join(cell(engines[name]).rjust(17) for name in names)
        ratio, fastest = found.get(row, (None, ""))
        print(line + ("-" if ratio is None else f"{ratio:.2f}").rjust(9) + f"  {fastest}")
    ratios = {row: ratio for row, (ratio, _) in found.items()}
    return {
        "ratios": ratios,
        "geometric_mean": geometric_mean(list(ratios.values())),
        "worst": max(ratios.values(), default=None),
    }


def print_verdict(found):
    """Prints the rows that are behind, the geometric mean and the worst."""
    behind = {row: ratio for row, ratio in found["ratios"].items() if ratio > 1}
    print(f"\nbehind the fastest peer in {len(behind)} of {len(found['ratios'])} rows")
    for row, ratio in sorted(behind.items(), key=lambda item: -item[1]):
        print(f"  {ratio:6.2f}  {row}")
    if found["ratios"]:
        print(f"geometric mean {found['geometric_mean']:.3f} (aim {MEAN_MAX}), "
              f"worst {found['worst']:.2f} (aim {WORST_MAX})")
