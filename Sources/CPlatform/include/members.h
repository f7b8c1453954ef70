// Finds members and elements in the text of one JSON value, without reading more than it must.
#ifndef STARLING_MEMBERS_H
#define STARLING_MEMBERS_H

#include <stddef.h>
#include <stdint.h>

// Stands for a place that there is not: the text is no JSON, or what was looked for is not in it.
#define STARLING_NO_PLACE SIZE_MAX

// Steps over the value at text[from]; returns the place behind it. What lies in containers is
// counted, not checked. Nothing outside of text[from ..< to] is read.
size_t starling_skip_value(const uint8_t *text, size_t from, size_t to);

// Finds the first member with the key (whose escapes are gone) of the object at text[from];
// returns the place of its value.
size_t starling_find_member(
    const uint8_t *text, size_t from, size_t to, const uint8_t *key, size_t key_count);

// Finds an element of the array at text[from]; returns its place.
size_t starling_find_element(const uint8_t *text, size_t from, size_t to, size_t index);

// Finds the closing quote of the string whose first character is text[from]. Sets `escapes` to 1
// where a backslash is before it.
size_t starling_find_quote(const uint8_t *text, size_t from, size_t to, int *escapes);

// Copies the bytes of a string up to a quote, a backslash or a control character; returns the place
// of that. Up to 32 bytes more are written behind the copy.
size_t starling_copy_plain(const uint8_t *text, size_t from, size_t to, uint8_t *output);

// Returns the place of the next quote, backslash or control character, or `to`.
size_t starling_skip_plain(const uint8_t *text, size_t from, size_t to);

#endif
