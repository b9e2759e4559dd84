// The calls of libcrypto that this package makes; a call that is missing here would link the library after all.
#define _GNU_SOURCE
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/evp.h>
#include <openssl/md5.h>
#include <openssl/sha.h>

#define LIBRARY "libcrypto.so.3"
#define LOAD clazy_load_crypto
#include "lazy.h"

LAZY(int, EVP_PBE_scrypt,
     (const char *a, size_t b, const unsigned char *c, size_t d, uint64_t e, uint64_t f, uint64_t g, uint64_t h,
      unsigned char *i, size_t j), (a, b, c, d, e, f, g, h, i, j))
LAZY(int, MD5_Final, (unsigned char *a, MD5_CTX *b), (a, b))
LAZY(int, MD5_Init, (MD5_CTX *a), (a))
LAZY(int, MD5_Update, (MD5_CTX *a, const void *b, size_t c), (a, b, c))
LAZY(int, SHA1_Final, (unsigned char *a, SHA_CTX *b), (a, b))
LAZY(int, SHA1_Init, (SHA_CTX *a), (a))
LAZY(int, SHA1_Update, (SHA_CTX *a, const void *b, size_t c), (a, b, c))
LAZY(int, SHA256_Final, (unsigned char *a, SHA256_CTX *b), (a, b))
LAZY(int, SHA256_Init, (SHA256_CTX *a), (a))
LAZY(int, SHA256_Update, (SHA256_CTX *a, const void *b, size_t c), (a, b, c))
LAZY(int, SHA512_Final, (unsigned char *a, SHA512_CTX *b), (a, b))
LAZY(int, SHA512_Init, (SHA512_CTX *a), (a))
LAZY(int, SHA512_Update, (SHA512_CTX *a, const void *b, size_t c), (a, b, c))
