// Posts in columns, each at its own height; only what is near the window is drawn.
import { VirtuosoMasonry } from "@virtuoso.dev/masonry";
import type { Post } from "../../../api/types";
import { useColumns } from "../hooks/useColumns";
import { Tile } from "./Tile";

// Room around it is padding: a margin would not be measured.
const Item = ({ data }: { data: Post }) => (
  <div className="p-0.5 md:p-1.5">
    <Tile post={data} />
  </div>
);

export function Masonry({ posts }: { posts: Post[] }) {
  const columns = useColumns();
  // It has no height before it has measured: what follows it must not jump through the window.
  return (
    <div className="min-h-dvh">
      <VirtuosoMasonry key={columns} data={posts} columnCount={columns} ItemContent={Item} useWindowScroll />
    </div>
  );
}

const heights = ["h-48", "h-64", "h-40", "h-56", "h-72", "h-44", "h-52", "h-60"];

export function MasonryBones() {
  const columns = useColumns();
  return (
    <div aria-hidden="true" className="animate-late gap-1 p-0.5 md:gap-3 md:p-1.5" style={{ columnCount: columns }}>
      {heights.map((height) => (
        <span
          key={height}
          className={`mb-1 block animate-pulse break-inside-avoid rounded-s bg-sunken md:mb-3 md:rounded-m ${height}`}
        />
      ))}
    </div>
  );
}
