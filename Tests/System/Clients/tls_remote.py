"""A server that treats STARTTLS as its mode says, or is encrypted from the first octet on (mode implicit), until it is killed:
tls_remote.py MODE CERTIFICATE KEY

The first line it prints is its port; then one line of JSON for each message it took."""
import json
import socket
import ssl
import sys
import threading

mode, certificate, key = sys.argv[1:]
tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
tls.load_cert_chain(certificate, key)


def note_name(connection, name, _):
    names[connection] = name


names = {}
tls.sni_callback = note_name


class Session:
    def __init__(self, connection):
        self.use(connection)
        self.said = {"tls": None, "sni": None, "mail": None}

    def use(self, connection):
        self.connection = connection
        self.stream = connection.makefile("rb", buffering=0)

    def say(self, text):
        self.connection.sendall(text.encode())

    def run(self):
        if mode == "implicit":
            self.encrypt()
        self.say("220 remote.example.net ESMTP\r\n")
        while line := self.stream.readline().decode().rstrip("\r\n"):
            if not self.obey(line):
                return

    def obey(self, line):
        verb = line[:4].upper()
        if verb == "EHLO":
            offer = "STARTTLS" if mode != "none" and self.said["tls"] is None else "8BITMIME"
            if mode == "require" and self.said["tls"]:
                offer = "REQUIRETLS"
            self.say(f"250-remote.example.net\r\n250 {offer}\r\n")
        elif verb == "STAR":
            return self.starttls()
        elif verb == "DATA":
            self.say("354 go\r\n")
            while self.stream.readline() not in (b".\r\n", b""):
                pass
            print(json.dumps(self.said), flush=True)
            self.say("250 2.0.0 taken\r\n")
        elif verb == "QUIT":
            self.say("221 bye\r\n")
            return False
        else:
            if verb == "MAIL":
                self.said["mail"] = line
            self.say("250 2.0.0 ok\r\n")
        return True

    def starttls(self):
        if mode == "refuse":
            self.say("454 4.7.0 no random numbers today\r\n")
            return True
        if mode == "broken":
            self.say("220 go\r\n")
            self.connection.recv(4096)
            self.say("This is no TLS\r\n")
            return False
        if mode == "hangup":
            self.say("220 go\r\n")
            return False
        # The second reply is in clear, and may not be taken for an answer to the EHLO after the handshake.
        self.say("220 go\r\n250-evil.example\r\n250 SIZE 1\r\n" if mode == "inject" else "220 go\r\n")
        self.encrypt()
        return True

    def encrypt(self):
        self.use(tls.wrap_socket(self.connection, server_side=True))
        self.said |= {"tls": self.connection.version(), "sni": names.get(self.connection)}


def serve(connection):
    try:
        Session(connection).run()
    except OSError:
        pass
    finally:
        connection.close()


listener = socket.create_server(("127.0.0.1", 0))
print(listener.getsockname()[1], flush=True)
while True:
    threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()
