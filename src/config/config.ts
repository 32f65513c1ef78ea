/** Every setting of the program; durations in ms, sizes in bytes. */
export type Config = {
  readonly data: string;
  readonly host: string;
  readonly sftp: { readonly port: number };
  readonly http: { readonly port: number; readonly public_url: string | undefined };
  readonly settle: number;
  readonly grace: number;
  readonly webhooks: { readonly allow: readonly string[] };
};
