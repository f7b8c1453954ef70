"""Writes Sources/Analyzers/CompatibilityTable.swift: what Unicode's compatibility forms make of characters.

    tools/tables/compatibility.py

A character stands there where its NFKD is another text than its NFD, with the whole of that. Runs of
characters that stand for runs of characters are one entry each.
"""

import pathlib
import sys
import unicodedata

TARGET = pathlib.Path(__file__).parents[2] / "Sources/Analyzers/CompatibilityTable.swift"

HEAD = """\
// Made by tools/tables/compatibility.py from Unicode {version}. `FB01=66.69` says what a character stands
// for, `FF01-FF5E=21` that characters stand for those from another one on.

enum CompatibilityTable {{
    static let text = \"\"\"
"""


def mappings():
    """Lists code points with the text that they stand for."""
    for code in range(sys.maxunicode + 1):
        if 0xD800 <= code < 0xE000:
            continue
        character = chr(code)
        text = unicodedata.normalize("NFKD", character)
        if text != unicodedata.normalize("NFD", character):
            yield code, text


def entries():
    """Writes mappings, runs together."""
    runs = []
    for code, text in mappings():
        if runs and len(text) == 1 and len(runs[-1][2]) == 1:
            first, last, target = runs[-1]
            if code == last + 1 and ord(text) == ord(target) + code - first:
                runs[-1][1] = code
                continue
        runs.append([code, code, text])
    for first, last, text in runs:
        codes = f"{first:X}" if first == last else f"{first:X}-{last:X}"
        yield codes + "=" + ".".join(f"{ord(character):X}" for character in text)


def lines():
    """Breaks entries into lines."""
    line = ""
    for entry in entries():
        if len(line) + len(entry) > 86:
            yield line
            line = ""
        line += (" " if line else "") + entry
    yield line


def main():
    text = HEAD.format(version=unicodedata.unidata_version)
    for line in lines():
        text += f"        {line} \\\n"
    text = text.removesuffix(" \\\n") + "\n        \"\"\"\n}\n"
    TARGET.write_text(text)


main()
