"""policy.py: a policy program by Postfix's protocol. It prints its port, then what it is asked, and objects to nothing."""

import socket

listener = socket.create_server(("127.0.0.1", 0))
print(listener.getsockname()[1], flush=True)
while True:
    connection = listener.accept()[0]
    with connection, connection.makefile("rwb") as stream:
        while (line := stream.readline().decode().rstrip("\n")):
            print(line, flush=True)
        stream.write(b"action=DUNNO\n\n")
