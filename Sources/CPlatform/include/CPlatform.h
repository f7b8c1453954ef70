// What the engine needs of the operating system and the processor and Swift cannot say itself.
#ifndef STARLING_CPLATFORM_H
#define STARLING_CPLATFORM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "documents.h"
#include "masks.h"
#include "members.h"
#include "separators.h"
#include "texts.h"

// Buffers aligned to 64 bytes with 64 readable bytes behind them. Sizes that chunks use are kept
// in a cache of the thread that frees them, so that a running pipeline does not call malloc.
void *starling_buffer_allocate(size_t byte_count);
void starling_buffer_free(void *address, size_t byte_count);

// Tells malloc to keep freed memory for the next query instead of returning it at once.
void starling_tune_allocator(void);

// Unpacks `groups` × 8 integers of `width` (0 … 32) bits each; reads up to 32 bytes behind them.
void starling_unpack_bits(const uint8_t *source, uint32_t *target, size_t groups, int width);

// Joins `count` values of `width` bytes from streams that lie `stride` bytes apart, one a byte.
void starling_join_streams(
    const uint8_t *source, size_t stride, uint8_t *target, size_t count, int width);

// Decompresses a Snappy block of exactly `target_count` bytes; false where it is damaged. Both sides
// must be followed by 64 bytes that may be read, and written behind the target.
bool starling_snappy_decompress(
    const uint8_t *source, size_t source_count, uint8_t *target, size_t target_count);

// Whether whoever started the process, in the background say, keeps Ctrl-C from it. (Swift cannot
// compare handlers of signals.)
bool starling_ignores_interrupts(void);

#endif
