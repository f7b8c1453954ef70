// What the engine needs of the operating system that has no better place.
#include "CPlatform.h"
