"""Prints what Tests/AnalyzersTests/UnicodeFormTests.swift expects, by Python's unicodedata.

    tools/oracle/unicode_forms.py
"""

import sys
import unicodedata

# Letters, marks of several classes, Hangul, ligatures, signs of other widths, what never composes again.
POOL = (
    0x41, 0x65, 0x6F, 0x75, 0x69, 0x300, 0x301, 0x302, 0x304, 0x307, 0x308, 0x30A, 0x316, 0x323,
    0x327, 0x328, 0x345, 0x1D165, 0x1D16E, 0xC4, 0xE9, 0x1E9B, 0x1E69, 0x1F82, 0x3B1, 0x1100,
    0x1161, 0x11A8, 0xAC00, 0xAC01, 0xD7A3, 0xFB01, 0xFB2C, 0xFDFA, 0xFF21, 0xFF76, 0xFF9E, 0x3099,
    0x304B, 0x958, 0x93C, 0x915, 0xF900, 0x2F800, 0x212B, 0x2126, 0x3C9, 0x2460, 0xBD, 0x2102,
    0x1D400, 0x3316, 0x5D0, 0x5B7, 0x5BC, 0x9C7, 0x9BE, 0xDDD, 0xDCF, 0x20, 0xA0,
)


class Hash:
    """FNV-1a of 64 bits."""

    def __init__(self):
        self.value = 0xCBF29CE484222325

    def add(self, text):
        for byte in text.encode() + b"\xff":
            self.value = ((self.value ^ byte) * 0x100000001B3) & 0xFFFFFFFFFFFFFFFF


def characters():
    """Gives each character that Unicode has by then."""
    for code in range(sys.maxunicode + 1):
        if not 0xD800 <= code < 0xE000 and unicodedata.category(chr(code)) != "Cn":
            yield chr(code)


def sequences():
    """Gives sequences that the test makes as well."""
    state = 1
    for _ in range(20_000):
        text = ""
        while True:
            state = (state * 6364136223846793005 + 1442695040888963407) & 0xFFFFFFFFFFFFFFFF
            text += chr(POOL[(state >> 33) % len(POOL)])
            if (state >> 60) < 3:
                break
        yield text


print(unicodedata.unidata_version)
for form in ("NFC", "NFD", "NFKC", "NFKD"):
    values = []
    for texts in (characters(), sequences()):
        own = Hash()
        for text in texts:
            own.add(unicodedata.normalize(form, text))
        values.append(f"{own.value:#x}")
    print(form, *values)
