// The structural index of JSON (Langdale and Lemire, "Parsing Gigabytes of JSON per Second", VLDB
// Journal 2019).
#include "documents.h"

#include "bits.h"

typedef struct {
    uint64_t structure;
    uint64_t quotes;
    uint64_t backslashes;
    uint64_t high;
} document_masks;

#if defined(__AVX512BW__)
static inline document_masks masks_of(const uint8_t *text) {
    __m512i bytes = _mm512_loadu_si512(text);
    // Braces and brackets differ in one bit only.
    __m512i folded = _mm512_or_si512(bytes, _mm512_set1_epi8(0x20));
    document_masks m;
    m.structure = _mm512_cmpeq_epi8_mask(folded, _mm512_set1_epi8('{'))
        | _mm512_cmpeq_epi8_mask(folded, _mm512_set1_epi8('}'))
        | _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8(':'))
        | _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8(','))
        | _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8('\n'));
    m.quotes = _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8('"'));
    m.backslashes = _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8('\\'));
    m.high = _mm512_movepi8_mask(bytes);
    return m;
}
#elif defined(__AVX2__)
static inline uint64_t equal_bits(__m256i low, __m256i high, char byte) {
    __m256i all = _mm256_set1_epi8(byte);
    return (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(low, all))
        | (uint64_t)(uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(high, all)) << 32;
}

static inline document_masks masks_of(const uint8_t *text) {
    __m256i low = _mm256_loadu_si256((const __m256i *)text);
    __m256i high = _mm256_loadu_si256((const __m256i *)(text + 32));
    __m256i fold = _mm256_set1_epi8(0x20);
    __m256i folded_low = _mm256_or_si256(low, fold);
    __m256i folded_high = _mm256_or_si256(high, fold);
    document_masks m;
    m.structure = equal_bits(folded_low, folded_high, '{')
        | equal_bits(folded_low, folded_high, '}') | equal_bits(low, high, ':')
        | equal_bits(low, high, ',') | equal_bits(low, high, '\n');
    m.quotes = equal_bits(low, high, '"');
    m.backslashes = equal_bits(low, high, '\\');
    m.high = (uint32_t)_mm256_movemask_epi8(low)
        | (uint64_t)(uint32_t)_mm256_movemask_epi8(high) << 32;
    return m;
}
#else
static inline document_masks masks_of(const uint8_t *text) {
    document_masks m = {0, 0, 0, 0};
    for (int i = 0; i < 64; i++) {
        uint64_t bit = (uint64_t)1 << i;
        uint8_t folded = text[i] | 0x20;
        if (folded == '{' || folded == '}' || text[i] == ':' || text[i] == ','
            || text[i] == '\n')
            m.structure |= bit;
        if (text[i] == '"') m.quotes |= bit;
        if (text[i] == '\\') m.backslashes |= bit;
        if (text[i] & 0x80) m.high |= bit;
    }
    return m;
}
#endif

void starling_find_structure(
    const uint8_t *text, size_t from, size_t to, starling_document_state *state_given,
    uint32_t *places
) {
    starling_document_state state = *state_given;
    uint32_t *out = places + state.count;
    for (size_t at = from; at < to; at += 64) {
        uint64_t valid = low_bits(to - at);
        document_masks m = masks_of(text + at);
        uint64_t escaped = escaped_of(m.backslashes & valid, &state.escapes_next);
        uint64_t quotes = m.quotes & ~escaped & valid;
        uint64_t inside = prefix_xor(quotes) ^ state.inside;
        state.inside = (uint64_t)((int64_t)inside >> 63);
        state.has_high_bytes |= m.high & valid;
        out = append_positions(((m.structure & ~inside) | quotes) & valid, at, out);
    }
    state.count = (size_t)(out - places);
    *state_given = state;
}
