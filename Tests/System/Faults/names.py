"""names.py MAIL_ADDRESS SECONDS: a name server, UDP and TCP, that misbehaves for a while.

Prints its port. A name below `MODE.example` is treated as its mode says for so many seconds from the first question about
that domain; then it has one MX, `mail.MODE.example`, whose address is MAIL_ADDRESS.
"""

import socket
import struct
import sys
import threading
import time

A, CNAME, MX = 1, 5, 15
SERVFAIL, REFUSED = 2, 5
mail_address, seconds = socket.inet_aton(sys.argv[1]), float(sys.argv[2])
first_asked, lock = {}, threading.Lock()


def encode(name):
    return b"".join(bytes([len(label)]) + label.encode() for label in name.split(".") if label) + b"\0"


def question(data):
    labels, position = [], 12
    while data[position]:
        labels.append(data[position + 1 : position + 1 + data[position]].decode("ascii", "replace").lower())
        position += 1 + data[position]
    kind = struct.unpack("!H", data[position + 1 : position + 3])[0]
    return ".".join(labels), kind, data[12 : position + 5]


def record(name, kind, data):
    return encode(name) + struct.pack("!HHIH", kind, 1, 1, len(data)) + data


def answer(data, records, code=0, truncated=False, identifier=None):
    flags = 0x8180 | code | (0x0200 if truncated else 0)
    head = struct.pack("!HHHHH", flags, 1, len(records), 0, 0)
    return (identifier or data[:2]) + head + question(data)[2] + b"".join(records)


def right(data, name, kind, domain):
    if kind == MX and name == domain:
        return answer(data, [record(name, MX, struct.pack("!H", 10) + encode("mail." + domain))])
    if kind == A and name == "mail." + domain:
        return answer(data, [record(name, A, mail_address)])
    return answer(data, [])


def reply(data, over_tcp):
    name, kind, _ = question(data)
    domain = ".".join(name.split(".")[-2:])
    mode = domain.split(".")[0]
    with lock:
        is_healthy = time.monotonic() > first_asked.setdefault(domain, time.monotonic()) + seconds
    if mode == "truncated":
        return right(data, name, kind, domain) if over_tcp else answer(data, [], truncated=True)
    if mode == "many" and kind == MX:
        hosts = [record(name, MX, struct.pack("!H", 20) + encode("h%d.%s" % (n, domain))) for n in range(1_000)]
        hosts.append(record(name, MX, struct.pack("!H", 10) + encode("mail." + domain)))
        return answer(data, hosts) if over_tcp else answer(data, [], truncated=True)
    if is_healthy:
        return right(data, name, kind, domain)
    if mode == "slow":
        time.sleep(5)
        return right(data, name, kind, domain)
    return {
        "servfail": lambda: answer(data, [], SERVFAIL),
        "lame": lambda: answer(data, [], REFUSED),
        "garbage": lambda: bytes(range(40)),
        "cut": lambda: right(data, name, kind, domain)[:-3],
        "stranger": lambda: answer(data, [], identifier=bytes(255 - octet for octet in data[:2])),
        "loop": lambda: answer(data, [record(name, CNAME, encode(name))]),
    }.get(mode, lambda: None)()


def serve_udp(listener):
    while True:
        data, client = listener.recvfrom(4_096)

        def work(data=data, client=client):
            if text := reply(data, False):
                listener.sendto(text, client)

        threading.Thread(target=work, daemon=True).start()


def serve_tcp(listener):
    while True:
        connection, _ = listener.accept()

        def work(connection=connection):
            with connection:
                while size := connection.recv(2, socket.MSG_WAITALL):
                    data = connection.recv(struct.unpack("!H", size)[0], socket.MSG_WAITALL)
                    text = reply(data, True)
                    if not text:
                        return
                    connection.sendall(struct.pack("!H", len(text)) + text)

        threading.Thread(target=work, daemon=True).start()


tcp = socket.create_server(("127.0.0.1", 0))
udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
udp.bind(tcp.getsockname())
threading.Thread(target=serve_tcp, args=(tcp,), daemon=True).start()
print(udp.getsockname()[1], flush=True)
serve_udp(udp)
