// How many reacted, with the kinds that were used most.
import { useTranslation } from "../../../i18n";
import { mostUsed } from "../reactions";
import { ReactionIcon } from "./ReactionIcon";

type Props = { counts: { [kind: string]: number } | null; count: number; small?: boolean };

export function ReactionCount({ counts, count, small = false }: Props) {
  const { t } = useTranslation();
  return (
    <>
      <span aria-hidden="true" className="flex -space-x-1">
        {mostUsed(counts).map((kind) => (
          <ReactionIcon key={kind} kind={kind} className={small ? "size-3.5" : "size-4"} />
        ))}
      </span>
      {t("likesCount", { count })}
    </>
  );
}
