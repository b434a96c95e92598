// sink: takes mail over SMTP on 127.0.0.1 in one thread and forgets it.
//
//   sink PORT DELAY_MS COUNTERS [CHUNKING]
//
// Each answer, the greeting too, leaves DELAY_MS after it was due; answers to commands that came together leave
// together. It announces PIPELINING, and CHUNKING if CHUNKING is 1. COUNTERS is a file of four 64-bit numbers of the
// machine's byte order, kept up to date: messages taken, connections taken, most connections at once, microseconds on
// the monotonic clock at the last message.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { DESCRIPTORS = 65536, LINE = 2048, ANSWER = 8192 };

// Where in content the last octet was: nowhere special, at the start of a line, after a dot there, after its CR.
enum place { INSIDE, LINE_START, DOT, DOT_CR };

struct connection {
    unsigned generation;
    int in_content, ends, waiting, peer_ended;
    enum place place;
    long chunk;
    int is_last_chunk;
    size_t line_length, answer_length;
    char line[LINE], answer[ANSWER];
};

struct delayed {
    struct delayed *next;
    double due;
    int fd, ends;
    unsigned generation;
    size_t length;
    char answer[];
};

static struct connection *connections[DESCRIPTORS];
static struct delayed *first_delayed, **end_of_delayed = &first_delayed;
static int64_t *counters, open_connections;
static double delay;
static int epoll, offers_chunking;
static unsigned generations;

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec + time.tv_nsec * 1e-9;
}

static void drop(int fd) {
    free(connections[fd]);
    connections[fd] = NULL;
    close(fd);
    open_connections--;
}

static void answer(struct connection *connection, const char *text) {
    size_t length = strlen(text);
    if (connection->answer_length + length > ANSWER) return;
    memcpy(connection->answer + connection->answer_length, text, length);
    connection->answer_length += length;
}

static void transmit(int fd, const char *octets, size_t length, int ends) {
    if ((length && send(fd, octets, length, MSG_NOSIGNAL) != (ssize_t)length) || ends) drop(fd);
}

static void flush_answers(int fd) {
    struct connection *connection = connections[fd];
    if (!connection || (!connection->answer_length && !connection->ends)) return;
    size_t length = connection->answer_length;
    connection->answer_length = 0;
    if (delay <= 0) return transmit(fd, connection->answer, length, connection->ends);
    struct delayed *delayed = malloc(sizeof *delayed + length);
    *delayed = (struct delayed){.due = now() + delay, .fd = fd, .ends = connection->ends, .length = length,
        .generation = connection->generation};
    memcpy(delayed->answer, connection->answer, length);
    connection->waiting++;
    *end_of_delayed = delayed;
    end_of_delayed = &delayed->next;
}

static void transmit_due(void) {
    double time = now();
    while (first_delayed && first_delayed->due <= time) {
        struct delayed *delayed = first_delayed;
        struct connection *connection = connections[delayed->fd];
        if (!(first_delayed = delayed->next)) end_of_delayed = &first_delayed;
        if (connection && connection->generation == delayed->generation) {
            connection->waiting--;
            int ends = delayed->ends || (connection->peer_ended && !connection->waiting);
            transmit(delayed->fd, delayed->answer, delayed->length, ends);
        }
        free(delayed);
    }
}

static void take_message(struct connection *connection) {
    counters[0]++;
    counters[3] = now() * 1e6;
    answer(connection, "250 2.0.0 taken\r\n");
}

static void take_command(struct connection *connection) {
    char *line = connection->line, *rest;
    if (!strncasecmp(line, "EHLO", 4)) {
        answer(connection, "250-sink.bench.example\r\n250-PIPELINING\r\n");
        answer(connection, offers_chunking ? "250-CHUNKING\r\n250 8BITMIME\r\n" : "250 8BITMIME\r\n");
    } else if (!strncasecmp(line, "DATA", 4)) {
        answer(connection, "354 go on\r\n");
        connection->in_content = 1;
        connection->place = LINE_START;
    } else if (!strncasecmp(line, "BDAT ", 5)) {
        connection->chunk = strtol(line + 5, &rest, 10);
        connection->is_last_chunk = strcasestr(rest, "LAST") != NULL;
        if (connection->chunk) return;
        if (connection->is_last_chunk) take_message(connection);
        else answer(connection, "250 2.0.0 ok\r\n");
    } else if (!strncasecmp(line, "QUIT", 4)) {
        answer(connection, "221 2.0.0 bye\r\n");
        connection->ends = 1;
    } else {
        answer(connection, "250 2.0.0 ok\r\n");
    }
}

static void take_content(struct connection *connection, char octet) {
    switch (connection->place) {
    case LINE_START: connection->place = octet == '.' ? DOT : octet == '\n' ? LINE_START : INSIDE; break;
    case DOT: connection->place = octet == '\r' ? DOT_CR : INSIDE; break;
    case DOT_CR:
        if (octet != '\n') { connection->place = INSIDE; break; }
        connection->in_content = 0;
        take_message(connection);
        break;
    case INSIDE: connection->place = octet == '\n' ? LINE_START : INSIDE; break;
    }
}

static ssize_t take_chunk(struct connection *connection, ssize_t available) {
    ssize_t taken = available < connection->chunk ? available : connection->chunk;
    connection->chunk -= taken;
    if (!connection->chunk) {
        if (connection->is_last_chunk) take_message(connection);
        else answer(connection, "250 2.0.0 ok\r\n");
    }
    return taken;
}

static void take(struct connection *connection, const char *octets, ssize_t length) {
    for (ssize_t i = 0; i < length; i++) {
        if (connection->chunk) {
            i += take_chunk(connection, length - i) - 1;
        } else if (connection->in_content && connection->place == INSIDE) {
            const char *line_end = memchr(octets + i, '\n', length - i);
            if (!line_end) return;
            connection->place = LINE_START;
            i = line_end - octets;
        } else if (connection->in_content) {
            take_content(connection, octets[i]);
        } else if (octets[i] == '\n') {
            connection->line[connection->line_length] = 0;
            connection->line_length = 0;
            take_command(connection);
        } else if (connection->line_length < LINE - 1) {
            connection->line[connection->line_length++] = octets[i];
        }
    }
}

static void receive(int fd) {
    static char buffer[65536];
    struct connection *connection = connections[fd];
    if (!connection) return;
    ssize_t length = read(fd, buffer, sizeof buffer);
    if (length < 0 && errno == EAGAIN) return;
    if (length == 0 && connection->waiting) {
        connection->peer_ended = 1;
        epoll_ctl(epoll, EPOLL_CTL_DEL, fd, NULL);
        return;
    }
    if (length <= 0) return drop(fd);
    take(connection, buffer, length);
    flush_answers(fd);
}

static void accept_all(int listener) {
    int fd, on = 1;
    while ((fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK)) >= 0) {
        if (fd >= DESCRIPTORS) { close(fd); continue; }
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        connections[fd] = calloc(1, sizeof(struct connection));
        connections[fd]->generation = ++generations;
        counters[1]++;
        if (++open_connections > counters[2]) counters[2] = open_connections;
        struct epoll_event event = {.events = EPOLLIN, .data.fd = fd};
        epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event);
        answer(connections[fd], "220 sink.bench.example ESMTP\r\n");
        flush_answers(fd);
    }
}

int main(int count, char **arguments) {
    if (count < 4) return fputs("usage: sink PORT DELAY_MS COUNTERS [CHUNKING]\n", stderr), 64;
    delay = atof(arguments[2]) / 1000;
    offers_chunking = count > 4 && atoi(arguments[4]);
    int file = open(arguments[3], O_RDWR | O_CREAT | O_TRUNC, 0644);
    if (file < 0 || ftruncate(file, 4 * sizeof *counters)) return perror("sink: counters"), 73;
    counters = mmap(NULL, 4 * sizeof *counters, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), on = 1;
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(atoi(arguments[1]))};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(listener, (void *)&address, sizeof address) || listen(listener, 4096)) return perror("sink: bind"), 69;
    epoll = epoll_create1(0);
    struct epoll_event event = {.events = EPOLLIN, .data.fd = listener};
    epoll_ctl(epoll, EPOLL_CTL_ADD, listener, &event);
    for (;;) {
        struct epoll_event events[256];
        double wait = first_delayed ? (first_delayed->due - now()) * 1000 : -1;
        int ready = epoll_wait(epoll, events, 256, first_delayed ? (wait > 0 ? (int)wait + 1 : 0) : -1);
        transmit_due();
        for (int i = 0; i < ready; i++) {
            if (events[i].data.fd == listener) accept_all(listener);
            else receive(events[i].data.fd);
        }
    }
}
