// The digests of before OpenSSL 3 are meant (see Sources/Hashing/DigestAlgorithm.swift).
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/evp.h>
#include <openssl/err.h>
#include <openssl/md5.h>
#include <openssl/sha.h>
