"""A client on paramiko: PORT KEY COMMAND ARGUMENT..."""
import os
import sys

import paramiko

port, key, command, *args = sys.argv[1:]
ssh = paramiko.SSHClient()
ssh.set_missing_host_key_policy(paramiko.AutoAddPolicy())
ssh.connect("127.0.0.1", int(port), "partner", key_filename=key, allow_agent=False, look_for_keys=False)
with ssh, ssh.open_sftp() as sftp:
    if command == "put":
        sftp.put(*args, confirm=True)
    elif command == "resume":
        file, to = args
        with open(file, "rb") as source, sftp.open(to, "ab") as target:
            source.seek(sftp.stat(to).st_size)
            target.write(source.read())
    elif command == "put-with-time":
        file, to = args
        sftp.put(file, to)
        times = os.stat(file)
        sftp.utime(to, (times.st_atime, times.st_mtime))
    elif command == "put-and-rename":
        file, to = args
        sftp.put(file, to + ".tmp")
        sftp.posix_rename(to + ".tmp", to)
    elif command == "list":
        for entry in sftp.listdir_attr(*args):
            print(entry)
    elif command == "get":
        sftp.get(*args)
    elif command == "remove":
        sftp.remove(*args)
    else:
        sys.exit(f"there is no command {command}")
