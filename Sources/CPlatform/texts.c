// Copies texts and makes references to them without a branch that depends on their lengths, as far
// as they have up to 64 bytes: lengths are what processors can't foresee.
#include "texts.h"

#include <string.h>

#include "bits.h"

typedef struct {
    uint32_t count;
    uint8_t start[4];
    uint64_t tail;
} reference;

enum { inline_count = 12, longest_text = 1 << 30 };

static inline void copy(uint8_t *to, const uint8_t *from, size_t count) {
#if defined(__AVX512BW__)
    // What lies behind the text is not read, though it is overwritten in the target.
    _mm512_storeu_si512(to, _mm512_maskz_loadu_epi8(low_bits(count), from));
    if (count > 64) memcpy(to + 64, from + 64, count - 64);
#else
    memcpy(to, from, count);
#endif
}

// Writes a reference without a branch on the length; reads 12 bytes.
static inline void refer(const uint8_t *from, size_t count, reference *to) {
    size_t shown = count < inline_count ? count : inline_count;
    uint32_t first;
    uint64_t rest;
    memcpy(&first, from, 4);
    memcpy(&rest, from + 4, 8);
    first &= shown < 4 ? (1u << 8 * shown) - 1 : UINT32_MAX;
    rest &= shown < 5 ? 0 : UINT64_MAX >> 8 * (inline_count - shown);
    to->count = (uint32_t)count;
    memcpy(to->start, &first, 4);
    to->tail = count > inline_count ? (uint64_t)(uintptr_t)from : rest;
}

int starling_refer_to_texts_32(
    const uint32_t *offsets, size_t count, const void *texts, size_t byteCount, void *references
) {
    const uint8_t *bytes = texts;
    reference *out = references;
    uint32_t wrong = 0;
    for (size_t i = 0; i < count; i++) {
        uint32_t start = offsets[i], end = offsets[i + 1];
        wrong |= (start > end) | (end - start > longest_text);
    }
    // What ascends lies inside where its last one does.
    if (wrong || (count > 0 && offsets[count] > byteCount)) return 0;
    for (size_t i = 0; i < count; i++) {
        refer(bytes + offsets[i], offsets[i + 1] - offsets[i], out + i);
    }
    return 1;
}

int starling_refer_to_texts_64(
    const uint64_t *offsets, size_t count, const void *texts, size_t byteCount, void *references
) {
    const uint8_t *bytes = texts;
    reference *out = references;
    uint64_t wrong = 0;
    for (size_t i = 0; i < count; i++) {
        uint64_t start = offsets[i], end = offsets[i + 1];
        wrong |= (start > end) | (end - start > longest_text);
    }
    // What ascends lies inside where its last one does.
    if (wrong || (count > 0 && offsets[count] > byteCount)) return 0;
    for (size_t i = 0; i < count; i++) {
        refer(bytes + offsets[i], offsets[i + 1] - offsets[i], out + i);
    }
    return 1;
}

starling_text_bytes starling_count_text_bytes(const void *references, size_t count) {
    const reference *in = references;
    starling_text_bytes sum = {0, 0};
    for (size_t i = 0; i < count; i++) {
        sum.all += in[i].count;
        sum.outside += in[i].count > inline_count ? in[i].count : 0;
    }
    return sum;
}

int64_t starling_count_text_bytes_in(
    const void *references, size_t count, const void *start, size_t byteCount
) {
    const reference *in = references;
    uint64_t first = (uintptr_t)start;
    uint64_t sum = 0;
    uint64_t strays = 0;
    for (size_t i = 0; i < count; i++) {
        uint64_t length = in[i].count > inline_count ? in[i].count : 0;
        uint64_t place = in[i].tail - first;
        sum += length;
        // Also where the difference is below 0, which is a large number here.
        strays |= (length > 0) & ((place > byteCount) | (length > byteCount - place));
    }
    return strays ? -1 : (int64_t)sum;
}

void starling_copy_texts(
    const void *references, size_t count, void *copies, uint8_t *target
) {
    const reference *in = references;
    reference *out = copies;
    for (size_t i = 0; i < count; i++) {
        reference text = in[i];
        int is_outside = text.count > inline_count;
        size_t bytes = is_outside ? text.count : 0;
        const uint8_t *from = is_outside ? (const uint8_t *)(uintptr_t)text.tail : text.start;
        copy(target, from, bytes);
        text.tail = is_outside ? (uint64_t)(uintptr_t)target : text.tail;
        out[i] = text;
        target += bytes;
    }
}

void starling_join_texts(
    const void *references, size_t count, uint8_t *target, uint32_t start, uint32_t *ends
) {
    const reference *in = references;
    uint8_t *to = target;
    for (size_t i = 0; i < count; i++) {
        size_t bytes = in[i].count;
        const uint8_t *from = bytes > inline_count ? (const uint8_t *)(uintptr_t)in[i].tail
                                                   : in[i].start;
        copy(to, from, bytes);
        to += bytes;
        ends[i] = start + (uint32_t)(to - target);
    }
}
