"""A client that does one thing with TLS and prints what came of it as JSON: tls_client.py PORT MODE [NAME]"""
import hashlib
import json
import socket
import ssl
import sys

port, mode = int(sys.argv[1]), sys.argv[2]
name = sys.argv[3] if len(sys.argv) > 3 else None


def context():
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def reply(stream):
    lines = []
    while True:
        line = stream.readline().decode()
        lines.append(line.rstrip("\r\n"))
        if len(line) < 4 or line[3] != "-":
            return lines


def starttls(tls, behind=b"", session=None):
    """Greets, says STARTTLS with something behind it in one segment, and shakes hands."""
    connection = socket.create_connection(("127.0.0.1", port), timeout=120)
    stream = connection.makefile("rb", buffering=0)
    reply(stream)
    connection.sendall(b"EHLO client.example.net\r\n")
    reply(stream)
    connection.sendall(b"STARTTLS\r\n" + behind)
    answer = reply(stream)
    asked = None if mode == "idle" else name
    return answer, tls.wrap_socket(connection, server_hostname=asked, session=session)


def ask(stream, connection, command):
    connection.sendall(command.encode() + b"\r\n")
    return reply(stream)


def facts(connection):
    certificate = connection.getpeercert(binary_form=True)
    return {"version": connection.version(), "cipher": connection.cipher()[0],
            "fingerprint": hashlib.sha256(certificate).hexdigest()}


def session(behind=b""):
    """MAIL in the new session needs a new EHLO; what stood behind STARTTLS is not answered."""
    answer, connection = starttls(context(), behind)
    stream = connection.makefile("rb", buffering=0)
    result = facts(connection) | {"answer": answer[0]}
    result["first"] = ask(stream, connection, "MAIL FROM:<you@example.net>")[0]
    result["hello"] = ask(stream, connection, "EHLO client.example.net")
    result["quit"] = ask(stream, connection, "QUIT")[0]
    return result


def implicit():
    connection = context().wrap_socket(socket.create_connection(("127.0.0.1", port), timeout=120))
    stream = connection.makefile("rb", buffering=0)
    result = facts(connection) | {"greeting": reply(stream)[0]}
    result["hello"] = ask(stream, connection, "EHLO client.example.net")
    return result


def resume():
    tls = context()
    reused = []
    last = None
    for _ in range(2):
        _, connection = starttls(tls, session=last)
        stream = connection.makefile("rb", buffering=0)
        ask(stream, connection, "EHLO client.example.net")
        reused.append(connection.session_reused)
        last = connection.session
        connection.close()
    return {"reused": reused}


def idle():
    """Octets of memory that each of 100 idle sessions costs the process whose number is given as the name."""
    def memory():
        with open(f"/proc/{name}/statm") as file:
            return int(file.read().split()[1]) * 4_096

    def greeted():
        connection = starttls(unnamed)[1]
        ask(connection.makefile("rb", buffering=0), connection, "EHLO client.example.net")
        return connection

    unnamed = context()
    kept = [greeted() for _ in range(20)]
    before = memory()
    kept += [greeted() for _ in range(100)]
    return {"octets": (memory() - before) // 100}


def require():
    """A message that may travel only over TLS."""
    _, connection = starttls(context())
    stream = connection.makefile("rb", buffering=0)
    result = {"hello": ask(stream, connection, "EHLO client.example.net")}
    for command in ["MAIL FROM:<ann@example.org> REQUIRETLS", "RCPT TO:<someone@example.com>", "DATA",
                    "Subject: Secret\r\n\r\nSecret.\r\n."]:
        result["answer"] = ask(stream, connection, command)[0]
    return result


def old():
    """A handshake with nothing newer than TLS 1.1."""
    tls = context()
    tls.set_ciphers("ALL:@SECLEVEL=0")
    tls.minimum_version = ssl.TLSVersion.TLSv1
    tls.maximum_version = ssl.TLSVersion.TLSv1_1
    try:
        return {"version": starttls(tls)[1].version()}
    except (ssl.SSLError, OSError) as error:
        return {"error": str(error)}


modes = {"session": session, "inject": lambda: session(b"NOOP\r\nMAIL FROM:<evil@example.net>\r\n"),
         "implicit": implicit, "resume": resume, "require": require, "idle": idle, "old": old}
print(json.dumps(modes[mode]()))
