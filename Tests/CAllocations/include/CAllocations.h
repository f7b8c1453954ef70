// Tells how often memory was allocated.
#ifndef ALLOCATIONS_H
#define ALLOCATIONS_H

#include <stdint.h>

// Returns how often memory was allocated since the process began; 0 where nobody counts.
uint64_t allocation_count(void);

#endif
