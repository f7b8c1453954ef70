// Thread-cached allocation of the buffers that vectors live in.
#include "CPlatform.h"

#include <malloc.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>

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

// The address sanitizer sees what is beyond the end of a buffer, and what is used after it was
// freed, only where each buffer is a block of its own.
#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define STARLING_CACHES_BUFFERS 0
#endif
#endif
#ifndef STARLING_CACHES_BUFFERS
#define STARLING_CACHES_BUFFERS 1
#endif

// A thread's cache goes with the thread.
static pthread_key_t cache_key;
static pthread_once_t cache_key_once = PTHREAD_ONCE_INIT;
static _Thread_local bool is_registered;

static void free_cache(void *unused) {
    (void)unused;
    for (int i = 0; i < class_count; i++)
        while (cache[i].count > 0) free(cache[i].entries[--cache[i].count]);
    is_registered = false;
}

static void make_cache_key(void) { pthread_key_create(&cache_key, free_cache); }

static void register_thread(void) {
    pthread_once(&cache_key_once, make_cache_key);
    pthread_setspecific(cache_key, &is_registered);
    is_registered = true;
}

void *starling_buffer_allocate(size_t byte_count) {
    int index = STARLING_CACHES_BUFFERS ? class_of(byte_count) : -1;
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
    int index = STARLING_CACHES_BUFFERS ? class_of(byte_count) : -1;
    if (index >= 0 && cache[index].count < entries_per_class) {
        if (!is_registered) register_thread();
        cache[index].entries[cache[index].count++] = address;
        return;
    }
    free(address);
}

void starling_tune_allocator(void) {
    mallopt(M_MMAP_THRESHOLD, 64 << 20);
    mallopt(M_TRIM_THRESHOLD, 128 << 20);
}
