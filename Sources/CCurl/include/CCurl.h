// libcurl, loaded on first use (dlopen): linking it would cost every start about 8 ms, and most runs never open a connection.
#ifndef CCURL_H
#define CCURL_H

#include <curl/curl.h>
#include <stdint.h>

/// Receives or provides bytes; the number taken or given.
typedef size_t (*ccurl_data_callback)(char *buffer, size_t size, size_t count, void *context);
/// Goes back to an offset of the request's body; CURL_SEEKFUNC_OK or CURL_SEEKFUNC_FAIL.
typedef int (*ccurl_seek_callback)(void *context, curl_off_t offset, int origin);
/// Hears of progress; anything but 0 ends the transfer.
typedef int (*ccurl_progress_callback)(
    void *context, curl_off_t download_total, curl_off_t downloaded, curl_off_t upload_total, curl_off_t uploaded);

/// Loads the library and readies it, once; NULL, or the loader's message.
const char *ccurl_load(void);
/// The version text of the loaded library.
const char *ccurl_version(void);

/// The calls of libcurl's easy interface; `ccurl_load` must have answered NULL before.
CURL *ccurl_easy_init(void);
void ccurl_easy_reset(CURL *easy);
void ccurl_easy_cleanup(CURL *easy);
int ccurl_easy_perform(CURL *easy);
const char *ccurl_easy_strerror(int code);
struct curl_slist *ccurl_slist_append(struct curl_slist *list, const char *text);
void ccurl_slist_free_all(struct curl_slist *list);

/// `curl_easy_setopt`, one function for each type of its third argument.
int ccurl_set_long(CURL *easy, CURLoption option, long value);
int ccurl_set_offset(CURL *easy, CURLoption option, int64_t value);
int ccurl_set_string(CURL *easy, CURLoption option, const char *value);
int ccurl_set_list(CURL *easy, CURLoption option, struct curl_slist *value);
int ccurl_set_proxy_authentication(CURL *easy);
int ccurl_set_error_buffer(CURL *easy, char *buffer);
int ccurl_set_write(CURL *easy, ccurl_data_callback callback, void *context);
int ccurl_set_header(CURL *easy, ccurl_data_callback callback, void *context);
int ccurl_set_read(CURL *easy, ccurl_data_callback callback, void *context);
int ccurl_set_seek(CURL *easy, ccurl_seek_callback callback, void *context);
int ccurl_set_progress(CURL *easy, ccurl_progress_callback callback, void *context);

/// `curl_easy_getinfo` for a number; 0 where there is none.
long ccurl_get_long(CURL *easy, CURLINFO info);

#endif
