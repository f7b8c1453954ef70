// Unpacking of bit-packed integers in the sequential layout of Parquet: value i takes the `width`
// bits from bit i × width on, low bits first.
//
// Eight values of up to 25 bits are two halves of four, each within 16 bytes: a shuffle brings the
// four bytes that a value lies in to its lane, a shift by 0 … 7 and a mask make it the value.
#include "CPlatform.h"

#include <string.h>

#if defined(__AVX2__)
#include <immintrin.h>

// For each width the bytes and shifts of the eight lanes.
static struct {
    uint8_t bytes[32];
    uint32_t shifts[8];
} lane_table[26];

__attribute__((constructor)) static void fill_lanes(void) {
    for (int width = 0; width < 26; width++) {
        int second = 4 * width / 8;
        for (int i = 0; i < 8; i++) {
            int bit = i * width - (i < 4 ? 0 : second * 8);
            for (int b = 0; b < 4; b++)
                lane_table[width].bytes[i * 4 + b] = (uint8_t)(bit / 8 + b);
            lane_table[width].shifts[i] = (uint32_t)(bit % 8);
        }
    }
}

static void unpack_groups(const uint8_t *source, uint32_t *target, size_t groups, int width) {
    int second = 4 * width / 8;
    __m256i shuffle = _mm256_loadu_si256((const __m256i *)lane_table[width].bytes);
    __m256i shift = _mm256_loadu_si256((const __m256i *)lane_table[width].shifts);
    __m256i mask = _mm256_set1_epi32((int)((1u << width) - 1));
    for (size_t group = 0; group < groups; group++) {
        __m128i low = _mm_loadu_si128((const __m128i *)source);
        __m128i high = _mm_loadu_si128((const __m128i *)(source + second));
        __m256i both = _mm256_set_m128i(high, low);
        __m256i lanes = _mm256_shuffle_epi8(both, shuffle);
        lanes = _mm256_and_si256(_mm256_srlv_epi32(lanes, shift), mask);
        _mm256_storeu_si256((__m256i *)target, lanes);
        source += width;
        target += 8;
    }
}
#endif

void starling_unpack_bits(
    const uint8_t *source, uint32_t *target, size_t groups, int width) {
    if (width == 0) {
        memset(target, 0, groups * 32);
        return;
    }
#if defined(__AVX2__)
    if (width <= 25) {
        unpack_groups(source, target, groups, width);
        return;
    }
#endif
    uint32_t mask = width == 32 ? UINT32_MAX : (1u << width) - 1;
    for (size_t group = 0; group < groups; group++) {
        for (int i = 0; i < 8; i++) {
            int bit = i * width;
            uint64_t word;
            memcpy(&word, source + bit / 8, 8);
            target[i] = (uint32_t)(word >> (bit % 8)) & mask;
        }
        source += width;
        target += 8;
    }
}
