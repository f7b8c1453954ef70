// The headers of liblz4, which decompresses and compresses LZ4 pages of Parquet files.
#include <lz4.h>
#include <lz4frame.h>
