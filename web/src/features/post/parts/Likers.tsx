// Who reacted to a post, newest first: everybody, or one kind of reaction.

import { Heart } from "lucide-react";
import { type KeyboardEvent, useId, useState } from "react";
import { api } from "../../../api";
import { accountsOf } from "../../../api/lists";
import type { Liker, Post, Reaction } from "../../../api/types";
import { useTranslation } from "../../../i18n";
import { short } from "../../../lib/numbers";
import { Dialog } from "../../../ui/Dialog";
import { Blank } from "../../../ui/states";
import { AccountList } from "../../people/parts/AccountList";
import { FollowPerson } from "../../people/parts/FollowPerson";
import { reactions } from "../reactions";
import { ReactionIcon } from "./ReactionIcon";

export default function Likers({ post, onClose }: { post: Post; onClose: () => void }) {
  const { t } = useTranslation("post");
  const [chosen, choose] = useState<Reaction>();
  const id = useId();
  const list = api.usePostLikersInfiniteQuery({ postId: post.post_id, ...(chosen && { reaction: chosen }) });
  const used = reactions.filter((kind) => (post.reaction_counts?.[kind] ?? 0) > 0);
  const people = (
    <AccountList
      list={list}
      accounts={accountsOf(list.currentData)}
      empty={<Blank icon={<Heart />} title={t("noLikes")} />}
      act={(liker) => <Act liker={liker} />}
    />
  );
  return (
    <Dialog title={t("likes")} onClose={onClose} className="md:min-h-[400px] md:w-[400px]">
      {used.length > 1 ? (
        <>
          <Kinds post={post} used={used} chosen={chosen} onChoose={choose} panel={id} />
          <div id={id} role="tabpanel" aria-labelledby={`${id}-${chosen ?? "all"}`}>
            {people}
          </div>
        </>
      ) : (
        people
      )}
    </Dialog>
  );
}

function Act({ liker }: { liker: Liker }) {
  const { t } = useTranslation("post");
  return (
    <>
      <span role="img" aria-label={t(`reactions.${liker.reaction as Reaction}`)}>
        <ReactionIcon kind={liker.reaction} />
      </span>
      <FollowPerson person={liker} />
    </>
  );
}

type KindsProps = {
  post: Post;
  used: Reaction[];
  chosen: Reaction | undefined;
  onChoose: (kind: Reaction | undefined) => void;
  panel: string;
};

function Kinds({ post, used, chosen, onChoose, panel }: KindsProps) {
  const { t } = useTranslation("post");
  const kinds = [undefined, ...used];
  const press = (event: KeyboardEvent<HTMLDivElement>) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const next = (kinds.indexOf(chosen) + step + kinds.length) % kinds.length;
    onChoose(kinds[next]);
    event.currentTarget.querySelectorAll("button")[next]?.focus();
  };
  return (
    <div
      role="tablist"
      tabIndex={-1}
      aria-label={t("chooseReaction")}
      onKeyDown={press}
      className="sticky top-0 z-10 flex overflow-x-auto border-line border-b bg-sheet px-2"
    >
      {kinds.map((kind) => {
        const count = kind ? (post.reaction_counts?.[kind] ?? 0) : (post.like_count ?? 0);
        return (
          <button
            key={kind ?? "all"}
            id={`${panel}-${kind ?? "all"}`}
            type="button"
            role="tab"
            aria-selected={kind === chosen}
            aria-controls={panel}
            aria-label={kind && t("reactedWith", { count, reaction: t(`reactions.${kind}`) })}
            tabIndex={kind === chosen ? 0 : -1}
            onClick={() => onChoose(kind)}
            className="flex min-h-11 items-center gap-1.5 border-transparent border-b-2 px-3 font-semibold text-ink-faint tabular-nums -outline-offset-2 aria-selected:border-ink aria-selected:text-ink"
          >
            {kind ? <ReactionIcon kind={kind} /> : t("allReactions")} {short(count)}
          </button>
        );
      })}
    </div>
  );
}
