import type { Suggestion } from "../../../api/types";
import { useTranslation } from "../../../i18n";

/** Why somebody is suggested, in words. */
export function useReason({ kind, people, count }: Suggestion["reason"]): string {
  const { t } = useTranslation("discovery");
  const [first, second] = people.map(({ username }) => username);
  if (kind === "POPULAR" || !first) return t("suggestions.popular");
  const more = count - people.length;
  if (!second) {
    return more > 0 ? t("suggestions.followedBySome", { first, count: more }) : t("suggestions.followedBy", { first });
  }
  return more > 0
    ? t("suggestions.followedByMore", { first, second, count: more })
    : t("suggestions.followedByTwo", { first, second });
}
