// Decompression of Snappy blocks (the format's description: "Snappy compressed format description"
// in its repository). Debian's library calls memmove for every copy and is about half as fast.
//
// Both sides must be followed by 64 bytes that may be read, and written behind the target: copies
// go 16 bytes at a time and may overrun their end by less than that many.
#include "CPlatform.h"

#include <string.h>

#if defined(__SSSE3__)
#include <immintrin.h>
#endif

typedef struct {
    // For each tag of a copy: its length, and the high bits of its offset.
    uint8_t length[256];
    uint16_t offset[256];
} tag_table;

static tag_table tags;
// Where each of 16 bytes comes from when a pattern of that many bytes repeats.
static uint8_t shuffles[16][16];
static const uint32_t trailer_masks[5] = {0, 0xFF, 0xFFFF, 0, UINT32_MAX};

__attribute__((constructor)) static void fill_tags(void) {
    for (int tag = 0; tag < 256; tag++) {
        int kind = tag & 3;
        tags.length[tag] = (uint8_t)(kind == 1 ? 4 + ((tag >> 2) & 7) : 1 + (tag >> 2));
        tags.offset[tag] = (uint16_t)(kind == 1 ? (tag >> 5) << 8 : 0);
    }
    for (int offset = 1; offset < 16; offset++)
        for (int i = 0; i < 16; i++) shuffles[offset][i] = (uint8_t)(i % offset);
}

static inline void copy16(uint8_t *target, const uint8_t *source) {
    uint8_t bytes[16];
    memcpy(bytes, source, 16);
    memcpy(target, bytes, 16);
}

// Repeats the `offset` (1 … 15) bytes before `target` over `length` (up to 64) bytes.
static inline void copy_pattern(uint8_t *target, size_t offset, size_t length) {
#if defined(__SSSE3__)
    static const uint8_t steps[16] = {0, 16, 16, 15, 16, 15, 12, 14, 16, 9, 10, 11, 12, 13, 14, 15};
    __m128i bytes = _mm_loadu_si128((const __m128i *)(target - offset));
    bytes = _mm_shuffle_epi8(bytes, _mm_loadu_si128((const __m128i *)shuffles[offset]));
    for (size_t done = 0; done < length; done += steps[offset])
        _mm_storeu_si128((__m128i *)(target + done), bytes);
#else
    for (size_t i = 0; i < length; i++) target[i] = target[i - offset];
#endif
}

// Reads the length before the data; returns the bytes it takes, or 0 where it is damaged.
static size_t read_length(const uint8_t *source, size_t count, size_t *length) {
    uint64_t value = 0;
    for (size_t i = 0; i < count && i < 5; i++) {
        value |= (uint64_t)(source[i] & 0x7F) << (7 * i);
        if ((source[i] & 0x80) == 0) {
            *length = (size_t)value;
            return i + 1;
        }
    }
    return 0;
}

bool starling_snappy_decompress(
    const uint8_t *source, size_t source_count, uint8_t *target, size_t target_count) {
    size_t length = 0;
    size_t header = read_length(source, source_count, &length);
    if (header == 0 || length != target_count) return false;
    const uint8_t *in = source + header;
    const uint8_t *in_end = source + source_count;
    uint8_t *out = target;
    uint8_t *out_end = target + target_count;
    // The next tag is taken from a word that was loaded together with the current one's operands:
    // where it lies is what everything waits for, and loads in a row would take longest.
    uint8_t tag = *in++;
    while (in <= in_end) {
        uint64_t ahead;
        memcpy(&ahead, in, 8);
        if ((tag & 3) == 0) {
            size_t count = (size_t)(tag >> 2) + 1;
            if (count > 60) {
                size_t bytes = count - 60;
                if ((size_t)(in_end - in) < bytes) return false;
                uint32_t word = (uint32_t)ahead;
                count = (size_t)(word & (bytes == 4 ? UINT32_MAX : (1u << (8 * bytes)) - 1)) + 1;
                in += bytes;
            }
            if ((size_t)(in_end - in) < count || (size_t)(out_end - out) < count) return false;
            if (count < 8) {
                copy16(out, in);
                out += count;
                in += count + 1;
                tag = (uint8_t)(ahead >> (8 * count));
                continue;
            } else if (count <= 16) {
                copy16(out, in);
            } else if (count <= 64) {
                copy16(out, in);
                copy16(out + 16, in + 16);
                copy16(out + 32, in + 32);
                copy16(out + 48, in + 48);
            } else {
                memcpy(out, in, count);
            }
            in += count;
            out += count;
            tag = *in++;
            continue;
        }
        size_t kind = tag & 3;
        size_t trailer = kind + (kind & (kind >> 1));
        size_t count = tags.length[tag];
        size_t offset = tags.offset[tag] + (size_t)((uint32_t)ahead & trailer_masks[trailer]);
        in += trailer + 1;
        tag = (uint8_t)(ahead >> (8 * trailer));
        if (in > in_end + 1 || (size_t)(out_end - out) < count) return false;
        if (offset == 0 || offset > (size_t)(out - target)) return false;
        if (offset >= 16) {
            const uint8_t *from = out - offset;
            copy16(out, from);
            if (count > 16) {
                copy16(out + 16, from + 16);
                if (count > 32) {
                    copy16(out + 32, from + 32);
                    copy16(out + 48, from + 48);
                }
            }
        } else {
            copy_pattern(out, offset, count);
        }
        out += count;
    }
    return out == out_end;
}
