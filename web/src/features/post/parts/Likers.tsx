import { Heart } from "lucide-react";
import { api } from "../../../api";
import { accountsOf } from "../../../api/lists";
import { useTranslation } from "../../../i18n";
import { Dialog } from "../../../ui/Dialog";
import { Blank } from "../../../ui/states";
import { AccountList } from "../../people/parts/AccountList";

/** Who likes a post, newest first. */
export function Likers({ postId, onClose }: { postId: string; onClose: () => void }) {
  const { t } = useTranslation("post");
  const list = api.usePostLikersInfiniteQuery({ postId });
  return (
    <Dialog title={t("likes")} onClose={onClose} className="md:min-h-[400px] md:max-w-[400px]">
      <AccountList
        list={list}
        accounts={accountsOf(list.currentData)}
        empty={<Blank icon={<Heart />} title={t("noLikes")} />}
      />
    </Dialog>
  );
}
