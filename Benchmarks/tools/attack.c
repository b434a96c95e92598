// attack: keeps a server on 127.0.0.1 busy with clients that mean no mail, from one thread and with little CPU.
//
//   attack PORT KIND CONNECTIONS ADDRESSES
//
// KIND is `silent` (connects and says nothing), `trickle` (sends one octet a second of a command that never ends) or
// `auth` (EHLO, then AUTH PLAIN with another user and password each time, until the server closes; then again). The
// connections come from ADDRESSES addresses of 127.16.0.0/12, each in a /24 of its own. Who is turned away comes again
// after ten seconds. It writes the line `ready` when every connection has been greeted or turned away once, and at SIGTERM
// or SIGINT one line of JSON.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { LINE = 512, READ = 4096, MOST_CONNECTING = 500, TICKS = 10, AWAY_SECONDS = 10 };

enum kind { SILENT, TRICKLE, AUTH };
enum stage { AWAY, CONNECTING, GREETED, HELLO, GUESSING };

struct client {
    int fd, number, was_answered;
    enum stage stage;
    double again;
    size_t line_length;
    char line[LINE];
};

static int port, addresses, epoll, connecting, answered;
static enum kind kind;
static long opened, refused, guesses, wrong, unheard, octets;
static long open_now, most_open;
static volatile sig_atomic_t told_to_end;

static void tell_to_end(int number) { (void)number; told_to_end = 1; }

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec + time.tv_nsec * 1e-9;
}

static void count_answer(struct client *client) {
    if (!client->was_answered) answered++;
    client->was_answered = 1;
}

static void leave(struct client *client, double pause) {
    if (client->stage == CONNECTING) connecting--;
    else open_now--;
    close(client->fd);
    client->fd = -1;
    client->stage = AWAY;
    client->again = now() + pause;
}

static void begin(struct client *client) {
    int place = client->number % addresses;
    struct sockaddr_in from = {.sin_family = AF_INET}, to = {.sin_family = AF_INET, .sin_port = htons(port)};
    from.sin_addr.s_addr = htonl(127u << 24 | (16u + place / 256) << 16 | (place % 256) << 8 | 7);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int on = 1;
    client->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    setsockopt(client->fd, SOL_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
    if (client->fd < 0 || bind(client->fd, (void *)&from, sizeof from) ||
        (connect(client->fd, (void *)&to, sizeof to) && errno != EINPROGRESS)) {
        perror("attack: connect");
        exit(69);
    }
    client->stage = CONNECTING;
    client->line_length = 0;
    connecting++;
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = client};
    epoll_ctl(epoll, EPOLL_CTL_ADD, client->fd, &event);
}

static void put(struct client *client, const char *text) {
    ssize_t sent = send(client->fd, text, strlen(text), MSG_NOSIGNAL);
    if (sent > 0) octets += sent;
}

static void encode(const unsigned char *from, size_t length, char *to) {
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (size_t i = 0; i < length; i += 3) {
        unsigned bits = from[i] << 16 | (i + 1 < length ? from[i + 1] : 0) << 8 | (i + 2 < length ? from[i + 2] : 0);
        *to++ = digits[bits >> 18];
        *to++ = digits[bits >> 12 & 63];
        *to++ = i + 1 < length ? digits[bits >> 6 & 63] : '=';
        *to++ = i + 2 < length ? digits[bits & 63] : '=';
    }
    *to = 0;
}

static void guess(struct client *client) {
    char plain[LINE / 4], encoded[LINE / 2], command[LINE];
    int length = sprintf(plain, "%cuser%ld@bench.example%cpassword%ld", 0, guesses, 0, guesses);
    encode((unsigned char *)plain, length, encoded);
    snprintf(command, sizeof command, "AUTH PLAIN %s\r\n", encoded);
    guesses++;
    client->stage = GUESSING;
    put(client, command);
}

static void take_reply(struct client *client) {
    int code = atoi(client->line);
    if (client->stage == CONNECTING) {
        count_answer(client);
        if (code != 220) {
            refused++;
            return leave(client, AWAY_SECONDS);
        }
        connecting--;
        opened++;
        if (++open_now > most_open) most_open = open_now;
        client->stage = GREETED;
        client->again = now() + 1;
        if (kind != AUTH) return;
        client->stage = HELLO;
        return put(client, "EHLO attack.bench.example\r\n");
    }
    if (client->stage == GUESSING) {
        wrong += code == 535;
        unheard += code == 454;
    }
    if (code == 421) return leave(client, 0);
    if (kind == AUTH) guess(client);
}

static void receive(struct client *client) {
    static char buffer[READ];
    ssize_t length = read(client->fd, buffer, sizeof buffer);
    if (length < 0 && errno == EAGAIN) return;
    if (length <= 0) {
        count_answer(client);
        if (client->stage == CONNECTING) refused++;
        return leave(client, kind == AUTH && client->stage != CONNECTING ? 0 : AWAY_SECONDS);
    }
    for (ssize_t i = 0; i < length && client->fd >= 0; i++) {
        if (buffer[i] != '\n') {
            if (client->line_length < LINE - 1) client->line[client->line_length++] = buffer[i];
            continue;
        }
        client->line[client->line_length] = 0;
        int is_last = client->line_length < 4 || client->line[3] != '-';
        client->line_length = 0;
        if (is_last) take_reply(client);
    }
}

static void look_after(struct client *client, double time) {
    if (client->stage == AWAY && client->again <= time && connecting < MOST_CONNECTING) begin(client);
    if (kind == TRICKLE && client->stage == GREETED && client->again <= time) {
        client->again += 1;
        put(client, "x");
    }
}

int main(int count, char **arguments) {
    static const char *kinds[] = {"silent", "trickle", "auth"};
    while (count == 5 && kind < 3 && strcmp(arguments[2], kinds[kind])) kind++;
    if (count != 5 || kind == 3) {
        fputs("usage: attack PORT silent|trickle|auth CONNECTIONS ADDRESSES\n", stderr);
        return 64;
    }
    port = atoi(arguments[1]);
    int clients = atoi(arguments[3]), was_told = 0;
    addresses = atoi(arguments[4]);
    signal(SIGTERM, tell_to_end);
    signal(SIGINT, tell_to_end);
    epoll = epoll_create1(0);
    struct client *all = calloc(clients, sizeof *all);
    for (int i = 0; i < clients; i++) all[i].number = i, all[i].fd = -1;
    double tick = 0;
    while (!told_to_end) {
        struct epoll_event events[256];
        int ready = epoll_wait(epoll, events, 256, 1000 / TICKS);
        for (int i = 0; i < ready; i++) {
            struct client *client = events[i].data.ptr;
            if (client->fd >= 0) receive(client);
        }
        double time = now();
        if (time >= tick || (answered < clients && connecting < MOST_CONNECTING)) {
            for (int i = 0; i < clients; i++) look_after(&all[i], time);
            tick = time + 1.0 / TICKS;
        }
        if (was_told || answered < clients) continue;
        was_told = 1;
        puts("ready");
        fflush(stdout);
    }
    printf("{\"opened\": %ld, \"refused\": %ld, \"open\": %ld, \"most_open\": %ld, \"octets\": %ld, \"guesses\": %ld, "
        "\"wrong\": %ld, \"unheard\": %ld}\n", opened, refused, open_now, most_open, octets, guesses, wrong, unheard);
    return 0;
}
