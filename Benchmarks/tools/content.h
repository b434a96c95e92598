// The message that tools send: a header, and lines of x up to its size, with the dot that ends it.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char *make_content(size_t size, const char *mailbox, size_t *content_length) {
    static const char header[] = "From: <sender@bench.example>\r\nTo: <%s>\r\n"
        "Date: Sat, 21 Nov 2026 20:00:00 +0000\r\nMessage-ID: <1@bench.example>\r\nSubject: load\r\n\r\n";
    char *content = malloc(size + sizeof header + strlen(mailbox) + 3);
    size_t length = sprintf(content, header, mailbox);
    while (length + 2 < size) {
        size_t filling = size - length - 2 < 76 ? size - length - 2 : 76;
        memset(content + length, 'x', filling);
        memcpy(content + length + filling, "\r\n", 2);
        length += filling + 2;
    }
    memcpy(content + length, ".\r\n", 3);
    *content_length = length + 3;
    return content;
}
