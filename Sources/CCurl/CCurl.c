#define _GNU_SOURCE
#include "CCurl.h"
#include <dlfcn.h>
#include <pthread.h>
#include <stddef.h>
#include <stdio.h>

static struct {
    const char *problem;
    CURLcode (*global_init)(long);
    char *(*version)(void);
    CURL *(*easy_init)(void);
    void (*easy_reset)(CURL *);
    void (*easy_cleanup)(CURL *);
    CURLcode (*easy_perform)(CURL *);
    const char *(*easy_strerror)(CURLcode);
    CURLcode (*easy_setopt)(CURL *, CURLoption, ...);
    CURLcode (*easy_getinfo)(CURL *, CURLINFO, ...);
    struct curl_slist *(*slist_append)(struct curl_slist *, const char *);
    void (*slist_free_all)(struct curl_slist *);
} library;

static pthread_once_t once = PTHREAD_ONCE_INIT;

static void load(void) {
    void *handle = dlopen("libcurl.so.4", RTLD_NOW | RTLD_LOCAL);
    if (handle == NULL) {
        static char problem[512];
        const char *reason = dlerror();
        snprintf(problem, sizeof problem, "%s", reason != NULL ? reason : "libcurl.so.4: unknown reason");
        library.problem = problem;
        handle = dlopen("libcurl-gnutls.so.4", RTLD_NOW | RTLD_LOCAL);
    }
    if (handle == NULL) return;
    library.problem = NULL;
#define SYMBOL(member, name)                                                                                           \
    if ((*(void **)&library.member = dlsym(handle, name)) == NULL) {                                                   \
        library.problem = "libcurl.so.4: it lacks " name;                                                      \
        return;                                                                                                        \
    }
    SYMBOL(global_init, "curl_global_init")
    SYMBOL(version, "curl_version")
    SYMBOL(easy_init, "curl_easy_init")
    SYMBOL(easy_reset, "curl_easy_reset")
    SYMBOL(easy_cleanup, "curl_easy_cleanup")
    SYMBOL(easy_perform, "curl_easy_perform")
    SYMBOL(easy_strerror, "curl_easy_strerror")
    SYMBOL(easy_setopt, "curl_easy_setopt")
    SYMBOL(easy_getinfo, "curl_easy_getinfo")
    SYMBOL(slist_append, "curl_slist_append")
    SYMBOL(slist_free_all, "curl_slist_free_all")
    if (library.global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) library.problem = "libcurl.so.4: it does not start";
}

const char *ccurl_load(void) {
    pthread_once(&once, load);
    return library.problem;
}

const char *ccurl_version(void) { return library.version(); }
CURL *ccurl_easy_init(void) { return library.easy_init(); }
void ccurl_easy_reset(CURL *easy) { library.easy_reset(easy); }
void ccurl_easy_cleanup(CURL *easy) { library.easy_cleanup(easy); }
int ccurl_easy_perform(CURL *easy) { return (int)library.easy_perform(easy); }
const char *ccurl_easy_strerror(int code) { return library.easy_strerror((CURLcode)code); }

struct curl_slist *ccurl_slist_append(struct curl_slist *list, const char *text) {
    return library.slist_append(list, text);
}

void ccurl_slist_free_all(struct curl_slist *list) { library.slist_free_all(list); }

int ccurl_set_long(CURL *easy, CURLoption option, long value) { return (int)library.easy_setopt(easy, option, value); }

int ccurl_set_offset(CURL *easy, CURLoption option, int64_t value) {
    return (int)library.easy_setopt(easy, option, (curl_off_t)value);
}

int ccurl_set_string(CURL *easy, CURLoption option, const char *value) {
    return (int)library.easy_setopt(easy, option, value);
}

int ccurl_set_list(CURL *easy, CURLoption option, struct curl_slist *value) {
    return (int)library.easy_setopt(easy, option, value);
}

int ccurl_set_proxy_authentication(CURL *easy) {
    return (int)library.easy_setopt(easy, CURLOPT_PROXYAUTH, (long)CURLAUTH_ANY);
}

int ccurl_set_error_buffer(CURL *easy, char *buffer) {
    return (int)library.easy_setopt(easy, CURLOPT_ERRORBUFFER, buffer);
}

int ccurl_set_write(CURL *easy, ccurl_data_callback callback, void *context) {
    CURLcode code = library.easy_setopt(easy, CURLOPT_WRITEFUNCTION, callback);
    return (int)(code != CURLE_OK ? code : library.easy_setopt(easy, CURLOPT_WRITEDATA, context));
}

int ccurl_set_header(CURL *easy, ccurl_data_callback callback, void *context) {
    CURLcode code = library.easy_setopt(easy, CURLOPT_HEADERFUNCTION, callback);
    return (int)(code != CURLE_OK ? code : library.easy_setopt(easy, CURLOPT_HEADERDATA, context));
}

int ccurl_set_read(CURL *easy, ccurl_data_callback callback, void *context) {
    CURLcode code = library.easy_setopt(easy, CURLOPT_READFUNCTION, callback);
    return (int)(code != CURLE_OK ? code : library.easy_setopt(easy, CURLOPT_READDATA, context));
}

int ccurl_set_seek(CURL *easy, ccurl_seek_callback callback, void *context) {
    CURLcode code = library.easy_setopt(easy, CURLOPT_SEEKFUNCTION, callback);
    return (int)(code != CURLE_OK ? code : library.easy_setopt(easy, CURLOPT_SEEKDATA, context));
}

int ccurl_set_progress(CURL *easy, ccurl_progress_callback callback, void *context) {
    CURLcode code = library.easy_setopt(easy, CURLOPT_XFERINFOFUNCTION, callback);
    if (code == CURLE_OK) code = library.easy_setopt(easy, CURLOPT_XFERINFODATA, context);
    return (int)(code != CURLE_OK ? code : library.easy_setopt(easy, CURLOPT_NOPROGRESS, 0L));
}

long ccurl_get_long(CURL *easy, CURLINFO info) {
    long value = 0;
    return library.easy_getinfo(easy, info, &value) == CURLE_OK ? value : 0;
}
