// Thread-cached allocation of the buffers that vectors live in.
#include "CPlatform.h"

#include <malloc.h>

enum { smallest_shift = 11, class_count = 7, entries_per_class = 24, alignment = 64, padding = 64 };

typedef struct {
    void *entries[entries_per_class];
    int count;
} size_class;

static _Thread_local size_class cache[class_count];

static int class_of(size_t byte_count) {
    for (int i = 0; i < class_count; i++)
        if (byte_count <= ((size_t)1 << (smallest_shift + i))) return i;
    return -1;
}

void *starling_buffer_allocate(size_t byte_count) {
    int index = class_of(byte_count);
    if (index >= 0) {
        size_class *c = &cache[index];
        if (c->count > 0) return c->entries[--c->count];
        byte_count = (size_t)1 << (smallest_shift + index);
    }
    void *address = NULL;
    if (posix_memalign(&address, alignment, byte_count + padding) != 0) return NULL;
    return address;
}

void starling_buffer_free(void *address, size_t byte_count) {
    int index = class_of(byte_count);
    if (index >= 0 && cache[index].count < entries_per_class) {
        cache[index].entries[cache[index].count++] = address;
        return;
    }
    free(address);
}

void starling_tune_allocator(void) {
    mallopt(M_MMAP_THRESHOLD, 64 << 20);
    mallopt(M_TRIM_THRESHOLD, 128 << 20);
}
