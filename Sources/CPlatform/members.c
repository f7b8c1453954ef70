// Navigation in JSON on demand: members are stepped over until the wanted one is there. Containers
// are skipped 64 bytes at a time by counting brackets outside of strings (Langdale and Lemire,
// "Parsing Gigabytes of JSON per Second", VLDB Journal 2019), so that what is not asked for costs
// little.
#include "members.h"

#include <string.h>

#include "bits.h"

static inline int is_space(uint8_t byte) {
    return byte == ' ' || byte == '\n' || byte == '\r' || byte == '\t';
}

static inline size_t skip_space(const uint8_t *text, size_t at, size_t to) {
    while (at < to && is_space(text[at])) at++;
    return at;
}

size_t starling_find_quote(const uint8_t *text, size_t from, size_t to, int *escapes) {
    size_t at = from;
    *escapes = 0;
    for (;;) {
#if defined(__AVX2__)
        while (to - at >= 32) {
            __m256i bytes = _mm256_loadu_si256((const __m256i *)(text + at));
            uint32_t found = (uint32_t)_mm256_movemask_epi8(_mm256_or_si256(
                _mm256_cmpeq_epi8(bytes, _mm256_set1_epi8('"')),
                _mm256_cmpeq_epi8(bytes, _mm256_set1_epi8('\\'))));
            if (found) {
                at += (size_t)__builtin_ctz(found);
                break;
            }
            at += 32;
        }
#endif
        while (at < to && text[at] != '"' && text[at] != '\\') at++;
        if (at >= to) return STARLING_NO_PLACE;
        if (text[at] == '"') return at;
        *escapes = 1;
        at += 2;
        if (at > to) return STARLING_NO_PLACE;
    }
}

#if defined(__AVX2__)
// A bit for each quote, backslash and control character.
static inline uint32_t specials_of(__m256i bytes) {
    // A byte is a control character where the greater of it and 0x1F is 0x1F.
    __m256i controls = _mm256_cmpeq_epi8(
        _mm256_max_epu8(bytes, _mm256_set1_epi8(0x1F)), _mm256_set1_epi8(0x1F));
    return (uint32_t)_mm256_movemask_epi8(_mm256_or_si256(
        controls,
        _mm256_or_si256(
            _mm256_cmpeq_epi8(bytes, _mm256_set1_epi8('"')),
            _mm256_cmpeq_epi8(bytes, _mm256_set1_epi8('\\')))));
}
#endif

static inline int is_special(uint8_t byte) { return byte == '"' || byte == '\\' || byte < 0x20; }

size_t starling_copy_plain(const uint8_t *text, size_t from, size_t to, uint8_t *output) {
    size_t at = from;
#if defined(__AVX2__)
    while (to - at >= 32) {
        __m256i bytes = _mm256_loadu_si256((const __m256i *)(text + at));
        _mm256_storeu_si256((__m256i *)(output + (at - from)), bytes);
        uint32_t found = specials_of(bytes);
        if (found) return at + (size_t)__builtin_ctz(found);
        at += 32;
    }
#endif
    while (at < to && !is_special(text[at])) {
        output[at - from] = text[at];
        at++;
    }
    return at;
}

size_t starling_skip_plain(const uint8_t *text, size_t from, size_t to) {
    size_t at = from;
#if defined(__AVX2__)
    while (to - at >= 32) {
        uint32_t found = specials_of(_mm256_loadu_si256((const __m256i *)(text + at)));
        if (found) return at + (size_t)__builtin_ctz(found);
        at += 32;
    }
#endif
    while (at < to && !is_special(text[at])) at++;
    return at;
}

typedef struct {
    uint64_t opens;
    uint64_t closes;
    uint64_t quotes;
    uint64_t backslashes;
} bracket_masks;

static inline bracket_masks masks_of(const uint8_t *text, size_t count) {
    bracket_masks m = {0, 0, 0, 0};
#if defined(__AVX512BW__)
    __m512i bytes = _mm512_maskz_loadu_epi8(low_bits(count), text);
    __m512i folded = _mm512_or_si512(bytes, _mm512_set1_epi8(0x20));
    m.opens = _mm512_cmpeq_epi8_mask(folded, _mm512_set1_epi8('{'));
    m.closes = _mm512_cmpeq_epi8_mask(folded, _mm512_set1_epi8('}'));
    m.quotes = _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8('"'));
    m.backslashes = _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8('\\'));
#else
    uint8_t copy[64] = {0};
    if (count < 64) {
        memcpy(copy, text, count);
        text = copy;
    }
    for (int half = 0; half < 2; half++) {
#if defined(__AVX2__)
        __m256i bytes = _mm256_loadu_si256((const __m256i *)(text + 32 * half));
        __m256i folded = _mm256_or_si256(bytes, _mm256_set1_epi8(0x20));
#define EQUAL_BITS(vector, byte)                                                           \
    ((uint64_t)(uint32_t)_mm256_movemask_epi8(                                             \
         _mm256_cmpeq_epi8(vector, _mm256_set1_epi8(byte)))                                \
     << (32 * half))
        m.opens |= EQUAL_BITS(folded, '{');
        m.closes |= EQUAL_BITS(folded, '}');
        m.quotes |= EQUAL_BITS(bytes, '"');
        m.backslashes |= EQUAL_BITS(bytes, '\\');
#undef EQUAL_BITS
#else
        for (int i = 32 * half; i < 32 * half + 32; i++) {
            uint64_t bit = (uint64_t)1 << i;
            uint8_t folded = text[i] | 0x20;
            if (folded == '{') m.opens |= bit;
            if (folded == '}') m.closes |= bit;
            if (text[i] == '"') m.quotes |= bit;
            if (text[i] == '\\') m.backslashes |= bit;
        }
#endif
    }
#endif
    return m;
}

// Steps over the container at text[from]. Brackets are paired by number, not by kind.
static size_t skip_container(const uint8_t *text, size_t from, size_t to) {
    int64_t depth = 0;
    uint64_t inside_before = 0;
    uint64_t escapes_next = 0;
    for (size_t at = from; at < to; at += 64) {
        size_t count = to - at < 64 ? to - at : 64;
        bracket_masks m = masks_of(text + at, count);
        uint64_t escaped = escaped_of(m.backslashes, &escapes_next);
        uint64_t inside = prefix_xor(m.quotes & ~escaped) ^ inside_before;
        inside_before = (uint64_t)((int64_t)inside >> 63);
        uint64_t opens = m.opens & ~inside;
        uint64_t closes = m.closes & ~inside;
        int close_count = __builtin_popcountll(closes);
        if (depth > close_count) {
            depth += __builtin_popcountll(opens) - close_count;
            continue;
        }
        while (closes) {
            uint64_t close = closes & (0 - closes);
            uint64_t before = opens & (close - 1);
            depth += __builtin_popcountll(before);
            opens &= ~before;
            closes ^= close;
            if (--depth == 0) return at + (size_t)__builtin_ctzll(close) + 1;
            if (depth < 0) return STARLING_NO_PLACE;
        }
        depth += __builtin_popcountll(opens);
    }
    return STARLING_NO_PLACE;
}

static inline size_t skip_scalar(const uint8_t *text, size_t at, size_t to) {
    size_t start = at;
    while (at < to) {
        uint8_t byte = text[at];
        if (byte == ',' || byte == '}' || byte == ']' || byte == ':' || is_space(byte)) break;
        at++;
    }
    return at > start ? at : STARLING_NO_PLACE;
}

static inline size_t skip_any(const uint8_t *text, size_t at, size_t to) {
    if (at >= to) return STARLING_NO_PLACE;
    if (text[at] == '"') {
        int escapes;
        size_t end = starling_find_quote(text, at + 1, to, &escapes);
        return end == STARLING_NO_PLACE ? end : end + 1;
    }
    if (text[at] == '{' || text[at] == '[') return skip_container(text, at, to);
    return skip_scalar(text, at, to);
}

size_t starling_skip_value(const uint8_t *text, size_t from, size_t to) {
    return skip_any(text, skip_space(text, from, to), to);
}

static int hex_digit(uint8_t byte) {
    if (byte >= '0' && byte <= '9') return byte - '0';
    byte |= 0x20;
    return byte >= 'a' && byte <= 'f' ? byte - 'a' + 10 : -1;
}

static int hex_unit(const uint8_t *text, size_t at, size_t to, uint32_t *unit) {
    if (to - at < 4) return 0;
    uint32_t value = 0;
    for (int i = 0; i < 4; i++) {
        int digit = hex_digit(text[at + (size_t)i]);
        if (digit < 0) return 0;
        value = value << 4 | (uint32_t)digit;
    }
    *unit = value;
    return 1;
}

static size_t put_character(uint32_t character, uint8_t *out) {
    if (character < 0x80) {
        out[0] = (uint8_t)character;
        return 1;
    }
    size_t count = character < 0x800 ? 2 : character < 0x10000 ? 3 : 4;
    static const uint8_t heads[5] = {0, 0, 0xC0, 0xE0, 0xF0};
    for (size_t i = count; i-- > 1;) {
        out[i] = (uint8_t)(0x80 | (character & 0x3F));
        character >>= 6;
    }
    out[0] = (uint8_t)(heads[count] | character);
    return count;
}

// Compares a key that has escapes with one that has none.
static int equals_escaped(
    const uint8_t *text, size_t at, size_t to, const uint8_t *key, size_t key_count
) {
    size_t place = 0;
    while (at < to) {
        uint8_t piece[4] = {text[at]};
        size_t count = 1;
        if (text[at++] == '\\') {
            if (at >= to) return 0;
            switch (text[at++]) {
            case 'n': piece[0] = '\n'; break;
            case 't': piece[0] = '\t'; break;
            case 'r': piece[0] = '\r'; break;
            case 'b': piece[0] = '\b'; break;
            case 'f': piece[0] = '\f'; break;
            case 'u': {
                uint32_t unit, low;
                if (!hex_unit(text, at, to, &unit)) return 0;
                at += 4;
                if (unit >= 0xD800 && unit < 0xE000) {
                    int is_pair = unit < 0xDC00 && to - at >= 6 && text[at] == '\\'
                        && text[at + 1] == 'u' && hex_unit(text, at + 2, to, &low)
                        && low >= 0xDC00 && low < 0xE000;
                    unit = is_pair ? 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00) : 0xFFFD;
                    if (is_pair) at += 6;
                }
                count = put_character(unit, piece);
                break;
            }
            default: piece[0] = text[at - 1];
            }
        }
        if (key_count - place < count || memcmp(key + place, piece, count) != 0) return 0;
        place += count;
    }
    return place == key_count;
}

size_t starling_find_member(
    const uint8_t *text, size_t from, size_t to, const uint8_t *key, size_t key_count
) {
    size_t at = skip_space(text, from, to);
    if (at >= to || text[at] != '{') return STARLING_NO_PLACE;
    at = skip_space(text, at + 1, to);
    for (;;) {
        if (at >= to || text[at] != '"') return STARLING_NO_PLACE;
        int escapes;
        size_t start = at + 1;
        size_t end = starling_find_quote(text, start, to, &escapes);
        if (end == STARLING_NO_PLACE) return STARLING_NO_PLACE;
        int found = escapes ? equals_escaped(text, start, end, key, key_count)
                            : end - start == key_count
                && (key_count == 0 || memcmp(text + start, key, key_count) == 0);
        at = skip_space(text, end + 1, to);
        if (at >= to || text[at] != ':') return STARLING_NO_PLACE;
        at = skip_space(text, at + 1, to);
        if (found) return at < to ? at : STARLING_NO_PLACE;
        at = skip_any(text, at, to);
        if (at == STARLING_NO_PLACE) return at;
        at = skip_space(text, at, to);
        if (at >= to || text[at] != ',') return STARLING_NO_PLACE;
        at = skip_space(text, at + 1, to);
    }
}

size_t starling_find_element(const uint8_t *text, size_t from, size_t to, size_t index) {
    size_t at = skip_space(text, from, to);
    if (at >= to || text[at] != '[') return STARLING_NO_PLACE;
    at = skip_space(text, at + 1, to);
    for (;;) {
        if (at >= to || text[at] == ']') return STARLING_NO_PLACE;
        if (index-- == 0) return at;
        at = skip_any(text, at, to);
        if (at == STARLING_NO_PLACE) return at;
        at = skip_space(text, at, to);
        if (at >= to || text[at] != ',') return STARLING_NO_PLACE;
        at = skip_space(text, at + 1, to);
    }
}
