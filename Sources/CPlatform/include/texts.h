// Copies the bytes that references to texts stand for. A reference is 16 bytes: 4 of length, then
// the text itself where it has up to 12 bytes, or its first 4 bytes and its address.
#ifndef STARLING_TEXTS_H
#define STARLING_TEXTS_H

#include <stddef.h>
#include <stdint.h>

// Sums the lengths of all texts, and of those that lie outside of their references.
typedef struct {
    size_t all;
    size_t outside;
} starling_text_bytes;

starling_text_bytes starling_count_text_bytes(const void *references, size_t count);

// Copies the texts that lie outside of their references to `target`, one behind the other, and
// writes references to the copies; 64 bytes behind them may be written, too.
void starling_copy_texts(
    const void *references, size_t count, void *copies, uint8_t *target);

// Copies all texts to `target`, one behind the other, and writes where each ends, counted from
// `start`; 64 bytes behind them may be written, too.
void starling_join_texts(
    const void *references, size_t count, uint8_t *target, uint32_t start, uint32_t *ends);

#endif
