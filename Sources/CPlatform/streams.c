// Joins the streams of BYTE_STREAM_SPLIT: stream b has byte b of every value.
//
// Sixteen values at a time: to zip each stream with the one half of the streams further on, again
// and again, brings the bytes of a value together after log2(width) rounds.
#include "CPlatform.h"

typedef uint8_t bytes16 __attribute__((vector_size(16)));

static inline bytes16 zip_low(bytes16 a, bytes16 b) {
    return __builtin_shufflevector(
        a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
}

static inline bytes16 zip_high(bytes16 a, bytes16 b) {
    return __builtin_shufflevector(
        a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
}

// Always inlined, so that the width is a constant and the vectors stay in registers.
__attribute__((always_inline)) static inline size_t join_blocks(
    const uint8_t *source, size_t stride, uint8_t *target, size_t count, const int width) {
    size_t done = 0;
    for (; done + 16 <= count; done += 16) {
        bytes16 lanes[16], zipped[16];
        for (int b = 0; b < width; b++)
            __builtin_memcpy(&lanes[b], source + b * stride + done, 16);
        for (int round = 1; round < width; round *= 2) {
            for (int b = 0; b < width / 2; b++) {
                zipped[2 * b] = zip_low(lanes[b], lanes[b + width / 2]);
                zipped[2 * b + 1] = zip_high(lanes[b], lanes[b + width / 2]);
            }
            for (int b = 0; b < width; b++) lanes[b] = zipped[b];
        }
        for (int b = 0; b < width; b++)
            __builtin_memcpy(target + done * width + b * 16, &lanes[b], 16);
    }
    return done;
}

void starling_join_streams(
    const uint8_t *source, size_t stride, uint8_t *target, size_t count, int width) {
    size_t done = 0;
    switch (width) {
    case 2: done = join_blocks(source, stride, target, count, 2); break;
    case 4: done = join_blocks(source, stride, target, count, 4); break;
    case 8: done = join_blocks(source, stride, target, count, 8); break;
    case 16: done = join_blocks(source, stride, target, count, 16); break;
    default: break;
    }
    for (; done < count; done++)
        for (int b = 0; b < width; b++) target[done * width + b] = source[b * stride + done];
}
