"""FileZilla's side of its own fzsftp: PORT KEY LOCAL-FILE COMMAND...

fzsftp takes commands on stdin and tells events on stdout: one character for the kind, then its lines. The bytes of
files go through shared memory; fzsftp asks for the next piece, and for leave to send or receive at all.
"""
import mmap
import os
import subprocess
import sys

SIZE = 256 * 1024  # bytes of shared memory

KINDS = (
    "reply done error verbose info status recv send entry hostkey hostkey-changed hostkey-better password transfer "
    "preamble instruction quota-recv quota-send kex kex-hash kex-curve cipher-out cipher-in mac-out mac-in host-key "
    "size open next finish"
).split()
LINES = {"quota-recv": 0, "quota-send": 0, "size": 0, "hostkey": 2, "hostkey-changed": 2, "hostkey-better": 2, "entry": 3}


class Client:
    def __init__(self, local):
        self.local = local
        memory = os.memfd_create("fzsftp")
        os.ftruncate(memory, SIZE)
        self.memory, self.handle = mmap.mmap(memory, SIZE), memory
        pipe = subprocess.PIPE
        self.process = subprocess.Popen(["fzsftp", "-v"], stdin=pipe, stdout=pipe, pass_fds=[memory])
        self.file = None
        self.sending = False

    def tell(self, line):
        self.process.stdin.write(line.encode() + b"\n")
        self.process.stdin.flush()

    def event(self):
        character = self.process.stdout.read(1)
        if not character:
            sys.exit("fzsftp has ended")
        kind = KINDS[ord(character) - ord("0")]
        return kind, [self.process.stdout.readline().decode().rstrip("\n") for _ in range(LINES.get(kind, 1))]

    def run(self, command):
        """Gives a command and answers what fzsftp asks, until it is done."""
        self.sending = command.startswith(("put", "reput"))
        self.tell(command)
        while True:
            kind, lines = self.event()
            if kind in ("error", "entry", "reply"):
                print(kind, *lines, flush=True)
            if kind == "done" and lines != ["1"]:
                sys.exit(f"{command}: done with {lines}")
            if kind in ("done", "reply"):  # a command that has something to tell ends with that
                return
            self.answer(kind, lines)

    def answer(self, kind, lines):
        if kind == "quota-recv":
            self.tell("-0-")
        elif kind == "quota-send":
            self.tell("-1-")
        elif kind.startswith("hostkey"):
            self.tell("y")
        elif kind == "size":
            self.tell(f"-{os.path.getsize(self.local)}")
        elif kind == "open":
            self.file = open(self.local, "rb" if self.sending else "wb")
            self.file.seek(int(lines[0]))
            self.tell(f"-{self.handle} {SIZE}")
        elif kind == "next" and self.sending:
            piece = self.file.read(SIZE)
            self.memory[: len(piece)] = piece
            self.tell(f"-0 {len(piece)}" if piece else "-")
        elif kind == "next":
            self.file.write(self.memory[: int(lines[0])])
            self.tell(f"-0 {SIZE}")
        elif kind == "finish":
            self.file.write(self.memory[: int(lines[0])])
            self.file.close()
            self.tell("-1")


port, key, local, *commands = sys.argv[1:]
client = Client(local)
client.event()  # it tells its version
for command in [f'keyfile "{key}"', f'open "partner@127.0.0.1" {port}', *commands]:
    client.run(command)
client.tell("quit")
sys.exit(client.process.wait())
