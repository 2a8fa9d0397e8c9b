// Finding hashtags and mentions in what people write.

export type Piece = { kind: "text" | "hashtag" | "mention"; text: string; at: number };

const marked = /(?<![\p{L}\p{N}_@#/.&])(?:#[\p{L}\p{N}\p{M}_]{1,100}|@[a-z0-9._]{1,30})/giu;

/** The text cut at its hashtags and mentions; joined, the pieces are the text. */
export function pieces(text: string): Piece[] {
  const found: Piece[] = [];
  let end = 0;
  for (const match of text.matchAll(marked)) {
    const token = match[0].startsWith("@") ? match[0].replace(/\.+$/, "") : match[0];
    if (token.length < 2 || /^#\d+$/.test(token)) continue;
    if (match.index > end) found.push({ kind: "text", text: text.slice(end, match.index), at: end });
    found.push({ kind: token.startsWith("@") ? "mention" : "hashtag", text: token, at: match.index });
    end = match.index + token.length;
  }
  if (end < text.length) found.push({ kind: "text", text: text.slice(end), at: end });
  return found;
}

export type Token = { sign: "@" | "#"; prefix: string; start: number };

/** The mention or hashtag being typed just before the caret, without its sign. */
export function tokenAt(text: string, caret: number): Token | undefined {
  const match = /(?:^|[^\p{L}\p{N}_@#/.&])(?:@([a-z0-9._]{0,30})|#([\p{L}\p{N}\p{M}_]{0,100}))$/iu.exec(
    text.slice(0, caret),
  );
  if (!match) return undefined;
  const [, mention, hashtag] = match;
  const prefix = mention ?? hashtag ?? "";
  return { sign: mention === undefined ? "#" : "@", prefix: prefix.toLowerCase(), start: caret - prefix.length - 1 };
}

/** Whether a caption may take more than the two lines it is first given. */
export function isLong(text: string): boolean {
  return text.length > 120 || text.split("\n").length > 2;
}
