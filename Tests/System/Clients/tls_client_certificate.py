"""tls_client_certificate.py PORT CERTIFICATE KEY: a server with implicit TLS that wants to be shown this certificate too.

It serves one connection, and prints the subject of what it was shown.
"""

import socket
import ssl
import sys

port, certificate, key = sys.argv[1:]
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(certificate, key)
context.load_verify_locations(certificate)
context.verify_mode = ssl.CERT_REQUIRED
listener = socket.create_server(("127.0.0.1", int(port)))
print("ready", flush=True)
with context.wrap_socket(listener.accept()[0], server_side=True) as connection:
    print(connection.getpeercert()["subject"], flush=True)
    connection.sendall(b"220 asks.example\r\n")
    connection.recv(1000)
    connection.sendall(b"221 bye\r\n")
