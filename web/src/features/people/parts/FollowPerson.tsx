// Follow, asked to or following, beside a person in a list.
import type { Person } from "../../../api/types";
import { useTranslation } from "../../../i18n";
import { Button } from "../../../ui/Button";
import { useFollow } from "../hooks/useFollow";

export function FollowPerson({ person }: { person: Person }) {
  const { t } = useTranslation("profile");
  const { state, toggle } = useFollow(person.user_id, person.viewer?.following);
  if (!person.viewer) return null;
  const texts = { NONE: t("follow"), PENDING: t("requested"), ACCEPTED: t("following") };
  const names = { NONE: "followWhom", PENDING: "requestedWhom", ACCEPTED: "followingWhom" } as const;
  return (
    <Button
      look={state === "NONE" ? "main" : "quiet"}
      onClick={toggle}
      aria-label={t(names[state], { name: person.username })}
      className="min-h-10 min-w-24"
    >
      {texts[state]}
    </Button>
  );
}
