// The calls of libcrypto that this package makes; a call that is missing here would link the library after all.
#define _GNU_SOURCE
#include <openssl/evp.h>

#define LIBRARY "libcrypto.so.3"
#define LOAD clazy_load_crypto
#include "lazy.h"

LAZY(int, EVP_DigestFinal_ex, (EVP_MD_CTX *a, unsigned char *b, unsigned int *c), (a, b, c))
LAZY(int, EVP_DigestInit_ex, (EVP_MD_CTX *a, const EVP_MD *b, ENGINE *c), (a, b, c))
LAZY(int, EVP_DigestUpdate, (EVP_MD_CTX *a, const void *b, size_t c), (a, b, c))
LAZY_VOID(EVP_MD_CTX_free, (EVP_MD_CTX *a), (a))
LAZY(EVP_MD_CTX *, EVP_MD_CTX_new, (void), ())
LAZY(const EVP_MD *, EVP_md5, (void), ())
LAZY(const EVP_MD *, EVP_sha1, (void), ())
LAZY(int, EVP_PBE_scrypt,
     (const char *a, size_t b, const unsigned char *c, size_t d, uint64_t e, uint64_t f, uint64_t g, uint64_t h,
      unsigned char *i, size_t j), (a, b, c, d, e, f, g, h, i, j))
LAZY(const EVP_MD *, EVP_sha256, (void), ())
