/** The server did what it must not do; the message says what. */
export class Finding extends Error {}
