// Byte masks, bit masks and row numbers.
#include "masks.h"

#include <string.h>

#if defined(__AVX512VBMI2__) && defined(__AVX512BW__)
#define WIDE_COMPRESS 1
#endif
#if defined(__x86_64__)
#include <immintrin.h>
#endif

static inline uint64_t bits_of_64(const uint8_t *mask) {
#if defined(__AVX512BW__)
    return _mm512_test_epi8_mask(_mm512_loadu_si512(mask), _mm512_set1_epi8(1));
#elif defined(__AVX2__)
    __m256i low = _mm256_slli_epi16(_mm256_loadu_si256((const __m256i *)mask), 7);
    __m256i high = _mm256_slli_epi16(_mm256_loadu_si256((const __m256i *)(mask + 32)), 7);
    return (uint32_t)_mm256_movemask_epi8(low)
        | (uint64_t)(uint32_t)_mm256_movemask_epi8(high) << 32;
#else
    uint64_t bits = 0;
    for (int i = 0; i < 8; i++) {
        uint64_t bytes;
        memcpy(&bytes, mask + 8 * i, 8);
        // Gathers the lowest bits of eight bytes into one.
        bits |= ((bytes & 0x0101010101010101u) * 0x0102040810204080u >> 56) << (8 * i);
    }
    return bits;
#endif
}

static inline uint64_t bits_of_few(const uint8_t *mask, size_t count) {
    uint64_t bits = 0;
    for (size_t i = 0; i < count; i++) bits |= (uint64_t)(mask[i] & 1) << i;
    return bits;
}

#if !defined(WIDE_COMPRESS)
// For each byte of bits, the positions of those that are set.
static uint16_t positions[256][8];

__attribute__((constructor)) static void fill_positions(void) {
    for (int bits = 0; bits < 256; bits++) {
        int n = 0;
        for (int i = 0; i < 8; i++)
            if (bits >> i & 1) positions[bits][n++] = (uint16_t)i;
    }
}
#endif

static inline uint16_t *append_rows(uint64_t bits, size_t start, uint16_t *out) {
#if defined(WIDE_COMPRESS)
    static const uint16_t ramp[32] = {0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10,
                                      11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21,
                                      22, 23, 24, 25, 26, 27, 28, 29, 30, 31};
    const __m512i first = _mm512_loadu_si512(ramp);
    for (int half = 0; half < 2; half++) {
        uint32_t part = (uint32_t)(bits >> (32 * half));
        __m512i rows = _mm512_add_epi16(first, _mm512_set1_epi16((short)(start + 32 * half)));
        // A compress into a register and a full store are much faster than a compressing store.
        _mm512_storeu_si512(out, _mm512_maskz_compress_epi16(part, rows));
        out += __builtin_popcount(part);
    }
    return out;
#else
    for (int byte = 0; byte < 8; byte++) {
        uint8_t part = (uint8_t)(bits >> (8 * byte));
        uint16_t base = (uint16_t)(start + 8 * (size_t)byte);
        for (int i = 0; i < 8; i++) out[i] = (uint16_t)(positions[part][i] + base);
        out += __builtin_popcount(part);
    }
    return out;
#endif
}

size_t starling_rows_of_mask(
    const uint8_t *mask, const uint64_t *validity, size_t count, uint16_t *rows
) {
    uint16_t *out = rows;
    for (size_t start = 0; start < count; start += 64) {
        uint64_t bits = count - start >= 64 ? bits_of_64(mask + start)
                                            : bits_of_few(mask + start, count - start);
        if (validity) bits &= validity[start / 64];
        if (bits) out = append_rows(bits, start, out);
    }
    return (size_t)(out - rows);
}

void starling_bits_of_mask(const uint8_t *mask, size_t count, uint64_t *words) {
    for (size_t start = 0; start < count; start += 64)
        words[start / 64] = count - start >= 64 ? bits_of_64(mask + start)
                                                : bits_of_few(mask + start, count - start);
}

void starling_mask_of_bits(const uint64_t *words, size_t count, uint8_t *mask) {
    size_t row = 0;
#if defined(__AVX512BW__)
    for (; row + 64 <= count; row += 64)
        _mm512_storeu_si512(mask + row, _mm512_maskz_set1_epi8(words[row / 64], 1));
#endif
    for (; row < count; row++) mask[row] = words[row / 64] >> (row % 64) & 1;
}

#if !defined(__AVX512BW__)
static ptrdiff_t find_slowly(
    const uint8_t *text, size_t from, size_t last, const uint8_t *needle, size_t needle_count
) {
    for (size_t i = from; i <= last; i++)
        if (text[i] == needle[0] && memcmp(text + i, needle, needle_count) == 0)
            return (ptrdiff_t)i;
    return -1;
}
#endif

// Compares the first and the last byte of the needle at many places at once, then the rest where
// both are equal (after W. Muła, "SIMD-friendly algorithms for substring searching").
ptrdiff_t starling_find_bytes(
    const uint8_t *text, size_t text_count, const uint8_t *needle, size_t needle_count
) {
    if (needle_count > text_count) return -1;
    size_t last = text_count - needle_count;
#if defined(__AVX512BW__)
    const __m512i head = _mm512_set1_epi8((char)needle[0]);
    const __m512i tail = _mm512_set1_epi8((char)needle[needle_count - 1]);
    for (size_t i = 0; i <= last; i += 64) {
        size_t places = last - i + 1;
        uint64_t in_text = places >= 64 ? ~0ull : (1ull << places) - 1;
        __m512i heads = _mm512_maskz_loadu_epi8(in_text, text + i);
        __m512i tails = _mm512_maskz_loadu_epi8(in_text, text + i + needle_count - 1);
        uint64_t found = _mm512_mask_cmpeq_epi8_mask(in_text, heads, head);
        found = _mm512_mask_cmpeq_epi8_mask(found, tails, tail);
        for (; found; found &= found - 1) {
            size_t place = i + (size_t)__builtin_ctzll(found);
            if (needle_count <= 2 || memcmp(text + place, needle, needle_count) == 0)
                return (ptrdiff_t)place;
        }
    }
    return -1;
#elif defined(__SSE2__)
    if (last + 1 < 16) return find_slowly(text, 0, last, needle, needle_count);
    const __m128i head = _mm_set1_epi8((char)needle[0]);
    const __m128i tail = _mm_set1_epi8((char)needle[needle_count - 1]);
    for (size_t i = 0;; i += 16) {
        // The last step overlaps the one before it.
        if (i + 16 > last + 1) i = last + 1 - 16;
        __m128i heads = _mm_loadu_si128((const __m128i *)(text + i));
        __m128i tails = _mm_loadu_si128((const __m128i *)(text + i + needle_count - 1));
        uint32_t found = (uint32_t)_mm_movemask_epi8(
            _mm_and_si128(_mm_cmpeq_epi8(heads, head), _mm_cmpeq_epi8(tails, tail)));
        for (; found; found &= found - 1) {
            size_t place = i + (size_t)__builtin_ctz(found);
            if (needle_count <= 2 || memcmp(text + place, needle, needle_count) == 0)
                return (ptrdiff_t)place;
        }
        if (i + 16 == last + 1) return -1;
    }
#else
    return find_slowly(text, 0, last, needle, needle_count);
#endif
}
