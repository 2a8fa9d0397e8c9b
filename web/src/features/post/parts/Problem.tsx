// What its author sees of a post that is being made or did not get through.

import { CircleAlert } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { api } from "../../../api";
import { explain } from "../../../api/errors";
import type { Post } from "../../../api/types";
import { useTranslation } from "../../../i18n";
import { Button } from "../../../ui/Button";
import { Spinner } from "../../../ui/Spinner";

const EditPost = lazy(() => import("./EditPost"));

export default function Problem({ post }: { post: Post }) {
  const { t } = useTranslation("post");
  const [remove, { isLoading }] = api.useDeletePostMutation();
  if (post.status === "processing") {
    return (
      <p role="status" className="flex animate-late items-center gap-2 text-ink-faint">
        <Spinner /> {t("problem.finishing")}
      </p>
    );
  }
  if (post.status === "published" && post.problem) {
    return (
      <div role="alert" className="flex gap-3 rounded-m bg-sunken p-3">
        <CircleAlert aria-hidden="true" className="mt-0.5 size-5 shrink-0 text-danger" />
        <div className="grid justify-items-start gap-2">
          <p className="font-semibold">{t("problem.editRefused")}</p>
          <p className="text-ink-soft">
            {explain(post.problem)} {t("problem.editRefusedAct")}
          </p>
          <Edit post={post} />
        </div>
      </div>
    );
  }
  if (post.status !== "failed" && post.status !== "blocked") return null;
  const blocked = post.status === "blocked";
  return (
    <div role="alert" className="flex gap-3 rounded-m bg-sunken p-3">
      <CircleAlert aria-hidden="true" className="mt-0.5 size-5 shrink-0 text-danger" />
      <div className="grid justify-items-start gap-2">
        <p className="font-semibold">{blocked ? t("problem.blocked") : t("problem.failed")}</p>
        <p className="text-ink-soft">
          {post.problem ? explain(post.problem) : blocked ? t("problem.blockedWhy") : t("problem.failedWhy")}{" "}
          {blocked ? t("problem.blockedAct") : t("problem.failedAct")}
        </p>
        <div className="flex flex-wrap gap-2">
          {blocked && <Edit post={post} />}
          <Button look="danger" className="bg-sheet" busy={isLoading} onClick={() => remove({ postId: post.post_id })}>
            {t("problem.delete")}
          </Button>
        </div>
      </div>
    </div>
  );
}

function Edit({ post }: { post: Post }) {
  const { t } = useTranslation("post");
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button look="quiet" className="bg-sheet" onClick={() => setOpen(true)}>
        {t("problem.edit")}
      </Button>
      <Suspense>{open && <EditPost post={post} onClose={() => setOpen(false)} />}</Suspense>
    </>
  );
}
