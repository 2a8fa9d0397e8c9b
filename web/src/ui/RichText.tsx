// Words people wrote, with mentions and hashtags as links.
import { Link } from "react-router";
import { pieces } from "../lib/text";

type Props = {
  text: string;
  /** Whom it names and who is there; left out, every mention is a link. */
  people?: { username: string }[];
};

export function RichText({ text, people }: Props) {
  return pieces(text).map(({ kind, text: piece, at }) => {
    if (kind === "mention") {
      const isThere = !people || people.some(({ username }) => `@${username}` === piece.toLowerCase());
      if (!isThere) return piece;
      return (
        <Link key={at} to={`/${piece.toLowerCase()}`} className="font-medium text-amber hover:underline">
          {piece}
        </Link>
      );
    }
    if (kind === "hashtag") {
      return (
        <Link
          key={at}
          to={`/hashtags/${encodeURIComponent(piece.slice(1).toLowerCase())}`}
          className="font-medium text-amber hover:underline"
        >
          {piece}
        </Link>
      );
    }
    return piece;
  });
}
