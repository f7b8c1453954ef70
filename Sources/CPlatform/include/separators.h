// Finds where the fields and rows of separated text end, 64 bytes at a time.
#ifndef STARLING_SEPARATORS_H
#define STARLING_SEPARATORS_H

#include <stddef.h>
#include <stdint.h>

// The characters that matter; `quote` counts only where `has_quote` is not 0.
typedef struct {
    uint8_t separator;
    uint8_t newline;
    uint8_t quote;
    uint8_t has_quote;
} starling_dialect;

// What one block of text hands on to the next. All zero, but `field_begins` 1, where a row starts.
typedef struct {
    // All bits set inside of a quoted field.
    uint64_t inside;
    // 1 where the byte before ended a field or a quoted piece.
    uint64_t field_begins;
    // 1 where the byte before was a closing quote.
    uint64_t was_closed;
    // Not 0 once a quote stood where the rules of quoting allow none.
    uint64_t is_irregular;
    // Not 0 once a byte of 0x80 or above was seen.
    uint64_t has_high_bytes;
    size_t end_count;
    size_t row_count;
} starling_separator_state;

// Scans text[from ..< to] and appends to `ends` the position of every separator and newline outside
// of quotes, and to `rows`, for every such newline, its number among the ends. 64 bytes behind `to`
// are read; there must be room for `to - from + 64` more elements of each.
void starling_find_separators(
    const uint8_t *text, size_t from, size_t to, const starling_dialect *dialect,
    starling_separator_state *state, uint32_t *ends, uint32_t *rows);

// Scans like starling_find_separators, writing nothing, for the first newline outside of quotes at
// or behind `at_least`; returns its position, or `to` where there is none.
size_t starling_find_row_end(
    const uint8_t *text, size_t from, size_t to, size_t at_least,
    const starling_dialect *dialect, starling_separator_state *state);

// Tells whether `byte` occurs in text[from ..< to].
int starling_has_byte(const uint8_t *text, size_t from, size_t to, uint8_t byte);

// Counts the occurrences of `byte`.
size_t starling_count_bytes(const uint8_t *text, size_t count, uint8_t byte);

#endif
