// The headers of zlib, which decompresses GZIP files piece by piece.
#include <zlib.h>
