// The headers of libdeflate, which decompresses and compresses GZIP pages of Parquet files.
#include <libdeflate.h>
