// Byte masks (0 or 1 a row), bit masks and row numbers, one into the other. Swift's compiler does
// not find the instructions for these; each is called once a chunk.
#ifndef STARLING_MASKS_H
#define STARLING_MASKS_H

#include <stddef.h>
#include <stdint.h>

// Writes the numbers of the rows whose byte is odd and, where validity is given, whose bit is
// set. Returns their count. There must be room for 64 bytes behind the last number.
size_t starling_rows_of_mask(
    const uint8_t *mask, const uint64_t *validity, size_t count, uint16_t *rows);

// Packs the lowest bits of bytes into words; bits behind the last row are 0.
void starling_bits_of_mask(const uint8_t *mask, size_t count, uint64_t *words);

// Spreads bits to bytes of 0 and 1.
void starling_mask_of_bits(const uint64_t *words, size_t count, uint8_t *mask);

// Finds the needle; returns its offset, or -1. The needle is not empty.
ptrdiff_t starling_find_bytes(
    const uint8_t *text, size_t text_count, const uint8_t *needle, size_t needle_count);

#endif
