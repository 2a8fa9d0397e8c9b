// A round picture of a person, or their initial on a tint of their own. The initial is drawn, so that it is no part of
// the text of a link around it.
type Props = {
  user: { user_id: string; username: string; full_name?: string; avatar_url?: string | null };
  size: 26 | 32 | 40 | 44 | 77 | 150;
  className?: string;
};

const tints = [30, 65, 110, 160, 215, 265, 310, 350];

export function Avatar({ user, size, className = "" }: Props) {
  const box = `shrink-0 rounded-full object-cover ${className}`;
  if (user.avatar_url) {
    return (
      <img
        src={user.avatar_url}
        srcSet={sizesOf(user.avatar_url)}
        sizes={`${size}px`}
        alt=""
        width={size}
        height={size}
        loading="lazy"
        className={box}
        style={{ width: size, height: size }}
      />
    );
  }
  // The lowest twelve bits of an id count within a millisecond; those above are drawn at random for each account.
  const tint = tints[Number((BigInt(/^\d+$/.test(user.user_id) ? user.user_id : 0) >> 12n) % 8n)] ?? 65;
  const initial = [...(user.full_name || user.username)][0]?.toUpperCase() ?? "?";
  return (
    <span
      aria-hidden="true"
      data-initial={initial}
      className={`${box} inline-grid select-none place-items-center font-semibold before:content-[attr(data-initial)]`}
      style={{
        width: size,
        height: size,
        fontSize: Math.round(size * 0.42),
        background: `oklch(0.82 0.07 ${tint})`,
        color: `oklch(0.3 0.07 ${tint})`,
      }}
    />
  );
}

/** The address ends with the smallest size; the others stand beside it. */
function sizesOf(url: string): string | undefined {
  if (!url.endsWith("/150.jpg")) return undefined;
  return [150, 320, 640].map((size) => `${url.replace(/150\.jpg$/, `${size}.webp`)} ${size}w`).join(", ");
}
