#ifndef MARTLET_TEXT_H
#define MARTLET_TEXT_H

/* What the C library does with text in memory: search for an octet, and conversion between charsets. */

#include <errno.h>
#include <iconv.h>
#include <string.h>

/* iconv's error as a value: 0, E2BIG, EILSEQ or EINVAL. */
static inline int martlet_iconv(iconv_t conversion, char **input, size_t *left, char **output, size_t *room) {
    return iconv(conversion, input, left, output, room) == (size_t)-1 ? errno : 0;
}

#endif
