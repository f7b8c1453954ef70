// What the engine needs of the operating system and the processor and Swift cannot say itself.
#ifndef STARLING_CPLATFORM_H
#define STARLING_CPLATFORM_H

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#endif
