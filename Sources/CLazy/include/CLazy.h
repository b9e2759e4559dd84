// Loads the system libraries, each at its first use. The functions of their own headers (CGit2, CArchive, CCrypto, CYAML) are
// defined by this target; before the first of them is called, the library is asked for here.
#ifndef CLAZY_H
#define CLAZY_H

/// Each loads a library where it is not loaded: NULL, or the loader's text that says why it cannot be had.
const char *clazy_load_git2(void);
const char *clazy_load_archive(void);
const char *clazy_load_crypto(void);
const char *clazy_load_yaml(void);

/// The version of libgit2 that the programs were built with, such as 1.5.
const char *clazy_git2_version(void);

#endif
