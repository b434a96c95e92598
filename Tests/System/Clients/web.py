"""web.py [CERTIFICATE KEY]: a Web server that answers as the path says. It prints its port, then what it is asked."""

import http.server
import json
import ssl
import sys
import time
import urllib.parse

# What /introspect says of each token.
TOKENS = {
    "good": {"active": True, "username": "ann@example.org", "exp": time.time() + 300, "scope": "profile mail"},
    "subject": {"active": True, "sub": "ann@example.org", "scope": "mail"},
    "old": {"active": True, "username": "ann@example.org", "exp": time.time() - 300, "scope": "mail"},
    "narrow": {"active": True, "username": "ann@example.org", "scope": "profile"},
    "stranger": {"active": True, "username": "eve@example.net", "scope": "mail"},
}


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        print(self.path, body, flush=True)
        path = urllib.parse.urlsplit(self.path).path
        if path == "/echo":
            self.answer(f"POST {self.path} {self.headers['Content-Type']} {self.headers['Authorization']} {body}")
        elif path.startswith("/status/"):
            self.answer("", int(path.rpartition("/")[2]))
        elif path == "/large":
            self.answer("x" * 100_000)
        elif path == "/noise":
            self.wfile.write(b"220 this is another protocol\r\n")
        elif path == "/silent":
            self.rfile.read(1)
        elif path == "/slow":
            self.slowly()
        elif path == "/policy":
            self.policy(json.loads(body))
        elif path == "/introspect":
            self.introspect(urllib.parse.parse_qs(body))
        self.close_connection = True

    def slowly(self):
        self.send_response(200)
        self.end_headers()
        try:
            for _ in range(600):
                self.wfile.write(b" ")
                time.sleep(0.1)
        except OSError:
            pass

    def policy(self, question):
        """Refuses by JSON or by a line, as the sender wants it."""
        sender = question["sender"]
        if sender.startswith("json"):
            self.answer(json.dumps({"action": "REJECT 5.7.2 Not you"}))
        elif sender.startswith("line"):
            self.answer("action=DEFER Later\n\n")
        else:
            self.answer(json.dumps({"action": "DUNNO"}))

    def introspect(self, question):
        if self.headers["Authorization"] != "Basic bWFydGxldDpzJTIwMQ==":
            return self.answer("{}", 401)
        self.answer(json.dumps(TOKENS.get(question["token"][0], {"active": False})))

    def answer(self, text, status=200):
        self.send_response(status)
        self.send_header("Content-Length", str(len(text.encode())))
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *arguments):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
if len(sys.argv) > 1:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*sys.argv[1:])
    server.socket = context.wrap_socket(server.socket, server_side=True)
print(server.server_address[1], flush=True)
server.serve_forever()
