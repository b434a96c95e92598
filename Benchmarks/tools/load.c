// load: sends messages over SMTP to 127.0.0.1 from one thread, and prints one line of JSON about how that went.
//
//   load PORT SESSIONS SECONDS MESSAGES SIZE RECIPIENTS REUSE MAILBOX FROM
//
// It ends after SECONDS or MESSAGES, whichever comes first; what is under way then may finish. SIZE counts the octets
// of a message, line ends included. With RECIPIENTS above 1 the forward paths are MAILBOX with a number in front. REUSE
// is 1 for all messages of a session over one connection, 0 for a connection each, without waiting for the answer to
// QUIT. FROM is the loopback address that the connections come from. Latency is from MAIL, or from connect for the
// first message of a connection, to the answer to the content.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "content.h"

enum { LINE = 512, READ = 16384, GRACE_SECONDS = 15, SUBBUCKETS = 64, OCTAVES = 40 };

enum stage { GREETING, HELLO, MAIL, RCPT, DATA, CONTENT, DONE };

struct session {
    int fd, recipients;
    enum stage stage;
    size_t sent, line_length;
    double started;
    char line[LINE];
};

static int port, reuse, recipients, epoll;
static long wanted, begun, accepted, failed, connections;
static double until, last_answer;
static const char *mailbox;
static struct sockaddr_in from = {.sin_family = AF_INET};
static char *content, first_error[LINE];
static size_t content_length;
// Logarithmic buckets of microseconds, each less than two percent wide.
static long histogram[OCTAVES * SUBBUCKETS];

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec + time.tv_nsec * 1e-9;
}

static void record(double seconds) {
    unsigned long microseconds = seconds * 1e6;
    int octave = 0;
    while (microseconds >> octave >= 2 * SUBBUCKETS) octave++;
    unsigned long bucket = octave * SUBBUCKETS + (microseconds >> octave);
    histogram[bucket < OCTAVES * SUBBUCKETS ? bucket : OCTAVES * SUBBUCKETS - 1]++;
}

static double percentile(double share) {
    long rest = accepted * share;
    for (long bucket = 0; bucket < OCTAVES * SUBBUCKETS; bucket++) {
        if ((rest -= histogram[bucket]) >= 0) continue;
        int octave = bucket < 2 * SUBBUCKETS ? 0 : bucket / SUBBUCKETS - 1;
        return ((bucket - (long)octave * SUBBUCKETS) << octave) / 1e3;
    }
    return 0;
}

static int may_begin(void) { return begun < wanted && now() < until; }

static int put(struct session *session, const char *text) {
    size_t length = strlen(text);
    return send(session->fd, text, length, MSG_NOSIGNAL) == (ssize_t)length;
}

static void watch(struct session *session, int operation, unsigned events) {
    struct epoll_event event = {.events = events, .data.ptr = session};
    epoll_ctl(epoll, operation, session->fd, &event);
}

static void end(struct session *session) {
    close(session->fd);
    session->fd = -1;
    session->stage = DONE;
}

static void begin(struct session *session) {
    session->stage = DONE;
    session->fd = -1;
    if (!may_begin()) return;
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int on = 1;
    begun++;
    connections++;
    session->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    setsockopt(session->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    setsockopt(session->fd, SOL_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
    session->stage = GREETING;
    session->line_length = 0;
    session->started = now();
    if (bind(session->fd, (void *)&from, sizeof from)) {
        perror("load: bind");
        exit(69);
    }
    if (connect(session->fd, (void *)&address, sizeof address) && errno != EINPROGRESS) {
        perror("load: connect");
        exit(69);
    }
    watch(session, EPOLL_CTL_ADD, EPOLLIN);
}

static void fail(struct session *session, const char *reason) {
    failed++;
    if (!*first_error) snprintf(first_error, sizeof first_error, "stage %d: %s", session->stage, reason);
    end(session);
    begin(session);
}

static void send_content(struct session *session) {
    while (session->sent < content_length) {
        ssize_t sent = send(session->fd, content + session->sent, content_length - session->sent, MSG_NOSIGNAL);
        if (sent < 0 && errno == EAGAIN) return watch(session, EPOLL_CTL_MOD, EPOLLIN | EPOLLOUT);
        if (sent < 0) return fail(session, "cannot send");
        session->sent += sent;
    }
    watch(session, EPOLL_CTL_MOD, EPOLLIN);
}

static int send_recipient(struct session *session) {
    char command[LINE];
    int number = session->recipients++;
    if (recipients == 1) snprintf(command, sizeof command, "RCPT TO:<%s>\r\n", mailbox);
    else snprintf(command, sizeof command, "RCPT TO:<%d%s>\r\n", number, mailbox);
    session->stage = RCPT;
    return put(session, command);
}

static int send_mail(struct session *session) {
    session->stage = MAIL;
    session->recipients = 0;
    return put(session, "MAIL FROM:<sender@bench.example>\r\n");
}

static void finish(struct session *session) {
    last_answer = now();
    record(last_answer - session->started);
    accepted++;
    if (reuse && may_begin()) {
        begun++;
        session->started = now();
        if (!send_mail(session)) fail(session, "cannot send");
        return;
    }
    put(session, "QUIT\r\n");
    end(session);
    begin(session);
}

static void take_reply(struct session *session) {
    int sent = 1;
    if (*session->line != '2' && *session->line != '3') return fail(session, session->line);
    switch (session->stage) {
    case GREETING: session->stage = HELLO; sent = put(session, "EHLO bench.example\r\n"); break;
    case HELLO: sent = send_mail(session); break;
    case MAIL: sent = send_recipient(session); break;
    case RCPT:
        if (session->recipients < recipients) { sent = send_recipient(session); break; }
        session->stage = DATA;
        sent = put(session, "DATA\r\n");
        break;
    case DATA: session->stage = CONTENT; session->sent = 0; return send_content(session);
    case CONTENT: return finish(session);
    case DONE: return;
    }
    if (!sent) fail(session, "cannot send");
}

static void receive(struct session *session) {
    static char buffer[READ];
    int fd = session->fd;
    ssize_t length = read(fd, buffer, sizeof buffer);
    if (length < 0 && errno == EAGAIN) return;
    if (length <= 0) return fail(session, length ? strerror(errno) : "closed by the server");
    for (ssize_t i = 0; i < length && session->fd == fd; i++) {
        if (buffer[i] != '\n') {
            if (session->line_length < LINE - 1) session->line[session->line_length++] = buffer[i];
            continue;
        }
        session->line[session->line_length] = 0;
        int is_last = session->line_length < 4 || session->line[3] != '-';
        session->line_length = 0;
        if (is_last) take_reply(session);
    }
}

int main(int count, char **arguments) {
    if (count != 10 || !inet_aton(arguments[9], &from.sin_addr)) {
        fputs("usage: load PORT SESSIONS SECONDS MESSAGES SIZE RECIPIENTS REUSE MAILBOX FROM\n", stderr);
        return 64;
    }
    port = atoi(arguments[1]);
    int sessions = atoi(arguments[2]), open = 1;
    wanted = atol(arguments[4]);
    recipients = atoi(arguments[6]);
    reuse = atoi(arguments[7]);
    mailbox = arguments[8];
    content = make_content(atol(arguments[5]), mailbox, &content_length);
    epoll = epoll_create1(0);
    double start = last_answer = now();
    until = start + atof(arguments[3]);
    struct session *all = calloc(sessions, sizeof *all);
    for (int i = 0; i < sessions; i++) begin(&all[i]);
    while (open && now() < until + GRACE_SECONDS) {
        struct epoll_event events[256];
        int ready = epoll_wait(epoll, events, 256, 1000);
        for (int i = 0; i < ready; i++) {
            struct session *session = events[i].data.ptr;
            if (session->fd >= 0 && events[i].events & EPOLLOUT && session->stage == CONTENT) send_content(session);
            if (session->fd >= 0 && events[i].events & ~EPOLLOUT) receive(session);
        }
        if (begun < wanted && now() < until) continue;
        open = 0;
        for (int i = 0; i < sessions; i++) open += all[i].stage != DONE;
    }
    for (char *c = first_error; *c; c++) if (*c == '"' || *c == '\\' || *c < ' ') *c = ' ';
    double seconds = last_answer - start;
    printf("{\"accepted\": %ld, \"failed\": %ld, \"connections\": %ld, \"seconds\": %.4f, \"rate\": %.1f, "
        "\"p50_ms\": %.3f, \"p99_ms\": %.3f, \"first_error\": \"%s\"}\n", accepted, failed, connections, seconds,
        seconds > 0 ? accepted / seconds : 0, percentile(0.5), percentile(0.99), first_error);
    return 0;
}
