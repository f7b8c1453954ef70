// RE2 behind functions of C. No exception leaves: RE2 throws none, and what allocates is caught.
#include "CRE2.h"

#include <cstring>
#include <new>
#include <re2/re2.h>
#include <string>

struct starling_regexp {
    re2::RE2 pattern;

    starling_regexp(const re2::StringPiece &text, const re2::RE2::Options &options)
        : pattern(text, options) {}
};

// Parts that a match is asked for at once; RE2 has no bound of its own.
static const int part_count_max = 1024;

static void give_reason(const std::string &text, char *reason, size_t capacity) {
    if (capacity == 0) return;
    size_t count = text.size() < capacity - 1 ? text.size() : capacity - 1;
    std::memcpy(reason, text.data(), count);
    reason[count] = 0;
}

extern "C" starling_regexp *starling_regexp_compile(
    const char *pattern, size_t count, int64_t memory, char *reason, size_t reason_capacity) {
    try {
        re2::RE2::Options options;
        options.set_log_errors(false);
        options.set_dot_nl(true);
        options.set_max_mem(memory);
        auto *result = new starling_regexp(re2::StringPiece(pattern, count), options);
        if (result->pattern.ok()
            && result->pattern.NumberOfCapturingGroups() < part_count_max) {
            return result;
        }
        give_reason(
            result->pattern.ok() ? "it has too many groups" : result->pattern.error(), reason,
            reason_capacity);
        delete result;
    } catch (const std::bad_alloc &) {
        give_reason("there is no memory for it", reason, reason_capacity);
    }
    return nullptr;
}

extern "C" void starling_regexp_free(starling_regexp *pattern) { delete pattern; }

extern "C" int starling_regexp_group_count(const starling_regexp *pattern) {
    return pattern->pattern.NumberOfCapturingGroups();
}

extern "C" int starling_regexp_step_count(const starling_regexp *pattern) {
    return pattern->pattern.ProgramSize();
}

extern "C" bool starling_regexp_match(
    const starling_regexp *pattern, const char *text, size_t count, size_t from,
    int64_t *places, int part_count) {
    re2::StringPiece parts[part_count_max];
    if (part_count > part_count_max || from > count) return false;
    const char *start = text == nullptr ? "" : text;
    re2::StringPiece whole(start, count);
    if (!pattern->pattern.Match(
            whole, from, count, re2::RE2::UNANCHORED, parts, part_count)) {
        return false;
    }
    for (int part = 0; part < part_count; part++) {
        bool is_set = parts[part].data() != nullptr;
        places[2 * part] = is_set ? parts[part].data() - start : -1;
        places[2 * part + 1] = is_set ? places[2 * part] + (int64_t)parts[part].size() : -1;
    }
    return true;
}

extern "C" bool starling_regexp_bounds(
    const starling_regexp *pattern, int count, char *low, size_t *low_count, char *high,
    size_t *high_count) {
    try {
        std::string first, last;
        if (!pattern->pattern.PossibleMatchRange(&first, &last, count)) return false;
        if (first.size() > (size_t)count + 1 || last.size() > (size_t)count + 1) return false;
        std::memcpy(low, first.data(), first.size());
        std::memcpy(high, last.data(), last.size());
        *low_count = first.size();
        *high_count = last.size();
        return true;
    } catch (const std::bad_alloc &) {
        return false;
    }
}
