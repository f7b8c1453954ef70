// The headers of libsnappy, which decompresses and compresses Snappy pages of Parquet files.
#include <snappy-c.h>
