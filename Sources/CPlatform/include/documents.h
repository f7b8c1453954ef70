// Finds the structure of JSON texts, 64 bytes at a time.
#ifndef STARLING_DOCUMENTS_H
#define STARLING_DOCUMENTS_H

#include <stddef.h>
#include <stdint.h>

// What one block of text hands on to the next; all zero where a text starts.
typedef struct {
    // All bits set inside of a string.
    uint64_t inside;
    // 1 where the last byte was a backslash that takes the meaning from the next one.
    uint64_t escapes_next;
    // Not 0 once a byte of 0x80 or above was seen.
    uint64_t has_high_bytes;
    size_t count;
} starling_document_state;

// Scans text[from ..< to] and appends the positions of { } [ ] : , and newlines outside of strings
// and of the quotes around strings. 64 bytes behind `to` are read; `places` has room for
// `to - from + 64` more elements.
void starling_find_structure(
    const uint8_t *text, size_t from, size_t to, starling_document_state *state,
    uint32_t *places);

#endif
