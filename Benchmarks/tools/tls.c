// tls: visits a server on 127.0.0.1 with TLS or without, a thread for each session, and prints one line of JSON.
//
//   tls PORT SESSIONS SECONDS MODE WHAT MAILBOX
//
// MODE is `clear`, `starttls` or `implicit`. WHAT is a number: the octets of the messages that each session sends over
// one connection, one command after the other; or `greeting` (connect, shake hands, read the greeting, close, again),
// `resume` (the same with the ticket of the visit before), or `login` (with AUTH PLAIN behind the greeting, as MAILBOX
// with the password `secret`). No certificate is verified.
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <openssl/ssl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "content.h"

enum { LINE = 512, READ = 4096 };
enum mode { CLEAR, STARTTLS, IMPLICIT };

struct session {
    int fd;
    SSL *ssl;
    SSL_SESSION *ticket;
    size_t begin, end;
    char input[READ];
    long done, failed, resumed;
};

static int port, keeps_ticket, logs_in;
static enum mode mode;
static double until;
static const char *mailbox;
static char *content;
static size_t content_length;
static SSL_CTX *context;
static char protocol[LINE], cipher[LINE];

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec + time.tv_nsec * 1e-9;
}

static int put(struct session *session, const char *octets, size_t length) {
    if (session->ssl) return SSL_write(session->ssl, octets, length) == (int)length;
    return send(session->fd, octets, length, MSG_NOSIGNAL) == (ssize_t)length;
}

// The code of the next reply; 0 where there is none.
static int reply(struct session *session) {
    char line[4] = "";
    size_t length = 0;
    for (;;) {
        if (session->begin == session->end) {
            int got = session->ssl ? SSL_read(session->ssl, session->input, READ)
                                   : (int)recv(session->fd, session->input, READ, 0);
            if (got <= 0) return 0;
            session->begin = 0;
            session->end = got;
        }
        char octet = session->input[session->begin++];
        if (octet != '\n' && length < 4) line[length] = octet;
        length++;
        if (octet != '\n') continue;
        if (line[3] != '-') return atoi(line);
        length = 0;
    }
}

static int ask(struct session *session, const char *command, int code) {
    return put(session, command, strlen(command)) && reply(session) == code;
}

static int shake_hands(struct session *session) {
    session->ssl = SSL_new(context);
    SSL_set_fd(session->ssl, session->fd);
    if (keeps_ticket && session->ticket) SSL_set_session(session->ssl, session->ticket);
    if (SSL_connect(session->ssl) != 1) return 0;
    session->resumed += SSL_session_reused(session->ssl);
    return 1;
}

static int enter(struct session *session) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int on = 1;
    session->fd = socket(AF_INET, SOCK_STREAM, 0);
    session->ssl = NULL;
    session->begin = session->end = 0;
    setsockopt(session->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (connect(session->fd, (void *)&address, sizeof address)) return 0;
    if (mode == IMPLICIT && !shake_hands(session)) return 0;
    if (reply(session) != 220) return 0;
    if (mode != STARTTLS) return 1;
    return ask(session, "EHLO bench.example\r\n", 250) && ask(session, "STARTTLS\r\n", 220) && shake_hands(session);
}

static void leave(struct session *session) {
    if (session->ssl) {
        if (keeps_ticket) {
            SSL_SESSION_free(session->ticket);
            session->ticket = SSL_get1_session(session->ssl);
        }
        SSL_set_quiet_shutdown(session->ssl, 1);
        SSL_shutdown(session->ssl);
        SSL_free(session->ssl);
    }
    close(session->fd);
}

static int send_message(struct session *session) {
    char command[LINE];
    snprintf(command, sizeof command, "RCPT TO:<%s>\r\n", mailbox);
    return ask(session, "MAIL FROM:<sender@bench.example>\r\n", 250) && ask(session, command, 250) &&
        ask(session, "DATA\r\n", 354) && put(session, content, content_length) && reply(session) == 250;
}

static int log_in(struct session *session) {
    char plain[LINE], encoded[2 * LINE], command[3 * LINE];
    int length = snprintf(plain, sizeof plain, "%c%s%csecret", 0, mailbox, 0);
    EVP_EncodeBlock((unsigned char *)encoded, (unsigned char *)plain, length);
    snprintf(command, sizeof command, "AUTH PLAIN %s\r\n", encoded);
    return ask(session, "EHLO bench.example\r\n", 250) && ask(session, command, 235);
}

static void visit(struct session *session) {
    int went_well = enter(session);
    if (went_well && content) {
        if (!ask(session, "EHLO bench.example\r\n", 250)) went_well = 0;
        while (went_well && now() < until) {
            if ((went_well = send_message(session))) session->done++;
        }
    } else if (went_well && logs_in) went_well = log_in(session);
    if (session->ssl && !*protocol) {
        snprintf(cipher, sizeof cipher, "%s", SSL_get_cipher(session->ssl));
        snprintf(protocol, sizeof protocol, "%s", SSL_get_version(session->ssl));
    }
    leave(session);
    if (!went_well) session->failed++;
    else if (!content) session->done++;
}

static void *run(void *argument) {
    struct session *session = argument;
    while (now() < until && session->failed < 10) visit(session);
    return NULL;
}

int main(int count, char **arguments) {
    static const char *modes[] = {"clear", "starttls", "implicit"};
    while (count == 7 && mode < 3 && strcmp(arguments[4], modes[mode])) mode++;
    if (count != 7 || mode == 3) {
        fputs("usage: tls PORT SESSIONS SECONDS clear|starttls|implicit SIZE|greeting|resume|login MAILBOX\n", stderr);
        return 64;
    }
    port = atoi(arguments[1]);
    int sessions = atoi(arguments[2]);
    mailbox = arguments[6];
    keeps_ticket = !strcmp(arguments[5], "resume");
    logs_in = !strcmp(arguments[5], "login");
    if (!keeps_ticket && !logs_in && strcmp(arguments[5], "greeting"))
        content = make_content(atol(arguments[5]), mailbox, &content_length);
    context = SSL_CTX_new(TLS_client_method());
    double start = now();
    until = start + atof(arguments[3]);
    struct session *all = calloc(sessions, sizeof *all), sum = {0};
    pthread_t *threads = calloc(sessions, sizeof *threads);
    for (int i = 0; i < sessions; i++) pthread_create(&threads[i], NULL, run, &all[i]);
    for (int i = 0; i < sessions; i++) {
        pthread_join(threads[i], NULL);
        sum.done += all[i].done;
        sum.failed += all[i].failed;
        sum.resumed += all[i].resumed;
    }
    double seconds = now() - start;
    printf("{\"accepted\": %ld, \"failed\": %ld, \"resumed\": %ld, \"seconds\": %.4f, \"rate\": %.1f, "
        "\"protocol\": \"%s\", \"cipher\": \"%s\", \"first_error\": \"\"}\n", sum.done, sum.failed, sum.resumed, seconds,
        sum.done / seconds, protocol, cipher);
    return 0;
}
