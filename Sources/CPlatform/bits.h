// Steps that indexes of texts share: exclusive ors of all bits before, bits to positions, escapes.
#ifndef STARLING_BITS_H
#define STARLING_BITS_H

#include <stddef.h>
#include <stdint.h>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

static inline uint64_t prefix_xor(uint64_t bits) {
#if defined(__PCLMUL__)
    __m128i product = _mm_clmulepi64_si128(
        _mm_cvtsi64_si128((long long)bits), _mm_set1_epi8((char)0xFF), 0);
    return (uint64_t)_mm_cvtsi128_si64(product);
#else
    bits ^= bits << 1;
    bits ^= bits << 2;
    bits ^= bits << 4;
    bits ^= bits << 8;
    bits ^= bits << 16;
    bits ^= bits << 32;
    return bits;
#endif
}

static inline uint32_t *append_positions(uint64_t bits, size_t start, uint32_t *out) {
#if defined(__AVX512VBMI2__)
    static const uint8_t ramp[64] = {
        0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21,
        22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43,
        44, 45, 46, 47, 48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 63};
    __m512i packed = _mm512_maskz_compress_epi8(bits, _mm512_loadu_si512(ramp));
    __m512i base = _mm512_set1_epi32((int)start);
    int count = __builtin_popcountll(bits);
    _mm512_storeu_si512(
        out, _mm512_add_epi32(base, _mm512_cvtepu8_epi32(_mm512_castsi512_si128(packed))));
    if (count > 16) {
        _mm512_storeu_si512(
            out + 16,
            _mm512_add_epi32(base, _mm512_cvtepu8_epi32(_mm512_extracti32x4_epi32(packed, 1))));
        if (count > 32) {
            _mm512_storeu_si512(
                out + 32,
                _mm512_add_epi32(
                    base, _mm512_cvtepu8_epi32(_mm512_extracti32x4_epi32(packed, 2))));
            _mm512_storeu_si512(
                out + 48,
                _mm512_add_epi32(
                    base, _mm512_cvtepu8_epi32(_mm512_extracti32x4_epi32(packed, 3))));
        }
    }
    return out + count;
#else
    uint32_t *next = out;
    int count = __builtin_popcountll(bits);
    while (bits) {
        // Writes some too many rather than ask after each whether it was the last.
        for (int i = 0; i < 8; i++) {
            next[i] = (uint32_t)start + (uint32_t)(bits ? __builtin_ctzll(bits) : 0);
            bits &= bits - 1;
        }
        next += 8;
    }
    return out + count;
#endif
}

static inline uint64_t low_bits(size_t count) {
    return count >= 64 ? ~(uint64_t)0 : ((uint64_t)1 << count) - 1;
}

// Returns the bytes that a backslash before them takes the meaning from.
static inline uint64_t escaped_of(uint64_t backslashes, uint64_t *escapes_next) {
    if (backslashes == 0) {
        uint64_t escaped = *escapes_next;
        *escapes_next = 0;
        return escaped;
    }
    const uint64_t even = 0x5555555555555555u;
    backslashes &= ~*escapes_next;
    uint64_t follows = backslashes << 1 | *escapes_next;
    uint64_t odd_starts = backslashes & ~even & ~follows;
    uint64_t sequences;
    *escapes_next = (uint64_t)__builtin_add_overflow(odd_starts, backslashes, &sequences);
    return (even ^ sequences << 1) & follows;
}

#endif
