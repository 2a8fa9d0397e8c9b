import type { Account } from "../../../api/types";
import { useTranslation } from "../../../i18n";
import { Avatar } from "../../../ui/Avatar";

type Props = { people: Account[]; active: number; onChoose: (account: Account) => void };

/** The people a mention may mean; the caret stays in the text. */
export function MentionList({ people, active, onChoose }: Props) {
  const { t } = useTranslation("compose");
  return (
    <div
      id="mentions"
      role="listbox"
      aria-label={t("people")}
      className="absolute inset-x-0 z-10 mt-1 rounded-m bg-sheet p-1 frame-line"
    >
      {people.map((account, index) => (
        <div
          key={account.user_id}
          id={`mention-${index}`}
          role="option"
          tabIndex={-1}
          aria-selected={index === active}
          onPointerDown={(event) => {
            event.preventDefault();
            onChoose(account);
          }}
          className="flex cursor-pointer items-center gap-2.5 rounded-s px-2 py-1.5 hover:bg-sunken aria-selected:bg-sunken"
        >
          <Avatar user={account} size={32} />
          <span className="min-w-0">
            <span className="block truncate font-semibold">{account.username}</span>
            <span className="block truncate text-ink-faint text-xs" dir="auto">
              {account.full_name}
            </span>
          </span>
        </div>
      ))}
    </div>
  );
}
