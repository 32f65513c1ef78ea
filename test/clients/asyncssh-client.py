"""A client on asyncssh: PORT KEY COMMAND ARGUMENT..."""
import asyncio
import sys

import asyncssh


async def main(port, key, command, *args):
    async with asyncssh.connect(
        "127.0.0.1", int(port), username="partner", client_keys=[key], known_hosts=None, agent_path=None
    ) as ssh, ssh.start_sftp_client() as sftp:
        if command == "put":
            await sftp.put(*args)
        elif command == "resume":
            file, to = args
            async with sftp.open(to, "ab") as target:
                with open(file, "rb") as source:
                    source.seek(await sftp.getsize(to))
                    await target.write(source.read())
        elif command == "put-with-time":
            await sftp.put(*args, preserve=True)
        elif command == "put-and-rename":
            file, to = args
            await sftp.put(file, to + ".tmp")
            await sftp.rename(to + ".tmp", to)
        elif command == "list":
            for entry in await sftp.readdir(*args):
                print(entry.longname)
        elif command == "get":
            await sftp.get(*args)
        elif command == "remove":
            await sftp.remove(*args)
        else:
            sys.exit(f"there is no command {command}")


asyncio.run(main(*sys.argv[1:]))
