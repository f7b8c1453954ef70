// Copies texts without a branch that depends on their lengths, as far as they have up to 64 bytes:
// lengths are what processors can't foresee.
#include "texts.h"

#include <string.h>

#include "bits.h"

typedef struct {
    uint32_t count;
    uint8_t start[4];
    uint64_t tail;
} reference;

enum { inline_count = 12 };

static inline void copy(uint8_t *to, const uint8_t *from, size_t count) {
#if defined(__AVX512BW__)
    // What lies behind the text is not read, though it is overwritten in the target.
    _mm512_storeu_si512(to, _mm512_maskz_loadu_epi8(low_bits(count), from));
    if (count > 64) memcpy(to + 64, from + 64, count - 64);
#else
    memcpy(to, from, count);
#endif
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
