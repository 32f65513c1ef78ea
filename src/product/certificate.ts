/** A text that is the same in every language, or one for each. */
export type Said = string | Readonly<Record<string, string>>;

/** How a policy's certificate looks; texts may hold placeholders such as `{policy.first_name}` or `{gross}`. */
export type Certificate = {
  readonly title: Said;
  readonly colour?: string;
  readonly paragraphs?: readonly Said[];
  readonly table?: readonly CertificateLine[];
  readonly closing?: readonly Said[];
  readonly footer?: Said;
};

/** A line of its table; `words` say what a value means, such as `true` or that of an enumeration. */
export type CertificateLine = {
  readonly label: Said;
  readonly value: Said;
  readonly words?: Readonly<Record<string, Said>>;
};
