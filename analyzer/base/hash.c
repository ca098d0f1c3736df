/* hash: contents by 128 bits (XXH3), for the cache: not for secrets. */
#include "analyzer/base/base.h"

#include <xxhash.h>

Hash128 hash128(const void *data, size_t size) {
    XXH128_hash_t hash = XXH3_128bits(data, size);
    return (Hash128){hash.low64, hash.high64};
}

bool hash128_eq(Hash128 a, Hash128 b) {
    return a.low == b.low && a.high == b.high;
}
