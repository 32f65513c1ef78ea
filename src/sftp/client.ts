import type { SFTPWrapper } from 'ssh2';
import { ssh2 } from './transport/ssh2/ssh2.ts';

export type SftpClient = AsyncDisposable & {
  put(bytes: Buffer, path: string): Promise<void>;
  list(path: string): Promise<string[]>;
};

type Login = {
  readonly host: string;
  readonly port: number;
  readonly username: string;
  readonly privateKey: string;
};

/** A small client, for the demo: logs in, puts and lists, and goes. */
export async function connectSftp(login: Login): Promise<SftpClient> {
  const client = new ssh2.Client();
  await new Promise<void>((resolve, reject) => {
    client.once('ready', resolve).on('error', reject).connect(login); // later errors end what is under way
  });
  const sftp = await promised<SFTPWrapper>((callback) => client.sftp(callback));
  return {
    put: (bytes, path) => promised((callback) => sftp.writeFile(path, bytes, callback)),
    list: async (path) => {
      const entries = await promised<{ filename: string }[]>((callback) => sftp.readdir(path, callback));
      return entries.map(({ filename }) => filename);
    },
    async [Symbol.asyncDispose]() {
      client.end();
    },
  };
}

function promised<T>(
  start: (callback: (error: Error | null | undefined, value?: T) => void) => unknown,
): Promise<T> {
  return new Promise((resolve, reject) => {
    start((error, value) => (error ? reject(error) : resolve(value as T)));
  });
}
