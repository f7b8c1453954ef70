// The headers of libzstd, which decompresses and compresses ZSTD pages of Parquet files.
#include <zstd.h>
