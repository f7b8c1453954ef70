// The structural index of separated text: bit masks of 64 bytes each, quoted stretches by a prefix
// of exclusive ors (Langdale and Lemire, "Parsing Gigabytes of JSON per Second", VLDB Journal 2019).
#include "separators.h"

#include "bits.h"

#include <string.h>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

typedef struct {
    uint64_t separators;
    uint64_t newlines;
    uint64_t quotes;
    uint64_t returns;
    uint64_t high;
} block_masks;

#if defined(__AVX512BW__)
static inline block_masks masks_of(const uint8_t *text, const starling_dialect *dialect) {
    __m512i bytes = _mm512_loadu_si512(text);
    block_masks m;
    m.separators = _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8((char)dialect->separator));
    m.newlines = _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8((char)dialect->newline));
    m.quotes = dialect->has_quote
        ? _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8((char)dialect->quote))
        : 0;
    m.returns = m.quotes ? _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8('\r')) : 0;
    m.high = _mm512_movepi8_mask(bytes);
    return m;
}
#elif defined(__AVX2__)
static inline uint64_t equal_bits(__m256i low, __m256i high, uint8_t byte) {
    __m256i all = _mm256_set1_epi8((char)byte);
    return (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(low, all))
        | (uint64_t)(uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(high, all)) << 32;
}

static inline block_masks masks_of(const uint8_t *text, const starling_dialect *dialect) {
    __m256i low = _mm256_loadu_si256((const __m256i *)text);
    __m256i high = _mm256_loadu_si256((const __m256i *)(text + 32));
    block_masks m;
    m.separators = equal_bits(low, high, dialect->separator);
    m.newlines = equal_bits(low, high, dialect->newline);
    m.quotes = dialect->has_quote ? equal_bits(low, high, dialect->quote) : 0;
    m.returns = m.quotes ? equal_bits(low, high, '\r') : 0;
    m.high = (uint32_t)_mm256_movemask_epi8(low)
        | (uint64_t)(uint32_t)_mm256_movemask_epi8(high) << 32;
    return m;
}
#else
static inline block_masks masks_of(const uint8_t *text, const starling_dialect *dialect) {
    block_masks m = {0, 0, 0, 0, 0};
    for (int i = 0; i < 64; i++) {
        uint64_t bit = (uint64_t)1 << i;
        if (text[i] == dialect->separator) m.separators |= bit;
        if (text[i] == dialect->newline) m.newlines |= bit;
        if (dialect->has_quote && text[i] == dialect->quote) m.quotes |= bit;
        if (text[i] == '\r') m.returns |= bit;
        if (text[i] & 0x80) m.high |= bit;
    }
    return m;
}
#endif

// Brings what a block has into the state; `valid` marks the bytes of the block that count.
// Returns the ends of fields; `newlines` becomes the ends of rows.
static inline uint64_t structure_of(
    const uint8_t *text, uint64_t valid, const starling_dialect *dialect,
    starling_separator_state *state, uint64_t *newlines
) {
    block_masks m = masks_of(text, dialect);
    uint64_t quotes = m.quotes & valid;
    uint64_t inside = state->inside;
    state->has_high_bytes |= m.high & valid;
    if (quotes == 0 && !state->was_closed) {
        uint64_t ends = (m.separators | m.newlines) & ~inside & valid;
        *newlines = m.newlines & ~inside & valid;
        state->field_begins = ends >> 63;
        return ends;
    }
    inside ^= prefix_xor(quotes);
    uint64_t ends = (m.separators | m.newlines) & ~inside & valid;
    *newlines = m.newlines & ~inside & valid;
    uint64_t opening = quotes & inside;
    uint64_t closing = quotes & ~inside;
    uint64_t may_open = (ends | closing) << 1 | state->field_begins;
    uint64_t after_closing = (closing << 1 | state->was_closed) & valid;
    uint64_t returns = m.returns;
    if (state->was_closed && text[0] == '\r') returns |= 1;
    state->is_irregular |= (opening & ~may_open) | (after_closing & ~(ends | returns | opening));
    state->inside = (uint64_t)((int64_t)inside >> 63);
    state->field_begins = (ends | closing) >> 63;
    state->was_closed = closing >> 63;
    return ends;
}

void starling_find_separators(
    const uint8_t *text, size_t from, size_t to, const starling_dialect *dialect_given,
    starling_separator_state *state_given, uint32_t *ends, uint32_t *rows
) {
    starling_dialect dialect = *dialect_given;
    starling_separator_state state = *state_given;
    uint32_t *end = ends + state.end_count;
    uint32_t *row = rows + state.row_count;
    for (size_t at = from; at < to; at += 64) {
        uint64_t newlines;
        uint64_t found = structure_of(text + at, low_bits(to - at), &dialect, &state, &newlines);
        uint32_t before = (uint32_t)(end - ends);
        end = append_positions(found, at, end);
        while (newlines) {
            uint64_t lowest = newlines & (0 - newlines);
            *row++ = before + (uint32_t)__builtin_popcountll(found & (lowest - 1));
            newlines &= newlines - 1;
        }
    }
    state.end_count = (size_t)(end - ends);
    state.row_count = (size_t)(row - rows);
    *state_given = state;
}

size_t starling_find_row_end(
    const uint8_t *text, size_t from, size_t to, size_t at_least,
    const starling_dialect *dialect_given, starling_separator_state *state_given
) {
    starling_dialect dialect = *dialect_given;
    starling_separator_state state = *state_given;
    for (size_t at = from; at < to; at += 64) {
        uint64_t newlines;
        structure_of(text + at, low_bits(to - at), &dialect, &state, &newlines);
        if (at + 64 <= at_least || newlines == 0) continue;
        if (at_least > at) newlines &= ~low_bits(at_least - at);
        if (newlines) {
            *state_given = state;
            return at + (size_t)__builtin_ctzll(newlines);
        }
    }
    *state_given = state;
    return to;
}

int starling_has_byte(const uint8_t *text, size_t from, size_t to, uint8_t byte) {
    return from < to && memchr(text + from, byte, to - from) != NULL;
}

size_t starling_count_bytes(const uint8_t *text, size_t count, uint8_t byte) {
    size_t total = 0;
    for (size_t i = 0; i < count; i++) total += text[i] == byte;
    return total;
}
