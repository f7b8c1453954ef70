// The headers of libbrotli, which decompresses and compresses Brotli pages of Parquet files.
#include <brotli/decode.h>
#include <brotli/encode.h>
