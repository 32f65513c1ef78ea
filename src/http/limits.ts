/** What bounds a client of HTTP that is no setting; docs/rest.md has the table, with the reasons. */
export const HTTP_LIMITS = {
  connections: 1_000, // at once; each may hold a body
  header_bytes: 16 * 1024, // of a request's line and headers: a key and a few headers take under 1 KiB
  header_time: 10_000, // ms for them to come in whole
  body_bytes: 256 * 1024, // a purchase of 50 elements takes under 10 KiB
  request_time: 30_000, // ms for a request to come in whole
  idle_time: 60_000, // ms in which a connection neither sends nor takes anything before it is ended
} as const;
