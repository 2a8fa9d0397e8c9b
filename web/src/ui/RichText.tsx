// Words people wrote, with mentions as links and hashtags marked.
import { Link } from "react-router";
import { pieces } from "../lib/text";

export function RichText({ text }: { text: string }) {
  return pieces(text).map(({ kind, text: piece, at }) => {
    if (kind === "mention") {
      return (
        <Link key={at} to={`/${piece.toLowerCase()}`} className="font-medium text-amber hover:underline">
          {piece}
        </Link>
      );
    }
    if (kind === "hashtag") {
      return (
        <span key={at} className="text-amber">
          {piece}
        </span>
      );
    }
    return piece;
  });
}
