// Regular expressions of RE2, a C++ class, as functions of C.
#ifndef STARLING_CRE2_H
#define STARLING_CRE2_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// A compiled pattern. Matching changes nothing that is seen: many threads may use one.
typedef struct starling_regexp starling_regexp;

// Compiles UTF-8, in which a dot matches line ends too. The pattern and its automata take up to
// `memory` bytes. Returns NULL for a bad pattern and writes the reason, ended by a zero.
starling_regexp *starling_regexp_compile(
    const char *pattern, size_t count, int64_t memory, char *reason, size_t reason_capacity);

void starling_regexp_free(starling_regexp *pattern);

// Counts the groups in parentheses.
int starling_regexp_group_count(const starling_regexp *pattern);

// Counts the steps of the compiled pattern; where no automaton fits the memory, matching takes as
// many operations for each byte of the text.
int starling_regexp_step_count(const starling_regexp *pattern);

// Finds the first match that begins at or behind `from`, and writes where it and its first groups
// begin and end: `part_count` pairs, -1 for a group that took no part. False where there is none.
bool starling_regexp_match(
    const starling_regexp *pattern, const char *text, size_t count, size_t from,
    int64_t *places, int part_count);

// Writes two texts of up to `count` bytes each, and one more where that is needed, between which all
// texts lie that match from their first byte to their last. False where none are known.
bool starling_regexp_bounds(
    const starling_regexp *pattern, int count, char *low, size_t *low_count, char *high,
    size_t *high_count);

#ifdef __cplusplus
}
#endif

#endif
