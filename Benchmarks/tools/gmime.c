/* gmime parse|decode SECONDS FILE...: reads messages with GMime again and again for some seconds of CPU, and prints how
 * many octets of messages it worked through and the seconds of CPU that took. `decode` reads every body and field too. */

#include <gmime/gmime.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static double cpu(void) {
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return now.tv_sec + now.tv_nsec / 1e9;
}

static void read_body(GMimeObject *part) {
    if (GMIME_IS_TEXT_PART(part)) {
        g_free(g_mime_text_part_get_text(GMIME_TEXT_PART(part)));
    } else if (GMIME_IS_PART(part)) {
        GMimeDataWrapper *content = g_mime_part_get_content(GMIME_PART(part));
        GMimeStream *stream = g_mime_stream_mem_new();
        if (content) g_mime_data_wrapper_write_to_stream(content, stream);
        g_object_unref(stream);
    }
}

static void read_fields(GMimeObject *part) {
    GMimeHeaderList *fields = g_mime_object_get_header_list(part);
    for (int i = 0; i < g_mime_header_list_get_count(fields); i++)
        g_mime_header_get_value(g_mime_header_list_get_header_at(fields, i));
}

/* The addresses are taken apart when the message is parsed. */
static void read_contents(GMimeMessage *message) {
    read_fields(GMIME_OBJECT(message));
    g_mime_message_get_date(message);
    GMimePartIter *parts = g_mime_part_iter_new(GMIME_OBJECT(message));
    do {
        GMimeObject *part = g_mime_part_iter_get_current(parts);
        if (!part) continue;
        read_fields(part);
        read_body(part);
    } while (g_mime_part_iter_next(parts));
    g_mime_part_iter_free(parts);
}

static size_t read_message(const char *bytes, size_t length, int decodes) {
    GMimeStream *stream = g_mime_stream_mem_new_with_buffer(bytes, length);
    GMimeParser *parser = g_mime_parser_new_with_stream(stream);
    GMimeMessage *message = g_mime_parser_construct_message(parser, NULL);
    if (message) {
        if (decodes) read_contents(message);
        g_object_unref(message);
    }
    g_object_unref(parser);
    g_object_unref(stream);
    return length;
}

int main(int count, char **arguments) {
    if (count < 4) {
        fprintf(stderr, "usage: gmime parse|decode SECONDS FILE...\n");
        return 64;
    }
    g_mime_init();
    int decodes = strcmp(arguments[1], "decode") == 0, files = count - 3;
    double seconds = atof(arguments[2]);
    gchar **bytes = calloc(files, sizeof *bytes);
    gsize *lengths = calloc(files, sizeof *lengths);
    for (int i = 0; i < files; i++) {
        if (!g_file_get_contents(arguments[i + 3], &bytes[i], &lengths[i], NULL)) {
            fprintf(stderr, "%s cannot be read\n", arguments[i + 3]);
            return 66;
        }
    }
    double begin = cpu(), end = begin, octets = 0;
    while (end - begin < seconds) {
        for (int i = 0; i < files; i++) octets += read_message(bytes[i], lengths[i], decodes);
        end = cpu();
    }
    printf("{\"octets\": %.0f, \"cpu\": %f}\n", octets, end - begin);
    return 0;
}
