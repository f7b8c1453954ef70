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

// Sums the lengths of texts that lie outside of their references; less than 0 where one of them
// does not lie in the `byteCount` bytes from `start`.
int64_t starling_count_text_bytes_in(
    const void *references, size_t count, const void *start, size_t byteCount);

// Copies the texts that lie outside of their references to `target`, one behind the other, and
// writes references to the copies; 64 bytes behind them may be written, too.
void starling_copy_texts(
    const void *references, size_t count, void *copies, uint8_t *target);

// Copies all texts to `target`, one behind the other, and writes where each ends, counted from
// `start`; 64 bytes behind them may be written, too.
void starling_join_texts(
    const void *references, size_t count, uint8_t *target, uint32_t start, uint32_t *ends);

// Makes references to `count` texts that lie one behind the other in `byteCount` bytes: text i
// reaches from `offsets[i]` to `offsets[i + 1]`. Returns 0 where one is longer than 1 GB or lies
// outside. 12 bytes behind the texts may be read.
int starling_refer_to_texts_32(
    const uint32_t *offsets, size_t count, const void *texts, size_t byteCount, void *references);
int starling_refer_to_texts_64(
    const uint64_t *offsets, size_t count, const void *texts, size_t byteCount, void *references);

#endif
