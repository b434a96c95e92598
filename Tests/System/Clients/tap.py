"""tap.py PORT OTHER [CERTIFICATE KEY]: passes one connection on to another port of this machine, and prints its lines.

What the caller says is printed as "A: ..." and what the called one says as "B: ...". With a certificate both halves
are encrypted from the first octet on.
"""

import socket
import ssl
import sys
import threading


def open_ends(port, other, files):
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", port))
    listener.listen(1)
    print("ready", flush=True)
    caller = listener.accept()[0]
    called = socket.create_connection(("127.0.0.1", other))
    if not files:
        return caller, called
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(*files)
    client = ssl.create_default_context()
    client.check_hostname, client.verify_mode = False, ssl.CERT_NONE
    return server.wrap_socket(caller, server_side=True), client.wrap_socket(called)


def relay(name, source, drain):
    try:
        for line in source.makefile("rb"):
            print(f"{name}: {line.decode().rstrip()}", flush=True)
            drain.sendall(line)
    except OSError:
        pass
    for end in (source, drain):
        try:
            end.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass


if __name__ == "__main__":
    caller, called = open_ends(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3:])
    other = threading.Thread(target=relay, args=("B", called, caller))
    other.start()
    relay("A", caller, called)
    other.join()
