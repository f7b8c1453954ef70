// The headers of libbrotlidec, which decompresses Brotli pages of Parquet files.
#include <brotli/decode.h>
